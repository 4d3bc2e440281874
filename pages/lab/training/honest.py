"""For faces of one's own: the flattering figure by frame beside the honest one by burst, and why they differ."""

from __future__ import annotations

import html

import streamlit as st

from fer_core.lab.network import LabNetwork
from pages.lab.training.estimates import accuracy_of, faces_text
from pages.lab.training.figure_cards import FigureCard, figure_cards
from pages.lab.training.words import guessing
from pages.ui.i18n import _, format_percent
from pages.ui.teaching.question import ask

_FRAMES = 5
"""Of each burst in the drawing; every last one of a burst is held back in the upper row."""


def expectation(network: LabNetwork) -> bool:
    """A guess before the figures; returns whether the answer is shown.

    Args:
        network: of own faces, with both figures.
    """
    frames, test = network.figures.frames, network.figures.test
    assert frames is not None
    by_frame, by_burst = accuracy_of(frames), accuracy_of(test)
    shares = [format_percent(one.value, 0) for one in (by_frame, by_burst)]
    right = "same" if shares[0] == shares[1] else ("frame" if by_frame.value > by_burst.value else "burst")
    return ask(
        f"lab_expect_{network.id}",
        _(
            "What do you expect? When is the network right more often: on other frames of the bursts that it learnt from "
            "(by frame), or on bursts that it never saw (by burst)?"
        ),
        {"frame": _("By frame"), "burst": _("By burst"), "same": _("Equally often")},
        right,
        _("By frame: {frame}. By burst: {burst}.").format(frame=shares[0], burst=shares[1]),
    )


def show_both_figures(network: LabNetwork) -> None:
    """Both figures, and why the one by burst counts.

    Args:
        network: of own faces, with both figures.
    """
    frames, test = network.figures.frames, network.figures.test
    assert frames is not None
    figure_cards(
        [
            FigureCard(accuracy_of(test), _("By burst: the honest figure"), faces_text(test)),
            FigureCard(
                accuracy_of(frames), _("By frame: looks too good"), faces_text(frames), kind="flattering"
            ),
        ]
    )
    st.caption(guessing(network))
    st.markdown(
        _(
            "The frames of a burst are taken within seconds and are nearly the same picture. If some of them are learnt "
            "and the ones between are the test, the network has practically seen the test: the figure by frame is too good. By "
            "burst, a whole recording is kept back, and the network must answer a face as it was at another moment: that is "
            "what you can expect when you try it."
        )
    )
    st.html(_drawing())


def _drawing() -> str:
    """Frames of two bursts, learnt and tested, once by frame and once by burst."""
    learnt, tested = _("learnt"), _("tested")
    by_frame = [[place != _FRAMES // 2 for place in range(_FRAMES)]] * 2
    by_burst = [[True] * _FRAMES, [False] * _FRAMES]
    rows = []
    for name, words, bursts in (
        (_("By frame"), _("each burst has frames that are learnt and one that is tested"), by_frame),
        (_("By burst"), _("one burst is learnt, and the other is tested"), by_burst),
    ):
        boxes = "".join(
            f"<span>{''.join('<i></i>' if is_learnt else '<i class=tested></i>' for is_learnt in burst)}</span>"
            for burst in bursts
        )
        label = html.escape(f"{name}: {words}", quote=True)
        rows.append(
            f'<div><b>{html.escape(name)}</b><div class="raut-lab-bursts" role="img" aria-label="{label}">{boxes}'
            "</div></div>"
        )
    legend = f'<p aria-hidden="true"><i></i> {html.escape(learnt)} <i class="tested"></i> {html.escape(tested)}</p>'
    return f'<div class="raut-lab-drawing">{"".join(rows)}{legend}</div>'
