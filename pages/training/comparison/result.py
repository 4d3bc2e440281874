"""What the comparison of two networks gives: the difference, McNemar's test, and the errors that they share."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.evaluation.comparison import Comparison, Difference, McNemar, compare
from fer_core.evaluation.shared_errors import PairErrors, errors_of_either, expected_same_answer
from fer_core.plain_text import in_plotly
from fer_core.plots import Pair as DrawnPair
from fer_core.plots import paired_shares
from fer_core.recognition.provenance import Provenance
from pages.training.comparison.pair import Pair
from pages.training.points import in_points, points_range
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, expressions_column, now_here, show_chart, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent

SIGNIFICANT = 0.05
"""A p-value below it is called hardly chance, as is usual."""

_LEAST_P = 0.001


def provenance(pair: Pair) -> Provenance:
    """Of a file about both networks."""
    return Provenance(
        now_here(),
        settings={
            "first_network": pair.first.info.id,
            "second_network": pair.second.info.id,
            "split": pair.split,
        },
    )


def file_word(pair: Pair) -> str:
    """What a download is called after "raut-"."""
    return f"raut-{pair.first.info.id}-{pair.second.info.id}-{pair.split}"


def result(pair: Pair) -> None:
    """All figures of the comparison, in words and as tables."""
    # The first one on a server loads a library, which takes seconds.
    with st.spinner(_("Comparing the two networks …")):
        found = compare(pair.first_part, pair.second_part)
    errors = errors_of_either(pair.first_part, pair.second_part)
    _headline(pair, found)
    left, right = st.columns(2, gap="large")
    with left:
        _four_fields(pair, found)
    with right:
        _shared(pair, found, errors)


def details(pair: Pair) -> None:
    """By expression, and how all of it is computed: to unfold."""
    _by_expression(pair, errors_of_either(pair.first_part, pair.second_part))
    _how()


def _names(pair: Pair) -> tuple[str, str]:
    """As Markdown, in quotation marks: some names have a comma."""
    first, second = (f"“{escape_markdown(_(results.info.name))}”" for results in pair.networks)
    return first, second


def _headline(pair: Pair, found: Comparison) -> None:
    first, second = _names(pair)
    if found.difference.value < 0:
        ahead, behind, share = second, first, pair.second_part.accuracy
        other = pair.first_part.accuracy
    else:
        ahead, behind, share = first, second, pair.first_part.accuracy
        other = pair.second_part.accuracy
    count = format_number(found.difference.n)
    if found.difference.value == 0:
        text = _("Both are right on {share} of the same {n} pictures ({split}).").format(
            share=format_percent(share), n=count, split=escape_markdown(pair.split)
        )
    else:
        text = _(
            "On the same {n} pictures ({split}), {ahead} is right on {share} and {behind} on {other}: {points} percentage points "
            "more (95% interval: {range})."
        ).format(
            n=count, split=escape_markdown(pair.split), ahead=ahead, behind=behind,
            share=format_percent(share), other=format_percent(other),
            points=in_points(abs(found.difference.value)), range=points_range(*_ends(found.difference, found.difference.value < 0)),
        )  # fmt: skip
    st.markdown(f"##### {text}")
    st.markdown(_verdict(found.test, ahead))
    _without_duplicates(pair)
    _of_seeds(pair)


def _ends(difference: Difference, turned: bool) -> tuple[float, float]:
    """Ends of the interval; turned: of the second network minus the first."""
    return (-difference.high, -difference.low) if turned else (difference.low, difference.high)


def _verdict(test: McNemar, ahead: str) -> str:
    """What the test says, in one sentence."""
    if not test.only_first + test.only_second:
        return _("There is no picture on which only one of them is right.")
    if test.p_value < SIGNIFICANT:
        return _("**It is hardly chance that {ahead} is ahead on pictures like these** ({test}).").format(
            ahead=ahead, test=_test_text(test)
        )
    return _("**It can be chance which of them is ahead** ({test}).").format(test=_test_text(test))


def _coins(test: McNemar) -> str:
    """What is behind the p-value."""
    most, least = max(test.only_first, test.only_second), min(test.only_first, test.only_second)
    return _(
        "{n} pictures are answered rightly by one of them alone. Were both equally good, each would win half of these, as in tosses "
        "of a coin. A split at least as uneven as {most} to {least} would then come up in {share} of cases."
    ).format(
        n=format_number(most + least),
        most=format_number(most),
        least=format_number(least),
        share=_share_of_cases(test),
    )


def _share_of_cases(test: McNemar) -> str:
    if test.p_value < _LEAST_P:
        return _("less than {share}").format(share=format_percent(_LEAST_P))
    return format_percent(test.p_value)


def _test_text(test: McNemar) -> str:
    p = (
        f"p < {format_number(_LEAST_P, 3)}"
        if test.p_value < _LEAST_P
        else f"p = {format_number(test.p_value, 3)}"
    )
    if test.statistic is None:
        return _("McNemar's test, exact: {p}").format(p=p)
    return _("McNemar's test: χ² = {statistic}, {p}").format(statistic=format_number(test.statistic, 1), p=p)


def _without_duplicates(pair: Pair) -> None:
    first, second = pair.first_part.without_duplicates, pair.second_part.without_duplicates
    if first is None or second is None or first.n != second.n or first.n == pair.first_part.n:
        return
    found = compare(first, second).difference
    turned = pair.first_part.accuracy < pair.second_part.accuracy
    st.markdown(
        _(
            "Without the {duplicates} pictures that are also among the training pictures, the difference is {points} points "
            "({range})."
        ).format(
            duplicates=format_number(pair.first_part.n - first.n),
            points=in_points(-found.value if turned else found.value),
            range=points_range(*_ends(found, turned)),
        )
    )


def _of_seeds(pair: Pair) -> None:
    """What the test does not allow for."""
    moved = [
        _("{name} by {width} points").format(name=name, width=in_points(results.seeds.width))
        for name, results in zip(_names(pair), pair.networks, strict=True)
        if results.seeds is not None
    ]
    text = _("This allows for which pictures are in the test, and not for what another training would give.")
    if moved:
        text += " " + _("Another seed moved {what}.").format(what=", ".join(moved))
    st.caption(text)


def _four_fields(pair: Pair, found: Comparison) -> None:
    """The 2x2 counts of McNemar's test."""
    overlap = found.overlap
    names = [_(results.info.name) for results in pair.networks]
    st.subheader(_("Who is right"), anchor=False)
    rows = [
        (_("{name} right").format(name=names[0]), overlap.both_right, overlap.only_second_wrong),
        (_("{name} wrong").format(name=names[0]), overlap.only_first_wrong, overlap.both_wrong),
    ]
    rows.append((_("All"), rows[0][1] + rows[1][1], rows[0][2] + rows[1][2]))
    show_table(
        [
            Column(_("Pictures"), [row[0] for row in rows]),
            Column(_("{name} right").format(name=names[1]), [row[1] for row in rows]),
            Column(_("{name} wrong").format(name=names[1]), [row[2] for row in rows]),
            Column(_("All"), [row[1] + row[2] for row in rows]),
        ],
        key="comparison_fields",
        filename=f"{file_word(pair)}-mcnemar",
        total=True,
        provenance=provenance(pair),
    )
    if found.test.only_first + found.test.only_second:
        st.markdown(_coins(found.test))
    term("mcnemar")


def _shared(pair: Pair, found: Comparison, errors: PairErrors) -> None:
    """Errors in common, beside what independence would give."""
    overlap = found.overlap
    st.subheader(_("Errors in common"), anchor=False)
    if not overlap.both_wrong:
        st.markdown(_("There is no picture that both answer wrongly."))
        return
    same = expected_same_answer(pair.first_part, pair.second_part)
    both = overlap.both_wrong
    wrong = _("both wrong, of all pictures"), _("the same wrong answer, of those")
    counts = [
        (overlap.expected_both_wrong, float(both), overlap.n),
        (same, float(overlap.same_wrong_answer), both),
    ]
    series = (_("if independent"), _("found"))
    show_chart(
        paired_shares(
            [
                DrawnPair(
                    in_plotly(name),
                    (expected / of, seen / of),
                    [
                        f"{label}: {format_number(value)} ({format_percent(value / of)})"
                        for label, value in zip(series, (expected, seen), strict=True)
                    ],
                )
                for name, (expected, seen, of) in zip(wrong, counts, strict=True)
            ],
            series=series,
            theme=current_theme(),
            whole=True,
        ),
        key="comparison_errors",
        filename=f"{file_word(pair)}-errors",
        columns=[
            Column(_("Pictures"), list(wrong)),
            Column(_("Found"), [seen for _expected, seen, _of in counts]),
            Column(_("If independent"), [expected for expected, _seen, _of in counts]),
            Column(_("Of"), [of for _expected, _seen, of in counts]),
        ],
        alt=_("How many errors two networks share, and how many they would if their errors were independent"),
        provenance=provenance(pair),
    )  # fmt: skip
    st.markdown(
        _(
            "Both are wrong on {n} pictures; independent errors would meet on {expected}. Of the {n}, {same} get the same wrong answer "
            "from both; independent wrong answers would agree on {chance}."
        ).format(
            n=format_number(both),
            expected=format_number(overlap.expected_both_wrong),
            same=format_percent(overlap.same_wrong_answer / both),
            chance=format_percent(same / both),
        )
    )


def _by_expression(pair: Pair, errors: PairErrors) -> None:
    labels = pair.first_part.labels
    names = [_(results.info.name) for results in pair.networks]

    support = pair.first_part.confusion.sum(axis=1)

    def counted(which: np.ndarray) -> list[int]:
        return np.bincount(errors.true[which], minlength=len(labels)).tolist()

    def recall(confusion: np.ndarray) -> list[float]:
        return [
            right / of if of else float("nan") for right, of in zip(np.diag(confusion), support, strict=True)
        ]

    with st.expander(_("By expression"), icon=":material/table:"):
        show_table(
            [
                expressions_column(_("Label"), labels),
                Column(_("Pictures"), support.tolist()),
                Column(names[0], recall(pair.first_part.confusion), percent=True, decimals=1),
                Column(names[1], recall(pair.second_part.confusion), percent=True, decimals=1),
                Column(_("Only {name} right").format(name=names[0]), counted(errors.only_first)),
                Column(_("Only {name} right").format(name=names[1]), counted(errors.only_second)),
                Column(_("Both wrong"), counted(errors.same_answer | errors.other_answers)),
            ],
            key="comparison_classes",
            filename=f"{file_word(pair)}-expressions",
            provenance=provenance(pair),
        )
        term("sensitivity")


def _how() -> None:
    with st.expander(_("How this is computed"), icon=":material/calculate:"):
        st.markdown(
            _(
                "- McNemar (1947) compares the two counts of pictures that one network alone has right: exactly (binomial) below 25, else "
                "with χ² and Edwards' correction.\n"
                "- The interval of the difference is that of Bonett and Price (2012) for pairs.\n"
                "- “If independent”: the share of wrong answers of one network times that of the other; for the same wrong answer, each "
                "network's wrong answers to pictures with that label.\n"
                "- A small p-value says that a difference is hardly chance, not that it is large. Who compares many pairs of networks finds "
                "one by chance sooner or later."
            )
        )
