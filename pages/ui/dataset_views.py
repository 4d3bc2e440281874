"""Blocks of the page Data set: counts as charts and tables, the paper's Table 1, pictures with their labels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fer_core.datasets import Fer2013, Split, available_splits, class_counts, shipped_counts, split
from fer_core.errors import RautError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS, TASK_LABELS
from fer_core.plots import class_distribution, train_test_bars
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.choices import keep_choice
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _, emotion_label, emotion_name, format_number, format_percent, ngettext
from pages.ui.picture_grid import GridPicture, page_bounds, pages_of, picture_grid
from pages.ui.resources import dataset_or_none
from pages.ui.result_views import no_dataset_card

OFFICIAL = ("Training", "PublicTest", "PrivateTest")

SPLIT_MEANINGS = {
    "Training": N_("What a network learns from."),
    "PublicTest": N_("For choosing: when to stop training, which network to keep."),
    "PrivateTest": N_("For the final figure, looked at once."),
    "Table1Train": N_("What a network learns from, as the paper's Table 1 divides the pictures."),
    "Table1Test": N_("For testing, as the paper's Table 1 divides the pictures."),
    "PaperTrain": N_(
        "What the paper's networks learnt from: Training with the majority of ten people's votes (FER+) as "
        "label."
    ),
    "PaperTest": N_(
        "What the paper's networks were tested on: both test sets with the majority of ten people's votes "
        "(FER+) as label."
    ),
    "FERplusTraining": N_(
        "What a network learns from, where more than half of ten people agreed on an expression (FER+)."
    ),
    "FERplusPublicTest": N_(
        "For choosing, where more than half of ten people agreed on an expression (FER+)."
    ),
    "FERplusPrivateTest": N_(
        "For the final figure, where more than half of ten people agreed on an expression (FER+)."
    ),
}

PAPER_TABLE1: dict[str, tuple[int, int]] = {
    "happy": (7164, 1825),
    "sad": (4938, 1139),
    "angry": (3993, 960),
    "fear": (4103, 1018),
    "surprise": (3205, 797),
    "disgust": (436, 111),
    "neutral": (4982, 1216),
}
"""Training and test pictures as printed in Table 1 of Ekawati et al. (2024), in its order."""

VOTE_NAMES = {"unknown": N_("no clear expression"), "NF": N_("not a face")}


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
            "A network that always answers “{most}” is right for {share} of the pictures and has learnt "
            "nothing. And what it sees seldom, it learns badly: look at “{least}” on the page Training."
        ).format(
            most=emotion_name(most), least=emotion_name(least), share=format_percent(counts[most] / total, 0)
        )
    )


def splits_section() -> None:
    """Class distribution for each split."""
    st.header(_("Who learns from what"), anchor=False)
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
    codes = [*FER2013_LABELS, *(code for code in FERPLUS_LABELS if code not in FER2013_LABELS)]
    # A row for each split: there are more of them than expressions, and their names are longer.
    columns = [Column(_("Split"), list(counts))]
    columns += [
        Column(emotion_label(code), [of_split.get(code) for of_split in counts.values()]) for code in codes
    ]
    columns.append(Column(_("Total"), [sum(of_split.values()) for of_split in counts.values()]))
    show_table(columns, key="all_splits", filename="fer2013-splits")
    st.caption(_("– : these labels do not have this expression."))


def paper_section() -> None:
    """The paper's Table 1 beside our counts, and its Figure 7."""
    st.header(_("As the paper divides it"), anchor=False)
    counts = shipped_counts()
    train, test = counts["Table1Train"], counts["Table1Test"]
    ours = {code: (train[code], test[code]) for code in PAPER_TABLE1}
    numbers = 2 * len(PAPER_TABLE1)
    different = [code for code in PAPER_TABLE1 if ours[code] != PAPER_TABLE1[code]]
    st.markdown(
        _(
            "Ekawati et al. (2024) learn from {train} pictures and test on {test}, "
            "{train_share} and {test_share} of all."
        ).format(
            train=format_number(sum(train.values())),
            test=format_number(sum(test.values())),
            train_share=format_percent(sum(train.values()) / (sum(train.values()) + sum(test.values())), 0),
            test_share=format_percent(sum(test.values()) / (sum(train.values()) + sum(test.values())), 0),
        )
    )
    names = {code: emotion_label(code) for code in PAPER_TABLE1}
    both = {*(a for a, _b in ours.values()), *(b for _a, b in ours.values())}
    figure = train_test_bars(
        {code: ours[code][0] for code in ours},
        {code: ours[code][1] for code in ours},
        names=names,
        texts={number: format_number(number) for number in both},
        hovers={
            code: _("{expression}<br>{train} to learn from<br>{test} to test on").format(
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
        Column(_("Expression"), [*names.values(), _("Total")]),
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
    st.subheader(_("Table 1, printed and counted"), anchor=False)
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
            "For five expressions the rows are the very ones of the public division that the paper used. For "
            "“{fear}” and “{disgust}” they are drawn at random to its counts."
        ).format(fear=emotion_name("fear"), disgust=emotion_name("disgust"))
    )


def pictures_section() -> None:
    """The pictures themselves, where the reader has them."""
    st.header(_("Look at the pictures"), anchor=False)
    try:
        dataset = dataset_or_none()
        if dataset is None:
            no_dataset_card()
            return
        names = available_splits(dataset)
    except RautError as error:
        show_error(error)
        st.markdown(_("The charts above do not need it: they show counts that come with Raut."))
        return
    where, which = st.columns(2)
    name = where.selectbox(_("Pictures of"), names, key="sample_split", persist_state="session")
    part = split(dataset, name)
    counts = class_counts(part)
    everything = "all"
    expression_key = f"sample_expression_{part.task}"
    keep_choice(expression_key, name)
    code = which.selectbox(
        _("Expression"),
        [everything, *counts],
        format_func=lambda code: _("All") if code == everything else f"{emotion_label(code)} ({format_number(counts[code])})",
        key=expression_key,
        persist_state="session",
    )  # fmt: skip
    labels = TASK_LABELS[part.task]
    chosen = np.arange(len(part)) if code == everything else np.flatnonzero(part.labels == labels.index(code))
    if not len(chosen):
        st.info(
            _("{split} has no picture of “{expression}”.").format(split=name, expression=emotion_name(code))
        )
        return
    page_key = f"sample_page_{name}_{code}"
    page = min(int(st.session_state.get(page_key, 1)), pages_of(len(chosen)))
    here = page_bounds(page, len(chosen))
    st.caption(
        ngettext("{first} to {last} of {n} picture", "{first} to {last} of {n} pictures", len(chosen)).format(
            first=format_number(here.start + 1), last=format_number(here.stop), n=format_number(len(chosen))
        )
    )
    picture_grid([_sample(dataset, part, int(position)) for position in chosen[here]])
    st.pagination(pages_of(len(chosen)), key=page_key)
    st.caption(
        _(
            "The label comes from the word that the picture was searched with, checked by people. Do you "
            "agree?"
        )
        + " "
        + (
            _("Row numbers are those of fer2013.csv, the first picture being row 0.")
            if dataset.form == "csv"
            else _("Rows are numbered as read from the folders.")
        )
    )


def _sample(dataset: Fer2013, part: Split, position: int) -> GridPicture:
    row = int(part.rows[position])
    label = TASK_LABELS[part.task][part.labels[position]]
    more = None
    if dataset.votes is not None:
        more = (_("FER+ votes"), _votes(dataset.votes[row]))
    return GridPicture(
        dataset.images_gray[row], _("row {n}").format(n=int(dataset.rows[row])), (emotion_label(label),), more
    )


def _votes(votes: np.ndarray) -> tuple[str, ...]:
    """What ten people saw, most votes first."""
    names = [*(emotion_label(code) for code in FERPLUS_LABELS), *(_(name) for name in VOTE_NAMES.values())]
    order = np.argsort(-votes.astype(int), kind="stable")
    return tuple(f"{format_number(int(votes[i]))} × {names[i]}" for i in order if votes[i]) or (
        _("no votes"),
    )


def _distribution(counts: Mapping[str, int], *, key: str, name: str, alt: str) -> None:
    total = sum(counts.values())
    names = {code: emotion_label(code) for code in counts}
    order = sorted(counts, key=counts.__getitem__, reverse=True)
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
        Column(_("Expression"), [*(names[code] for code in order), _("Total")]),
        Column(_("Pictures"), [*(counts[code] for code in order), total]),
        Column(_("Share"), [*(counts[code] / total for code in order), 1.0], percent=True, decimals=1),
    ]
    show_chart(
        figure, key=f"{key}_chart", filename=f"{name.lower()}-classes", columns=columns, alt=alt, total=True
    )


def _with_sum(numbers: object) -> list[int]:
    values = [int(number) for number in numbers]  # type: ignore[attr-defined]
    return [*values, sum(values)]
