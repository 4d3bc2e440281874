"""The frame of the page Network: its address, the face, what is missing; on a small untrained network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.network.faces import SAMPLES, faces_in, sample_face
from pages.ui import session_keys
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

PAGE = "pages/network/page.py"


@pytest.fixture
def models(exported_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`tiny`, the only network."""
    monkeypatch.setenv("RAUT_MODELS_DIR", str(exported_models))
    return exported_models


def shown_face(app: AppTest) -> str:
    """What the head calls the face."""
    (head,) = [element.value for element in app.main.get("html") if "raut-seen" in element.value]
    return head.split('alt="')[1].split('"')[0]


def warnings(app: AppTest) -> str:
    return "\n".join(
        element.value.replace("\\", "").replace(":color[]", "") for element in (*app.warning, *app.info)
    )


def test_every_sample_has_a_face_of_its_own() -> None:
    faces = [sample_face(name) for name in SAMPLES]
    assert {face.shape for face in faces} == {(48, 48)}
    assert len({face.tobytes() for face in faces}) == len(SAMPLES) == 9


def test_a_picture_without_a_face_gives_none() -> None:
    import cv2

    _ok, png = cv2.imencode(".png", np.full((80, 80, 3), 128, np.uint8))
    assert faces_in(png.tobytes(), "grey.png").shape == (0, 48, 48)


def test_without_data_the_page_opens_with_a_sample_and_says_nothing_of_it(
    open_app: OpenApp, models: Path, no_fer2013: None
) -> None:
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert not warnings(app)
    assert shown_face(app) == "Portrait"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"step": "lunch"}, "step=lunch"),
        ({"network": "../secret"}, "network=../secret"),
        ({"face": "sample:nobody"}, "face=sample:nobody"),
        ({"face": "row:-1"}, "face=row:-1"),
        ({"face": "row:7"}, "Row 7 of FER2013 cannot be shown"),
        ({"face": "photo"}, "stored nowhere"),
        ({"step": "stage", "stage": "conv99"}, "stage=conv99"),
        ({"face": "x" * 5000}, "x" * 20),
    ],
)
def test_what_the_address_asks_for_and_is_not_there_gives_a_sentence(
    open_app: OpenApp, models: Path, no_fer2013: None, address: dict[str, str], said: str
) -> None:
    app = open_app(PAGE, address=address)
    assert_no_trouble(app)
    assert said in warnings(app)
    assert len(warnings(app)) < 500
    assert shown_face(app) == "Portrait"


def test_a_row_of_the_data_set_is_shown(
    open_app: OpenApp, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(write_fer2013(tmp_path / "data")))
    app = open_app(PAGE, address={"face": "row:17"})
    assert_no_trouble(app)
    assert shown_face(app) == "FER2013, row 17"
    app.query_params["face"] = "row:600"
    app.run()
    assert "face=row:600" in warnings(app)


def test_a_face_from_a_photo_stays_in_the_session(open_app: OpenApp, models: Path, no_fer2013: None) -> None:
    app = open_app()
    app.session_state[session_keys.SEEN_FACES] = {"photo": np.full((48, 48), 77, np.uint8)}
    app.query_params["face"] = "photo"
    app.switch_page(PAGE).run()
    assert_no_trouble(app)
    assert not warnings(app)
    assert shown_face(app) == "Face from a photo"


def test_a_network_whose_file_is_damaged_gives_a_sentence(
    open_app: OpenApp, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_fer2013: None
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models / "tiny", folder / "tiny")
    (folder / "tiny" / "model.tflite").write_bytes(b"no network")
    file = folder / "tiny" / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "checksum": {}}))
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert len(app.error) == 1
    assert not [element for element in app.main.get("html") if "raut-seen" in element.value]


def test_in_indonesian_nothing_is_left_in_english(open_app: OpenApp, models: Path, no_fer2013: None) -> None:
    shown = texts(open_app(PAGE, language="id"))
    for english in ("Stage", "Overview", "stages", "Show the answer", "parameters"):
        assert english not in shown
