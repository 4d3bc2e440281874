from __future__ import annotations

import pytest

from fer_core.evaluation.readme import BEGIN, END, README_FILE, readme_with_table
from fer_core.store import list_networks


def test_the_readme_holds_the_figures_of_the_networks_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAUT_MODELS_DIR", raising=False)
    readme = README_FILE.read_text(encoding="utf-8")
    networks = list_networks()
    assert BEGIN in readme and END in readme and networks
    assert all(network.name in readme for network in networks)
    assert readme == readme_with_table(readme, networks), "run: python -m fer_core card"


def test_a_readme_without_the_marks_stays_as_it_is() -> None:
    assert readme_with_table("nothing to fill", list_networks()) == "nothing to fill"
    assert readme_with_table(f"{BEGIN} but no end", list_networks()) == f"{BEGIN} but no end"
