"""Names that are no names: pages show them as they are written, and fetch and link nothing of them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from fer_core.places import SAMPLE_PHOTO
from tests.e2e.conftest import ROOT, LaunchBrowser, StartServer
from tests.e2e.watch import WatchedPage

NAME = (
    "![x](http://evil.example/a.png) [l](http://evil.example) https://evil.example www.evil.example a@evil.example "
    ":red[r] :smile: :material/home: :streamlit: $x$ <b>b</b> <img src=//evil.example/b> `c` =1+1 _i_ *e* ~~s~~ "
    "&lt; a -> b -- c"
)
FILE_NAME = "[l](http:evil.example) www.evil.example a@evil.example :smile: :material_home: <b>b *e* -- c.jpg"
MADE_OF_A_NAME = (
    "[...document.querySelectorAll('a, img, iframe')].map(e => e.href || e.src)"
    ".filter(address => address.includes('evil')).length"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, start_server: StartServer) -> str:
    """The networks that ship, all of them with that name."""
    models = tmp_path_factory.mktemp("names") / "models"
    shutil.copytree(ROOT / "models", models, copy_function=os.symlink)
    for file in models.glob("*/metadata.json"):
        stored = json.loads(file.read_text("utf-8"))
        file.unlink()  # a link to the one that ships
        stored["name"] = NAME
        for layer in stored["layers"]:
            layer["name"] = NAME
        stored["training"]["machine"] = NAME
        file.write_text(json.dumps(stored), "utf-8")
    return start_server(RAUT_MODELS_DIR=str(models))


def test_a_name_is_shown_as_it_is_written_and_nothing_is_made_of_it(
    server: str, launch_browser: LaunchBrowser, tmp_path: Path
) -> None:
    bad = tmp_path / f"no {FILE_NAME}"
    bad.write_text("This is no picture.")
    photo = tmp_path / FILE_NAME
    shutil.copyfile(SAMPLE_PHOTO, photo)
    page = launch_browser().new_page(viewport={"width": 1440, "height": 1000}, locale="en-US")
    watched = WatchedPage(page, server)

    def shown() -> str:
        assert page.evaluate(MADE_OF_A_NAME) == 0
        text = str(page.evaluate("document.body.innerText"))
        assert "color[" not in text and "\\" not in text
        return " ".join(text.split())

    watched.visit("")
    assert NAME in shown()
    watched.visit("training?view=networks")
    assert shown().count(NAME) > 10
    watched.visit("training?view=accuracy")
    matrix = page.locator(".st-key-training_matrix table")
    matrix.wait_for(timeout=60_000)
    assert NAME in str(matrix.get_attribute("aria-label")) and shown()
    assert page.locator(".st-key-training_matrix :is(a, img, b)").count() == 0, (
        "its root is a shadow to `shown`"
    )
    watched.visit("training")
    title = page.locator(".st-key-training_curves .gtitle").first.text_content()
    assert title is not None and title.replace("\u00a0", " ").endswith(NAME)
    watched.visit("photos")
    page.locator("input[type=file]").first.set_input_files([photo, bad])
    page.locator(".raut-faces > li").wait_for(timeout=60_000)
    watched.settle()
    page.get_by_role("heading", name=photo.name, exact=True).wait_for()
    assert shown().count(photo.name) >= 3
    watched.visit("videos")
    page.locator("input[type=file]").first.set_input_files(bad.rename(bad.with_suffix(".mp4")))
    page.get_by_role("alert").wait_for(timeout=60_000)
    assert bad.with_suffix(".mp4").name in shown()
    for path in ("webcam", "about", "dataset"):
        watched.visit(path)
        shown()
    assert watched.requests_outside == []
