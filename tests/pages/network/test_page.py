"""The frame of the page Network: its address, the face, what is missing; on a small untrained network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.photos.analysis import faces_in
from pages.network.faces import SAMPLES, sample_face
from pages.ui import session_keys
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

PAGE = "pages/network/page.py"
STAGES = ("input", "conv1", "add1", "pool1", "mean", "dense1", "softmax")
"""One of each kind that `tiny` has."""


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


IMPOSSIBLE = (
    ({"step": "lunch"}, "step=lunch"),
    ({"network": "../secret"}, "network=../secret"),
    ({"face": "sample:nobody"}, "face=sample:nobody"),
    ({"face": "row:-1"}, "face=row:-1"),
    ({"face": "row:7"}, "Row 7 of FER2013 cannot be shown"),
    ({"face": "photo"}, "stored nowhere"),
    ({"face": "x" * 5000}, "x" * 20),
    ({"step": "stage", "stage": "conv99"}, "stage=conv99"),
    ({"step": "stage", "stage": "conv2", "map": "0"}, "map=0"),
    ({"step": "stage", "stage": "conv2", "map": "999"}, "map=999"),
    ({"step": "stage", "stage": "conv2", "map": "2", "x": "49", "y": "1"}, "x=49"),
    ({"step": "stage", "stage": "conv2", "order": "beauty"}, "order=beauty"),
)


def test_what_the_address_asks_for_and_is_not_there_gives_a_sentence(
    open_app: OpenApp, models: Path, no_fer2013: None
) -> None:
    app = open_app(PAGE)
    for address, said in IMPOSSIBLE:
        app.query_params.clear()
        for name, text in address.items():
            app.query_params[name] = text
        app.run()
        assert_no_trouble(app)
        assert said in warnings(app), address
        assert len(warnings(app)) < 500
        assert shown_face(app) == "Portrait"


def test_every_kind_of_stage_can_be_opened(open_app: OpenApp, models: Path, no_fer2013: None) -> None:
    app = open_app(PAGE, address={"step": "stage"})
    seen = set()
    for name in STAGES:
        app.query_params["stage"] = name
        app.run()
        assert_no_trouble(app)
        assert not warnings(app), name
        seen.add(app.subheader[0].value.split(" · ")[0])
    assert len(seen) == len(STAGES)


def test_a_map_says_what_its_values_are_made_of(open_app: OpenApp, models: Path, no_fer2013: None) -> None:
    app = open_app(PAGE, address={"step": "stage", "map": "3"})
    for stage, words in (
        ("conv1", "Adds to this value"),
        ("conv2", "Adds to this value"),
        ("pool1", "What this value is made of"),
        ("add1", "= "),
    ):
        app.query_params["stage"] = stage
        app.run()
        assert_no_trouble(app)
        assert words in texts(app) + "".join(element.value for element in app.main.get("html")), stage


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
