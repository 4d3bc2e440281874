"""Whether a reader is still there, for threads that work for one session."""

from __future__ import annotations

from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx


def session_lives() -> Callable[[], bool]:
    """Whether this reader's page is still open; asked by the thread, which has no session of its own."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    session, server = context.session_id, runtime.get_instance()
    return lambda: bool(server.is_active_session(session))
