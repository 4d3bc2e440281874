"""Damaged files through the decoders: `python -m tests.fuzz pictures --count 20000`, `… videos --count 2000`.

Ends with 1 on a fault: a crash, a hang, or an exception that is no sentence.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz import pictures, videos
from tests.fuzz.harness import LONGEST_S, fuzz

KINDS = {"pictures": pictures, "videos": videos}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    kind = KINDS[options.kind]
    outcome = fuzz(kind.corpus, kind.decode, count=options.count, seed=options.seed)
    print(
        f"{options.count:,} damaged {options.kind}, seed {options.seed}: {outcome.read:,} read, "
        f"{outcome.refused:,} refused with a sentence, {len(outcome.bad)} faults; slowest {outcome.slowest_s:.2f} s "
        f"(limit {LONGEST_S:g}), peak memory {outcome.peak_mb:.0f} MB, {time.perf_counter() - started:.0f} s in all"
    )
    print("\n".join(outcome.bad))
    sys.exit(1 if outcome.bad else 0)
