"""Commands that measure what a network costs: speed, macs."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from fer_core.errors import visible
from fer_core.streams import tell

from .shared import PERCENT_BAR, Commands, positive_integer


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser."""
    command = commands.add(
        "speed", _speed, "Measure how long all networks take for one face, in one run, and store it.",
        "--dry-run",
    )  # fmt: skip
    command.add_argument(
        "--rounds", type=positive_integer, metavar="N", help="turns of each network. Default: 200"
    )
    command.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")

    command = commands.add(
        "macs",
        _macs,
        "Count the multiply-accumulates of networks whose metadata lack them; weights stay as they are.",
    )
    command.add_argument("network", nargs="*", metavar="ID", help="which networks, also those that have the "
                         "figure. Default: all that lack it")  # fmt: skip


def _speed(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.evaluation.speed import ROUNDS, measure_speed, write_speed
    from fer_core.store.folder import damaged_networks, find_network, list_networks

    networks = list_networks()
    if not networks:
        find_network()  # says why there is none
    try:
        with tqdm(total=100, desc="speed", file=sys.stderr, bar_format=PERCENT_BAR) as bar:
            measured, broken = measure_speed(
                networks,
                rounds=options.rounds or ROUNDS,
                progress=lambda part: bar.update(part * 100 - bar.n),
            )
    except KeyboardInterrupt:
        tell("Stopped before all rounds were done: nothing was written.")
        return 130
    _print_speed(measured)
    left_out = (*damaged_networks(), *broken)
    for reason in left_out:
        tell(reason)
    if not options.dry_run:
        print(f"{write_speed(measured)}. Next: card")
    return 1 if left_out else 0


def _print_speed(measured: dict[str, Any]) -> None:
    print(f"{'network':24} {'ms a face':>9}   {'middle half of rounds':21} {'x reference':>11}")
    reference = measured["reference"]
    first = {f"{reference['architecture']}, {reference['form']}": {**reference, "ratio": 1.0}}
    for name, row in {**first, **measured["networks"]}.items():
        low, high = row["quartiles"]
        print(f"{visible(name):24} {row['ms']:9.3f}   {low:9.3f} – {high:9.3f} {row['ratio']:11.2f}")
    print(
        f"{measured['machine']}, {measured['cores']} cores, one thread, LiteRT {measured['litert']}, "
        f"{measured['rounds']} rounds in {measured['seconds']:.0f} s"
    )


def _macs(options: argparse.Namespace) -> int:
    from fer_core.errors import NetworkError
    from fer_core.store.export import record_macs
    from fer_core.store.folder import find_network, list_networks

    if options.network:
        chosen = [find_network(name) for name in options.network]
    else:
        chosen = [network for network in list_networks() if network.macs is None]
    failed = 0
    for network in chosen:
        try:
            print(f"{network.id:22} {record_macs(network).macs:>13,} multiply-accumulates a face")
        except NetworkError as error:
            failed = 1
            tell(error)
    if not chosen:
        print("Every network has its figure.")
    return failed
