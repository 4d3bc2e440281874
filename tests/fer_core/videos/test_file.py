"""Video files: every container, times as the file says them, turned phones, damage, and what is refused."""

from __future__ import annotations

import io
import itertools
import math
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from fer_core.errors import VideoError
from fer_core.faces.images import MAX_PIXELS
from fer_core.videos import geometry
from fer_core.videos.file import VideoFile, time_slot
from tests.fer_core.videos.made_by_hand import number, pictures_at
from tests.fuzz.videos import KINDS, video


def times(file: VideoFile, *args: float, **kwargs: float) -> list[float]:
    return [round(frame.time_s, 3) for frame in file.frames(*args, **kwargs)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind[:2]))
def test_every_container_gives_its_frames_and_their_times(kind: tuple[str, str, str]) -> None:
    file = VideoFile(video(*kind), "clip")
    frames = list(file.frames())
    assert [round(frame.time_s, 2) for frame in frames] == [n / 10 for n in range(10)]
    levels = [int(frame.image_bgr[-4, -4, 0]) for frame in frames]
    np.testing.assert_allclose(levels, [20 * n for n in range(10)], atol=8)
    assert frames[0].image_bgr.shape == (48, 64, 3) and frames[0].image_bgr.dtype == np.uint8
    assert file.damage is None
    assert file.facts.duration_s == pytest.approx(1.0, abs=0.11)
    assert (file.facts.width, file.facts.height) == (64, 48)


@pytest.fixture(scope="module")
def fifty_a_second() -> VideoFile:
    """Four seconds."""
    shown = [n / 50 for n in range(200)]
    return VideoFile(video("mp4", "libx264", times=shown, levels=[99] * 200), "clip")


def test_a_lower_rate_takes_frames_evenly() -> None:
    file = VideoFile(video("mp4", "libx264", times=[n / 30 for n in range(60)], levels=[99] * 60), "clip")
    assert times(file, 5) == pytest.approx([n / 5 for n in range(10)], abs=0.02)
    assert len(times(file, 29.97)) >= 59  # not every second one, because 30 is a little more
    assert len(times(file, 1000)) == 60


@pytest.mark.parametrize(("fps", "rate", "count"), [(50, 5, 601), (100, 5, 601), (100, 10, 1201)])
def test_no_more_frames_than_asked_for_and_all_as_far_apart(fps: int, rate: int, count: int) -> None:
    """At these rates a frame lies just where a little early begins."""
    first = {}
    for frame in range(120 * fps):
        first.setdefault(time_slot(frame / fps, rate), frame)
    taken = list(first.values())
    assert len(taken) == count
    assert {b - a for a, b in itertools.pairwise(taken[1:])} == {fps // rate}


def test_a_video_of_50_frames_a_second_gives_5(fifty_a_second: VideoFile) -> None:
    assert times(fifty_a_second, 5) == [0, *(round(n / 5 - 0.02, 2) for n in range(1, 21))]


def test_a_varying_rate_keeps_the_times_of_the_file() -> None:
    odd = [0.0, 0.05, 0.1, 0.8, 0.85, 2.0]
    file = VideoFile(video("mp4", "libx264", times=odd, levels=[99] * 6), "clip")
    assert times(file) == pytest.approx(odd, abs=0.002)
    assert times(file, 2) == pytest.approx([0.0, 0.8, 2.0], abs=0.002)


def test_a_video_that_begins_late_begins_at_0() -> None:
    file = VideoFile(video("webm", "libvpx", times=[5.0, 5.1, 5.2], levels=[0, 100, 200]), "clip")
    assert times(file) == pytest.approx([0.0, 0.1, 0.2], abs=0.002)
    frame = file.frame_at(0.1)
    assert frame is not None and int(frame.image_bgr[-4, -4, 0]) == pytest.approx(100, abs=8)


@pytest.mark.parametrize(
    ("degrees", "corner", "shape"),
    [(0, (4, 4), (48, 64)), (90, (-4, 4), (64, 48)), (180, (-4, -4), (48, 64)), (270, (4, -4), (64, 48))],
)
def test_a_turned_phone_gives_the_picture_that_a_browser_shows(
    degrees: int, corner: tuple[int, int], shape: tuple[int, int]
) -> None:
    """Where the bright corner lies was compared with Chromium's <video> for all four."""
    file = VideoFile(video("mp4", "libx264", rotation=degrees, levels=[40] * 10), "phone.mp4")
    image_gray = next(file.frames()).image_bgr[..., 0]
    assert image_gray.shape == shape
    assert image_gray[corner] > 200
    assert sum(image_gray[y, x] > 200 for y in (4, -4) for x in (4, -4)) == 1


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [((-1, 0, 0, 1), (4, -4)), ((1, 0, 0, -1), (-4, 4)), ((0, 1, 1, 0), (4, 4)), ((0, -1, -1, 0), (-4, -4))],
)
def test_a_mirrored_picture_is_shown_as_a_player_shows_it(
    matrix: tuple[int, int, int, int], corner: tuple[int, int]
) -> None:
    """All eight were compared with FFmpeg's own player."""
    file = VideoFile(video("mp4", "libx264", matrix=matrix, levels=[40] * 10), "phone.mp4")
    image_gray = next(file.frames()).image_bgr[..., 0]
    assert image_gray.shape == ((64, 48) if matrix[1] else (48, 64))
    assert [place for place in itertools.product((4, -4), (4, -4)) if image_gray[place] > 200] == [corner]


@pytest.mark.parametrize("kind", [("mp4", "libx264"), ("mov", "libx264"), ("matroska", "libx264")])
@pytest.mark.parametrize(
    ("pixel", "shape"),
    [(Fraction(2), (48, 128)), (Fraction(1, 2), (96, 64)), (Fraction(4, 3), (48, 85)), (Fraction(1), (48, 64)),
     (Fraction(40), (48, 64)), (Fraction(1, 40), (48, 64))],
)  # fmt: skip
def test_pixels_that_are_not_square_are_stretched_and_absurd_ones_are_not(
    kind: tuple[str, str], pixel: Fraction, shape: tuple[int, int]
) -> None:
    file = VideoFile(video(*kind, pixel=pixel, levels=[40] * 10), "clip")
    image_gray = next(file.frames()).image_bgr[..., 0]
    assert image_gray.shape == shape == (file.facts.height, file.facts.width)
    bright = image_gray > 150  # the square is a third of each side
    assert bright[: shape[0] // 3 - 2, : shape[1] // 3 - 2].all()
    assert bright.mean() == pytest.approx(1 / 9, abs=0.02)


def test_the_display_size_of_matroska_is_obeyed() -> None:
    more = number("54B0", 128) + number("54BA", 48)
    file = VideoFile(pictures_at(0, 100, 200, more=more), "clip.webm")
    assert next(file.frames()).image_bgr.shape == (48, 128, 3)


def test_a_frame_is_stretched_before_it_is_turned() -> None:
    file = VideoFile(video("mp4", "libx264", pixel=Fraction(2), rotation=90, levels=[40] * 10), "phone.mp4")
    assert next(file.frames()).image_bgr.shape == (128, 48, 3)


class WideTrack:
    sample_aspect_ratio = Fraction(4)
    codec_context = type("Codec", (), {"sample_aspect_ratio": None})


def test_a_track_without_a_size_of_its_own_has_nothing_to_stretch() -> None:
    assert geometry.ShownFrames(WideTrack()).size(0, 0) == (0, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(64, 48), (7680, 4320), (16_384, 3000), (10, 16_000)])
def test_a_stretched_frame_keeps_its_form_within_the_limits(size: tuple[int, int]) -> None:
    width, height = geometry.ShownFrames(WideTrack()).size(*size)  # type: ignore[arg-type]
    assert width * height <= 1.001 * MAX_PIXELS and max(width, height) <= geometry.LONGEST_SIDE
    assert width / height == pytest.approx(4 * size[0] / size[1], rel=0.02)


def with_cover(container: str, pictures: bool) -> bytes:
    """A second of a grey picture, or of silence; a cover stands before all tracks."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as out:
        cover = out.add_stream("png")
        cover.width, cover.height, cover.pix_fmt = 32, 32, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        if pictures:
            track = out.add_stream("libx264", rate=10)
            track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        else:
            sound = out.add_stream("aac", rate=8000)
        out.mux(cover.encode(av.VideoFrame.from_ndarray(np.full((32, 32, 3), 200, np.uint8), format="rgb24")))
        out.mux(cover.encode())
        if pictures:
            for _frame in range(10):
                out.mux(
                    track.encode(
                        av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="bgr24")
                    )
                )
            out.mux(track.encode())
        else:
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 2048), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate, silence.pts = 8000, 0
            out.mux(sound.encode(silence))
            out.mux(sound.encode())
    return stream.getvalue()


def test_a_cover_is_not_the_video() -> None:
    content = with_cover("mp4", pictures=True)
    with av.open(io.BytesIO(content)) as container:
        assert len(container.streams.video) == 2
    file = VideoFile(content, "film.mp4")
    assert (file.facts.width, file.facts.height) == (64, 48)
    assert len(list(file.frames())) == 10
    with pytest.raises(VideoError, match=r"no pictures.*song\.mp4"):
        VideoFile(with_cover("mp4", pictures=False), "song.mp4")


@pytest.mark.parametrize("kind", [("mp4", "libx264"), ("webm", "libvpx"), ("matroska", "libx264")])
def test_the_duration_is_from_the_first_frame_to_the_end_of_the_last(kind: tuple[str, str]) -> None:
    file = VideoFile(video(*kind, times=[20 + n / 10 for n in range(10)]), "clip")
    assert file.facts.duration_s == pytest.approx(1.0, abs=0.15)


def test_the_duration_of_fragments_that_begin_late_is_their_own() -> None:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov"}) as out:
        track = out.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for _frame in range(10):
            out.mux(
                track.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="bgr24"))
            )
        out.mux(track.encode())
        scale = track.time_base.denominator
    content = bytearray(stream.getvalue())
    at = content.index(b"tfdt") + 8
    struct.pack_into(">Q", content, at, 100 * scale)
    file = VideoFile(bytes(content), "part.mp4")
    assert file.facts.duration_s == pytest.approx(1.0, abs=0.15)
    assert times(file)[0] == 0 and times(file)[-1] == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("seconds", [float("nan"), -5.0, 1e12, 1e300, 0.0])
def test_a_duration_that_cannot_be_is_none(seconds: float) -> None:
    content = bytearray(video("webm", "libvpx"))
    at = content.index(b"\x44\x89\x88") + 3  # Duration, eight bytes, in milliseconds
    struct.pack_into(">d", content, at, seconds * 1000)
    file = VideoFile(bytes(content), "clip.webm")
    assert file.facts.duration_s is None
    assert len(times(file)) == 10


def test_a_frame_is_found_by_its_time_without_reading_what_comes_before() -> None:
    file = VideoFile(video("mp4", "libx264"), "clip")
    for wanted in (0.0, 0.5, 0.85):
        frame = file.frame_at(wanted)
        assert frame is not None and frame.time_s == pytest.approx(math.ceil(wanted * 10) / 10, abs=0.002)
        assert int(frame.image_bgr[-4, -4, 0]) == pytest.approx(20 * round(frame.time_s * 10), abs=8)
    assert file.frame_at(99.0) is None


def test_only_sound_is_a_sentence() -> None:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as out:
        track = out.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2048), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        out.mux(track.encode(frame))
        out.mux(track.encode())
    with pytest.raises(VideoError, match=r"no pictures.*song\.mp4"):
        VideoFile(stream.getvalue(), "song.mp4")


@pytest.mark.parametrize(
    "content",
    [
        b"plain text",
        b"\xff\xd8\xff\xe0" + b"\0" * 99,
        b"#EXTM3U\nhttp://example.org/a.ts\n",
        b"ffconcat version 1.0\n",
    ],
    ids=["text", "jpeg", "playlist", "concat"],
)
def test_what_is_no_video_is_refused_and_lists_of_other_files_are_never_opened(content: bytes) -> None:
    with pytest.raises(VideoError, match="not a video Raut can read"):
        VideoFile(content, "file")


def test_an_empty_file_says_so() -> None:
    with pytest.raises(VideoError, match="empty"):
        VideoFile(b"", "a.mp4")


def test_a_video_cut_short_gives_what_can_be_read() -> None:
    whole = video("webm", "libvpx", times=[n / 10 for n in range(50)], levels=[5 * n for n in range(50)])
    file = VideoFile(whole[: len(whole) // 2], "clip.webm")
    assert 5 < len(times(file)) < 50
    mp4 = video("mp4", "libx264")  # its index stands at the end
    with pytest.raises(VideoError, match="damaged or cut short"):
        VideoFile(mp4[: len(mp4) // 2], "clip.mp4")


def test_damage_in_the_middle_costs_frames_and_says_so() -> None:
    content = bytearray(video("avi", "mjpeg", "yuvj420p"))
    at = content.index(b"movi") + 6000
    content[at : at + 12_000] = bytes(12_000)
    file = VideoFile(bytes(content), "clip.avi")
    read = times(file)
    assert 0 < len(read) < 10
    assert "damaged" in str(file.damage)
    assert file.frame_at(0.0) is not None
    assert "damaged" in str(file.damage), "a look at one frame does not mend the rest"


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="over 0"):
        next(VideoFile(video("mp4", "libx264"), "clip").frames(0.0))
