"""How fast the page Training answers, view by view: `python benchmarks/training_page.py`.

Serves the app with the FER2013 of this computer, if there is one, and drives headless Chromium: from opening the address
of a view to its last chart, and from a click on a control of the view to the end of the rerun with all charts drawn, with
the seconds of the processor that the server took for the latter. The first visit of each view reads files, loads libraries
and is left out. Prints a Markdown table, the median and the worst of the rounds; ends with 1 if an aim is missed. Wants
Debian's package `chromium`, or RAUT_CHROMIUM. Browser and server share the processor.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from served import served_app

from fer_core.datasets.find import find_fer2013
from fer_core.errors import DatasetError
from tests.e2e.conftest import chromium, missing

if TYPE_CHECKING:
    from playwright.sync_api import Page

AIM_S = 0.5
CHANGES = {
    "curves": ("Accuracy", "Loss"),
    "accuracy": ("PrivateTest", "PublicTest"),
    "calibration": ("PrivateTest", "PublicTest"),
    "comparison": ("PrivateTest", "PublicTest"),
    "paper": ("Curves", "Paper"),
    "architecture": ("Curves", "Architecture"),
    "networks": ("Accuracy", "Parameters"),
}
"""View to two choices of a control in it, of which the first holds when the view is opened; where a view has no such
control, from another view to it and back."""

STANDS = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const main = document.querySelector("[data-testid=stMain]");
  return app?.dataset.testScriptState === "notRunning" && main !== null
    && main.querySelector("h1") !== null && main.querySelector("[data-testid=stSkeleton], [data-stale=true]") === null
    && [...main.querySelectorAll(".js-plotly-plot")].every(plot => plot.querySelector(".main-svg") !== null);
}"""
COUNT_RUNS = """() => {
  window.runsEnded = 0;
  new MutationObserver(changes => {
    for (const change of changes) if (change.oldValue !== "notRunning") window.runsEnded += 1;
  }).observe(document.body, {subtree: true, attributes: true, attributeFilter: ["data-test-script-state"], attributeOldValue: true});
}"""
ANSWERED = f"before => window.runsEnded > before && ({STANDS})()"


def main() -> int:
    """Measure, print, and say whether the aims are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is shown (5)")
    parser.add_argument(
        "--views", nargs="+", choices=list(CHANGES), default=list(CHANGES), help="all of them"
    )
    options = parser.parse_args()
    if reason := missing():
        print(reason, file=sys.stderr)
        return 2
    try:
        data = {"FER2013_DIR": str(find_fer2013().parent)}
    except DatasetError:
        data = {}
    from playwright.sync_api import sync_playwright

    missed = False
    print("| view | opened | a control | worst | aim | processor of the server |\n|---|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        served_app(Path(folder), **data) as app,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-US")
        for view in options.views:
            opened, changed, processor = _measure(page, app.url, app.process_id, view, options.rounds)
            missed |= statistics.median(changed) > AIM_S
            print(
                f"| {view} | {statistics.median(opened):.2f} s | {statistics.median(changed):.2f} s | "
                f"{max(changed):.2f} s | {AIM_S} s | {statistics.median(processor):.2f} s |"
            )
        browser.close()
    return int(missed)


def _measure(
    page: Page, url: str, server: int, view: str, rounds: int
) -> tuple[list[float], list[float], list[float]]:
    """Seconds to open a view, to answer a changed control, and of the server's processor for that."""
    address = f"{url}/training?view={view}&network=raut,raut-compact"
    page.goto(address)
    page.wait_for_function(STANDS, timeout=120_000)
    opened: list[float] = []
    changed: list[float] = []
    processor: list[float] = []
    for _round in range(rounds):
        page.goto("about:blank")
        begin = time.perf_counter()
        page.goto(address)
        page.wait_for_function(STANDS, timeout=60_000, polling=10)
        opened.append(time.perf_counter() - begin)
        page.wait_for_timeout(500)
        page.evaluate(COUNT_RUNS)
        first, second = CHANGES[view]
        # Where the control is that of the view, its other choice is another view.
        for choice in (first, second) if second == view.title() else (second, first):
            ended = page.evaluate("() => window.runsEnded")
            control = page.locator("[data-testid=stMain]").get_by_role("radio", name=choice, exact=True).last
            used, begin = _processor(server), time.perf_counter()
            control.click()
            page.wait_for_function(ANSWERED, arg=ended, timeout=60_000, polling=10)
            seconds = time.perf_counter() - begin
            page.wait_for_timeout(500)
            if choice != first or second != view.title():
                changed.append(seconds)
                processor.append(_processor(server) - used)
    return opened, changed, processor


def _processor(server: int) -> float:
    """Seconds of the processor that the server has taken so far."""
    times = psutil.Process(server).cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    sys.exit(main())
