"""What is private to Streamlit and streamlit-webrtc is still there: each test says what went and who needs it."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from pages.ui import streamlit_inside
from tests.pages.harness import ROOT

STATIC = Path(st.__file__).parent / "static"
TEST_ID = re.compile(r"""data-testid\^?=["'](\w+)""")
INNER_CLASS = re.compile(r"""querySelector\(["']\.(st[A-Z]\w+)""")


@cache
def frontend() -> str:
    """The scripts that Streamlit ships for the browser."""
    scripts = sorted(STATIC.rglob("*.js"))
    assert scripts, f"Streamlit has no scripts in {STATIC} any more: look where its frontend lies now."
    return "\n".join(script.read_text("utf-8", errors="replace") for script in scripts)


def names_in_pages() -> list[tuple[str, str]]:
    """(name of an element of Streamlit's page, file of pages that goes by it)"""
    found: set[tuple[str, str]] = set()
    for file in sorted((ROOT / "pages").rglob("*")):
        if file.suffix in {".css", ".js", ".py"}:
            text = file.read_text("utf-8")
            names = TEST_ID.findall(text) + INNER_CLASS.findall(text)
            found |= {(name, file.relative_to(ROOT).as_posix()) for name in names}
    return sorted(found)


def test_names_are_found_in_styles_scripts_and_pages() -> None:
    endings = {Path(file).suffix for _name, file in names_in_pages()}
    assert endings == {".css", ".js", ".py"}


@pytest.mark.parametrize(("name", "file"), names_in_pages())
def test_an_element_of_streamlits_page_has_its_name(name: str, file: str) -> None:
    # A name that ends in a kind ("stBaseButton-primary") is put together there.
    assert re.search(rf"\b{name}\b", frontend()), (
        f"Streamlit's page has no element {name} any more, by which {file} finds it: look in a browser what it "
        "is called now."
    )


def need(holder: Any, name: str, whose: str, needed_by: str, look_at: str) -> Any:
    """The attribute, or a failure that says in a sentence what is gone."""
    assert hasattr(holder, name), (
        f"{whose} has no {name} any more, which {needed_by} needs: look at {look_at}."
    )
    return getattr(holder, name)


def module(path: str, needed_by: str, look_at: str) -> Any:
    try:
        return __import__(path, fromlist=["_"])
    except ImportError:
        pytest.fail(f"There is no {path} any more, which {needed_by} needs: look at {look_at}.")


def takes(function: Any, argument: str, needed_by: str, look_at: str) -> None:
    assert argument in inspect.signature(function).parameters, (
        f"{function.__qualname__} takes no {argument} any more, which {needed_by} needs: look at {look_at}."
    )


CONTEXT = "streamlit.runtime.scriptrunner_utils.script_run_context"


def test_the_context_of_a_run_is_asked_for_without_a_warning() -> None:
    users = "has_reader, session_id, session_lives and forget_uploads"
    context = module(CONTEXT, users, "where st.context reads its run from")
    ask = need(context, "get_script_run_ctx", CONTEXT, users, "where st.context reads its run from")
    takes(ask, "suppress_warning", "has_reader", f"get_script_run_ctx in {CONTEXT}")
    assert ask(suppress_warning=True) is None, (
        "get_script_run_ctx gives a context outside of a run, so that has_reader takes threads for readers: look "
        f"at {CONTEXT}."
    )


def test_the_context_of_a_run_knows_session_and_uploads() -> None:
    fields = module(CONTEXT, "session_id", "st.context").ScriptRunContext.__dataclass_fields__
    for field, user in {"session_id": "session_id", "uploaded_file_mgr": "forget_uploads"}.items():
        assert field in fields, (
            f"ScriptRunContext has no {field} any more, which {user} in pages/ui/streamlit_inside.py needs: look at "
            f"{CONTEXT}."
        )


def test_an_upload_is_taken_out_by_its_session_and_id() -> None:
    path = "streamlit.runtime.memory_uploaded_file_manager"
    look_at = "the manager that streamlit.web.server.Server hands to its Runtime"
    manager = need(
        module(path, "forget_uploads", look_at), "MemoryUploadedFileManager", path, "forget_uploads", look_at
    )
    remove = need(manager, "remove_file", "MemoryUploadedFileManager", "forget_uploads", look_at)
    for argument in ("session_id", "file_id"):
        takes(remove, argument, "forget_uploads", path)
    server = inspect.getsource(module("streamlit.web.server.server", "forget_uploads", look_at))
    assert "MemoryUploadedFileManager(" in server, (
        "Streamlit's server keeps uploads in another way than MemoryUploadedFileManager, so that forget_uploads "
        f"forgets nothing: look at {look_at}."
    )


def test_an_upload_has_an_id() -> None:
    path = "streamlit.runtime.uploaded_file_manager"
    upload = need(
        module(path, "pages/videos", "st.file_uploader"), "UploadedFile", path, "pages/videos", path
    )
    assert "self.file_id" in inspect.getsource(upload), (
        "An UploadedFile has no file_id any more, by which pages/photos and pages/videos forget what was uploaded: "
        f"look at {path}."
    )


def test_the_runtime_says_whether_a_session_lives() -> None:
    runtime = module("streamlit.runtime", "session_lives", "streamlit.runtime.runtime")
    for name in ("exists", "get_instance", "Runtime"):
        need(runtime, name, "streamlit.runtime", "session_lives", "streamlit.runtime.runtime")
    need(runtime.Runtime, "is_active_session", "Runtime", "session_lives", "streamlit.runtime.runtime")


def test_the_runtime_knows_the_address_of_a_connection() -> None:
    runtime = module("streamlit.runtime", "connected_address", "streamlit.runtime.runtime")
    need(runtime.Runtime, "get_client", "Runtime", "connected_address", "streamlit.runtime.runtime")
    path = "streamlit.runtime.session_manager"
    context = need(
        module(path, "connected_address", "st.context"), "ClientContext", path, "connected_address", path
    )
    need(context, "remote_ip", "ClientContext", "connected_address", "st.context.ip_address")
    assert streamlit_inside.connected_address() is None


def test_an_upload_of_starlette_has_a_size_up_to_which_it_stays_in_memory() -> None:
    path = "starlette.formparsers"
    parser = module(path, "keep_uploads_in_memory", "how Streamlit's server takes uploads").MultiPartParser
    need(parser, "spool_max_size", "MultiPartParser", "keep_uploads_in_memory", path)
    assert "max_size=self.spool_max_size" in inspect.getsource(parser), (
        "Starlette gives spool_max_size to no temporary file any more, so that keep_uploads_in_memory has no effect: "
        f"look at MultiPartParser in {path}."
    )


def test_streamlit_knows_whether_it_takes_pages_for_its_older_kind_of_app() -> None:
    path = "streamlit.runtime.pages_manager"
    user = "is_first_run_of_a_bare_server, and serve in serving/launcher.py,"
    manager = module(path, user, "st.navigation").PagesManager
    need(manager, "uses_pages_directory", "PagesManager", user, path)
    runner = inspect.getsource(module("streamlit.runtime.scriptrunner.script_runner", user, "st.navigation"))
    assert "PagesManager.uses_pages_directory" in runner, (
        f"Streamlit does not ask PagesManager.uses_pages_directory any more when it runs a page; {user} may not be "
        "needed: look at streamlit.runtime.scriptrunner.script_runner."
    )


def test_a_container_has_its_type() -> None:
    path = "streamlit.delta_generator"
    need(
        module(path, "rating.py", "st.container"),
        "DeltaGenerator",
        path,
        "pages/photos/rating.py",
        "st.container",
    )


def test_signals_of_streamlit_are_no_exceptions() -> None:
    path = "streamlit.runtime.scriptrunner_utils.exceptions"
    signals = module(path, "guarded_page", "what st.rerun and st.stop raise")
    for name in ("RerunException", "StopException"):
        signal = need(signals, name, path, "guarded_page", "what st.rerun and st.stop raise")
        assert not issubclass(signal, Exception), (
            f"{name} is an Exception now, and guarded_page in pages/ui/guard.py would show st.rerun and st.stop as "
            f"errors: look at {path}."
        )


@pytest.mark.parametrize(
    "widget", [st.selectbox, st.toggle, st.segmented_control], ids=lambda widget: widget.__name__
)
def test_a_choice_outlasts_a_change_of_page(widget: Any) -> None:
    takes(widget, "persist_state", "every choice of pages (keep it for the session)", f"st.{widget.__name__}")


def test_the_language_is_bound_to_the_address() -> None:
    takes(st.segmented_control, "bind", "page_controls in pages/ui/frame.py", "st.segmented_control")


def test_parts_that_run_in_the_browser_are_components_of_the_second_kind() -> None:
    users = "redraw_on_look_change, moving_slider and receive_portions in pages/photos/upload_portions.py"
    second = need(st.components, "v2", "st.components", users, "Streamlit's components")
    component = need(second, "component", "st.components.v2", users, "Streamlit's components")
    takes(component, "js", users, "st.components.v2.component")
    for name in ("setTriggerValue", "parentElement"):
        assert name in frontend(), (
            f"Streamlit's page hands no {name} to components any more, which {users} need: look at the documentation "
            "of st.components.v2."
        )


@pytest.mark.parametrize(
    ("option", "needed_by"),
    [("runner.postScriptGC", "live video, 22 instead of 29 frames a second without it,"), ("runner.magicEnabled", "docstrings below constants")],
)  # fmt: skip
def test_an_option_that_is_barely_documented_is_known_and_read(option: str, needed_by: str) -> None:
    from streamlit import config

    assert option in config.get_config_options(), (
        f"Streamlit knows no option {option} any more, which {needed_by} needs: look at .streamlit/config.toml."
    )
    running = Path(st.__file__).parent / "runtime" / "scriptrunner"
    assert any(f'"{option}"' in file.read_text("utf-8") for file in running.glob("*.py")), (
        f"Streamlit reads the option {option} nowhere any more, which {needed_by} needs: look at {running}."
    )


def test_the_video_component_keeps_its_context_in_the_session_under_its_key() -> None:
    path, user = "streamlit_webrtc.component", "wants_video"
    component = module(path, user, "streamlit_webrtc.webrtc_streamer")
    context = need(component, "WebRtcStreamerContext", path, user, path)
    need(context, "state", "WebRtcStreamerContext", user, path)
    state = need(component, "WebRtcStreamerState", path, user, path)
    for name in ("playing", "signalling"):
        assert name in state.__annotations__, (
            f"WebRtcStreamerState has no {name} any more, which wants_video and webcam_stream need: look at {path}."
        )
    assert "st.session_state[key] = context" in inspect.getsource(component), (
        "streamlit-webrtc keeps its context no longer in the session under the component's key, where wants_video "
        f"in pages/ui/streamlit_inside.py looks for it: look at {path}."
    )


def test_the_video_component_has_what_a_forgotten_connection_needs() -> None:
    path, user = "streamlit_webrtc.component", "forget_old_connection"
    component = module(path, user, "streamlit_webrtc.webrtc_streamer")
    need(component, "generate_frontend_component_key", path, user, path)
    context = component.WebRtcStreamerContext(
        worker=None, state=component.WebRtcStreamerState(playing=False, signalling=False)
    )
    for name in ("_get_worker", "_set_worker", "_sdp_answer_json", "_is_sdp_answer_sent"):
        need(context, name, "WebRtcStreamerContext", user, path)


@pytest.mark.parametrize(
    ("offers", "playing", "kept", "answer"),
    [
        (["one", "one"], False, True, "answer"),  # the same offer again, while both sides find each other
        (["one", ""], True, True, None),  # it plays: the answer has done its work
        (["one", "two"], False, False, None),  # Stop and Start at once
        (["one", "", "two"], False, False, None),
        ([""], False, True, "answer"),
    ],
)
def test_a_new_offer_ends_the_connection_of_the_old_one(
    monkeypatch: pytest.MonkeyPatch, offers: list[str], playing: bool, kept: bool, answer: str | None
) -> None:
    stopped: list[bool] = []
    worker = SimpleNamespace(stop=lambda: stopped.append(True))
    context = SimpleNamespace(
        state=SimpleNamespace(playing=playing),
        _sdp_answer_json="answer",
        _is_sdp_answer_sent=True,
        worker=worker,
    )
    context._get_worker = lambda: context.worker
    context._set_worker = lambda new: setattr(context, "worker", new)
    monkeypatch.setattr(streamlit_inside.st, "session_state", {"video": context})
    for offer in offers:
        streamlit_inside.forget_old_connection("video", {"sdp": offer, "type": "offer"} if offer else "")
    assert (context.worker is worker, context._sdp_answer_json) == (kept, answer)
    assert stopped == ([] if kept else [True])
    assert context._is_sdp_answer_sent is kept


def test_the_video_component_brings_its_state_up_to_date_before_the_page_runs() -> None:
    component = module("streamlit_webrtc.component", "wants_video", "streamlit_webrtc.webrtc_streamer")
    assert "on_change=" in inspect.getsource(component.webrtc_streamer), (
        "streamlit-webrtc has no callback for a changed state any more, so that wants_video in "
        "pages/ui/streamlit_inside.py sees the state of the run before: look at streamlit_webrtc.component."
    )


@pytest.mark.parametrize("argument", ["on_video_ended", "video_frame_callback", "media_toggle_controls"])
def test_the_video_component_takes_what_the_webcam_page_gives(argument: str) -> None:
    from streamlit_webrtc import webrtc_streamer

    takes(
        webrtc_streamer,
        argument,
        "webcam_stream in pages/ui/live/stream.py",
        "streamlit_webrtc.webrtc_streamer",
    )


@pytest.mark.parametrize(
    ("wanted", "said", "taken"),
    [
        (500, "/raut/.streamlit/config.toml", 500),
        (1500, "/raut/.streamlit/config.toml", 1500),
        (1500, "environment variable", 1000),
        (1500, "command-line argument or environment variable", 1000),
        (500, "environment variable", 500),
    ],
)
def test_the_server_takes_what_a_limit_says_unless_it_was_told_at_its_start(
    monkeypatch: pytest.MonkeyPatch, wanted: int, said: str, taken: int
) -> None:
    options: dict[str, Any] = {"server.maxUploadSize": 1000}
    monkeypatch.setattr(streamlit_inside.config, "get_option", options.__getitem__)
    monkeypatch.setattr(streamlit_inside.config, "set_option", options.__setitem__)
    monkeypatch.setattr(streamlit_inside.config, "get_where_defined", lambda option: said)
    assert streamlit_inside.largest_upload_mb(wanted) == taken
    assert options["server.maxUploadSize"] == max(1000, taken)


def test_streamlit_asks_for_its_limit_with_each_upload_and_says_where_it_was_set() -> None:
    source = (Path(st.__file__).parent / "web/server/starlette/starlette_routes.py").read_text("utf-8")
    upload = source[source.index("async def _upload_put") :] if "async def _upload_put" in source else ""
    assert 'config.get_option("server.maxUploadSize")' in upload
    words = (Path(st.__file__).parent / "config.py").read_text("utf-8")
    assert '"command-line argument or environment variable"' in words and '"environment variable"' in words
