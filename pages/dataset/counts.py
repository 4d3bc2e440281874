"""Blocks of the page Data set: counts as charts and tables, the paper's Table 1, pictures with their labels."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fer_core.datasets.counts import shipped_counts
from fer_core.labels import EXPRESSIONS, FER2013_LABELS, in_reading_order
from fer_core.paper import PAPER_TABLE1
from fer_core.plots import class_distribution, train_test_bars
from pages.ui.charts import Column, current_theme, expression_column, show_chart, show_table
from pages.ui.i18n import N_, _, emotion_name, format_number, format_percent

OFFICIAL = ("Training", "PublicTest", "PrivateTest")

SPLIT_MEANINGS = {
    "Training": N_("Training data."),
    "PublicTest": N_("Validation data: for choosing when to stop training and which network to keep."),
    "PrivateTest": N_("Test data: for the final figure, used once."),
    "Table1Train": N_("Training data, split as in the paper's Table 1."),
    "Table1Test": N_("Test data, split as in the paper's Table 1."),
    "PaperTrain": N_(
        "Training data of the paper's networks: Training with the majority vote of ten annotators (FER+) "
        "as label."
    ),
    "PaperTest": N_(
        "Test data of the paper's networks: both test sets with the majority vote of ten annotators "
        "(FER+) as label."
    ),
    "FERplusTraining": N_(
        "Training data, where more than half of ten annotators agreed on an expression (FER+)."
    ),
    "FERplusPublicTest": N_(
        "Validation data, where more than half of ten annotators agreed on an expression (FER+)."
    ),
    "FERplusPrivateTest": N_(
        "Test data, where more than half of ten annotators agreed on an expression (FER+)."
    ),
}


def whole_set() -> dict[str, int]:
    """Pictures for each expression in all of FER2013."""
    counts = shipped_counts()
    return {code: sum(counts[name][code] for name in OFFICIAL) for code in FER2013_LABELS}


def headline() -> None:
    """The one idea: how unequal the expressions are."""
    counts = whole_set()
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    total = sum(counts.values())
    ratio = round(counts[most] / counts[least])
    title = _("For each picture of “{least}” there are {ratio} of “{most}”").format(
        most=emotion_name(most), least=emotion_name(least), ratio=format_number(ratio)
    )
    st.header(title, anchor=False)
    _distribution(counts, key="whole", name="FER2013", alt=title)
    st.markdown(
        _(
            "A network that always answers “{most}” is right for {share} of the pictures without having "
            "learnt anything. Expressions with few pictures are recognised less often: see “{least}” on the "
            "page Training."
        ).format(
            most=emotion_name(most), least=emotion_name(least), share=format_percent(counts[most] / total, 0)
        )
    )


def splits_section() -> None:
    """Class distribution for each split."""
    st.header(_("Training/validation/test split"), anchor=False)
    counts = shipped_counts()
    name = (
        st.segmented_control(
            _("Split"),
            list(counts),
            default="Training",
            required=True,
            key="dataset_split",
            persist_state="session",
        )
        or "Training"
    )
    chosen = counts[name]
    total = format_number(sum(chosen.values()))
    st.markdown(f"**{name}** · " + _("{n} pictures.").format(n=total) + " " + _(SPLIT_MEANINGS[name]))
    _distribution(
        chosen,
        key="split",
        name=name,
        alt=_("Pictures for each expression in {split}").format(split=name),
    )
    st.subheader(_("All splits in one table"), anchor=False)
    codes = EXPRESSIONS
    # A row for each split: there are more of them than expressions, and their names are longer.
    columns = [Column(_("Split"), list(counts))]
    columns += [
        expression_column(code, [of_split.get(code) for of_split in counts.values()]) for code in codes
    ]
    columns.append(Column(_("Total"), [sum(of_split.values()) for of_split in counts.values()]))
    show_table(columns, key="all_splits", filename="fer2013-splits")
    st.caption(_("– : these labels do not have this expression."))


def paper_section() -> None:
    """The paper's Table 1 beside our counts, and its Figure 7."""
    st.header(_("The paper's split"), anchor=False)
    counts = shipped_counts()
    train, test = counts["Table1Train"], counts["Table1Test"]
    ours = {code: (train[code], test[code]) for code in PAPER_TABLE1}
    numbers = 2 * len(PAPER_TABLE1)
    different = [code for code in PAPER_TABLE1 if ours[code] != PAPER_TABLE1[code]]
    st.markdown(
        _(
            "Ekawati et al. (2024) train on {train} pictures and test on {test}, {train_share} and "
            "{test_share} of all."
        ).format(
            train=format_number(sum(train.values())),
            test=format_number(sum(test.values())),
            train_share=format_percent(sum(train.values()) / (sum(train.values()) + sum(test.values())), 0),
            test_share=format_percent(sum(test.values()) / (sum(train.values()) + sum(test.values())), 0),
        )
    )
    names = {code: emotion_name(code) for code in PAPER_TABLE1}
    both = {*(a for a, _b in ours.values()), *(b for _a, b in ours.values())}
    figure = train_test_bars(
        {code: ours[code][0] for code in ours},
        {code: ours[code][1] for code in ours},
        names=names,
        texts={number: format_number(number) for number in both},
        hovers={
            code: _("{expression}<br>training: {train}<br>test: {test}").format(
                expression=names[code], train=format_number(a), test=format_number(b)
            )
            for code, (a, b) in ours.items()
        },
        train_name=_("Training data"),
        test_name=_("Test data"),
        theme=current_theme(),
        title=_("Training and test (Figure 7)"),
    )
    columns = [
        Column(_("Expression"), [*names.values(), _("Total")], codes=(*names, "")),
        Column(_("Training, Raut"), _with_sum(ours[code][0] for code in ours)),
        Column(_("Training, paper"), _with_sum(PAPER_TABLE1[code][0] for code in ours)),
        Column(_("Test, Raut"), _with_sum(ours[code][1] for code in ours)),
        Column(_("Test, paper"), _with_sum(PAPER_TABLE1[code][1] for code in ours)),
    ]
    show_chart(
        figure,
        key="figure7",
        filename="fer2013-train-test",
        columns=None,
        alt=_("Training and test pictures for each expression; the table below has their numbers"),
    )
    st.subheader(_("Table 1: printed and counted"), anchor=False)
    if different:
        st.warning(
            _("Different from the paper: {expressions}.").format(
                expressions=", ".join(emotion_name(code) for code in different)
            ),
            icon=":material/difference:",
        )
    else:
        st.success(
            _("All {n} counts are those of the paper.").format(n=format_number(numbers)),
            icon=":material/check:",
        )
    show_table(columns, key="table1", filename="fer2013-table1", total=True)
    st.caption(
        _(
            "For five expressions the rows are exactly those of the public split that the paper used. For "
            "“{fear}” and “{disgust}” they are drawn at random, in the paper's numbers."
        ).format(fear=emotion_name("fear"), disgust=emotion_name("disgust"))
    )


def _distribution(counts: Mapping[str, int], *, key: str, name: str, alt: str) -> None:
    total = sum(counts.values())
    names = {code: emotion_name(code) for code in counts}
    order = in_reading_order(counts)
    figure = class_distribution(
        counts,
        names=names,
        texts={code: format_number(count) for code, count in counts.items()},
        hovers={
            code: _("{expression}<br>{n} of {total} pictures ({share})").format(
                expression=names[code],
                n=format_number(count),
                total=format_number(total),
                share=format_percent(count / total),
            )
            for code, count in counts.items()
        },
        theme=current_theme(),
        title=_("{split}: {n} pictures").format(split=name, n=format_number(total)),
    )
    columns = [
        Column(_("Expression"), [*(names[code] for code in order), _("Total")], codes=(*order, "")),
        Column(_("Pictures"), [*(counts[code] for code in order), total]),
        Column(_("Share"), [*(counts[code] / total for code in order), 1.0], percent=True, decimals=1),
    ]
    show_chart(
        figure, key=f"{key}_chart", filename=f"{name.lower()}-classes", columns=columns, alt=alt, total=True
    )


def _with_sum(numbers: object) -> list[int]:
    values = [int(number) for number in numbers]  # type: ignore[attr-defined]
    return [*values, sum(values)]
