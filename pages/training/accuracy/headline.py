"""The accuracy of a network in a line."""

from __future__ import annotations

import streamlit as st

from fer_core.evaluation.figures import figures_of
from fer_core.evaluation.report import SplitReport
from pages.training.networks import NetworkResults, figure_text
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext


def accuracy_line(part: SplitReport, whole: SplitReport | None = None) -> None:
    """The accuracy with what it was measured on, and its interval.

    Args:
        part: what is shown.
        whole: the split with its duplicates, where `part` leaves them out; None: `part` is that.
    """
    parts = [f"**{_('Accuracy')}: {figure_text(part)}**"]
    if whole is not None and part is not whole:
        parts.append(_("without duplicates of the training images"))
    ends = figures_of(part.confusion).accuracy.ends
    parts.append(_("95% confidence interval: {range}").format(range=format_range(*ends)))
    st.markdown(" · ".join(parts))


def how_far_to_trust(results: NetworkResults, part: SplitReport, whole: SplitReport | None = None) -> None:
    """What the duplicates add to the accuracy, and what another training would give.

    Args:
        results: the network.
        part, whole: as for `accuracy_line`.
    """
    sentences = []
    without = part.without_duplicates if whole is None or part is whole else None
    if without is not None and without.n < part.n:
        duplicates = part.n - without.n
        sentences.append(
            ngettext(
                "{duplicates} of these images has an exact duplicate among the training images, so the network "
                "saw its answer in training. Without it: {share} ({n} images).",
                "{duplicates} of these images have an exact duplicate among the training images, so the network "
                "saw their answers in training. Without them: {share} ({n} images).",
                duplicates,
            ).format(
                duplicates=format_number(duplicates),
                share=format_percent(without.accuracy),
                n=format_number(without.n),
            )
        )
    if results.seeds is not None:
        sentences.append(
            _(
                "{n} trainings that began from different random numbers (seeds) gave {range} on {split}."
            ).format(
                n=format_number(results.seeds.trainings),
                range=format_range(results.seeds.lowest, results.seeds.highest),
                split=escape_markdown(results.seeds.split),
            )
        )
    elif results.info.training.seed is not None:
        sentences.append(
            _("Only one training was measured, so it is not known how far another one would differ.")
        )
    if sentences:
        st.caption(" ".join(sentences))
