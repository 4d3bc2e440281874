from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fer_core.datasets.counts import shipped_counts
from tests.pages.conftest import OpenApp
from tests.pages.harness import ROOT, assert_no_trouble, texts

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo


@pytest.mark.parametrize(
    ("language", "figures"),
    [
        ("en", ("71.2%", "3,589", "1,234,567", "60 to 70%")),
        ("id", ("71,2%", "3.589", "1.234.567", "60 sampai 70%")),
    ],
)
def test_figures_are_those_of_the_network_in_the_readers_notation(
    open_app: OpenApp, one_network: NetworkInfo, language: str, figures: tuple[str, ...]
) -> None:
    shown = texts(open_app(language=language))
    for figure in (*figures, "Wayang", "PrivateTest"):
        assert figure in shown


def test_the_images_it_learnt_from_are_counted_from_the_shipped_counts(
    open_app: OpenApp, one_network: NetworkInfo
) -> None:
    assert f"{sum(shipped_counts()['Training'].values()):,}" in texts(open_app(language="en"))


def test_an_unevaluated_network_shows_no_accuracy(
    open_app: OpenApp, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.evaluation.headline.read_report", lambda _info: None)
    app = open_app(language="en")
    assert_no_trouble(app)
    shown = texts(app)
    assert "1,234,567" in shown
    assert "test images" not in shown


@pytest.mark.parametrize(("language", "title"), [("en", "no trained network"), ("id", "Belum ada model")])
def test_without_a_network_a_card_says_what_to_do(
    open_app: OpenApp, no_networks: None, language: str, title: str
) -> None:
    app = open_app(language=language)
    assert_no_trouble(app)
    shown = texts(app)
    assert title in shown
    assert "python -m fer_core train" in shown
    assert "%" not in shown, "there is no figure without a network"


def test_there_is_a_way_into_every_other_page_but_about(open_app: OpenApp, one_network: NetworkInfo) -> None:
    links = {link.page for link in open_app(language="en").page_link}
    assert links == {"webcam", "photos", "dataset", "training", "network", "lab", "quiz"}


def test_it_says_that_nothing_leaves_the_machine(open_app: OpenApp, no_networks: None) -> None:
    assert "nothing is sent anywhere" in texts(open_app(language="en"))
    assert "tidak ada yang dikirim ke mana pun" in texts(open_app(language="id"))


def test_the_first_page_loads_none_of_what_only_others_need() -> None:
    code = (
        "import json, sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "before = set(sys.modules)\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert app.main and not app.exception\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))\n"
    )
    code = code.replace("'app.py'", repr(str(ROOT / "app.py")))
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(answer.stdout.splitlines()[-1]))
    assert "pages" in loaded
    heavy = {
        "ai_edge_litert",
        "av",
        "babel",
        "cryptography",
        "cv2",
        "fpdf",
        "pandas",
        "pillow_heif",
        "sklearn",
    }
    heavy |= {"statsmodels", "streamlit_webrtc", "tensorflow", "xlsxwriter"}
    assert not loaded & heavy, "the first page waits for these, and only other pages need them"
