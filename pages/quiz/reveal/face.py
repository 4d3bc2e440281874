"""One face after its answers: the class or the player beside the ten annotators and the network.

Plain HTML without a chart: thirty phones load it over one Wi-Fi.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from fer_core.quiz.question import Answer, Question, Quiz
from fer_core.quiz.results import (
    Rater,
    camps,
    counts_of,
    network_shares,
    shares,
    shown_answers,
    tally_of,
)
from fer_core.quiz.room import Tally
from pages.quiz.reveal.sentences import sentences
from pages.quiz.reveal.words import answer_words, look_of_answer, rater_name
from pages.ui.face_cards import emotion_style
from pages.ui.i18n import _, format_number, format_percent, format_probability, ngettext
from pages.ui.network_choice import network_name
from pages.ui.signs import emotion_sign

_SEEN_FROM = 0.005
"""An answer of which nobody gives more than this stands back."""


@dataclass(frozen=True)
class _Bar:
    """One cell: how long, and what stands beside it.

    Attributes:
        share: 0 to 1; None for an answer that this rater cannot give.
        text: its number; "" where there is nothing.
        before: the share before talking; None where there was one vote.
        framed: whether it belongs to the network's prediction set.
        is_mark: the one answer of a player: a mark and no bar.
    """

    share: float | None
    text: str
    before: float | None = None
    framed: bool = False
    is_mark: bool = False


@dataclass(frozen=True)
class _Column:
    rater: Rater
    name: str
    below: str
    bars: tuple[_Bar, ...]


def reveal_style() -> None:
    """The rules of what is shown here."""
    st.html(Path(__file__).with_name("reveal.css"))


def reveal_face(
    quiz: Quiz,
    question: Question,
    given: Answer | Tally,
    *,
    before: Tally | None = None,
    own: Answer | None = None,
    with_network: bool = True,
) -> None:
    """Everything that is known of a face.

    Args:
        quiz: that asked.
        question: the face.
        given: a player's answer, or what the class answered.
        before: what the class answered before it talked; None where it voted once.
        own: what the phone answered on which this is shown; marked in the table.
        with_network: whether the network is spoken of.
    """
    reveal_style()
    st.html(face_html(quiz, question, given, before=before, own=own, with_network=with_network))


def face_html(
    quiz: Quiz,
    question: Question,
    given: Answer | Tally,
    *,
    before: Tally | None = None,
    own: Answer | None = None,
    with_network: bool = True,
) -> str:
    """What `reveal_face` shows, which has the arguments, as HTML."""
    alone = isinstance(given, Answer)
    tally = tally_of(0, given, quiz.options) if isinstance(given, Answer) else given
    codes = shown_answers(question, quiz.network)
    players = _player(codes, given) if isinstance(given, Answer) else _class(codes, given, before)
    columns = [
        players,
        *(each for each in _others(codes, question, quiz) if with_network or each.rater != "network"),
    ]
    return (
        f'<section class="raut-reveal" aria-label="{html.escape(_("Answers to this face"))}">'
        f"{_table(codes, columns, question, own)}<div>{_camps(question, tally, alone, with_network)}</div>"
        f"<div>{_lines(sentences(question, with_network=with_network))}</div></section>"
    )


def show_class(
    quiz: Quiz, question: Question, given: Tally, *, before: Tally | None = None, own: Answer | None = None
) -> None:
    """What the class answered, and nothing else: so that it talks before it knows.

    Args:
        quiz, question, given, before, own: as for `reveal_face`.
    """
    codes = quiz.options
    reveal_style()
    st.html(
        f'<section class="raut-reveal" aria-label="{html.escape(_("Answers of the class"))}">'
        f"{_table(codes, [_class(codes, given, before)], None, own)}</section>"
    )


def compared_table(quiz: Quiz, question: Question, given: Tally) -> str:
    """What a class and the annotators said, as HTML, without the answers that nobody gave."""
    codes = tuple(
        code
        for code in shown_answers(question, quiz.network)
        if given.counts.get(code) or question.vote_counts[code] or code == question.label
    )
    columns = [
        _class(codes, given, None),
        *(each for each in _others(codes, question, quiz) if each.rater == "voters"),
    ]
    return f'<div class="raut-reveal">{_table(codes, columns, question, None)}</div>'


def _player(codes: Sequence[str], given: Answer) -> _Column:
    sure = "" if given.sure is None else format_percent(given.sure, 0)
    bars = tuple(
        _Bar(1.0, sure or "✓", is_mark=True) if code == given.option else _Bar(0.0, "") for code in codes
    )
    below = _("how sure") if sure else ""
    return _Column("players", rater_name("players", alone=True), below, bars)


def _class(codes: Sequence[str], given: Tally, before: Tally | None) -> _Column:
    now = shares(given.counts)
    earlier = shares(before.counts) if before is not None else {}
    bars = tuple(
        _Bar(
            now.get(code, 0.0),
            format_percent(now.get(code, 0.0), 0) if given.counts.get(code) or earlier.get(code) else "",
            before=earlier.get(code, 0.0) if earlier else None,
        )
        for code in codes
    )
    count = ngettext("{n} answer", "{n} answers", given.answers).format(n=format_number(given.answers))
    below = _("outline: before talking") if earlier else count
    return _Column("players", rater_name("players", alone=False), below, bars)


def _others(codes: Sequence[str], question: Question, quiz: Quiz) -> Iterable[_Column]:
    if question.voters:
        voted = shares(question.vote_counts)
        yield _Column(
            "voters",
            rater_name("voters", alone=False),
            ngettext("{n} vote", "{n} votes", question.voters).format(n=format_number(question.voters)),
            tuple(
                _Bar(voted[code], format_number(question.vote_counts[code]) if voted[code] else "")
                for code in codes
            ),
        )
    probable = network_shares(question, quiz.network)
    in_set = question.prediction.prediction_set or ()
    yield _Column(
        "network",
        rater_name("network", alone=False),
        network_name(quiz.network),
        tuple(
            _Bar(probable[code], format_probability(probable[code]), framed=code in in_set)
            if code in probable
            else _Bar(None, "–")
            for code in codes
        ),
    )


def _table(
    codes: Sequence[str], columns: Sequence[_Column], question: Question | None, own: Answer | None
) -> str:
    head = "".join(
        f'<th scope="col">{html.escape(column.name)}<small>{html.escape(column.below)}</small></th>'
        for column in columns
    )
    rows = ""
    for place, code in enumerate(codes):
        tags = _tags(code, question, own)
        seen = tags or any(
            (column.bars[place].share or 0.0) >= _SEEN_FROM or column.bars[place].before for column in columns
        )
        quiet = "" if seen else ' class="quiet"'
        rows += (
            f"<tr{quiet}{emotion_style(look_of_answer(code))}>"
            f'<th scope="row"><span>{emotion_sign(look_of_answer(code))} {html.escape(answer_words(code))}</span>'
            f"{tags}</th>{''.join(_cell(column.bars[place]) for column in columns)}</tr>"
        )
    return (
        f'<table style="--columns:{len(columns)}"><thead><tr><th scope="col"><span class="raut-spoken">'
        f"{html.escape(_('Expression'))}</span></th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _tags(code: str, question: Question | None, own: Answer | None) -> str:
    """What stands below the name of an answer: the label, what a drawing means, the phone's own answer."""
    words = []
    if question is not None and code == question.label:
        words.append(_("label"))
    if question is not None and code == question.meant:
        words.append(_("drawn as this"))
    if own is not None and code == own.option:
        words.append(_("your answer"))
    return "".join(f"<em>{html.escape(each)}</em>" for each in words)


def _cell(bar: _Bar) -> str:
    text = html.escape(bar.text)
    if bar.share is None:
        return f"<td><b>{text}</b></td>"
    if bar.is_mark:
        return f'<td class="mark"><b>{text}</b></td>'
    drawn = f'<u style="--share:{100 * bar.share:.1f}%"></u>'
    was = ""
    if bar.before is not None:
        drawn = f'<s style="--share:{100 * bar.before:.1f}%"></s>{drawn}'
        was = f"<small>{html.escape(format_percent(bar.before, 0))} → </small>" if text else ""
    kind = " class=framed" if bar.framed else ""
    return f"<td{kind}><div><i>{drawn if text else ''}</i><b>{was}{text}</b></div></td>"


def _camps(question: Question, tally: Tally, alone: bool, with_network: bool) -> str:
    """Who says the same, a line for each answer that somebody says most."""
    lines = ""
    for camp in camps(question, tally):
        who = "".join(
            f"<span>{html.escape(_member(question, tally, rater, camp.answer, alone))}</span>"
            for rater in camp.raters
            if with_network or rater != "network"
        )
        if not who:
            continue
        look = look_of_answer(camp.answer)
        lines += (
            f"<li{emotion_style(look)}><strong>{emotion_sign(look)} {html.escape(answer_words(camp.answer))}"
            f"</strong>{who}</li>"
        )
    title = html.escape(_("Who says the same"))
    return f'<h3>{title}</h3><ul class="raut-camps">{lines}</ul>'


def _member(question: Question, tally: Tally, rater: Rater, answer: str, alone: bool) -> str:
    """A rater, and of several people how many of them: "Annotators (6 of 10)"."""
    name = rater_name(rater, alone=alone)
    counts = counts_of(question, tally, rater)
    total = sum(counts.values())
    if total == 1:
        return name
    return _("{rater} ({n} of {total})").format(
        rater=name, n=format_number(counts[answer]), total=format_number(total)
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)
