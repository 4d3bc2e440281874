"""How long people wait in the browser: `python benchmarks/startup.py`.

Starts the server and times, in headless Chromium with a camera that plays a clip composed here: from the
start of the server to the first page rendered; from the click on Start to the first processed frame; how
many frames a second the server then processes for one viewer, and how many reach the viewer. Prints a
Markdown table; ends with 1 if an aim is missed. Wants Debian's package `chromium`, or RAUT_CHROMIUM.
Browser and server share the processor here, as they do on a teacher's laptop.

The very first start after an installation compiles all that it imports and is given by itself; the rounds are
later starts. The compiled files lie in a temporary folder, whatever PYTHONDONTWRITEBYTECODE says.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.clips import fake_camera_arguments, moving_faces, write_mjpeg

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROJECT_DIR = Path(__file__).resolve().parents[1]
PAGE_SECONDS, FRAMES_A_SECOND = 3.0, 20.0
GIVE_UP_SECONDS = 60.0
FRAME = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]'

# Runs the server as `make run` does, and writes down when each frame was done.
SERVER = """
import sys, time
from fer_core.live import session
stamps = open(sys.argv.pop(1), "w", buffering=1)
put = session.LatestResult.put
def put_and_stamp(slot, result, *frame):
    put(slot, result, *frame)
    stamps.write(f"{time.time()} {result.detection_ms} {result.recognition_ms} {len(result.faces)}\\n")
session.LatestResult.put = put_and_stamp
from serving.local import main
main(sys.argv[1:])
"""

# Keeps the browser's connections, whose statistics count the frames that arrive.
KEEP_CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
  construct(target, given) {
    const made = new target(...given);
    window.connections.push(made);
    return made;
  },
});
"""
FRAMES_RECEIVED = """async () => {
  let frames = 0;
  for (const connection of window.connections)
    for (const report of (await connection.getStats()).values())
      if (report.type === "inbound-rtp" && report.kind === "video") frames += report.framesDecoded || 0;
  return frames;
}"""


@dataclass
class Waits:
    """What was measured, one value for each round."""

    up: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    first_frame: list[float] = field(default_factory=list)
    processed: list[float] = field(default_factory=list)
    received: list[float] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(port: int, stamps: Path | None, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The app's server; with `stamps` it writes down each processed frame there."""
    options = ["--server.port", str(port), "--server.headless", "true"]
    command = ["-m", "serving.local", *options] if stamps is None else ["-c", SERVER, str(stamps), *options]
    # With only the loopback interface, video needs the same help as in the tests.
    paths = [str(PROJECT_DIR), *([str(PROJECT_DIR / "tests" / "e2e" / "loopback_only")] if stamps else [])]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT_DIR,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONDONTWRITEBYTECODE": "",
                "PYTHONPYCACHEPREFIX": str(log.parent / "compiled"),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: str, process: subprocess.Popen[bytes], log: Path, port: int) -> None:
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not listening(port):
        if process.poll() is not None or time.monotonic() > give_up:
            sys.exit(f"no {condition}:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        time.sleep(0.02)


def rendered(page: Page) -> None:
    page.wait_for_selector("h1", timeout=GIVE_UP_SECONDS * 1000)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
        timeout=GIVE_UP_SECONDS * 1000,
    )


def start_up(browser: Browser, folder: Path, waits: Waits) -> bool:
    """From the server's start to its first page; returns whether TensorFlow was loaded for it."""
    port, log = free_port(), folder / "start.log"
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    began = time.time()
    with server(port, None, log) as process:
        wait_until("server", process, log, port)
        waits.up.append(time.time() - began)
        page.goto(f"http://localhost:{port}")
        rendered(page)
        waits.page.append(time.time() - began)
        maps = Path(f"/proc/{process.pid}/maps")
        loaded = maps.is_file() and "tensorflow" in maps.read_text(encoding="utf-8", errors="replace")
        page.close()
    return loaded


def video(browser: Browser, folder: Path, seconds: float, waits: Waits) -> None:
    """One viewer's video, from the click on."""
    port, log, stamps = free_port(), folder / "video.log", folder / "stamps.txt"
    stamps.unlink(missing_ok=True)
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.add_init_script(KEEP_CONNECTIONS)
    with server(port, stamps, log) as process:
        wait_until("server", process, log, port)
        page.goto(f"http://localhost:{port}/webcam")
        rendered(page)
        frame = page.frame_locator(FRAME)
        button = frame.get_by_role("button", name="Start")
        button.wait_for(timeout=GIVE_UP_SECONDS * 1000)
        clicked = time.time()
        button.click()
        give_up = clicked + GIVE_UP_SECONDS
        while not stamps.exists() or not stamps.stat().st_size:
            if time.time() > give_up:
                sys.exit(f"no frame came:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
            page.wait_for_timeout(50)
        page.wait_for_timeout(5000)  # the browser raises size and rate step by step
        inside = next(part for part in page.frames if "streamlit_webrtc" in part.url)
        begin, before = time.time(), inside.evaluate(FRAMES_RECEIVED)
        page.wait_for_timeout(seconds * 1000)
        after, end = inside.evaluate(FRAMES_RECEIVED), time.time()
        page.close()
    lines = [[float(value) for value in line.split()] for line in stamps.read_text().splitlines()]
    during = [line for line in lines if begin <= line[0] <= end]
    waits.first_frame.append(lines[0][0] - clicked)
    waits.processed.append(len(during) / (end - begin))
    waits.received.append((after - before) / (end - begin))
    waits.frame_ms.append(statistics.median(line[1] + line[2] for line in during))
    if not any(line[3] for line in during):
        sys.exit("the clip's face was not found in the video")


def row(name: str, values: list[float], unit: str, aim: str = "") -> str:
    worst, best = max(values), min(values)
    return f"| {name} | {statistics.median(values):.2f} {unit} | {best:.2f} to {worst:.2f} | {aim} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (default 3)")
    parser.add_argument("--seconds", type=float, default=15, help="of video in each round (default 15)")
    arguments = parser.parse_args()
    chromium = os.environ.get("RAUT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Playwright is not installed; `make test` installs it.", file=sys.stderr)
        return 1
    if chromium is None:
        print("Chromium is not installed (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    waits, tensorflow = Waits(), False
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        clip = write_mjpeg(folder / "face.mjpeg", moving_faces(90))
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *fake_camera_arguments(clip)]
        )
        first = Waits()
        start_up(browser, folder, first)
        for _round in range(arguments.rounds):
            tensorflow |= start_up(browser, folder, waits)
            video(browser, folder, arguments.seconds, waits)
        browser.close()
    print(f"{os.cpu_count()} processor cores{load}, {arguments.rounds} rounds\n")
    print("| wait | median | from, to | aim |\n|---|---|---|---|")
    print(row("server start to port open", waits.up, "s"))
    print(row("server start to first page rendered", waits.page, "s", f"{PAGE_SECONDS:.0f} s"))
    print(row("the same, very first start after an installation", first.page, "s"))
    print(row("click on Start to first processed frame", waits.first_frame, "s"))
    print(row("frames processed, one viewer, one face", waits.processed, "/s", f"{FRAMES_A_SECOND:.0f}"))
    print(row("frames that reach the viewer", waits.received, "/s"))
    print(row("detection and recognition of a frame meanwhile", waits.frame_ms, "ms"))
    print(f"\nTensorFlow loaded for the first page: {'yes' if tensorflow else 'no'}")
    missed = [
        name
        for name, wrong in {
            "first page": statistics.median(waits.page) > PAGE_SECONDS,
            "processed frames": statistics.median(waits.processed) < FRAMES_A_SECOND,
            "TensorFlow": tensorflow,
        }.items()
        if wrong
    ]
    print(json.dumps({"missed": missed}) if missed else "All aims are met.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
