"""A burst: the faces of one press of the button, or of one photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import numpy as np

from fer_core.faces.images import FACE_SIZE

FACES_A_SECOND: Final = 10
"""Kept of a recording at most."""
LONGEST_BURST_S: Final = 15.0
"""Then a recording ends by itself."""

Kind = Literal["burst", "photo"]


@dataclass(frozen=True, eq=False)
class Burst:
    """Faces of one press of the button, or of one photo.

    Attributes:
        id: no other burst or photo of the same store ever has it.
        class_name: what the faces show.
        kind: how they came.
        condition: what was changed to break a network, in the words of the class; None for faces to learn from.
        faces_gray: uint8 (N, 48, 48), in order of time, read-only.
        times_s: float64 (N,), seconds since the first face.
        begun: when, with its zone.
    """

    id: int
    class_name: str
    kind: Kind
    condition: str | None
    faces_gray: np.ndarray
    times_s: np.ndarray
    begun: datetime

    @property
    def n(self) -> int:
        """Number of faces."""
        return len(self.faces_gray)


@dataclass(frozen=True)
class Recording:
    """A burst that is being recorded.

    Attributes:
        id: of the burst.
        class_name: what its faces show.
        condition: as in `Burst`.
        faces: kept so far.
        seconds_left: until it ends by itself.
    """

    id: int
    class_name: str
    condition: str | None
    faces: int
    seconds_left: float


@dataclass(frozen=True)
class ClassCount:
    """How much there is of one class, without what was recorded to break a network.

    Attributes:
        name: of the class.
        bursts: recorded.
        photos: added.
        faces: of both.
    """

    name: str
    bursts: int
    photos: int
    faces: int


class GrowingBurst:
    """A burst while it is recorded. Not thread-safe: its store locks.

    Args:
        number: the id that the burst will have.
        class_name: what its faces show.
        condition: as in `Burst`.
        ends_s: when it ends by itself, on the clock of the store.
    """

    def __init__(self, number: int, class_name: str, condition: str | None, ends_s: float) -> None:
        self.id = number
        self.class_name = class_name
        self.condition = condition
        self.ends_s = ends_s
        self._begun = datetime.now(UTC)
        self._faces: list[np.ndarray] = []
        self._times_s: list[float] = []

    @property
    def n(self) -> int:
        """Number of faces so far."""
        return len(self._faces)

    def lasts(self, time_s: float) -> bool:
        """Whether a frame of that time still belongs to the burst."""
        return not self._times_s or time_s - self._times_s[0] < LONGEST_BURST_S

    def add(self, face_gray: np.ndarray, time_s: float) -> bool:
        """Keep one face for each tenth of a second, whatever the pace of the camera.

        Returns:
            Whether it was kept.

        Raises:
            ValueError: another shape or dtype than uint8 (48, 48), or a time that is no number.
        """
        face = checked(face_gray).copy()
        if not np.isfinite(time_s):
            raise ValueError(f"Expected seconds. Received: {time_s}")
        if self._times_s and self._slot(time_s) <= self._slot(self._times_s[-1]):
            return False
        self._faces.append(face)
        self._times_s.append(float(time_s))
        return True

    def _slot(self, time_s: float) -> int:
        return int((time_s - self._times_s[0]) * FACES_A_SECOND + 1e-6)

    def burst(self) -> Burst:
        """What there is of it, of at least one face."""
        return _burst(
            self.id, self.class_name, "burst", self.condition, self._faces, self._times_s, self._begun
        )


def photo(number: int, class_name: str, condition: str | None, face_gray: np.ndarray) -> Burst:
    """The face of a photo, as a burst of one.

    Raises:
        ValueError: another shape or dtype than uint8 (48, 48).
    """
    return _burst(number, class_name, "photo", condition, [checked(face_gray)], [0.0], datetime.now(UTC))


def checked(face_gray: np.ndarray) -> np.ndarray:
    """The face, if it is one.

    Raises:
        ValueError: another shape or dtype than uint8 (48, 48); the message says what was received.
    """
    if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
        raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
    return face_gray


def _burst(
    number: int,
    class_name: str,
    kind: Kind,
    condition: str | None,
    faces: list[np.ndarray],
    times_s: list[float],
    begun: datetime,
) -> Burst:
    faces_gray = np.stack(faces)
    faces_gray.flags.writeable = False
    since_first_s = np.asarray(times_s) - times_s[0]
    since_first_s.flags.writeable = False
    return Burst(number, class_name, kind, condition, faces_gray, since_first_s, begun)
