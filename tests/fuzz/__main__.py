"""`python -m tests.fuzz --count 20000 --seed 1`: damaged pictures through the decoder. Ends with 1 on a fault."""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz import pictures
from tests.fuzz.harness import LONGEST_S, fuzz

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    outcome = fuzz(pictures.corpus, pictures.decode, count=options.count, seed=options.seed)
    print(
        f"{options.count:,} damaged pictures, seed {options.seed}: {outcome.read:,} read, "
        f"{outcome.refused:,} refused with a sentence, {len(outcome.bad)} faults; slowest {outcome.slowest_s:.2f} s "
        f"(limit {LONGEST_S:g}), peak memory {outcome.peak_mb:.0f} MB, {time.perf_counter() - started:.0f} s in all"
    )
    print("\n".join(outcome.bad))
    sys.exit(1 if outcome.bad else 0)
