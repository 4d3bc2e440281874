"""How fast the page Data set answers, and in how much memory: `python benchmarks/dataset_page.py`.

Serves the app with the FER2013 of this computer and drives headless Chromium: from opening the page to the first
pictures, from a click on a bar or a cell to the count and the pictures of the new filter, from scrolling far down to the
pictures there, from opening a picture to its sheet. The first visit of the server reads the data set and is left out.
Prints a Markdown table, the median and the worst of the rounds; ends with 1 if an aim is missed. Wants Debian's
package `chromium`, or RAUT_CHROMIUM. Browser and server share the processor.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from memory import memory_mb
from served import served_app

from fer_core.datasets.find import find_fer2013
from fer_core.errors import DatasetError
from tests.e2e.conftest import chromium, missing

if TYPE_CHECKING:
    from playwright.sync_api import Page

AIMS_S = {"first pictures": 1.0, "filter by a bar": 0.3, "filter by a cell": 0.3, "undo": 0.3}
AIM_MB = 600
# Every place in sight has its picture.
FILLED = """() => {
  const grid = [...document.querySelectorAll("*")].map(each => each.shadowRoot?.querySelector(".grid")).find(Boolean);
  const cells = [...(grid?.querySelectorAll(".cell") ?? [])];
  return cells.length > 0 && cells.every(cell => cell.querySelector(".picture"));
}"""
COUNT = "wanted => (document.querySelector('.st-key-dataset_filter')?.innerText ?? '').startsWith(wanted)"


def main() -> int:
    """Measure, print, and say whether the aims are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is shown (5)")
    options = parser.parse_args()
    if reason := missing():
        print(reason, file=sys.stderr)
        return 2
    try:
        place = find_fer2013()
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        served_app(Path(folder), FER2013_DIR=str(place.parent)) as app,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-US")
        page.goto(f"{app.url}/dataset")
        page.wait_for_function(FILLED, timeout=120_000)
        seconds: dict[str, list[float]] = {}
        for _round in range(options.rounds):
            _measure(page, app.url, seconds)
        memory = memory_mb(psutil.Process(app.process_id))
        browser.close()
    missed = memory > AIM_MB
    print("| what | median | worst | aim |\n|---|---|---|---|")
    for name, times in seconds.items():
        aim = AIMS_S.get(name)
        missed |= aim is not None and statistics.median(times) > aim
        print(
            f"| {name} | {statistics.median(times):.2f} s | {max(times):.2f} s | {'' if aim is None else f'{aim} s'} |"
        )
    print(f"| memory of the server | {memory:.0f} MB | | {AIM_MB} MB |")
    return int(missed)


def _measure(page: Page, url: str, seconds: dict[str, list[float]]) -> None:
    def timed(name: str, act: Callable[[], object], *ready: tuple[str, str | None]) -> None:
        begin = time.perf_counter()
        act()
        for script, argument in ready:
            page.wait_for_function(script, arg=argument, timeout=60_000, polling=10)
        seconds.setdefault(name, []).append(time.perf_counter() - begin)
        page.wait_for_timeout(700)

    filled = (FILLED, None)
    page.goto("about:blank")
    timed("first pictures", lambda: page.goto(f"{url}/dataset"), filled)
    timed("filter by a bar", page.locator("button.bar").nth(3).click, (COUNT, "8,989 of"), filled)
    cell = page.locator(".matrix button.cell").nth(36)
    timed("filter by a cell", cell.click, (COUNT, "489 of"), filled)
    timed("undo", page.get_by_role("button", name="Undo").click, (COUNT, "8,989 of"), filled)
    timed("scroll far down", lambda: page.locator(".grid").evaluate("grid => grid.scrollTop = 60000"), filled)
    timed(
        "open a sheet",
        page.locator(".cell .picture").first.click,
        ("() => Boolean(document.querySelector('.raut-answers'))", None),
    )


if __name__ == "__main__":
    sys.exit(main())
