"""With which detectors and how thoroughly a picture is searched for faces, and the grades that photos offer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from fer_core.errors import N_, DetectionError

CASCADES: Final[dict[str, str]] = {
    "default": "haarcascade_frontalface_default.xml",
    "alt": "haarcascade_frontalface_alt.xml",
    "alt2": "haarcascade_frontalface_alt2.xml",
}
"""OpenCV's cascades for faces from the front, by the short name that settings use."""


UPRIGHT_FROM_DEGREES: Final = 20.0
"""Tilt from which a face is turned upright before it is recognised, in degrees: `python benchmarks/upright.py`."""


def _check_range(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise DetectionError(
            N_("The face detection setting “{what}” must lie between {low} and {high}; it is {received}."),
            what=what,
            low=low,
            high=high,
            received=value,
        )


@dataclass(frozen=True)
class HaarSettings:
    """How thoroughly the Haar cascade searches a picture.

    The values were measured with `python benchmarks/cascade.py` on pictures composed of known faces (the
    NASA portrait; FER2013's Training split). At 640x480, scale 1.1 and 3 neighbours, 74 faces: `default` finds
    77% and invents 147 faces in 100 pictures, `alt` 76% and 7, `alt2` 78% and 13; 5 neighbours bring `alt2`
    to 76% and 5. At 2400x1800, 72 faces, `alt2` with 4 neighbours finds 64% at a working size of 640 pixels,
    72% at 960 and 71% at 1280, at twice the time. What is missed is mostly FER2013's half profiles and
    faces under 5% of the picture.

    The margin is 0 because the box of `alt2` is as wide as FER2013 cuts its faces: 0.96 of the image in the
    median of 529 faces, in its middle to within 1%.
    """

    cascade: str = "alt2"
    """Name of the cascade in `CASCADES`."""
    scale_factor: float = 1.1
    """From one size of face to the next; over 1, at most 2. Smaller finds more and takes longer."""
    neighbours: int = 4
    """Hits around one place that make a face; 1 to 20. More invents fewer faces and misses more."""
    smallest_face: float = 0.05
    """Side of the smallest face that is looked for, as a part of the picture's shorter side; 0 to 1."""
    working_size: int = 960
    """Longest side of the picture that is searched, in pixels; larger ones are reduced to it, but see `longest_shape`."""
    longest_shape: float | None = None
    """Up to this many times as long as wide (from 4:3 on), a picture is reduced to the shorter side that one of 4:3 has,
    so that a face of a certain part of the shorter side is as large in both. Of still longer ones the same number of
    pixels is searched as of one of this shape. None: the longest side alone decides, whatever becomes of small faces."""
    margin: float = 0.0
    """What the crop takes on each side beyond the box, as a part of the box; -0.25 to 1."""
    coarse_step: float | None = None
    """Scan the picture coarsely, with this factor from one size of face to the next (over 1, at most 2), and as
    these settings say only around what that finds; None searches all of it as they say. It saves most of the time and
    misses some faces that few windows pass: on 177 faces in 140 pictures "normal" with 1.1 here found 138 instead of
    141 in 0.45 of the time, and on 72 others 48 instead of 52."""

    @property
    def shorter_side(self) -> int:
        """Shorter side that a 4:3 picture is reduced to, in pixels, and any longer one up to `longest_shape`."""
        return round(self.working_size * 3 / 4)

    def __post_init__(self) -> None:
        if self.cascade not in CASCADES:
            raise DetectionError(
                N_("There is no face cascade named {received}. Choose one of: {expected}."),
                received=self.cascade,
                expected=", ".join(CASCADES),
            )
        _check_range("scale_factor", self.scale_factor, 1.01, 2.0)
        _check_range("neighbours", self.neighbours, 1, 20)
        _check_range("smallest_face", self.smallest_face, 0.0, 1.0)
        _check_range("working_size", self.working_size, 64, 8192)
        _check_range("margin", self.margin, -0.25, 1.0)
        if self.longest_shape is not None:
            _check_range("longest_shape", self.longest_shape, 4 / 3, 100.0)
        if self.coarse_step is not None:
            _check_range("coarse_step", self.coarse_step, 1.01, 2.0)


@dataclass(frozen=True)
class BlazeFaceSettings:
    """How thoroughly BlazeFace searches a picture; see `fer_core/faces/blazeface.py`."""

    model: str = "back"
    """Name in `fer_core.faces.blazeface_networks.MODELS` of the network that looks at the whole picture and at its tiles."""
    least_score: float = 0.6
    """Score from which a place is a face, or is looked at again where `confirm_score` is given; 0 to 1."""
    tile_share: float | None = None
    """Side of the smallest square tiles that are searched beside the whole picture, as a part of its shorter side; over
    0, at most 1. Larger ones are searched, too, each size twice the one before. None searches the whole picture only."""
    closer_share: float | None = None
    """Where nothing was found so far, or a face that is small for the tiles, the picture is searched in tiles of half the
    side, and so on down to this part of its shorter side; over 0, at most 1. None leaves it at the tiles above."""
    confirm_score: float | None = None
    """What was found is looked at twice more, alone and larger and mirrored, and is a face where the mean of the three
    scores is at least this; 0 to 1. What is doubtful is looked at once more by the larger network. None looks once."""

    def __post_init__(self) -> None:
        _check_range("least_score", self.least_score, 0.05, 1.0)
        if self.tile_share is not None:
            _check_range("tile_share", self.tile_share, 0.05, 1.0)
        if self.closer_share is not None:
            _check_range("closer_share", self.closer_share, 0.05, 1.0)
        if self.confirm_score is not None:
            _check_range("confirm_score", self.confirm_score, 0.05, 1.0)


DETECTORS: Final = ("both", "haar", "blazeface")
"""Which detectors look for faces: both, the Haar cascade only (as in the paper), or BlazeFace only."""


@dataclass(frozen=True)
class FaceSearch:
    """How faces are looked for in a picture: with which detectors, how thoroughly each, and which are turned upright."""

    detector: str = "haar"
    """One of `DETECTORS`."""
    effort: str = ""
    """Name of the grade that these settings are, "quick", "normal" or "thorough"; "" where they are none."""
    haar: HaarSettings = field(default_factory=HaarSettings)
    """For the cascade, where it takes part."""
    blazeface: BlazeFaceSettings = field(default_factory=BlazeFaceSettings)
    """For BlazeFace, where it takes part."""
    upright_from_degrees: float | None = UPRIGHT_FROM_DEGREES
    """A face that is tilted by so much or more is turned upright before it is recognised; None turns none."""

    def __post_init__(self) -> None:
        if self.detector not in DETECTORS:
            raise DetectionError(
                N_("There is no face detector named {received}. Choose one of: {expected}."),
                received=self.detector,
                expected=", ".join(DETECTORS),
            )
        if self.upright_from_degrees is not None:
            _check_range("upright_from_degrees", self.upright_from_degrees, 0.0, 180.0)

    @property
    def name(self) -> str:
        """The grade and the detectors in one word, "normal-both": a part of keys, not for readers."""
        return f"{self.effort or 'own'}-{self.detector}"

    @property
    def uses_haar(self) -> bool:
        """Whether the cascade takes part."""
        return self.detector != "blazeface"

    @property
    def uses_blazeface(self) -> bool:
        """Whether BlazeFace takes part."""
        return self.detector != "haar"


_HAAR_EFFORTS: Final[dict[str, HaarSettings]] = {
    "quick": HaarSettings(
        neighbours=5, smallest_face=0.08, working_size=640, coarse_step=1.2, longest_shape=12
    ),
    "normal": HaarSettings(longest_shape=12),
    "thorough": HaarSettings(neighbours=5, smallest_face=0.02, working_size=1600, longest_shape=12),
}
"""The cascade's part of `EFFORTS`.

In the order quick, normal, thorough, `benchmarks/cascade.py` measured: on 2400x1800 with faces of 80 to
900 pixels 53, 72 and 74% found and 3, 10 and 35 faces invented in 100 pictures; with faces of 40 to 110
pixels 0, 19 and 73% found and 7, 13 and 40 invented. "Thorough" is for small faces: it finds few more of the
large ones, and invents more.
"""

_BLAZEFACE_EFFORTS: Final[dict[str, BlazeFaceSettings]] = {
    "quick": BlazeFaceSettings("back", 0.4, confirm_score=0.7),
    "normal": BlazeFaceSettings("short_range", 0.4, tile_share=0.575, closer_share=0.14, confirm_score=0.7),
    "thorough": BlazeFaceSettings("back", 0.3, tile_share=0.2, confirm_score=0.74),
}
"""BlazeFace's part of `EFFORTS`; tuned by `benchmarks/detection.py --set tuning`.

"Normal" finds 96.0% of FER2013's faces with room, where the cascade finds 72%, and invents 2 faces in 89 pictures
without any, where the cascade invents 7. Of 200 faces in one picture, each 6% of its shorter side, it finds all. At most
400 tiles of a size are searched, however large or long a picture is.
"""

EFFORTS: Final = tuple(_HAAR_EFFORTS)
"""Three grades for photos, from one that large faces need to one for a whole class in a picture."""

DEFAULT_DETECTOR: Final = "blazeface"
"""One of `DETECTORS`, for photos where the reader chose none; by the rule of `docs/experiments/face-detectors.md`."""


def photo_search(effort: str = "normal", detector: str = DEFAULT_DETECTOR) -> FaceSearch:
    """The search of photos with a grade and a detector.

    Args:
        effort: one of `EFFORTS`.
        detector: one of `DETECTORS`.

    Raises:
        KeyError: no such grade.
        DetectionError: no such detector.
    """
    haar = _HAAR_EFFORTS[effort]
    if detector == "both" and haar.coarse_step is None:
        haar = replace(haar, coarse_step=1.1)  # what it misses, BlazeFace mostly finds
    return FaceSearch(detector, effort, haar, _BLAZEFACE_EFFORTS[effort])


_LIVE_HAAR: Final = HaarSettings(scale_factor=1.2, neighbours=4, smallest_face=0.1, working_size=400)
_LIVE_HAAR_EFFORTS: Final[dict[str, HaarSettings]] = {
    "quick": replace(_LIVE_HAAR, scale_factor=1.3, smallest_face=0.2, working_size=320),
    "normal": _LIVE_HAAR,
    "thorough": replace(_LIVE_HAAR, scale_factor=1.1, smallest_face=0.05, working_size=640),
}
_LIVE_BLAZEFACE_EFFORTS: Final[dict[str, BlazeFaceSettings]] = {
    "quick": BlazeFaceSettings(model="short_range"),
    "normal": BlazeFaceSettings(),
    "thorough": BlazeFaceSettings(tile_share=0.6),
}

DEFAULT_LIVE_DETECTOR: Final = "blazeface"
"""One of `DETECTORS`, for live video where the viewer chose none; see `docs/experiments/face-detectors-live.md`."""


def live_search(effort: str = "normal", detector: str = DEFAULT_LIVE_DETECTOR) -> FaceSearch:
    """The search of live video with a grade and a detector.

    It is coarser than that of photos, since the next frame offers another chance: "quick" for near faces on a slow
    computer, "normal" for a group, and "thorough" for the back of a class room.

    Args:
        effort: one of `EFFORTS`.
        detector: one of `DETECTORS`.

    Raises:
        KeyError: no such grade.
        DetectionError: no such detector.
    """
    return FaceSearch(detector, effort, _LIVE_HAAR_EFFORTS[effort], _LIVE_BLAZEFACE_EFFORTS[effort])


_VIDEO_HAAR: Final = HaarSettings(scale_factor=1.15, neighbours=4, smallest_face=0.07, working_size=640)

DEFAULT_VIDEO_DETECTOR: Final = "blazeface"
"""One of `DETECTORS`, for video files where the reader chose none."""


def video_search(detector: str = DEFAULT_VIDEO_DETECTOR) -> FaceSearch:
    """The search of video files: between live video and photos, since a file can wait, but has thousands of frames.

    Args:
        detector: one of `DETECTORS`.

    Raises:
        DetectionError: no such detector.
    """
    return FaceSearch(detector, haar=_VIDEO_HAAR)
