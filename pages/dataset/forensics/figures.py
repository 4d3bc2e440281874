"""What each finding of the view "Forensics" says, and the figure of its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np
import streamlit as st

from fer_core.audit.findings import conflicting, findings_of
from fer_core.datasets.columns import SPLIT_CODES, VOTE_CODES
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_statistics
from fer_core.labels import FER2013_LABELS
from fer_core.plots import Line, count_bars, lines
from pages.dataset.forensics.findings import DOUBTFUL, another_by_votes, threshold_of_doubt
from pages.dataset.forensics.leakage import leakage_section
from pages.dataset.material import is_shipped
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, emotion_name, format_number, format_percent

_MOST_PAIRS = 8


def _groups_of(table: RowTable, chosen: Filter, column: str) -> np.ndarray:
    return table.values(column)[chosen.mask(table)]


def _counts(found: Any) -> dict[str, str]:
    return {
        name: format_number(getattr(found, name)) for name in ("groups", "pictures", "conflicting", "across")
    }


def _bars(counts: Mapping[str, int], *, key: str, name: str, heading: str, alt: str) -> None:
    texts = {each: format_number(count) for each, count in counts.items()}
    show_chart(
        count_bars(
            counts,
            texts=texts,
            hovers={each: f"{each}: {texts[each]}" for each in counts},
            theme=current_theme(),
        ),
        key=key,
        filename=f"fer2013-{name}",
        columns=[Column(heading, list(counts)), Column(_("Number"), list(counts.values()))],
        alt=alt,
    )


def _group_sizes(table: RowTable, chosen: Filter, column: str) -> dict[str, int]:
    """Groups by how many of their pictures meet the filter: "2" and more."""
    groups = _groups_of(table, chosen, column)
    sizes = Counter(np.unique(groups[groups >= 0], return_counts=True)[1].tolist())
    largest = 6
    counts = {
        _("{n} pictures").format(n=format_number(size)): sizes.get(size, 0) for size in range(2, largest)
    }
    more = sum(count for size, count in sizes.items() if size >= largest)
    return {**counts, _("{n} and more").format(n=format_number(largest)): more}


def _exact(table: RowTable, chosen: Filter) -> None:
    found = findings_of(table.take(chosen.mask(table))).exact
    if found is None:
        return
    st.markdown(
        _(
            "{groups} groups of pictures are the same in every pixel, {pictures} pictures in all. In {conflicting} groups "
            "the labels differ; {across} groups lie in more than one split."
        ).format(**_counts(found))
    )
    _leaks(found.leaked)
    _bars(
        _group_sizes(table, chosen, "duplicate_group"),
        key="forensics_exact", name="exact-duplicates", heading=_("Group"),
        alt=_("Groups of exact duplicates by how many pictures they hold"),
    )  # fmt: skip


def _leaks(leaked: Mapping[str, int]) -> None:
    for split, count in leaked.items():
        st.markdown(
            _("{n} pictures of {split} have a duplicate in Training.").format(
                n=format_number(count), split=_("Test data") if split == SPLIT_CODES[-1] else split
            )
        )


def _conflicts(table: RowTable, chosen: Filter) -> None:
    mask = chosen.mask(table)
    groups, labels = table.values("duplicate_group")[mask], table.values("label")[mask]
    differing = conflicting(groups, labels)
    pairs: Counter[tuple[int, int]] = Counter()
    for group in np.unique(groups[differing]):
        pairs.update(combinations(sorted(set(labels[groups == group].tolist())), 2))
    st.markdown(
        _(
            "{groups} groups hold the same picture under different labels, {pictures} pictures in all. At least one label of each group is "
            "wrong, or both expressions are in the picture."
        ).format(
            groups=format_number(len(np.unique(groups[differing]))),
            pictures=format_number(int(differing.sum())),
        )
    )
    _bars(
        {
            " / ".join(emotion_name(FER2013_LABELS[label]) for label in pair): count
            for pair, count in pairs.most_common(_MOST_PAIRS)
        },
        key="forensics_conflicts", name="conflicting-labels", heading=_("Labels"),
        alt=_("Groups of exact duplicates by the labels that they have"),
    )  # fmt: skip


def _near(table: RowTable, chosen: Filter) -> None:
    found = findings_of(table.take(chosen.mask(table))).near
    if found is None:
        return
    st.markdown(
        _(
            "Near and exact duplicates together: {groups} groups, {pictures} pictures. In {conflicting} groups the labels "
            "differ; {across} groups lie in more than one split."
        ).format(**_counts(found))
    )
    _leaks(found.leaked)
    if not is_shipped(table):
        return
    facts = shipped_statistics()["near_duplicates"]
    looked_at = facts["looked_at"]
    st.markdown(
        _(
            "Two pictures are near duplicates if their 64-bit difference hashes differ in at most {bits} bits and their pixels correlate at "
            "{correlation} or more, with a shift of up to {shift} pixels, also mirrored. Of {n} random pairs that we looked at, {same} show the same "
            "photo. Of {below} pairs just below the threshold {below_same} do, too, so some are missed."
        ).format(
            bits=format_number(facts["largest_distance_bits"]),
            correlation=format_number(facts["least_correlation"], 2),
            shift=format_number(facts["largest_shift_px"]),
            n=format_number(looked_at["pairs"]),
            same=format_number(looked_at["same_photo"]),
            below=format_number(looked_at["below"]),
            below_same=format_number(looked_at["below_same_photo"]),
        )
    )
    _sensitivity(facts["sensitivity"])


def _sensitivity(pairs: Mapping[str, Mapping[str, int]]) -> None:
    """How the number of pairs depends on both thresholds."""
    kept = [each for each in pairs if float(each) >= 0.9]
    bits = list(pairs[kept[0]])
    drawn = [
        Line(
            format_number(float(correlation), 2),
            [float(each) for each in bits],
            [pairs[correlation][each] for each in bits],
            [
                _("correlation {correlation}, {bits} bits: {n} pairs").format(
                    correlation=format_number(float(correlation), 2), bits=each,
                    n=format_number(pairs[correlation][each]),
                )
                for each in bits
            ],
        )
        for correlation in kept
    ]  # fmt: skip
    show_chart(
        lines(
            drawn, x_title=_("Bits in which the hashes may differ"), y_title=_("Pairs"), theme=current_theme()
        ),
        key="forensics_near",
        filename="fer2013-near-duplicates",
        columns=[
            Column(_("Correlation"), [float(each) for each in pairs], decimals=2),
            *(
                Column(
                    _("{bits} bits").format(bits=each), [pairs[correlation][each] for correlation in pairs]
                )
                for each in bits
            ),
        ],
        alt=_("How many pairs other thresholds would confirm, exact duplicates left out"),
    )


def _doubtful(table: RowTable, chosen: Filter) -> None:
    facts = shipped_statistics()["doubt"]
    st.markdown(
        _(
            "Each picture was judged by a small network that had learnt neither from it nor from a duplicate of it (five folds; it is right for "
            "{accuracy} of the labels). cleanlab orders the labels by how much speaks against them. {n} labels are called doubtful: as many "
            "as confident learning estimates to be wrong."
        ).format(
            accuracy=format_percent(facts["accuracy"], 0),
            n=format_number(int((table.values("doubt") >= threshold_of_doubt()).sum())),
        )
    )
    if not table.has("votes"):
        return
    at, whole = facts["at"], facts["all"]
    st.markdown(
        _(
            "How good is this list? Of the first 100 labels, nine or ten of ten annotators agree on another expression for {at100}, of the first 1,000 "
            "for {at1000} (of those on which so many agree at all: {decided}); of all pictures for {all}. It is a list of labels to look at first, not of wrong labels."
        ).format(
            at100=format_percent(at["100"]["another"] / at["100"]["n"], 0),
            at1000=format_percent(at["1000"]["another"] / at["1000"]["n"], 0),
            decided=format_percent(at["1000"]["another"] / at["1000"]["agreed"], 0),
            all=format_percent(whole["another"] / whole["n"]),
        )
    )
    _precision(table, chosen)


def _precision(table: RowTable, chosen: Filter) -> None:
    """Share of the first n labels for which the votes agree on another one, within the filter."""
    mask = chosen.mask(table) & ~np.isnan(table.values("doubt"))
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(-table.values("doubt")[rows], kind="stable")]
    if not len(rows):
        return
    agreed, other = (flags[rows].cumsum() for flags in another_by_votes(table))
    ends = [each for each in (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000) if each < len(rows)]
    ends.append(len(rows))
    shares = [float(other[end - 1] / end) for end in ends]
    decided = [float(other[end - 1] / agreed[end - 1]) if agreed[end - 1] else float("nan") for end in ends]
    names = (_("of all of these"), _("of those on which nine or ten agree"))
    drawn = [
        Line(
            name, ends, values,
            [
                _("first {n}: {share}").format(n=format_number(end), share=format_percent(value))
                for end, value in zip(ends, values, strict=True)
            ],
        )
        for name, values in zip(names, (shares, decided), strict=True)
    ]  # fmt: skip
    show_chart(
        lines(
            drawn, x_title=_("Labels, the most doubtful first"), y_title=_("Annotators agree on another"),
            theme=current_theme(), percent=True, log_x=True,
        ),
        key="forensics_doubt",
        filename="fer2013-doubtful-labels",
        columns=[
            Column(_("Labels, the most doubtful first"), ends),
            Column(names[0], shares, percent=True, decimals=1),
            Column(names[1], decided, percent=True, decimals=1),
        ],
        alt=_("Share of the most doubtful labels for which nine or ten annotators agree on another expression"),
    )  # fmt: skip


def _not_a_face(table: RowTable, chosen: Filter) -> None:
    mask = chosen.mask(table)
    undetected = table.values("undetected") & mask
    if table.has("not_a_face"):
        voted = table.values("not_a_face") & mask
        st.markdown(
            _(
                "For {votes} pictures most annotators of FER+ chose “not a face”. In {undetected} pictures neither the Haar cascade nor BlazeFace finds a "
                "face; {both} are both."
            ).format(
                votes=format_number(int(voted.sum())),
                undetected=format_number(int(undetected.sum())),
                both=format_number(int((voted & undetected).sum())),
            )
        )
        against = table.values("votes")[:, VOTE_CODES.index("NF")]
        counts = {
            _("{n} votes").format(n=format_number(number)): int((undetected & (against == number)).sum())
            for number in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
        }
        st.markdown(_("Pictures in which no detector finds a face, by votes for “not a face”:"))
        _bars(
            counts,
            key="forensics_faces", name="not-a-face", heading=_("Votes for “not a face”"),
            alt=_("Pictures without a face that is found, by how many annotators chose “not a face”"),
        )  # fmt: skip
        return
    st.markdown(
        _("In {undetected} pictures neither the Haar cascade nor BlazeFace finds a face.").format(
            undetected=format_number(int(undetected.sum()))
        )
    )


FIGURES: Final[dict[str, Callable[[RowTable, Filter], None]]] = {
    "exact": _exact,
    "conflicting": _conflicts,
    "near": _near,
    "leakage": leakage_section,
    DOUBTFUL: _doubtful,
    "not-a-face": _not_a_face,
}
"""What stands beside the pictures of each finding."""
