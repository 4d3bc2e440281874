"""Damaged files through the decoders: `python -m tests.fuzz pictures --count 20000`, `… videos --count 2000`.

Ends with 1 on a fault: a crash, a hang, too much memory, or an exception that is no sentence. A fault names seed and
file; `… videos --seed 1 --only 417` decodes that file alone, and `--save FILE` keeps it.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from tests.fuzz.harness import LONGEST_S, MEMORY_MB, fuzz
from tests.fuzz.mutations import mutated

KINDS = (
    "archives", "boxes", "journals", "labs", "metadata", "pictures", "ratings", "scans", "tables", "tiffs", "videos", "zips",
)  # fmt: skip
"""Modules of this folder: each has the whole files (`corpus`) and what reads them (`decode`); some bring the damage
that suits their form (`mutate`)."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory-mb", type=float, default=MEMORY_MB)
    parser.add_argument("--only", type=int, metavar="FILE", help="the file of that number, and no other")
    parser.add_argument("--save", type=Path, metavar="PATH", help="where to put the file of --only")
    options = parser.parse_args()
    if options.save and options.only is None:
        parser.error("--save needs --only")
    started = time.perf_counter()
    kind = import_module(f"tests.fuzz.{options.kind}")
    mutate = getattr(kind, "mutate", mutated)
    begin, count = (0, options.count) if options.only is None else (options.only, 1)
    if options.save:
        options.save.write_bytes(mutate(kind.corpus(), options.seed, options.only))
    outcome = fuzz(
        kind.corpus,
        kind.decode,
        begin=begin,
        count=count,
        seed=options.seed,
        mutate=mutate,
        memory_mb=options.memory_mb,
    )
    print(
        f"{count:,} damaged {options.kind}, seed {options.seed}: {outcome.read:,} read, "
        f"{outcome.refused:,} refused with a sentence, {len(outcome.bad)} faults; slowest {outcome.slowest_s:.2f} s "
        f"of the processor (limit {LONGEST_S:g}), peak memory {outcome.peak_mb:.0f} MB (limit {options.memory_mb:g}), "
        f"{time.perf_counter() - started:.0f} s in all"
    )
    print("\n".join(outcome.bad))
    sys.exit(1 if outcome.bad else 0)
