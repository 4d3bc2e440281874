"""Whatever pages use of Streamlit and streamlit-webrtc that is private: a test for each says what a version dropped.

Style sheets and the parts that run in the browser also go by names in Streamlit's page (`data-testid`); the same
tests look for those. What `serving` uses is in its `launcher.py`, `local.py` and `door.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit import config, runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "CLOSE_PAGE_NOT_FOUND",
    "FOLLOW_THE_SYSTEM_AGAIN",
    "POPOVERS_BY_KEYBOARD",
    "DeltaGenerator",
    "UploadedFile",
    "connected_address",
    "forget_old_connection",
    "forget_uploads",
    "has_reader",
    "is_first_run_of_a_bare_server",
    "keep_uploads_in_memory",
    "largest_upload_mb",
    "session_id",
    "session_lives",
    "wants_video",
]


def has_reader() -> bool:
    """Whether this code runs for a reader's page: tests and threads of their own have none."""
    return get_script_run_ctx(suppress_warning=True) is not None


def session_id() -> str | None:
    """Of the reader's session; None outside of a run of a page."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_id


def session_lives() -> Callable[[], bool]:
    """Whether this reader's page is still open; asked by the thread, which has no session of its own."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    session, server = context.session_id, runtime.get_instance()
    return lambda: bool(server.is_active_session(session))


def connected_address() -> str | None:
    """Network address of the other side of this session's connection, loopback too; None where there is none just now.

    `st.context.ip_address` says None for both this computer itself and a connection that has just ended.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not runtime.exists():
        return None
    client = runtime.get_instance().get_client(context.session_id)
    known = None if client is None else client.client_context
    return None if known is None else known.remote_ip


def forget_uploads(file_ids: Iterable[str]) -> None:
    """Streamlit would keep what was uploaded until the session ends."""
    context = get_script_run_ctx()
    # Streamlit's only manager; the abstract class that it stands behind forgets whole sessions alone.
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file_id in file_ids:
            context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file_id)


def keep_uploads_in_memory() -> None:
    """No upload goes through a temporary file, whatever its size.

    Starlette, which receives them for Streamlit, would put everything above 1 MB into one while it arrives. The
    frame of the page comes before any drop area; `server.maxUploadSize` still ends what is too large.
    """
    MultiPartParser.spool_max_size = 0  # of a SpooledTemporaryFile: never


def largest_upload_mb(wanted: int) -> int:
    """What the server takes as one file, in MB: as much as a page wants, unless somebody said otherwise at its start.

    Raut's own settings are then obeyed without a second one of Streamlit's beside them. It looks at its own with each
    upload.
    """
    option = "server.maxUploadSize"
    taken = int(config.get_option(option))
    said_at_start = "environment variable" in config.get_where_defined(
        option
    )  # also "command-line argument or ..."
    if wanted <= taken or said_at_start:
        return min(wanted, taken)
    config.set_option(option, wanted)
    return wanted


def is_first_run_of_a_bare_server() -> bool:
    """Whether this is the first run since `streamlit run app.py`, which takes a folder named `pages` for its older
    kind of many-page app until `st.navigation` has run once.

    That kind knows no address but `/`: whoever visits another one first finds a box over the page that says there is
    no such page. `make run` and `make serve` tell Streamlit beforehand (`serving`).
    """
    return bool(PagesManager.uses_pages_directory)


CLOSE_PAGE_NOT_FOUND = """<script>
const end = Date.now() + 5000;
const timer = setInterval(() => {
  const close = document.querySelector("[data-testid=stDialog] button[aria-label=Close]");
  if (close === null && Date.now() < end) return;
  clearInterval(timer);
  close?.click();
}, 20);
</script>"""
"""Closes Streamlit's box "Page not found", for the first run of a bare server. Raut opens no such box itself."""


FOLLOW_THE_SYSTEM_AGAIN = """
try {
  for (const key of Object.keys(localStorage)) if (key.startsWith("stActiveTheme")) localStorage.removeItem(key);
} catch { /* a browser that stores nothing */ }
window.dispatchEvent(new Event("afterprint"));
"""
"""Makes Streamlit ask the browser anew whether the system is light or dark, as it does after printing.

It asks by `window.matchMedia`, and only where no theme was chosen in its own menu; such a choice, which an earlier version
of Raut let readers make, is stored for each page and forgotten here.
"""


POPOVERS_BY_KEYBOARD = """<script>
window.rautPopovers ??= (() => {
  const watch = new MutationObserver(() => {
    const bodies = document.querySelectorAll("[data-testid=stPopoverBody]:not([tabindex])");
    for (const body of bodies) body.tabIndex = 0;
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return watch;
})();
</script>"""
"""The arrow keys scroll what a popover shows where it is longer than the page: Streamlit gives it no focus."""


def wants_video(key: str) -> bool:
    """Whether streamlit-webrtc's component has started, before it is called in this run of the page.

    Its context lies in the session under the component's own key, and is up to date when the run begins.

    Args:
        key: session key of the component.
    """
    state = getattr(st.session_state.get(key), "state", None)
    return state is not None and (state.playing or state.signalling)


def forget_old_connection(key: str, offer: object) -> None:
    """Let a new start of streamlit-webrtc's component find nothing of the one before; to be called before the component.

    Stop and Start in quick succession reach the script as one change: the connection that has ended would stay, and the
    browser wait for an answer that never comes. And the answer to the connection that plays would be taken for that to
    the next one, so it is no longer sent once it has done its work.

    Args:
        key: session key of the component.
        offer: what the browser offers just now, `{"sdp": ..., "type": ...}`; anything else is none.
    """
    context: Any = st.session_state.get(key)  # WebRtcStreamerContext, or None before the first call
    offered = str(offer["sdp"]) if isinstance(offer, dict) and "sdp" in offer else ""
    answered_key = f"{key}_offer"
    answered = st.session_state.get(answered_key, "")
    if offered:
        st.session_state[answered_key] = offered
    worker = None if context is None else context._get_worker()
    if worker is None:
        return
    if offered and answered and offered != answered:
        worker.stop()
        context._set_worker(None)
        context._sdp_answer_json, context._is_sdp_answer_sent = None, False
    elif context.state.playing and context._is_sdp_answer_sent:
        context._sdp_answer_json = None
