"""Thousands of photos through a browser: `python benchmarks/upload_browser.py` (Debian's chromium).

The app runs on a server of its own; headless Chromium is given the files on the page Photos, as a person
gives them who marks all of a folder. Small pictures without a face, made heavy by bytes behind their end, so that
what is measured is the way of the files and not the looking. Prints a Markdown table: seconds until the page
counts them all, and peak memory of server and browser. Ends with 1 where files are missing or the page reports an error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
from memory import memory_mb
from PIL import Image
from served import need_a_browser, served_app

from fer_core.machine import processor_name
from tests.e2e.conftest import chromium
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Page


def photos(folder: Path, count: int, kilobytes: int) -> list[Path]:
    """Files of about that size, each another one."""
    rng = np.random.default_rng(0)
    files = []
    for number in range(count):
        files.append(folder / f"{number:05}.jpg")
        coarse = Image.fromarray(rng.integers(0, 255, (6, 8, 3), np.uint8))
        coarse.resize((80, 60)).save(files[-1], quality=60)
        with files[-1].open("ab") as file:
            file.write(rng.bytes(max(0, kilobytes * 1024 - file.tell())))
    return files


def watch_them_come(
    page: Page, count: int, limit_s: float, server: psutil.Process
) -> tuple[float, float, float]:
    """Seconds until the page counts so many photos; peak memory of server and browser in MB."""
    browser = psutil.Process()  # Playwright's driver and Chromium are below this process
    begin, peaks = time.perf_counter(), [0.0, 0.0]
    done = page.get_by_text(f"{count:,} photos · ")
    while not done.count():
        peaks = [max(peaks[0], memory_mb(server)), max(peaks[1], memory_mb(browser) - memory_mb(server))]
        if time.perf_counter() - begin > limit_s:
            raise TimeoutError(f"Not all of {count:,} photos had come after {limit_s:.0f} s.")
        time.sleep(1.0)
    return time.perf_counter() - begin, *peaks


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--kilobytes", type=int, default=500, help="of each file")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds")
    chosen = parser.parse_args(arguments)
    need_a_browser()
    from playwright.sync_api import sync_playwright

    print(
        f"{processor_name()}, {psutil.cpu_count()} cores; {chosen.photos:,} files of {chosen.kilobytes} KB\n"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        served_app(Path(folder)) as app,
        sync_playwright() as playwright,
    ):
        files = photos(Path(folder), chosen.photos, chosen.kilobytes)
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        watched = WatchedPage(browser.new_context(locale="en-US").new_page(), app.url)
        watched.visit("photos")
        server = psutil.Process(app.process_id)
        before = memory_mb(server)
        watched.page.locator("input[type=file]").set_input_files(files)
        try:
            seconds, peak, browsers = watch_them_come(watched.page, chosen.photos, chosen.limit, server)
        except TimeoutError as error:
            print(error, file=sys.stderr)
            return 1
        browser.close()
    print("| files | seconds | files/s | server before, MB | server's peak | browser's peak |")
    print("|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {chosen.photos:,} | {seconds:.0f} | {chosen.photos / seconds:.0f} | {before:.0f} | {peak:.0f} "
        f"| {browsers:.0f} |"
    )
    for trouble in watched.troubles:
        print(trouble, file=sys.stderr)
    return 1 if watched.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
