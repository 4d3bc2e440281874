"""How long FER2013 takes to read and how much memory: `python benchmarks/dataset_reading.py`.

Reads the copy in `$FER2013_DIR` or `data/` (or the one named), the first time and then from the cache, each
in a process of its own, whose peak memory includes Python, NumPy and the data set itself (83 MB). With
`--all-forms` the same data is also written as a plain CSV, a `.tar.gz` and folders of PNG files into a
temporary folder (some 500 MB) and read from there. The cache goes to a temporary folder too, so that the
project's own stays as it is. Files are in the system's file cache by then; a slow disk comes on top.
Prints a Markdown table; ends with 1 if an aim is missed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[1]
FIRST_SECONDS, PEAK_MB, CACHED_SECONDS = 10.0, 1000.0, 0.5

FIND = """
import sys
from pathlib import Path
from fer_core.datasets.find import find_fer2013
from fer_core.errors import DatasetError
try:
    print(find_fer2013(Path(sys.argv[1]) if len(sys.argv) > 1 else None).resolve())
except DatasetError as error:
    sys.exit(str(error))
"""

# Runs in the process that is measured. `ru_maxrss` is in KiB on Linux and in bytes on macOS.
MEASURE = """
import json, sys, time
from pathlib import Path
from fer_core.datasets.load import load_fer2013
start = time.perf_counter()
dataset = load_fer2013(Path(sys.argv[1]), cache_dir=Path(sys.argv[2]))
seconds = time.perf_counter() - start
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
except ImportError:  # Windows has no such counter in Python
    peak = None
print(json.dumps({"seconds": seconds, "peak_mb": peak, "rows": len(dataset), "votes": dataset.votes is not None}))
"""

# Writes the other forms; in a process of its own, so that nothing of it counts.
WRITE_FORMS = """
import sys
from pathlib import Path
import cv2
from fer_core.datasets.fer2013 import USAGES
from fer_core.datasets.load import load_fer2013
from fer_core.labels import FER2013_LABELS
dataset, target = load_fer2013(Path(sys.argv[1]), cache_dir=Path(sys.argv[2])), Path(sys.argv[3])
(target / "csv").mkdir()
with (target / "csv" / "fer2013.csv").open("w") as table:
    table.write("emotion,pixels,Usage\\n")
    for image, emotion, usage in zip(dataset.images_gray, dataset.emotions, dataset.usages):
        table.write(f"{emotion},{' '.join(map(str, image.ravel().tolist()))},{USAGES[usage]}\\n")
for row, (image, emotion, usage) in enumerate(zip(dataset.images_gray, dataset.emotions, dataset.usages)):
    folder = target / "folders" / ("test" if usage else "train") / FER2013_LABELS[emotion]
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{USAGES[usage]}_{row}.png"), image)
"""


def run_python(code: str, *arguments: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def write_forms(source: Path, cache: Path, target: Path) -> list[Path]:
    """The other forms of the same data, written below `target`."""
    run_python(WRITE_FORMS, source, cache, target)
    plain, packed = target / "csv" / "fer2013.csv", target / "fer2013.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
        archive.add(plain, "fer2013/fer2013.csv")
    return [plain, packed, target / "folders"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("where", nargs="?", type=Path, help="file or folder; else $FER2013_DIR, else data/")
    parser.add_argument("--all-forms", action="store_true", help="also a plain CSV, a .tar.gz and folders")
    parser.add_argument("--repeat", type=int, default=3, help="cached readings, of which the median counts")
    chosen = parser.parse_args(arguments)

    try:
        source = Path(run_python(FIND, *([chosen.where.resolve()] if chosen.where else [])).strip())
    except subprocess.CalledProcessError:
        return 2  # the other process has said why

    missed = False
    with tempfile.TemporaryDirectory(prefix="raut-benchmark-") as temporary:
        scratch = Path(temporary)
        sources = [source]
        if chosen.all_forms:
            sources += write_forms(source, scratch / "cache-of-forms", scratch)
        print("| form | rows | FER+ | first read | peak memory | from the cache | peak memory | cache file |")
        print("|---|---|---|---|---|---|---|---|")
        for form in sources:
            cache = scratch / "cache"
            shutil.rmtree(cache, ignore_errors=True)
            first = json.loads(run_python(MEASURE, form, cache))
            (file,) = cache.iterdir()
            again = [json.loads(run_python(MEASURE, form, cache)) for _time in range(max(chosen.repeat, 1))]
            cached = sorted(again, key=lambda reading: reading["seconds"])[len(again) // 2]
            print(
                f"| {form.name} | {first['rows']:,} | {'yes' if first['votes'] else 'no'} "
                f"| {first['seconds']:.1f} s | {megabytes(first['peak_mb'])} "
                f"| {cached['seconds']:.2f} s | {megabytes(cached['peak_mb'])} "
                f"| {file.stat().st_size / 1e6:.0f} MB |",
                flush=True,
            )
            missed |= first["seconds"] > FIRST_SECONDS or (first["peak_mb"] or 0) > PEAK_MB
            missed |= cached["seconds"] > CACHED_SECONDS
    print(
        f"\nAims: first read {FIRST_SECONDS:.0f} s and {PEAK_MB:.0f} MB, from the cache {CACHED_SECONDS} s: "
        + ("missed." if missed else "met.")
    )
    return int(missed)


def megabytes(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
