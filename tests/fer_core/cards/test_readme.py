from __future__ import annotations

import json
import re

import pytest

from fer_core.cards.card import calibration_drawing, model_card
from fer_core.cards.card_figures import CALIBRATION_FILE
from fer_core.cards.readme import (
    BEGIN,
    END,
    PAPER_BEGIN,
    PAPER_END,
    README_FILE,
    networks_table,
    paper_table,
    readme_with_tables,
)
from fer_core.evaluation.evaluate import evaluate_network, write_evaluation
from fer_core.store.folder import list_measured
from fer_core.store.network import CARD_FILE, NetworkInfo


def test_the_readme_holds_the_figures_of_the_networks_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAUT_MODELS_DIR", raising=False)
    readme = README_FILE.read_text(encoding="utf-8")
    networks = list_measured()
    assert all(mark in readme for mark in (BEGIN, END, PAPER_BEGIN, PAPER_END)) and networks
    assert all(network.name in readme for network in networks)
    assert readme == readme_with_tables(readme, networks), "run: python -m fer_core card"


@pytest.mark.parametrize("network", list_measured(), ids=lambda network: network.id)
def test_cards_hold_the_figures_of_the_networks_that_ship(network: NetworkInfo) -> None:
    card = (network.folder / CARD_FILE).read_text(encoding="utf-8")
    assert card == model_card(network), "run: python -m fer_core card"
    drawing = calibration_drawing(network)
    assert drawing is None or (network.folder / CALIBRATION_FILE).read_text(encoding="utf-8") == drawing


def test_a_readme_without_the_marks_stays_as_it_is() -> None:
    assert readme_with_tables("nothing to fill", list_measured()) == "nothing to fill"
    assert readme_with_tables(f"{BEGIN} but no end", list_measured()) == f"{BEGIN} but no end"


def test_the_table_has_cost_and_calibration_and_says_where_times_were_measured(
    dataset, recognizer, network: NetworkInfo
) -> None:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PrivateTest"]))
    network.file.write_bytes(b"x" * 2_340_000)

    def row() -> dict[str, str]:
        head, _sides, *rows = re.findall(r"^\|.*\|$", networks_table(list_measured()), re.M)
        assert len(rows) == 1
        cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in (head, rows[0])]
        return dict(zip(*cells, strict=True))

    bare = row()
    assert (bare["million MACs"], bare["ms a face"]) == ("–", "–")
    assert "same run" not in networks_table(list_measured())
    file = network.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "macs": 87_654_321}))
    (network.folder.parent / "speed.json").write_text(
        json.dumps(
            {
                "measured": "2026-11-03T10:20:30+00:00", "machine": "Gamelan 9000", "cores": 6, "litert": "7.8.9",
                "rounds": 123, "seconds": 45.6,
                "reference": {"form": "float32", "parameters": 1, "ms": 2.0, "quartiles": [1.9, 2.1]},
                "networks": {"tried": {"checksum": "ab12", "ms": 0.5, "quartiles": [0.4, 0.6], "ratio": 0.25}},
            }
        )
    )  # fmt: skip
    known = row()
    assert known["measured on"] == "PrivateTest, 5 pictures" and known["accuracy"] == "60.0 %"
    assert known["calibration error"] == "40.0 %"  # all answers are sure, and 3 of 5 are right
    assert (known["million MACs"], known["LiteRT"], known["ms a face"]) == ("87.7", "2.3 MB", "0.50")
    assert "Gamelan 9000 with 6 cores, LiteRT 7.8.9, 2026-11-03" in networks_table(list_measured())
    (network.folder.parent / "speed.json").write_text("{")
    assert row()["ms a face"] == "–"
    file.write_text(json.dumps({**json.loads(file.read_text()), "ships": False, "litert_bytes": 1_230_000}))
    assert row()["LiteRT"] == "1.2 MB, figures only"


def test_the_papers_networks_stand_beside_what_it_prints_whether_they_ship_or_not() -> None:
    text = paper_table([])
    assert "no other). The paper" in text, "no machine to name"
    head, _sides, *rows = re.findall(r"^\|.*\|$", text, re.M)
    columns = [cell.strip() for cell in head.split("|")[1:-1]]
    by_name = {
        cells[0]: dict(zip(columns, cells, strict=True))
        for cells in ([cell.strip() for cell in line.split("|")[1:-1]] for line in rows)
    }
    small = by_name["Paper, small"]
    assert (small["training, paper"], small["test, paper"], small["time, paper"]) == (
        "96.2 %",
        "71.0 %",
        "4:01",
    )
    assert (small["test, Raut"], small["epochs"], small["time, Raut"]) == ("–", "–", "–")
    assert {row["test, paper"] for row in by_name.values()} == {"71.0 %", "76.2 %", "76.5 %"}


def test_no_network_is_a_table_without_rows() -> None:
    assert networks_table([]).count("\n") == 1
