"""The photos that lie on the Photos page, and what was found in them: in memory, for this session only.

What was found is kept by content, network and search, so that a rerun or another language costs nothing;
it goes when the photo goes. Nothing is written to disk.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol

from fer_core.faces.limits import LIMITS, MB
from fer_core.faces.search import FaceSearch
from fer_core.faces.uploads import UploadedPicture, pictures_in
from fer_core.photos.corrections import Corrections
from fer_core.photos.findings import (
    MANY,
    AnalysisKey,
    Finding,
    FindingKey,
    Findings,
    Photo,
    PhotoKey,
    RaterTable,
    Ratings,
    analysis_key,
)
from fer_core.photos.samples import Sample
from fer_core.photos.unsaved import Saved, Unsaved
from fer_core.photos.work import DISPLAY_SIDE, DISPLAY_SIDE_OF_MANY, PhotoJob, look_at_photos
from fer_core.recognition.recognizer import LitertRecognizer

UPLOADER_KEY = "photo_uploads"
PATIENCE_S = 1.0
"""So long a run of the page waits for the thread: a few photos are there at once, without a bar."""


class Upload(Protocol):
    """A file that lies in a drop area."""

    @property
    def file_id(self) -> str:
        """Of this upload of the file."""

    @property
    def name(self) -> str:
        """Of the file."""

    def getvalue(self) -> bytes:
        """All of its content."""


@dataclass
class PhotoShelf:
    """What the session keeps for the page. The job that looks at photos knows nothing of it."""

    kept: dict[PhotoKey, Photo] = field(default_factory=dict)
    """Photos that no longer lie in the uploader: the sample, many at once, those from before a change of page."""
    uploads: dict[PhotoKey, Photo] = field(default_factory=dict)
    by_upload: dict[str, tuple[Photo, ...]] = field(default_factory=dict)
    findings: dict[FindingKey, Finding] = field(default_factory=dict)
    corrections: dict[tuple[str, FaceSearch], Corrections] = field(default_factory=dict)
    """Faces struck out and drawn by hand, by identity of the photo and search."""
    ratings_of: dict[FaceSearch, Ratings] = field(default_factory=dict)
    """The reader's own by search: another search numbers other faces."""
    saved: Saved = field(default_factory=Saved)
    """What of ratings and corrections is in a file."""
    other_raters: dict[str, RaterTable] = field(default_factory=dict)
    """Name of a table to what it says; those that lie in the drop area."""
    earlier_raters: dict[str, RaterTable] = field(default_factory=dict)
    """Those that lay there before another tab or page emptied it."""
    to_follow: int = 0
    """Files that wait in the browser for their turn."""
    left_out: int = 0
    """Files of zips that programs put beside photos, since the shelf was last cleared."""
    job: PhotoJob | None = None
    """Looks at the photos that are new; None where all were looked at, or it was cancelled."""
    job_key: AnalysisKey | None = None
    """What the newest job analyses, or analysed, photos with."""
    cancelled: bool = False
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

    def ratings(self, search: FaceSearch) -> Ratings:
        """The reader's ratings of the faces that this search found; what is put in stays."""
        return self.ratings_of.setdefault(search, {})

    def unsaved(self, identities: Iterable[str] | None = None) -> Unsaved:
        """What of ratings and corrections is in no file.

        Args:
            identities: of the photos to look at; None for all.
        """
        here = {photo.identity for photo in self.photos}
        wanted = here if identities is None else here.intersection(identities)
        return self.saved.missing(self.ratings_of, self.corrections, wanted)

    def add_rater(self, name: str, table: RaterTable) -> str:
        """A table that lies in the drop area, in place of an earlier one that is the very same.

        Returns:
            The name that it goes by.
        """
        if self.earlier_raters.get(name) == table:
            del self.earlier_raters[name]
        name = _free(name, self.raters)
        self.other_raters[name] = table
        return name

    def keep_raters(self) -> None:
        """After another tab or page the drop area is empty, and yet nobody took a table out."""
        for name, table in self.other_raters.items():
            self.earlier_raters[_free(name, self.earlier_raters)] = table
        self.other_raters.clear()

    @property
    def raters(self) -> dict[str, RaterTable]:
        """All tables of other people."""
        return self.earlier_raters | self.other_raters

    def add_samples(self, *samples: Sample) -> None:
        """Put pictures that come with Raut on the shelf."""
        for sample in samples:
            content = sample.path.read_bytes()
            photo = Photo(sample.path.name, content, _digest(content), sample)
            self.kept[photo.key] = photo

    def add(self, name: str, content: bytes) -> None:
        """Put a picture on the shelf that did not come through the uploader."""
        photo = Photo(name, content, _digest(content))
        self.kept[photo.key] = photo

    def clear(self) -> None:
        """Forget all photos and what was found and said of them."""
        self.stop()
        self.kept, self.uploads, self.by_upload, self.findings = {}, {}, {}, {}
        self.ratings_of, self.corrections, self.saved = {}, {}, Saved()
        self.other_raters, self.earlier_raters = {}, {}
        self.cancelled, self.to_follow, self.left_out = False, 0, 0
        self.round += 1

    def stop(self) -> None:
        """Let the job end after the photo that it is at; what it found until now is kept."""
        if self.job is not None:
            self.job.cancel()
            self.take_findings()
            self.job = None

    def cancel(self) -> None:
        """As `stop`, and do not begin again by itself."""
        self.stop()
        self.cancelled = True

    def go_on(self) -> None:
        """After `cancel`."""
        self.cancelled = False

    def take_uploads(self, files: Sequence[Upload], *, take_out: bool = False) -> bool:
        """What lies in the uploader now; forgets the findings of photos that are gone.

        Args:
            files: all that lies there.
            take_out: empty the uploader, also where it is only a few.

        Returns:
            They were taken out of the uploader, which is to be shown anew and whose copies are not needed any more:
            many came at once, or several in one file, or it was asked for.
        """
        # By the id of the upload: a rerun does not read through all the pictures again.
        by_upload: dict[str, tuple[Photo, ...]] = {}
        names = {photo.name: photo.identity for photo in self.kept.values()}
        room = LIMITS.photos - len(self.kept)
        for file in files:
            photos = self.by_upload.get(file.file_id)
            if photos is None:
                self.cancelled = False
                pictures = pictures_in(
                    file.name, file.getvalue(), room=max(0, room), on_left_out=self._count_left_out
                )
                photos = tuple(_photos(pictures, names))
                self._forget_failures(photos)
            names |= {photo.name: photo.identity for photo in photos}
            room -= len(photos)
            by_upload[file.file_id] = photos
            if room < 0:
                break
        uploads = {photo.key: photo for photos in by_upload.values() for photo in photos}
        self.by_upload, self.uploads = by_upload, uploads
        present = self.kept | self.uploads
        self.findings = {key: found for key, found in self.findings.items() if key[:2] in present}
        identities = {identity for _name, identity in present}
        self.corrections = {
            key: corrections for key, corrections in self.corrections.items() if key[0] in identities
        }
        for ratings in self.ratings_of.values():  # in place: the page holds on to these
            for gone in [key for key in ratings if key[0] not in identities]:
                del ratings[gone]
        if take_out or len(uploads) >= MANY or any(len(photos) > 1 for photos in by_upload.values()):
            self.keep_uploads()
            self.round += 1
            return True
        return False

    def _count_left_out(self, files: int) -> None:
        self.left_out += files

    def _forget_failures(self, photos: Sequence[Photo]) -> None:
        """Of photos that were dropped again, since what was missing is there now: their content."""
        again = {photo.key for photo in photos}
        self.findings = {
            key: found for key, found in self.findings.items() if key[:2] not in again or found.error is None
        }

    def keep_uploads(self) -> None:
        """After a change of page the uploader is empty, and yet nobody removed a photo."""
        self.kept |= self.uploads
        self.uploads, self.by_upload = {}, {}

    def take_findings(self) -> None:
        """Put what the job found until now on the shelf, but for photos that are gone.

        Contents of files that were looked at go where all together are more than `LIMITS.kept_mb`.
        """
        found = self.job.take() if self.job is not None else []
        if not found:
            return
        present = self.kept | self.uploads
        held = sum(len(photo.content or b"") for photo in present.values())
        for key, finding in found:
            photo_key = key[:2]
            if photo_key not in present:
                continue
            self.findings[key] = finding
            photo = self.kept.get(photo_key)
            if held > LIMITS.kept_mb * MB and photo is not None and photo.content is not None:
                held -= len(photo.content)
                self.kept[photo_key] = dataclasses.replace(photo, content=None)


def _photos(pictures: Iterable[UploadedPicture], names: dict[str, str]) -> Iterable[Photo]:
    """With digests, and with names that no other picture has: `names` is name to identity of those there."""
    taken = dict(names)
    for picture in pictures:
        photo = Photo(picture.name, None, None, page=picture.page, error=picture.error)
        if picture.error is None:
            digest = _digest(picture.content) + (f"-{picture.page + 1}" if picture.page else "")
            photo = dataclasses.replace(photo, content=picture.content, digest=digest)
        name, number = picture.name, 1
        while taken.get(name, photo.identity) != photo.identity:
            number += 1
            path = PurePosixPath(picture.name)
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken[name] = photo.identity
        yield dataclasses.replace(photo, name=name)


def _free(name: str, taken: Mapping[str, object]) -> str:
    """The name, with a number where it is taken."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def find_faces(
    shelf: PhotoShelf,
    recognizer: LitertRecognizer,
    search: FaceSearch,
    patience_s: float | None = None,
    lives: Callable[[], bool] = lambda: True,
) -> Findings:
    """Every photo that was looked at, with what was found; begins to look at those that are new.

    Args:
        shelf: the photos; `shelf.job` tells whether there is more to come.
        recognizer: the network.
        search: how faces are looked for.
        patience_s: how long to wait for the new ones; None for `PATIENCE_S`.
        lives: whether the reader's session is still there; asked before each photo, and False ends the job.

    Raises:
        RautError: the job ended with an error; the next call begins anew.
    """
    key = analysis_key(recognizer, search)
    if shelf.job is not None and shelf.job_key != key:
        shelf.stop()
    _take_from_job(shelf)
    missing = [photo for photo in shelf.photos if (*photo.key, *key) not in shelf.findings]
    if missing and shelf.job is None and not shelf.cancelled:
        shelf.job_key = key
        shelf.job = look_at_photos(
            missing,
            recognizer,
            search,
            known={(found_key[:2], found_key[3]): found for found_key, found in shelf.findings.items()},
            side=DISPLAY_SIDE if len(shelf.photos) < MANY else DISPLAY_SIDE_OF_MANY,
            lives=lives,
        )
        shelf.job.wait(PATIENCE_S if patience_s is None else patience_s)
        _take_from_job(shelf)
    findings = shelf.findings
    return [(photo, findings[*photo.key, *key]) for photo in shelf.photos if (*photo.key, *key) in findings]


def _take_from_job(shelf: PhotoShelf) -> None:
    """What it found until now, and the job itself where it has ended."""
    if shelf.job is None or shelf.job.running:
        shelf.take_findings()
        return
    error = shelf.job.error
    shelf.stop()
    if error is not None:
        raise error.without_traceback()
