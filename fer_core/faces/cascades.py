"""OpenCV's Haar cascades (Viola and Jones 2001, Lienhart and Maydt 2002): their files, and many threads that use one.

They are those that OpenCV ships (`cv2.data.haarcascades`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.errors import N_, DetectionError
from fer_core.faces.boxes import no_boxes
from fer_core.faces.search import CASCADES

_WINDOW: Final = {"default": 24, "alt": 20, "alt2": 20}  # pixels: the faces each was trained on
_PROFILE: Final = "haarcascade_profileface.xml"  # finds turned faces, and many that are not turned


class SharedCascade:
    """One of `CASCADES` that any thread may use.

    An OpenCV cascade that two threads use at once gives wrong boxes and exceptions, so each call borrows one
    that no other call has, and a further one is read (10 to 20 ms) only while all are lent out. Where one thread
    calls, a single one is kept.

    Args:
        name: in `CASCADES`.

    Raises:
        DetectionError: this OpenCV cannot load it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._idle: list[cv2.CascadeClassifier] = [read_cascade(name)]

    @property
    def window(self) -> int:
        """Side of the smallest face that it can find, in pixels."""
        return _WINDOW[self._name]

    def windows(
        self, image_gray: np.ndarray, neighbours: int, sides: tuple[int, int], scale_factor: float
    ) -> np.ndarray:
        """Scan a picture for the windows that the cascade takes for a face.

        Args:
            image_gray: uint8 (H, W), 0-255.
            neighbours: windows around one place that make a face, which is then their mean; 0 for the windows as they are.
            sides: of the smallest and the largest window, in pixels; -1 as the largest is any.
            scale_factor: from one size of window to the next; over 1.

        Returns:
            int32 (N, 4): x, y, width, height in pixels of `image_gray`.
        """
        if min(image_gray.shape) < self.window:
            return no_boxes()
        # One more than the largest: OpenCV takes two equal sizes for another request. 0 is any size.
        smallest, largest = sides[0], sides[1] + 1
        with self._borrowed() as cascade:
            windows_xywh = cascade.detectMultiScale(
                image_gray,
                scaleFactor=scale_factor,
                minNeighbors=neighbours,
                minSize=(smallest, smallest),
                maxSize=(largest, largest),
            )
        return np.asarray(windows_xywh, dtype=np.int32).reshape(-1, 4)

    @contextmanager
    def _borrowed(self) -> Iterator[cv2.CascadeClassifier]:
        with self._lock:
            cascade = self._idle.pop() if self._idle else None
        if cascade is None:
            cascade = read_cascade(self._name)
        try:
            yield cascade
        finally:
            with self._lock:
                self._idle.append(cascade)


def read_cascade(name: str) -> cv2.CascadeClassifier:
    """Read one of OpenCV's cascades, by its name in `CASCADES` or "profile". For one thread at a time.

    Raises:
        DetectionError: this OpenCV has none, or the file is damaged.
    """
    folder = Path(getattr(getattr(cv2, "data", None), "haarcascades", ""))
    file = _PROFILE if name == "profile" else CASCADES[name]
    path = folder / file
    if not hasattr(cv2, "CascadeClassifier") or not path.is_file():
        raise DetectionError(
            N_(
                "OpenCV {version} has no face cascade ({file}). "
                "Install the packages of requirements.txt again; Raut needs OpenCV 4.14."
            ),
            version=cv2.__version__,
            file=file,
        )
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise DetectionError(
            N_("The face cascade {file} is damaged. Install the packages of requirements.txt again."),
            file=file,
        )
    return cascade
