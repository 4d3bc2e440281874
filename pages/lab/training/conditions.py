"""How far the accuracy falls when something is changed that the network did not learn."""

from __future__ import annotations

import streamlit as st

from fer_core.lab.network import Answers, LabNetwork
from fer_core.plain_text import in_plotly
from fer_core.plots import Accuracies, accuracy_intervals
from pages.lab.training.estimates import accuracy_of, groups_of
from pages.lab.training.provenance import provenance_of
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent, format_range, ngettext


def conditions_chart(network: LabNetwork) -> None:
    """The accuracy on the test and under each condition that was recorded, from the highest down; nothing without any.

    Args:
        network: whose `figures.conditions` are shown.
    """
    conditions = network.figures.conditions
    if not conditions:
        return
    parts: list[tuple[str, Answers]] = []
    if network.figures.test.n:
        parts.append((_("Without a change"), network.figures.test))
    parts += sorted(
        ((one.name, one.answers) for one in conditions), key=lambda part: -(part[1].accuracy or 0.0)
    )
    estimates = [accuracy_of(answers) for _name, answers in parts]
    texts = [
        f"{name}: {format_percent(estimate.value, 0)} · {_counted(answers)}"
        for (name, answers), estimate in zip(parts, estimates, strict=True)
    ]
    st.markdown(f"**{_('Accuracy under other conditions')}**")
    show_chart(
        accuracy_intervals(
            [
                Accuracies(
                    in_plotly(text),
                    [(estimate.value, *estimate.ends)],
                    [
                        in_plotly(
                            f"{text}; {_('95% interval: {range}').format(range=format_range(*estimate.ends, 0))}"
                        )
                    ],
                )
                for text, estimate in zip(texts, estimates, strict=True)
            ],
            series=[_("Accuracy")],
            theme=current_theme(),
        )
        .update_layout(showlegend=False, margin_t=12)
        .update_xaxes(range=[0, 1.02]),
        key="lab_conditions",
        filename="lab-conditions",
        columns=[
            Column(_("Condition"), [name for name, _answers in parts]),
            Column(_("Faces"), [answers.n for _name, answers in parts]),
            Column(_("Bursts and photos"), [groups_of(answers) for _name, answers in parts]),
            Column(
                _("Accuracy"),
                [estimate.value for estimate in estimates],
                percent=True,
                decimals=1,
                intervals=[estimate.ends for estimate in estimates],
            ),
        ],
        alt="; ".join([_("Accuracy under other conditions"), *texts]),
        provenance=provenance_of(network),
    )


def _counted(answers: Answers) -> str:
    """ "120 faces, 4 bursts": short, for a line of a chart."""
    faces = ngettext("{n} face", "{n} faces", answers.n).format(n=format_number(answers.n))
    groups = groups_of(answers)
    return f"{faces}, {ngettext('{n} burst', '{n} bursts', groups).format(n=format_number(groups))}"
