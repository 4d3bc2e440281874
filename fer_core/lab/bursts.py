"""Faces that a class records or adds: in memory, by class and by burst, until they are erased.

A burst is what one press of the button records. Its frames lie fractions of a second apart and show nearly the same
picture, so a burst is learnt from or tested with as a whole (`fer_core.lab.split`). A photo counts as a burst of one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from fer_core.errors import N_
from fer_core.faces.images import FACE_SIZE
from fer_core.lab.burst import LONGEST_BURST_S, Burst, ClassCount, GrowingBurst, Recording, checked, photo
from fer_core.lab.settings import (
    LONGEST_CLASS_NAME,
    MOST_CLASSES,
    LabSettingsError,
    clean_class_name,
    refuse_reserved,
)

MOST_FACES: Final = 4000
"""Of all classes together, 9 MB."""


class FaceStore:
    """Classes and faces of one visitor. Thread-safe: frames come from the thread of the video, readers from others.

    What it gives out are copies or read-only values: who keeps one keeps its faces, also after `erase`.

    Args:
        clock: seconds that never run backwards; a recording ends by it, whether faces come or not.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._classes: list[str] = []
        self._bursts: list[Burst] = []
        self._running: GrowingBurst | None = None
        self._next_id = 1

    # Classes

    @property
    def classes(self) -> tuple[str, ...]:
        """Names, in the order in which they were added."""
        with self._lock:
            return tuple(self._classes)

    def add_class(self, name: str) -> str:
        """Add a class without faces.

        Returns:
            Its name as it is kept: without spaces around it and doubled ones inside.

        Raises:
            LabSettingsError: an empty, too long or known name, or too many classes.
        """
        with self._lock:
            name = self._new_name(name)
            if len(self._classes) >= MOST_CLASSES:
                raise LabSettingsError(
                    N_("A network of the lab tells at most {most} classes apart. Remove one first."),
                    most=MOST_CLASSES,
                )
            self._classes.append(name)
            return name

    def rename_class(self, old: str, new: str) -> str:
        """Give a class another name; its faces and its place in the order stay.

        Returns:
            The new name as it is kept.

        Raises:
            LabSettingsError: there is no such class, or the new name is empty, too long or that of another class.
        """
        with self._lock:
            place = self._place(old)
            new = self._new_name(new, but=old)
            self._classes[place] = new
            self._bursts = [
                replace(burst, class_name=new) if burst.class_name == old else burst for burst in self._bursts
            ]
            if self._running is not None and self._running.class_name == old:
                self._running.class_name = new
            return new

    def remove_class(self, name: str) -> None:
        """Remove a class with its faces; a recording of it ends. An unknown one is no error."""
        with self._lock:
            self._classes = [each for each in self._classes if each != name]
            self._bursts = [burst for burst in self._bursts if burst.class_name != name]
            if self._running is not None and self._running.class_name == name:
                self._running = None

    def _new_name(self, name: str, but: str | None = None) -> str:
        name = clean_class_name(name)
        if not name:
            raise LabSettingsError(N_("A class needs a name. Write what its faces show, such as “smile”."))
        if len(name) > LONGEST_CLASS_NAME:
            raise LabSettingsError(
                N_("The name of a class has at most {most} characters. Shorten it."), most=LONGEST_CLASS_NAME
            )
        refuse_reserved(name)
        others = (each.casefold() for each in self._classes if each != but)
        if name.casefold() in others:
            raise LabSettingsError(N_("Two classes are called “{name}”. Rename one of them."), name=name)
        return name

    def _place(self, name: str) -> int:
        if name not in self._classes:
            raise LabSettingsError(
                N_("There is no class “{name}”. Add it first."), name=clean_class_name(name)
            )
        return self._classes.index(name)

    # Recording

    @property
    def recording(self) -> Recording | None:
        """What is being recorded now."""
        with self._lock:
            self._end_in_time()
            running = self._running
            if running is None:
                return None
            return Recording(
                running.id,
                running.class_name,
                running.condition,
                running.n,
                running.ends_s - self._clock(),
            )

    def start(self, class_name: str, condition: str | None = None) -> int:
        """Begin a burst; one that is being recorded ends.

        Args:
            class_name: what its faces show.
            condition: what was changed to break a network; None for faces to learn from.

        Returns:
            The id that its burst has.

        Raises:
            LabSettingsError: there is no such class, the condition has an empty or too long name, or the store is
                full.
        """
        condition = _checked_condition(condition)
        with self._lock:
            self.stop()
            self._place(class_name)
            self._refuse_if_full()
            ends_s = self._clock() + LONGEST_BURST_S
            self._running = GrowingBurst(self._new_id(), class_name, condition, ends_s)
            return self._running.id

    def add(self, face_gray: np.ndarray, time_s: float) -> bool:
        """Take in a face of the video while a burst is recorded.

        Args:
            face_gray: uint8 (48, 48), 0-255; copied.
            time_s: of its frame, in seconds on a clock that does not run backwards.

        Returns:
            Whether it was kept: not without a recording, and at most `FACES_A_SECOND`.

        Raises:
            ValueError: another shape or dtype; the message says what was received.
        """
        checked(face_gray)
        with self._lock:
            self._end_in_time()
            running = self._running
            if running is None:
                return False
            if not running.lasts(time_s):
                self.stop()
                return False
            kept = running.add(face_gray, time_s)
            if self._faces() >= MOST_FACES:
                self.stop()
            return kept

    def stop(self) -> int | None:
        """End the burst that is being recorded; one without a face leaves nothing.

        Returns:
            Its id, or None where nothing was recorded.
        """
        with self._lock:
            running, self._running = self._running, None
            if running is None or not running.n:
                return None
            self._bursts.append(running.burst())
            return running.id

    def add_photo(self, class_name: str, face_gray: np.ndarray, condition: str | None = None) -> int:
        """Add the face of a photo.

        Args:
            class_name: what it shows.
            face_gray: uint8 (48, 48), 0-255; copied.
            condition: as in `start`.

        Returns:
            Its id.

        Raises:
            LabSettingsError: as for `start`.
            ValueError: another shape or dtype; the message says what was received.
        """
        condition = _checked_condition(condition)
        checked(face_gray)
        with self._lock:
            self._place(class_name)
            self._refuse_if_full()
            self._bursts.append(photo(self._new_id(), class_name, condition, face_gray))
            return self._bursts[-1].id

    def _end_in_time(self) -> None:
        if self._running is not None and self._clock() >= self._running.ends_s:
            self.stop()

    def _refuse_if_full(self) -> None:
        if self._faces() >= MOST_FACES:
            raise LabSettingsError(
                N_("The lab keeps at most {most} faces. Remove a burst or a class first."), most=MOST_FACES
            )

    def _faces(self) -> int:
        growing = 0 if self._running is None else self._running.n
        return growing + sum(burst.n for burst in self._bursts)

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    # Reading

    @property
    def bursts(self) -> tuple[Burst, ...]:
        """All bursts and photos by time, the one that is being recorded last if it has a face."""
        with self._lock:
            self._end_in_time()
            growing = () if self._running is None or not self._running.n else (self._running.burst(),)
            return (*self._bursts, *growing)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What was changed to break a network, in the order of the first burst of each."""
        found = (burst.condition for burst in self.bursts)
        return tuple(dict.fromkeys(condition for condition in found if condition is not None))

    @property
    def counts(self) -> tuple[ClassCount, ...]:
        """How much there is of each class, in their order."""
        with self._lock:
            bursts = [burst for burst in self.bursts if burst.condition is None]
            by_class = {name: [b for b in bursts if b.class_name == name] for name in self._classes}
        return tuple(
            ClassCount(
                name,
                sum(burst.kind == "burst" for burst in of_class),
                sum(burst.kind == "photo" for burst in of_class),
                sum(burst.n for burst in of_class),
            )
            for name, of_class in by_class.items()
        )

    def thumbnails(self, class_name: str, most: int) -> np.ndarray:
        """Some faces of a class to show, spread evenly over all that it has, without those of conditions.

        Returns:
            uint8 (M, 48, 48), M at most `most`, in order of time.
        """
        faces = [
            face
            for burst in self.bursts
            if burst.class_name == class_name and burst.condition is None
            for face in burst.faces_gray
        ]
        if not faces or most < 1:
            return np.zeros((0, FACE_SIZE, FACE_SIZE), np.uint8)
        places = np.unique(np.linspace(0, len(faces) - 1, min(most, len(faces))).round().astype(int))
        return np.stack([faces[place] for place in places])

    # Removing

    def remove_burst(self, number: int) -> None:
        """Remove a burst or photo; while it is being recorded, the recording ends. An unknown one is no error."""
        with self._lock:
            self._bursts = [burst for burst in self._bursts if burst.id != number]
            if self._running is not None and self._running.id == number:
                self._running = None

    def erase(self, *, keep_classes: bool = False) -> None:
        """Forget all faces and, unless they are kept, the names of the classes; a recording ends.

        Args:
            keep_classes: whether the classes stay, without faces.
        """
        with self._lock:
            self._running = None
            self._bursts = []
            if not keep_classes:
                self._classes = []


def _checked_condition(condition: str | None) -> str | None:
    if condition is None:
        return None
    condition = clean_class_name(condition)
    if not 0 < len(condition) <= LONGEST_CLASS_NAME:
        raise LabSettingsError(
            N_("Say in 1 to {most} characters what is different this time, such as “lamp off”."),
            most=LONGEST_CLASS_NAME,
        )
    return condition
