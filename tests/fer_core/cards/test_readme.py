from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core.cards.card import calibration_drawing, model_card
from fer_core.cards.card_figures import CALIBRATION_FILE
from fer_core.cards.readme import (
    BEGIN,
    END,
    FIGURES_BEGIN,
    FIGURES_END,
    NETWORKS_FILE,
    PAPER_BEGIN,
    PAPER_END,
    README_FILE,
    figures_list,
    networks_table,
    paper_table,
    with_tables,
    write_tables,
)
from fer_core.evaluation.evaluate import evaluate_network, write_evaluation
from fer_core.paper import PAPER_RESULTS
from fer_core.store.folder import list_measured
from fer_core.store.network import CARD_FILE, NetworkInfo


def test_the_documents_hold_the_figures_of_the_networks_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAUT_MODELS_DIR", raising=False)
    networks = list_measured()
    text = NETWORKS_FILE.read_text(encoding="utf-8")
    assert all(mark in text for mark in (BEGIN, END, PAPER_BEGIN, PAPER_END)) and networks
    assert all(network.name in text for network in networks)
    assert text == with_tables(text, networks), "run: python -m fer_core card"
    readme = README_FILE.read_text(encoding="utf-8")
    assert all(mark in readme for mark in (FIGURES_BEGIN, FIGURES_END))
    assert readme == with_tables(readme, networks), "run: python -m fer_core card"


def test_the_figures_of_the_readme_are_those_of_the_stored_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAUT_MODELS_DIR", raising=False)
    readme = README_FILE.read_text(encoding="utf-8")
    right, eight, paper, calibration, cost = (
        readme.partition(FIGURES_BEGIN)[2].partition(FIGURES_END)[0].strip().splitlines()
    )
    by_id = {network.id: network for network in list_measured()}
    (default,) = [network for network in by_id.values() if network.default]

    def split(network: str, name: str) -> dict[str, Any]:
        stored = json.loads((by_id[network].folder / "evaluation.json").read_text(encoding="utf-8"))
        return stored["splits"][name]

    def accuracy(network: str, name: str) -> str:
        confusion = np.array(split(network, name)["confusion"])
        return f"{100 * np.trace(confusion) / confusion.sum():.1f}%"

    test = split(default.id, "PrivateTest")
    assert accuracy(default.id, "PrivateTest") in right and f"{np.sum(test['confusion']):,} pictures" in right
    assert accuracy("raut-plus", "FERplusPrivateTest") in eight
    assert f"{np.sum(split('raut-plus', 'FERplusPrivateTest')['confusion']):,} pictures" in eight
    assert re.findall(r"[\d.]+%", paper) == [
        accuracy("paper-four-conv", "PaperTest"),
        f"{100 * PAPER_RESULTS['paper-four-conv'].test_accuracy:.1f}%",
        accuracy("paper-four-conv-tuned", "PaperTest"),
        accuracy("raut-plus", "PaperTest"),
    ]
    assert f"{100 * test['calibration']['ece']:.1f}%" in calibration
    speed = json.loads((default.folder.parent / "speed.json").read_text(encoding="utf-8"))
    assert f"{default.file.stat().st_size / 1e6:.1f} MB" in cost
    assert f"{speed['networks'][default.id]['ms']:.2f} ms" in cost
    assert f"{speed['machine']} with {speed['cores']} cores" in cost
    measured = datetime.fromisoformat(speed["measured"])
    assert f"{measured.day} {measured:%B %Y}" in cost


def test_a_figure_that_was_not_measured_is_left_out(dataset, recognizer, network: NetworkInfo) -> None:
    assert figures_list([]) == figures_list(list_measured()) == "", "no default network"
    file = network.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "default": True}))
    assert figures_list(list_measured()) == ""
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PrivateTest"]))
    first, *others = figures_list(list_measured()).splitlines()
    assert first == "- **60.0%** accuracy on 5 pictures of FER2013 (PrivateTest), seven expressions."
    assert len(others) == 1 and others[0].startswith("- **40.0%** calibration error")


def test_the_tables_are_written_into_each_document_at_its_marks(tmp_path: Path) -> None:
    readme, tables = tmp_path / "README.md", tmp_path / "networks.md"
    readme.write_text(f"before\n{FIGURES_BEGIN}\nold\n{FIGURES_END}\nafter\n", encoding="utf-8")
    tables.write_text(f"{BEGIN}{END}\n{PAPER_BEGIN}{PAPER_END}\n", encoding="utf-8")
    write_tables(list_measured(), (readme, tables))
    assert readme.read_text("utf-8") == (
        f"before\n{FIGURES_BEGIN}\n\n{figures_list(list_measured())}\n\n{FIGURES_END}\nafter\n"
    )
    assert networks_table(list_measured()) in tables.read_text("utf-8")
    assert paper_table(list_measured()) in tables.read_text("utf-8")


@pytest.mark.parametrize("network", list_measured(), ids=lambda network: network.id)
def test_cards_hold_the_figures_of_the_networks_that_ship(network: NetworkInfo) -> None:
    card = (network.folder / CARD_FILE).read_text(encoding="utf-8")
    assert card == model_card(network), "run: python -m fer_core card"
    drawing = calibration_drawing(network)
    assert drawing is None or (network.folder / CALIBRATION_FILE).read_text(encoding="utf-8") == drawing


def test_a_document_without_the_marks_stays_as_it_is() -> None:
    assert with_tables("nothing to fill", list_measured()) == "nothing to fill"
    assert with_tables(f"{BEGIN} but no end", list_measured()) == f"{BEGIN} but no end"


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
    assert "### PrivateTest: 5 pictures, 7 expressions" in networks_table(list_measured())
    assert known["accuracy"] == "60.0% (23.1–88.2)" and known["balanced accuracy"] == "–"
    assert known["calibration error"] == "40.0%"  # all answers are sure, and 3 of 5 are right
    assert (known["million MACs"], known["LiteRT"], known["ms a face"]) == ("87.7", "2.3 MB", "0.50")
    assert "Gamelan 9000 with 6 cores, LiteRT 7.8.9, 3 November 2026" in networks_table(list_measured())
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
        "96.2%",
        "71.0%",
        "4:01",
    )
    assert (small["test, Raut"], small["epochs"], small["time, Raut"]) == ("–", "–", "–")
    assert {row["test, paper"] for row in by_name.values()} == {"71.0%", "76.2%", "76.5%"}


def test_without_a_network_there_is_no_table() -> None:
    assert networks_table([]) == ""


def test_each_test_set_has_a_table_of_its_own_with_the_best_first(
    dataset, recognizer, network: NetworkInfo
) -> None:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest", "PrivateTest"]))
    other = network.folder.parent / "worse"
    shutil.copytree(network.folder, other)
    evaluation = json.loads((other / "evaluation.json").read_text())
    evaluation["splits"] = {
        name: part for name, part in evaluation["splits"].items() if name.startswith("PrivateTest")
    }
    confusion = evaluation["splits"]["PrivateTest"]["confusion"]
    confusion[0] = [0, 2, 0, 0, 0, 0, 0]  # no angry face found, where the first network finds one of two
    for key in ("misclassified", "misclassified_true", "misclassified_predicted"):
        evaluation["splits"]["PrivateTest"][key].append(0)
    (other / "evaluation.json").write_text(json.dumps(evaluation))
    metadata = json.loads((other / "metadata.json").read_text())
    (other / "metadata.json").write_text(json.dumps({**metadata, "name": "Worse", "default": False}))
    _nothing, public, private = networks_table(list_measured()).split("### ")
    assert public.startswith("PublicTest") and "Worse" not in public
    assert private.index("Tried one") < private.index("Worse")
    assert "40.0%" in private.partition("Worse")[2]
