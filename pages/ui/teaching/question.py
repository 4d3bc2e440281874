"""A question before its answer: readers guess first, then see what is right. No score is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, either


def ask(
    key: str, question: str, options: Mapping[str, str], right: str | Collection[str], answer_text: str
) -> bool:
    """A question with its options; what is right follows once one is chosen, or "Show the answer" is pressed.

    Args:
        key: unique on the page, and another one for each other question: whatever the right answer depends on is
            part of it, for example the face and the network.
        question: Markdown, translated.
        options: code of each to its words, plain text, translated; at least two.
        right: code of what is right, or several where they are equally right; computed, never typed.
        answer_text: the explanation that follows, Markdown, translated.

    Returns:
        Whether the answer is shown, so that a page can keep back until then what would give it away.

    Raises:
        ValueError: what is right is none of the options.
    """
    codes = [right] if isinstance(right, str) else list(right)
    if not codes or not set(codes) <= set(options):
        raise ValueError(f"Expected one or more of {list(options)}. Received: {right!r}")
    guess_key, shown_key = f"{key}_guess", f"{key}_shown"
    with st.container(border=True, key=f"question_{_for_style(key)}", gap="small"):
        st.markdown(f":material/help: **{question}**")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            guess = st.segmented_control(
                question,
                list(options),
                # A label is Markdown, too.
                format_func=lambda code: escape_markdown(options.get(code, code)),
                key=guess_key,
                label_visibility="collapsed",
                persist_state="session",
            )
            shown = guess in options or bool(st.session_state.get(shown_key))

            def turn() -> None:
                st.session_state[shown_key] = not shown
                st.session_state[guess_key] = None

            st.button(
                _("Ask again") if shown else _("Show the answer"),
                icon=":material/visibility_off:" if shown else ":material/visibility:",
                type="tertiary",
                key=f"{key}_turn",
                on_click=turn,
            )
        if not shown:
            return False
        words = either([options[code] for code in codes])
        solution = _("The answer: {answer}.").format(answer=f"**{escape_markdown(words)}**")
        if guess in codes:
            st.success(f"{_('Right.')} {solution} {answer_text}", icon=":material/check_circle:")
        elif guess in options:
            st.info(f"{_('Not this one.')} {solution} {answer_text}", icon=":material/lightbulb:")
        else:
            st.info(f"{solution} {answer_text}", icon=":material/lightbulb:")
    return True


def _for_style(key: str) -> str:
    """Letters and digits, as a style sheet can name them."""
    return "".join(sign if sign.isalnum() else "_" for sign in key)
