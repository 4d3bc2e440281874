"""Files made to hurt: each is refused before FFmpeg sees it, or costs little; what encoders write passes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fer_core.errors import VideoError
from fer_core.videos.claims import check_claims
from fer_core.videos.file import VideoFile
from tests.fer_core.videos.made_by_hand import (
    CHEAP,
    HURTING,
    box,
    fragments,
    full,
    mp4,
    of_one_size,
    run,
    table,
    track,
    u32,
)
from tests.fuzz.videos import KINDS, video

ROOT = Path(__file__).resolve().parents[3]

READ_ALL = """
import json, resource, sys, time
from fer_core.errors import VideoError
from fer_core.videos.file import VideoFile
from tests.fer_core.videos.made_by_hand import CHEAP, HURTING

def peak_mb():
    status = open("/proc/self/status").read()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

files = {name: make() for name, make in (HURTING | CHEAP).items()}
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
before, said = peak_mb(), {}
for name, content in files.items():
    begin = time.process_time()
    try:
        file = VideoFile(content, "clip")
        what = f"{sum(1 for _frame in file.frames(5))} frames"
        file.frame_at(0.5)
    except VideoError as error:
        what = str(error)
    said[name] = what, time.process_time() - begin
print(json.dumps([peak_mb() - before, said]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_files_made_to_hurt_cost_little_memory_and_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    more_mb, said = json.loads(done.stdout)
    assert more_mb < 250
    assert len(HURTING) >= 8 and set(said) == {*HURTING, *CHEAP}
    assert {name for name, (what, _s) in said.items() if "claims more than it holds" in what} == set(HURTING)
    slow = {name: seconds for name, (_what, seconds) in said.items() if seconds > 20}
    assert not slow, "20 s of a processor: 92 before"
    assert said["30,000 pictures of one time"][0] == "1 frames"
    assert said["pictures 2^31 s apart"][0] == "3 frames"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind[:2]))
def test_what_encoders_write_passes(kind: tuple[str, str, str]) -> None:
    check_claims(video(*kind), {"mp4": "mov", "mov": "mov", "avi": "avi", "webm": "matroska"}[kind[0]])


@pytest.mark.parametrize(
    "content",
    [
        # An hour of plain sound: 172.8 million samples in chunks of 1024, of which FFmpeg makes 168,750 entries.
        mp4(
            track(
                full(b"stts", u32(1, 172_800_000, 1)) + full(b"stsz", u32(2, 172_800_000))
                + full(b"stsc", u32(1, 1, 1024, 1)) + full(b"stco", u32(168_750), bytes(4 * 168_750)),
                handler=b"soun",
            ),
        ),
        mp4(track(of_one_size(100), edits=box(b"edts", full(b"elst", u32(3, *[1000, 0, 65536] * 3))))),
        fragments(*[run(30)] * 60),
        mp4(track(table((30, 1), 0, 0, 30) + full(b"stsz", u32(0, 30), u32(*[9] * 30)))),
    ],
    ids=["sound", "edits", "fragments", "table"],
)  # fmt: skip
def test_what_only_looks_like_much_passes(content: bytes) -> None:
    check_claims(content, "mov")


def test_boxes_of_all_forms_are_found() -> None:
    """Sizes of 64 bits, to the end of the file, of nothing, and a table that stands in a box marked as free."""
    hurting = HURTING["80 million samples of one size"]()
    begin = hurting.index(b"moov") - 4
    size = int.from_bytes(hurting[begin : begin + 4], "big")
    moov = hurting[begin + 8 : begin + size]
    for head in (
        u32(1) + b"moov" + bytes(4) + u32(16 + len(moov)),
        u32(0) + b"moov",
        u32(8 + len(moov)) + b"free",
    ):
        with pytest.raises(VideoError, match="claims more"):
            VideoFile(hurting[:begin] + head + moov, "clip")


@pytest.mark.parametrize(
    "name", ["edits times samples", "Matroska with 2,000 tracks", "AVI with 3,000 tracks"]
)
def test_a_file_cut_anywhere_is_a_sentence(name: str) -> None:
    content = HURTING[name]()[:700]
    for cut in range(1, len(content)):
        with pytest.raises(VideoError):
            VideoFile(content[:cut], "clip")
