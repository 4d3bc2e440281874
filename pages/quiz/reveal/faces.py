"""The faces of a round: those that divided the class most, and all of them in a row with who said what."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final

import streamlit as st

from fer_core.quiz.results import RATERS, Asked, counts_of, most_divided, most_frequent
from pages.quiz.reveal.face import compared_table
from pages.quiz.reveal.round import Round
from pages.quiz.reveal.words import answer_words, look_of_answer
from pages.ui.i18n import NOT_A_NUMBER, _, format_number
from pages.ui.picture_grid import png_url
from pages.ui.signs import emotion_sign

MOST_DIVIDED: Final = 3


def divided_section(round_: Round) -> None:
    """The faces on which a class was most divided, each with what the class and the annotators said."""
    found = most_divided(round_.asked, MOST_DIVIDED)
    if not found:
        return
    st.subheader(_("Where the class was divided most"), anchor=False)
    cards = "".join(
        f"<li>{_picture(each)}{compared_table(round_.quiz, each.question, each.last)}</li>" for each in found
    )
    st.html(f'<ul class="raut-divided">{cards}</ul>')


def faces_section(round_: Round) -> None:
    """Every face with who said what."""
    st.subheader(_("All faces"), anchor=False)
    raters = [
        rater
        for rater in RATERS
        if round_.shows(rater) and any(counts_of(each.question, each.last, rater) for each in round_.asked)
    ]
    head = "".join(
        f'<th scope="col" class="raut-text">{html.escape(round_.name(rater))}</th>' for rater in raters
    )
    rows = ""
    for each in round_.asked:
        cells = "".join(
            f'<td class="raut-text">{_said(counts_of(each.question, each.last, rater))}</td>'
            for rater in raters
        )
        rows += f'<tr><th scope="row">{_picture(each)}</th>{cells}</tr>'
    st.html(
        f'<div class="raut-table raut-round" tabindex="0" style="overflow-x: auto"><table><thead><tr><th scope="col" class="raut-text">'
        f"{html.escape(_('Face'))}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _picture(each: Asked) -> str:
    number = format_number(each.number + 1)
    name = html.escape(_("Face {n}").format(n=number))
    return f'<img src="{png_url(each.question.face_gray)}" alt="{name}"><b aria-hidden="true">{number}</b>'


def _said(counts: Mapping[str, int]) -> str:
    """What a rater said, and of several people how many of them said what most of them did."""
    if not counts:
        return NOT_A_NUMBER
    total = sum(counts.values())
    lines = []
    for code in most_frequent(counts):
        words = html.escape(answer_words(code))
        if total > 1:
            of_all = _("{n} of {total}").format(n=format_number(counts[code]), total=format_number(total))
            words += f" <small>{html.escape(of_all)}</small>"
        lines.append(f"<span>{emotion_sign(look_of_answer(code))} {words}</span>")
    return "".join(lines)
