"""What is chosen on the page Lab: the way, the classes of FER2013 and all settings of a training stand in the address,
so that a link opens the page as a teacher set it up. Names of classes that people wrote never do.

A value that is not possible gives a sentence, and the default holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from fer_core.errors import RautError
from fer_core.lab import head
from fer_core.lab.settings import (
    CLASSES_AT_FIRST,
    PRESETS,
    SMALL,
    Architecture,
    Block,
    LabSettings,
    LabSettingsError,
    Way,
)
from fer_core.labels import FER2013_LABELS
from pages.ui.address import parameters as address
from pages.ui.address.parameters import refusal, text_of_address
from pages.ui.i18n import number_for_programs

PAGE: Final = "lab"
"""Name for `pages.ui.address.parameters.come_back`."""

WAY: Final = "way"
"""Parameter of the address: "fer2013" or "own"."""
CLASSES: Final = "classes"
"""Parameter: codes of classes of FER2013 with commas between them."""
PICTURES: Final = "pictures"
"""Parameter: pictures a class."""
METHOD: Final = "method"
"""Parameter: "head" or "scratch"; of own faces only."""
NETWORK: Final = "network"
"""Parameter: a preset of `fer_core.lab.settings`; the five below change it."""
BLOCKS: Final = "blocks"
"""Parameter: channels of each block, "x2" behind those with two convolutions: "32,64x2"."""
ENDING: Final = "ending"
"""Parameter: "flatten" or "mean"."""
DENSE: Final = "dense"
"""Parameter: units of each dense layer, "none" for none."""
NORMALISED: Final = "normalised"
"""Parameter: "yes" or "no"."""
DROPOUT: Final = "dropout"
"""Parameter: share from 0 to below 1."""
EPOCHS: Final = "epochs"
RATE: Final = "rate"
"""Parameter: learning rate."""
CHANGE: Final = "change"
"""Parameter: how far faces are changed, a code of `fer_core.lab.settings`."""
BATCH: Final = "batch"
SEED: Final = "seed"

WAYS: Final[tuple[Way, ...]] = ("fer2013", "own")
EPOCHS_OF_OWN_FACES: Final = 40
"""From scratch: own faces are few, so that an epoch has few steps."""
BATCH_OF_OWN_FACES: Final = 32

_FIELDS: Final = {
    BLOCKS: "blocks",
    ENDING: "ending",
    DENSE: "dense_units",
    NORMALISED: "normalised",
    DROPOUT: "dropout",
}
"""Parameter to the field of an architecture."""
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_DECIMAL: Final = re.compile(r"[0-9]{0,6}\.?[0-9]{1,9}(e-?[0-9]{1,2})?")
_BLOCK: Final = re.compile(r"([0-9]{1,3})(?:x([0-9]))?")


def way_of_address() -> tuple[Way, RautError | None]:
    """The way that the address names, "fer2013" where it names none, and what is wrong with the name."""
    text = text_of_address(WAY)
    if text in WAYS:
        return text, None
    return WAYS[0], refusal(WAY, text, WAYS[0]) if text else None


def settings_of_address(way: Way) -> tuple[LabSettings, list[RautError]]:
    """The settings that the address describes, and a sentence for each value that is not possible.

    Args:
        way: where the faces come from. Of own faces the classes are not in the address: those of the result are no
            more than two that any settings need.
    """
    problems: list[RautError] = []
    settings = LabSettings(way, CLASSES_AT_FIRST)
    if way == "own":
        settings = _taken(settings, METHOD, str, "method", problems, "head")
        settings = _defaults_of_own_faces(settings)
    else:
        settings = _taken(settings, CLASSES, _classes, "classes", problems)
        settings = _taken(settings, PICTURES, _whole, "per_class", problems)
    architecture = _architecture(problems)
    settings = replace(settings, architecture=architecture)
    settings = _taken(settings, EPOCHS, _whole, "epochs", problems)
    settings = _taken(settings, RATE, _decimal, "learning_rate", problems)
    settings = _taken(settings, CHANGE, str, "change", problems)
    settings = _taken(settings, BATCH, _whole, "batch_size", problems)
    return _taken(settings, SEED, _whole, "seed", problems), problems


def _defaults_of_own_faces(settings: LabSettings) -> LabSettings:
    if settings.method == "head":
        return replace(
            settings, epochs=head.EPOCHS, batch_size=head.BATCH_SIZE, learning_rate=head.LEARNING_RATE
        )
    return replace(settings, epochs=EPOCHS_OF_OWN_FACES, batch_size=BATCH_OF_OWN_FACES)


def put(parameters: Mapping[str, str | None]) -> None:
    """See `pages.ui.address.parameters.put`."""
    address.put(parameters, page=PAGE)


def choose_way(way: Way) -> None:
    """The other way, with the settings that hold for it; to be called in a callback."""
    # Other epochs, batches and steps do for a head than for a network.
    put({WAY: None if way == WAYS[0] else way, METHOD: None, EPOCHS: None, BATCH: None, RATE: None})


def choose_architecture(architecture: Architecture) -> None:
    """Another architecture, in the address; to be called in a callback."""
    put(query_of(architecture))


def query_of(architecture: Architecture) -> dict[str, str | None]:
    """Parameters of the address of an architecture: a preset by its name, another by what it changes in the small one."""
    query: dict[str, str | None] = dict.fromkeys((NETWORK, *_FIELDS))
    preset = next((name for name, one in PRESETS.items() if one == architecture), None)
    if preset is not None:
        return {**query, NETWORK: None if architecture == SMALL else preset}
    changes = {
        parameter: written(getattr(architecture, field))
        for parameter, field in _FIELDS.items()
        if getattr(architecture, field) != getattr(SMALL, field)
    }
    return {**query, **changes}


# --- one parameter ---------------------------------------------------------------------------------------


def _taken(
    settings: LabSettings,
    name: str,
    read: Callable[[str], Any],
    field: str,
    problems: list[RautError],
    default: Any = None,
) -> LabSettings:
    """The settings with one more value of the address, or as they are, and a sentence, where it is not possible."""
    if default is not None:
        settings = replace(settings, **{field: default})
    text = text_of_address(name)
    if not text:
        return settings
    try:
        return replace(settings, **{field: read(text)})
    except (LabSettingsError, ValueError):
        problems.append(refusal(name, text, written(getattr(settings, field))))
        return settings


def _architecture(problems: list[RautError]) -> Architecture:
    name = text_of_address(NETWORK)
    architecture = PRESETS.get(name, SMALL)
    if name and name not in PRESETS:
        problems.append(refusal(NETWORK, name, next(iter(PRESETS))))
    readers: dict[str, Callable[[str], Any]] = {
        BLOCKS: _blocks,
        ENDING: str,
        DENSE: lambda text: () if text == "none" else tuple(map(_whole, text.split(","))),
        NORMALISED: {"yes": True, "no": False}.__getitem__,
        DROPOUT: _decimal,
    }
    for parameter, read in readers.items():
        field = _FIELDS[parameter]
        text = text_of_address(parameter)
        if not text:
            continue
        try:
            architecture = replace(architecture, **{field: read(text)})
        except (LabSettingsError, ValueError, KeyError):
            problems.append(refusal(parameter, text, written(getattr(architecture, field))))
    return architecture


def written(value: Any) -> str:
    """A setting as the address has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and value and isinstance(value[0], Block):
        return _written_blocks(value)
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return number_for_programs(value) if isinstance(value, float) else str(value)


def _classes(text: str) -> tuple[str, ...]:
    asked = text.split(",")
    if len(set(asked)) != len(asked) or not set(asked) <= set(FER2013_LABELS):
        raise ValueError("unknown or twice")
    return tuple(code for code in FER2013_LABELS if code in asked)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("no whole number")
    return int(text)


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise ValueError("no number")
    return float(text)


def _blocks(text: str) -> tuple[Block, ...]:
    found = [_BLOCK.fullmatch(part) for part in text.split(",")]
    blocks = [Block(int(one[1]), int(one[2] or 1)) for one in found if one is not None]
    if len(blocks) != len(found):
        raise ValueError("no blocks")
    return tuple(blocks)


def _written_blocks(blocks: tuple[Block, ...]) -> str:
    return ",".join(
        f"{block.channels}x{block.convolutions}" if block.convolutions > 1 else f"{block.channels}"
        for block in blocks
    )
