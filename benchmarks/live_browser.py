"""Live video as viewers get it: `python benchmarks/live_browser.py` (Debian's chromium, no camera, no network).

The app runs on a server of its own; one and then two viewers watch in headless Chromium, whose camera plays a
clip with a face. Each frame carries its number as black and white fields at the lower edge, the same from the
left and from the right, so that a mirrored picture reads the same. Frames that come back with a new number were
processed; the time since the camera showed that number is the latency, up to the browser's decoder. Prints a
Markdown table; ends with 1 if something that must hold does not. Browser and server share this machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT_DIR), str(PROJECT_DIR / "benchmarks")]

import numpy as np  # noqa: E402
import psutil  # noqa: E402
from served import COMPONENT, browser_with_camera, need_a_browser, press_start, served_app  # noqa: E402

from fer_core.machine import processor_name  # noqa: E402
from tests.e2e.clips import ClipFrame, moving_faces  # noqa: E402

MUST_A_SECOND = {1: 25.0, 2: 12.0}
"""Viewers to processed frames a second, for each of them."""
MUST_P95_MS = 1000.0
FRAMES = 180  # 6 s at the fake camera's 30 frames a second, twice the clip's movement
BITS = 8
COLUMNS = 2 * (BITS + 2)  # white, black, the number; and the same from the right
STRIP = 24  # pixels of height
SETTLE_S = 5.0

TAP = """(() => {
  const BITS = 8, COLUMNS = 2 * (BITS + 2), FRAMES = 180;
  const tap = window.tap = {seen: new Array(FRAMES), arrived: [], received: 0, size: ""};
  const read = async (track, got) => {
    const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
    let row = new Uint8Array(0);
    for (;;) {
      const {done, value: frame} = await reader.read();
      if (done) return;
      const now = performance.now(), width = frame.visibleRect.width, height = frame.visibleRect.height;
      try {
        const rect = {x: 0, y: 2 * Math.floor(height * (1 - 0.5 * 24 / 480) / 2), width: width & ~1, height: 2};
        const size = frame.allocationSize({rect});
        if (row.length < size) row = new Uint8Array(size);
        await frame.copyTo(row, {rect});
        const bit = column => row[Math.floor((column + 0.5) * width / COLUMNS)] > 128;
        let number = 0, whole = bit(0) && !bit(1);
        for (let column = 0; column < COLUMNS / 2; column++) {
          whole = whole && bit(column) === bit(COLUMNS - 1 - column);
          if (column > 1) number = 2 * number + bit(column);
        }
        got(whole && number < FRAMES ? number : null, now, `${width}x${height}`);
      } finally { frame.close(); }
    }
  };
  const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (ask) navigator.mediaDevices.getUserMedia = async constraints => {
    const stream = await ask(constraints);
    const copy = stream.getVideoTracks()[0]?.clone();
    if (copy) read(copy, (number, now) => { if (number !== null) tap.seen[number] = now; });
    return stream;
  };
  const Plain = window.RTCPeerConnection;
  let last = null;
  window.RTCPeerConnection = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({track}) => read(track.clone(), (number, now, size) => {
        tap.received++; tap.size = size;
        if (number === null || number === last) return;
        last = number;
        // A frame that the reader beside the camera missed is as old as the one before, or a little less.
        for (let back = 0; back < 6; back++) {
          const taken = tap.seen[(number - back + FRAMES) % FRAMES];
          if (taken !== undefined && now - taken < 5500) { tap.arrived.push(now - taken); break; }
        }
      }));
    }
  };
})();"""
"""Reads the numbers of the frames that leave and of those that come back, in the component's own window."""


@dataclass(frozen=True)
class Watched:
    """What one viewer got."""

    viewers: int
    processed: float
    received: float
    latencies_ms: list[float]
    size: str
    server_cores: float

    @property
    def p95_ms(self) -> float:
        return float(np.percentile(self.latencies_ms, 95)) if self.latencies_ms else float("inf")

    @property
    def p50_ms(self) -> float:
        return float(np.percentile(self.latencies_ms, 50)) if self.latencies_ms else float("inf")

    @property
    def missed(self) -> list[str]:
        """What must hold and does not."""
        wanted = MUST_A_SECOND[self.viewers]
        return [
            text
            for holds, text in (
                (self.processed >= wanted, f"{self.processed:.1f} frames a second, must be {wanted:.0f}"),
                (
                    self.viewers == 1 or self.p95_ms < MUST_P95_MS,
                    f"95 % within {self.p95_ms:.0f} ms, must be {MUST_P95_MS:.0f}",
                ),
            )
            if not holds
        ]


def numbered(frames: Iterator[ClipFrame]) -> Iterator[ClipFrame]:
    """The frames with their number in fields along the lower edge."""
    for number, frame in enumerate(frames):
        height, width = frame.frame_bgr.shape[:2]
        half = [1, 0, *((number >> place) & 1 for place in reversed(range(BITS)))]
        for column, bit in enumerate(half + half[::-1]):
            left, right = column * width // COLUMNS, (column + 1) * width // COLUMNS
            frame.frame_bgr[height - STRIP :, left:right] = 235 if bit else 20
        yield frame


def watch(url: str, process_id: int, viewers: int, seconds: float) -> list[Watched]:
    """So many viewers at once, each in a window of its own."""
    server = psutil.Process(process_id)
    with browser_with_camera(numbered(moving_faces(FRAMES))) as browser:
        pages = []
        for _viewer in range(viewers):
            page = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900}).new_page()
            page.add_init_script(TAP)
            page.goto(f"{url}/webcam")
            press_start(page)
            pages.append(page)
        pages[-1].wait_for_timeout(1000 * SETTLE_S)
        frames = [page.locator(COMPONENT).element_handle().content_frame() for page in pages]
        for frame in frames:
            frame.evaluate("() => { tap.began = performance.now(); tap.received = 0; tap.arrived = []; }")
        used = server.cpu_times()
        pages[-1].wait_for_timeout(1000 * seconds)
        after = server.cpu_times()
        cores = (after.user + after.system - used.user - used.system) / seconds
        taken = [
            frame.evaluate("() => ({...tap, seen: null, seconds: (performance.now() - tap.began) / 1000})")
            for frame in frames
        ]
    return [
        Watched(
            viewers,
            len(tap["arrived"]) / tap["seconds"],
            tap["received"] / tap["seconds"],
            tap["arrived"],
            tap["size"],
            cores,
        )
        for tap in taken
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="measured for each number of viewers")
    arguments = parser.parse_args()
    need_a_browser()
    print(f"{processor_name()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
    print("| viewers | viewer | processed/s | received/s | latency p50 | p95 | size | server, cores |")
    print("|---|---|---|---|---|---|---|---|")
    missed = []
    with tempfile.TemporaryDirectory() as folder, served_app(Path(folder)) as app:
        for viewers in MUST_A_SECOND:
            for number, one in enumerate(watch(app.url, app.process_id, viewers, arguments.seconds), 1):
                print(
                    f"| {viewers} | {number} | {one.processed:.1f} | {one.received:.1f} | {one.p50_ms:.0f} ms "
                    f"| {one.p95_ms:.0f} ms | {one.size} | {one.server_cores:.2f} |",
                    flush=True,
                )
                missed += [f"{viewers} viewers, viewer {number}: {text}" for text in one.missed]
    for text in missed:
        print(f"\nMISSED: {text}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
