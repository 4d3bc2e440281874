"""The photos that lie on the Photos page, and what was found in them: in memory, for this session only.

What was found is kept by content, network and search, so that a rerun or another language costs nothing;
it goes when the photo goes. Nothing is written to disk.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fer_core.faces.detection import EFFORTS, HaarFaceDetector
from fer_core.faces.images import shrink
from fer_core.recognition.corrections import Corrections
from fer_core.recognition.photos import SAMPLE_PHOTO, PhotoResult, analyze_photo
from fer_core.recognition.recognizer import ExpressionRecognizer

SHELF_KEY = "photo_shelf"
UPLOADER_KEY = "photo_uploads"
DISPLAY_SIDE = 1280  # longest side of the picture on the page, in pixels
SMALLEST_DISPLAY_SIDE = 640  # smaller ones are enlarged, so that the labels on them can be read


@dataclass(frozen=True)
class Photo:
    """One file as it came."""

    name: str
    content: bytes
    digest: str
    is_sample: bool = False


@dataclass(frozen=True, eq=False)
class Finding:
    """What came of a photo, with a small picture of it instead of the whole one."""

    result: PhotoResult | None
    """Without its image; None when something failed that nobody expected."""
    error: Exception | None
    """Why there is nothing to show; a `RautError` for a file that cannot be read."""
    picture_jpeg: bytes = b""
    """The photo the right way up, at the size of the page, without marks."""
    scale: float = 1.0
    """Pixels of the small picture for one pixel of the photo."""


FindingKey = tuple[str, str, str, str]  # name, digest, network, effort


@dataclass
class PhotoShelf:
    """What the session keeps for the page."""

    kept: dict[tuple[str, str], Photo] = field(default_factory=dict)
    """Photos that no longer lie in the uploader: the sample, and those from before a change of page."""
    uploads: dict[tuple[str, str], Photo] = field(default_factory=dict)
    by_upload: dict[str, Photo] = field(default_factory=dict)
    findings: dict[FindingKey, Finding] = field(default_factory=dict)
    corrections: dict[tuple[str, str], Corrections] = field(default_factory=dict)
    """Faces struck out and drawn by hand, by digest of the photo and effort of the search."""
    round: int = 0
    """Part of the uploader's key: a new one is an empty uploader."""

    @property
    def uploader_key(self) -> str:
        """The uploader's session key."""
        return f"{UPLOADER_KEY}_{self.round}"

    @property
    def photos(self) -> list[Photo]:
        """All photos in order, each once."""
        return list((self.kept | self.uploads).values())

    @property
    def has_sample(self) -> bool:
        """The sample photo is among them."""
        return any(photo.is_sample for photo in self.kept.values())

    def add_sample(self) -> None:
        """Put the sample photo on the shelf."""
        sample = _photo(SAMPLE_PHOTO.name, SAMPLE_PHOTO.read_bytes(), is_sample=True)
        self.kept[sample.name, sample.digest] = sample

    def add(self, name: str, content: bytes) -> None:
        """Put a picture on the shelf that did not come through the uploader."""
        photo = _photo(name, content)
        self.kept[photo.name, photo.digest] = photo

    def clear(self) -> None:
        """Forget all photos and what was found in them."""
        self.kept, self.uploads, self.by_upload, self.findings = {}, {}, {}, {}
        self.corrections = {}
        self.round += 1

    def take_uploads(self, files: Sequence[UploadedFile]) -> None:
        """What lies in the uploader now; forgets the findings of photos that are gone."""
        # By the id of the upload: a rerun does not read through all the pictures again.
        self.by_upload = {
            file.file_id: self.by_upload.get(file.file_id) or _photo(file.name, file.getvalue())
            for file in files
        }
        self.uploads = {(photo.name, photo.digest): photo for photo in self.by_upload.values()}
        present = self.kept | self.uploads
        self.findings = {key: found for key, found in self.findings.items() if key[:2] in present}
        digests = {digest for _name, digest in present}
        self.corrections = {key: made for key, made in self.corrections.items() if key[0] in digests}

    def keep_uploads(self) -> None:
        """After a change of page the uploader is empty, and yet nobody removed a photo."""
        self.kept |= self.uploads
        self.uploads, self.by_upload = {}, {}


def photo_shelf() -> PhotoShelf:
    """The session's shelf; takes over what lay in an uploader that a change of page emptied."""
    shelf: PhotoShelf = st.session_state.setdefault(SHELF_KEY, PhotoShelf())
    if shelf.uploader_key not in st.session_state:
        shelf.keep_uploads()
    return shelf


def find_faces(
    shelf: PhotoShelf,
    recognizer: ExpressionRecognizer,
    effort: str,
    progress: Callable[[int, int, float | None], None],
) -> list[tuple[Photo, Finding]]:
    """Every photo with what is found in it; looks only at those that are new for this network and search.

    Args:
        shelf: the photos; the findings are kept on it.
        recognizer: the network.
        effort: key of `EFFORTS`.
        progress: called before each new photo with its number from 1, how many are new, and about how
            many seconds are left (None before the first).
    """
    network = recognizer.network
    which = (f"{network.id} {network.metadata.get('checksum')}", effort)
    new = [photo for photo in shelf.photos if (photo.name, photo.digest, *which) not in shelf.findings]
    if new:
        detector = HaarFaceDetector(EFFORTS[effort])
        start = time.perf_counter()
        for done, photo in enumerate(new):
            left = (time.perf_counter() - start) / done * (len(new) - done) if done else None
            progress(done + 1, len(new), left)
            shelf.findings[photo.name, photo.digest, *which] = _look_at(photo, detector, recognizer)
    return [(photo, shelf.findings[photo.name, photo.digest, *which]) for photo in shelf.photos]


def _look_at(photo: Photo, detector: HaarFaceDetector, recognizer: ExpressionRecognizer) -> Finding:
    try:
        result = analyze_photo(photo.content, photo.name, detector, recognizer)
        if result.image_rgb is None:
            return Finding(result, result.error)
        small = shrink(result.image_rgb, DISPLAY_SIDE)
        height, width = small.shape[:2]
        if max(height, width) < SMALLEST_DISPLAY_SIDE:
            factor = SMALLEST_DISPLAY_SIDE / max(height, width)
            size = (max(1, round(width * factor)), max(1, round(height * factor)))
            small = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        _ok, jpeg = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        scale = max(small.shape[:2]) / max(result.image_rgb.shape[:2])
        return Finding(dataclasses.replace(result, image_rgb=None), None, jpeg.tobytes(), scale)
    except Exception as error:  # noqa: BLE001 - one photo must not take the others with it
        return Finding(None, error)


def _photo(name: str, content: bytes, *, is_sample: bool = False) -> Photo:
    return Photo(name, content, hashlib.sha256(content).hexdigest(), is_sample)
