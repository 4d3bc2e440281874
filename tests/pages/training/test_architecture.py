"""The view "Architecture" of Training: the layers of a network, drawn and listed."""

from __future__ import annotations

import json
from pathlib import Path

from fer_core.store.folder import list_measured
from pages.training.architecture.parts import parts_of
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE, table_rows

ARCHITECTURE = {"view": "architecture"}


def test_layers_are_listed_with_what_they_cost_and_the_sums(open_app: OpenApp, models: Path) -> None:
    write_network(models)
    rows = table_rows(open_app(PAGE, address=ARCHITECTURE), "Output")
    assert [row[1] for row in rows[1:]] == ["kulit", "dalang", ""]
    assert [[row[0], *row[3:6]] for row in rows[1:]] == [
        ["Convolution 1", "48×48×32", "–", "320"],
        ["Dense layer 1", "7", "Convolution 1", "1,234,247"],
        ["Total", "", "", "1,234,567"],
    ]


def test_layers_that_are_not_listed_are_said(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    del metadata["layers"], metadata["training"]
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE, address=ARCHITECTURE)
    assert_no_trouble(app)
    assert any("The layers of this network are not listed." in box.value for box in app.info)


def test_a_name_with_markdown_and_html_is_shown_as_it_is(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    metadata = json.loads((folder / "metadata.json").read_text())
    metadata["layers"][0]["name"] = "<script>alert(1)</script>"
    (folder / "metadata.json").write_text(json.dumps(metadata))
    app = open_app(PAGE, address=ARCHITECTURE)
    assert "<script>alert" not in texts(app)
    assert "&lt;script&gt;alert(1)" in texts(app)


def test_every_network_has_parts_that_add_up_to_its_figures() -> None:
    for info in list_measured():
        parts = parts_of(info)
        assert sum(part.parameters for part in parts) == info.parameters, info.id
        assert sum(part.multiply_accumulates for part in parts) == info.macs, info.id
        assert all(place < number for number, part in enumerate(parts) for place in part.inputs), info.id
        # Each leads to its stage on the page Network, where the weights ship.
        assert all(bool(part.stage) == info.ships for part in parts), info.id


def test_a_residual_network_is_drawn_as_its_file_connects_it() -> None:
    compact = next(info for info in list_measured() if info.id == "raut-compact")
    parts = parts_of(compact)
    feeding = {
        part.stage: [parts[place].stage for place in part.inputs]
        for part in parts
        if part.stage in ("conv2", "conv3", "add1", "pool1")
    }
    assert feeding == {"conv2": ["conv1"], "conv3": ["conv1"], "add1": ["conv4", "conv2"], "pool1": ["add1"]}
    assert [(part.kernel, part.stride) for part in parts[1:4]] == [(5, 2), (1, 1), (3, 1)]
