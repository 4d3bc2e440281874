"""Which splits there are, why the paper has two numbers of training pictures, and which network learnt from which."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.counts import shipped_counts
from fer_core.labels import FER2013_LABELS
from pages.dataset.counts import SPLIT_MEANINGS
from pages.ui.charts import Column, show_table
from pages.ui.i18n import NOT_A_NUMBER, _, format_number
from pages.ui.resources import measured_networks


def legend_section() -> None:
    """A row for each split, and what the two numbers of the paper are."""
    st.header(_("What the splits are"), anchor=False)
    counts = {name: sum(of_split.values()) for name, of_split in shipped_counts().items()}
    labels = {
        name: sum(1 for count in of_split.values() if count) for name, of_split in shipped_counts().items()
    }
    networks = measured_networks()

    def named(split: str, of: str) -> str:
        found = [_(info.name) for info in networks if getattr(info.training, of) == split]
        return ", ".join(found) or NOT_A_NUMBER

    with st.container(key="split_legend"):
        show_table(
            [
                Column(_("Split"), list(counts)),
                Column(_("Pictures"), list(counts.values())),
                Column(_("Classes"), [labels[name] for name in counts]),
                Column(_("What it is"), [_(SPLIT_MEANINGS[name]) for name in counts]),
                Column(_("Networks that learnt from it"), [named(name, "split") for name in counts]),
                Column(
                    _("Networks whose best epoch it chose"), [named(name, "choice_split") for name in counts]
                ),
            ],
            key="split_legend_table",
            filename="fer2013-legend",
        )
    training = counts["Training"]
    st.markdown(
        _(
            "“The paper” has two numbers of training pictures because it has two sets of labels. Its Table 1 counts "
            "{table1} with the {classes} labels of FER2013 (Table1Train). Its results are those of eight expressions, "
            "labelled by the majority of the ten FER+ votes: of the {training} pictures of Training {paper} have such "
            "a label (PaperTrain); for the other {rest} the most votes went to “no clear expression” or “not a face”."
        ).format(
            table1=format_number(counts["Table1Train"]),
            classes=format_number(len(FER2013_LABELS)),
            training=format_number(training),
            paper=format_number(counts["PaperTrain"]),
            rest=format_number(training - counts["PaperTrain"]),
        )
    )
