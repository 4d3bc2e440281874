"""Training: every view with what is known about the networks, and a sentence for what is not."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, charts

VIEWS = {
    "curves": "curves", "accuracy": "accuracy", "calibration": "calibration", "comparison": "comparison",
    "paper": "paper", "architecture": "architecture", "networks": "all_networks",
}  # fmt: skip
"""Code of each view, as the address has it, to its folder."""


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_a_network_a_card_says_how_to_get_one(open_app: OpenApp, models: Path, language: str) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert "python -m fer_core train" in texts(app)
    assert not charts(app)


@pytest.mark.parametrize("language", ["en", "id"])
def test_each_view_opens_by_its_address(open_app: OpenApp, models: Path, language: str) -> None:
    write_network(models)
    write_network(models, "gong", default=False)
    app = open_app(PAGE, language=language, address={"network": "gong,wayang", "split": "PrivateTest"})
    for view in VIEWS:
        app.query_params["view"] = view
        app.run()
        assert_no_trouble(app)
        assert app.segmented_control(key="training_view").value == view
        assert not app.error, view


def test_only_the_view_that_is_shown_is_computed(
    open_app: OpenApp, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_network(models)
    computed: list[str] = []
    for view, folder in VIEWS.items():
        module = importlib.import_module(f"pages.training.{folder}.view")
        monkeypatch.setattr(module, "render", lambda chosen, view=view: computed.append(view))
    app = open_app(PAGE)
    for view in [*VIEWS][1:]:
        app.segmented_control(key="training_view").set_value(view).run()
        assert app.query_params["view"] in (view, [view])
    assert computed == [*VIEWS]


def test_what_the_address_names_in_vain_is_said_and_nothing_is_lost(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    write_network(models, "gong", default=False)
    wrong = {"view": "*dance*", "network": "nobody,gong,<b>", "split": "Nowhere"}
    app = open_app(PAGE, address=wrong)
    assert_no_trouble(app)
    said = "\n".join(box.value for box in app.error)
    for name in ("dance", "nobody", "Nowhere"):
        assert name in said
    assert len(app.error) == 4 and "*dance*" not in said, "a name is no Markdown"
    assert app.segmented_control(key="training_view").value == "curves"
    app.segmented_control(key="training_view").set_value("accuracy").run()
    assert_no_trouble(app)
    assert app.selectbox(key="training_network").value == "gong", "what was right is kept"
    assert "PrivateTest" in texts(app)
    for name, text in {**wrong, "view": "accuracy"}.items():
        assert app.query_params[name] in (text, [text])


def test_networks_and_split_go_into_the_address_and_come_back_from_another_page(
    open_app: OpenApp, models: Path
) -> None:
    for name in ("wayang", "gong"):
        file = write_network(models, name, default=name == "wayang") / "evaluation.json"
        stored = json.loads(file.read_text())
        stored["splits"]["PublicTest"] = stored["splits"]["PrivateTest"]
        file.write_text(json.dumps(stored))
    app = open_app(PAGE, address={"view": "calibration"})
    app.selectbox(key="training_network_2").set_value("gong").run()
    app.segmented_control(key="training_split").set_value("PublicTest").run()
    assert_no_trouble(app)
    address = {name: "".join(text) for name, text in app.query_params.items()}
    assert address == {"view": "calibration", "network": "wayang,gong", "split": "PublicTest"}
    app.switch_page("pages/about/page.py")
    app.query_params.clear()  # as the link of another page does
    app.run()
    app.switch_page(PAGE).run()
    assert {name: "".join(text) for name, text in app.query_params.items()} == address
    assert app.selectbox(key="training_network_2").value == "gong"
    app.selectbox(key="training_network_2").set_value("").run()
    assert app.query_params["network"] in ("wayang", ["wayang"])


@pytest.mark.parametrize(
    ("view", "file", "content", "sentence"),
    [
        ("curves", "history.csv", None, "comes without a history"),
        ("curves", "history.csv", "epoch,loss\n1,abc\n", "history.csv"),
        ("curves", "history.csv", "epoch,val_accuracy\n1,0.5\n", "has no column “loss”"),
        ("curves", "history.csv", "epoch,loss,accuracy,val_loss,val_accuracy\n1,nan,0.1,nan,0.1\n", "comes without a history"),
        ("accuracy", "evaluation.json", None, "has not been evaluated yet"),
        ("accuracy", "evaluation.json", "{", "is damaged"),
        ("accuracy", "evaluation.json", '{"splits": {}}', "has not been evaluated yet"),
        ("accuracy", "evaluation.json", '{"checksum": "zz", "splits": {}}', "made with other weights"),
    ],
)  # fmt: skip
def test_what_is_missing_or_damaged_is_a_sentence(
    open_app: OpenApp, models: Path, view: str, file: str, content: str | None, sentence: str
) -> None:
    folder = write_network(models)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    app = open_app(PAGE, address={"view": view})
    assert_no_trouble(app)
    said = [box.value.replace("\\_", "_") for box in (*app.error, *app.info)]
    assert any(sentence in text for text in said), said
    assert len(app.selectbox) + len(app.multiselect) == 1, "another network can be chosen"
