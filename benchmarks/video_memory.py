"""Whether an hour of video takes more memory than minutes: `python benchmarks/video_memory.py [--minutes 5 60]`.

Composes MP4 files with moving faces, five frames a second, and analyses each as the Videos page does, in a process of
its own. Prints the largest memory of that process (peak resident set), before the analysis, after it, and what its
results alone keep. Ends with 1 if the longest video took 100 MB more than the shortest, its larger file and its
results apart. Needs Linux.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e.clips import moving_faces

PROJECT_DIR = Path(__file__).resolve().parents[1]
RATE = 5
MUST_GROW_LESS_MB = 100.0

_ANALYSE = """
import json, sys, time
from pathlib import Path
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.videos.analysis import analyze_video
from fer_core.store.folder import find_network
from fer_core.videos.file import VideoFile

def peak_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

content = Path(sys.argv[1]).read_bytes()
file = VideoFile(content, "video.mp4")
recognizer = ExpressionRecognizer(find_network(None))
before, began = peak_mb(), time.perf_counter()
job = analyze_video(((f.time_s, f.image_bgr) for f in file.frames(float(sys.argv[2]))), recognizer)
job.wait()
took = time.perf_counter() - began
assert job.finished and file.damage is None, (job.error, file.damage)
after = peak_mb()
import pickle
moments = job.take()
kept = len(pickle.dumps(moments[: len(moments) // 10])) * 10 / 1e6
print("RESULT" + json.dumps({
    "before": before, "after": after, "seconds": took, "moments": len(moments),
    "faces": sum(len(moment.faces) for moment in moments), "kept": kept,
}))
"""


def compose(path: Path, minutes: float) -> None:
    """An MP4 of 640x480 at `RATE` frames a second, the same half minute over and over."""
    import av

    frames = [frame.frame_bgr for frame in moving_faces(30 * RATE)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = frames[0].shape[1], frames[0].shape[0], "yuv420p"
        for frame_bgr in itertools.islice(itertools.cycle(frames), round(60 * minutes * RATE)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame_bgr, format="bgr24")))
        container.mux(stream.encode())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, nargs="+", default=[5.0, 60.0], help="default: 5 60")
    arguments = parser.parse_args()
    print("| minutes | file | frames | faces | analysis | peak before | peak after | results (pickled) |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    grown: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for minutes in sorted(arguments.minutes):
            path = Path(folder) / "video.mp4"
            compose(path, minutes)
            run = subprocess.run(
                [sys.executable, "-c", _ANALYSE, str(path), str(RATE)], cwd=PROJECT_DIR, text=True,
                capture_output=True,
            )  # fmt: skip
            lines = [line for line in run.stdout.splitlines() if line.startswith("RESULT")]
            if run.returncode or not lines:
                print(run.stderr[-1500:], file=sys.stderr)
                return 2
            seen = json.loads(lines[-1].removeprefix("RESULT"))
            print(
                f"| {minutes:g} | {path.stat().st_size / 1e6:.1f} MB | {seen['moments']} | {seen['faces']} "
                f"| {seen['seconds']:.0f} s | {seen['before']:.0f} MB | {seen['after']:.0f} MB "
                f"| {seen['kept']:.1f} MB |",
                flush=True,
            )
            grown.append(seen["after"] - seen["before"] - seen["kept"])
    more = grown[-1] - grown[0]
    print(f"\nThe longest took {more:.0f} MB more than the shortest, files and results apart; "
          f"must be below {MUST_GROW_LESS_MB:.0f}.")  # fmt: skip
    return int(more >= MUST_GROW_LESS_MB)


if __name__ == "__main__":
    sys.exit(main())
