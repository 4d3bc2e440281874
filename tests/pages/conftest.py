"""The app under Streamlit's own test harness: no browser, the real script."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from fer_core.evaluation.report import Report, SplitReport
from tests.network_records import network_of
from tests.pages.harness import ROOT
from tests.pages.photo_harness import PAGE, Opened, upload
from tests.recognizers import SureRecognizer

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

OpenApp = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def runs_do_not_search_the_computer() -> Iterator[None]:
    """What `AppTest` does around each run and no page needs: 0.6 of 0.62 seconds of the processor for a page opened.

    It looks through all installed packages for components, which stay the same, and, once another test has loaded
    Keras, which no page does, has it search all of TensorFlow's objects for garbage.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture
def navigation_ran_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server that has shown a page: `pages/` is an ordinary folder to Streamlit from then on.

    `AppTest` forgets that at each run, and would open a page's file without `app.py` around it.
    """
    begin = PagesManager.__init__

    def begin_after_navigation(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin_after_navigation)


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch, navigation_ran_before: None) -> OpenApp:
    """`open_app("pages/about/page.py", language="id")` runs app.py and goes to that page."""
    monkeypatch.chdir(ROOT)
    from pages.ui.live import stream

    # The component of the video does not run here; a test may have put one of its own there.
    if stream.webcam_stream.__module__ == stream.__name__:
        monkeypatch.setattr(stream, "webcam_stream", lambda *_args, **_options: False)

    def run(
        page: str | None = None,
        *,
        language: str | None = None,
        timeout_s: float = 60,
        address: Mapping[str, str] | None = None,
    ) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=timeout_s)
        if language is not None:
            app.session_state["lang"] = language
        app.run()
        if page is not None:
            app.switch_page(page)
            for name, text in (address or {}).items():
                app.query_params[name] = text
            app.run()
        return app

    return run


@pytest.fixture
def one_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> NetworkInfo:
    """One network as the shared blocks see it, with figures that occur nowhere else."""
    info = network_of(
        "wayang",
        tmp_path,
        name="Wayang",
        parameters=1_234_567,
        default=True,
        training={"split": "Training"},
        # All sessions of the harness have one id, so that the recogniser of another test may still be kept.
        checksum={"model.tflite": uuid4().hex},
    )
    monkeypatch.setattr("pages.ui.resources.list_networks", lambda: [info])
    confusion = np.array([[2557, 1032], [0, 0]])
    nothing = np.empty(0, np.int64)
    part = SplitReport("PrivateTest", ("angry", "sad"), confusion, nothing, nothing, nothing)
    reports = {info.id: Report({part.name: part}, "csv")}
    monkeypatch.setattr("fer_core.evaluation.headline.read_report", lambda asked: reports.get(asked.id))
    return info


@pytest.fixture
def no_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.resources.list_networks", list)


@pytest.fixture
def no_fer2013(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))


@pytest.fixture
def photos_page(open_app: OpenApp, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`photos_page(("a.jpg", data), language="id")`: the page with a network and these uploads."""
    SureRecognizer.calls = 0
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 60)  # a run of the page waits for its results
    monkeypatch.setattr("pages.ui.resources.find_network", lambda _id=None: one_network)
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", SureRecognizer)
    # The harness formats the options once more outside of the run, where there is no language.
    monkeypatch.setattr("pages.ui.network_choice.network_label", lambda info: info.name)

    def run(*files: tuple[str, bytes], language: str = "en") -> AppTest:
        app = open_app(PAGE, language=language)
        if files:
            upload(app, *files)
        return app

    return run


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_written: list[str] = []


_watching = False


def _note_writing(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hooks cannot be taken out again, so this one is asked whether it is watching."""
    if not _watching or event != "open":
        return
    path, mode, flags = arguments
    writes = set(mode) & set("wax+") if isinstance(mode, str) else flags & WRITING
    # A number is a descriptor that is open already, such as the pipe of a process that another test's thread starts;
    # `tempfile` hands over numbers, too, but opens a path for each before.
    # A module that another thread began to compile before the watch is no file of a reader's either.
    if writes and str(path) != os.devnull and not isinstance(path, int) and "__pycache__" not in str(path):
        _written.append(str(path))


@pytest.fixture
def files_written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths that this process opens for writing during the test."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    if not getattr(sys, "_raut_audit", False):
        sys.addaudithook(_note_writing)
        sys._raut_audit = True  # type: ignore[attr-defined]
    _written.clear()
    monkeypatch.setattr(sys.modules[__name__], "_watching", True)
    return _written
