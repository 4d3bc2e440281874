"""The view "Architecture" of Training: the layers of a network."""

from __future__ import annotations

import json
from pathlib import Path

from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, table_rows

ARCHITECTURE = {"view": "architecture"}


def test_layers_are_listed_with_shape_and_parameters(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    rows = table_rows(open_app(PAGE, address=ARCHITECTURE), "Output")
    assert rows[1:] == [
        ["1. kulit", "Conv2D", "48 × 48 × 32", "320"],
        ["2. dalang", "Dense", "7", "1,234,247"],
    ]


def test_layers_that_are_not_listed_are_said(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    del metadata["layers"], metadata["training"]
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE, address=ARCHITECTURE)
    assert_no_trouble(app)
    assert "The layers of this network are not listed." in [box.value for box in app.info]


def test_a_name_with_markdown_and_html_is_shown_as_it_is(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    metadata["layers"][0]["name"] = "<script>alert(1)</script>"
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE, address=ARCHITECTURE)
    assert "<script>alert" not in texts(app)
    assert "&lt;script&gt;alert(1)" in texts(app)
