"""Names from files on every page: whatever reads Markdown or HTML gets them as text."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from tests.pages.conftest import OpenApp
from tests.pages.harness import PAGES, ROOT, assert_no_trouble
from tests.pages.photo_harness import PAGE, upload

NAME = (
    "![x](http://evil.example/a.png) [l](http://evil.example) https://evil.example www.evil.example a@evil.example "
    ":red[r] :smile: :material/home: $x$ <b>b</b> `c` =1+1"
)
READ_AS_MARKDOWN = (
    "![x]", "[l](", "https://evil", "www.evil", "a@evil", ":red[", ":smile:", ":material/home", "$x$", "<b>b", "`c`",
)  # fmt: skip
READ_AS_HTML = ("<b>b",)
PLAIN = (
    "code",
    "selectbox",
    "multiselect",
    "select_slider",
    "file_uploader",
    "arrow_data_frame",
    "dataframe",
    "imgs",
)
"""Streamlit shows what is in these letter by letter, as it does with alternative texts."""
OWN_PARTS = "bidi_component"
"""The pages' own parts in the browser: they set text and never HTML, which the test of their sources holds."""
NEVER_READ = (
    "alt",
    "id",
    "form_id",
    "key",
    "url",
    "file_name",
    "user_key",
    "data",
    "config",
    "script",
    "query_string",
    "default",  # what stands in a field to write in, letter by letter
)


def strings_of(message: Message) -> Iterator[str]:
    """All texts in a message of Streamlit, but those that nothing reads as Markdown."""
    for field, value in message.ListFields():
        if field.name in NEVER_READ:
            continue
        values = (
            value if not isinstance(value, str | bytes | Message) and hasattr(value, "__iter__") else [value]
        )
        for one in values:
            if field.type == FieldDescriptor.TYPE_MESSAGE and isinstance(one, Message):
                yield from strings_of(one)
            elif field.type == FieldDescriptor.TYPE_STRING and isinstance(one, str):
                yield one


def nodes(block: Block) -> Iterator[Any]:
    for node in block.children.values():
        yield node
        if isinstance(node, Block):
            yield from nodes(node)


def assert_names_are_text(app: AppTest) -> int:
    """Nothing is read as more than text. Returns in how many places the name stands."""
    assert_no_trouble(app)
    places = 0
    for node in nodes(app.main):
        if node.type in PLAIN or node.proto is None:
            continue
        meaningful = READ_AS_HTML if node.type in ("html", "plotly_chart") else READ_AS_MARKDOWN
        if node.type == OWN_PARTS:
            meaningful = ()
        for text in strings_of(node.proto):
            places += "evil.example" in text
            for sign in meaningful:
                assert sign not in text, (node.type, sign, text[:300])
    return places


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The networks that ship, all called so, with a split and layers that are called so, too."""
    models = tmp_path / "models"
    shutil.copytree(ROOT / "models", models, copy_function=os.symlink)
    for file in models.glob("*/metadata.json"):
        stored = json.loads(file.read_text("utf-8"))
        stored["name"] = stored["summary"] = stored["training"]["machine"] = f"\u202e{NAME}\x07"
        stored["training"]["split"] = NAME
        for layer in stored["layers"]:
            layer["name"] = layer["type"] = NAME
        file.unlink()  # a link to the one that ships
        file.write_text(json.dumps(stored), "utf-8")
    for file in models.glob("*/evaluation.json"):
        stored = json.loads(file.read_text("utf-8"))
        stored["splits"] = {NAME: next(iter(stored["splits"].values())), **stored["splits"]}
        file.unlink()
        file.write_text(json.dumps(stored), "utf-8")
    monkeypatch.setenv("RAUT_MODELS_DIR", str(models))
    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", lambda *_args, **_kwargs: False)


@pytest.mark.parametrize("page", PAGES)
def test_the_name_of_a_network_is_text(open_app: OpenApp, hostile: None, no_fer2013: None, page: str) -> None:
    places = assert_names_are_text(open_app(f"pages/{page}/page.py"))
    assert places >= {"home": 1, "training": 3}.get(page, 0)


@pytest.mark.parametrize(
    "view", ["curves", "accuracy", "calibration", "comparison", "paper", "architecture", "networks"]
)
def test_each_view_of_training_with_the_other_split_and_a_second_network_is_text_too(
    open_app: OpenApp, hostile: None, no_fer2013: None, view: str
) -> None:
    address = {"view": view, "network": "raut,raut-compact", "split": NAME}
    app = open_app("pages/training/page.py", address=address)
    assert not app.error
    assert assert_names_are_text(app) >= 3


def test_the_parts_in_the_browser_set_text_and_never_html() -> None:
    sources = list((ROOT / "pages").rglob("*.js"))
    assert sources
    for source in sources:
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "setHTML"):
            assert way not in source.read_text("utf-8"), source


def test_names_of_uploads_are_text(
    open_app: OpenApp, hostile: None, no_fer2013: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 60)
    app = open_app(PAGE)
    upload(
        app,
        (f"{NAME}.jpg", b"no picture"),
        ("![x](y) [l](m) www.evil.example :smile: `c`.zip", b"PK\x03\x04"),
    )
    assert assert_names_are_text(app) >= 3
