"""The facts of a JSON object, asked for with their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fer_core.plain_text import printable
from fer_core.store.read_only import ReadOnlyDict


def is_of(value: object, kind: Any) -> bool:
    """Whether a JSON value has this type; true and false are no numbers."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


class Facts:
    """A JSON object that is asked for its facts with their types; `null` is a fact that is missing."""

    def __init__(self, stored: object) -> None:
        if not isinstance(stored, dict):
            raise ValueError(f"not an object: {stored!r}")
        self.stored = stored

    def one(self, key: str, kind: Any) -> Any:
        """The fact of this type; None where it is missing."""
        value = self.stored.get(key)
        if value is None or is_of(value, kind):
            return value
        raise ValueError(f"{key}: {value!r} is not of the type {kind}")

    def words(self, key: str) -> str | None:
        """A name or a sentence for people, without characters that are not seen; None where nothing is left."""
        return printable(self.one(key, str) or "").strip() or None

    def several(self, key: str, kind: Any) -> tuple[Any, ...]:
        """All of a list, each of this type; () where it is missing."""
        values = self.one(key, list | tuple) or ()
        if not all(is_of(value, kind) for value in values):
            raise ValueError(f"{key}: not all are of the type {kind}")
        return tuple(values)

    def by_name(self, key: str, kind: Any) -> Mapping[str, Any]:
        """An object whose values have this type; empty where it is missing."""
        values = self.one(key, dict) or {}
        if not all(is_of(value, kind) for value in values.values()):
            raise ValueError(f"{key}: not all are of the type {kind}")
        return ReadOnlyDict(values)
