"""The pictures on which two networks differ, or are wrong together: by who is right, each leading to its sheet."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import N_, RautError
from fer_core.evaluation.answers import read_answers
from fer_core.evaluation.shared_errors import PairErrors, errors_of_either
from pages.training.accuracy.answer_list import SecondAnswers, answer_list
from pages.training.accuracy.rows import KnownRows, fitting, page_has_rows
from pages.training.comparison.pair import Pair
from pages.training.comparison.result import file_word, provenance
from pages.training.networks import NetworkResults
from pages.ui.address.controls import choose_from_list
from pages.ui.address.parameters import choice_of_address, put
from pages.ui.charts import Column, csv_button, expressions_column
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, format_number
from pages.ui.resources import dataset_or_none

WHO: Final = "who"
"""Parameter of the address: which pictures are listed, one of `GROUPS`."""

ORDER: Final = "order"
"""Parameter of the address: one of `ORDERS`."""

GROUPS: Final = {
    "differ": N_("Different answers"),
    "first": N_("Only {first} right"),
    "second": N_("Only {second} right"),
    "neither": N_("Both wrong, different answers"),
    "same": N_("Both wrong, same answer"),
}
"""Code of each group of pictures to its name."""

ORDERS: Final = {
    "row": N_("Row number"),
    "label": N_("Label"),
    "first": N_("Certainty of {first}"),
    "second": N_("Certainty of {second}"),
}
"""Code of each order to its name; the most certain answers come first."""


def pictures(pair: Pair) -> None:
    """The list with its filter and order, and all of it as a file."""
    st.subheader(_("Pictures"), anchor=False)
    errors = errors_of_either(pair.first_part, pair.second_part)
    groups = _groups(errors)
    certainties = [_certainty(results, pair.split, errors) for results in pair.networks]
    orders = [
        code for code in ORDERS if code in ("row", "label") or certainties[code == "second"] is not None
    ]
    who, order = _named(WHO, list(groups)), _named(ORDER, orders)
    names = {"first": _(pair.first.info.name), "second": _(pair.second.info.name)}
    counted = {
        code: f"{_(GROUPS[code]).format(**names)} ({format_number(which.sum())})"
        for code, which in groups.items()
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice(_("Which pictures"), WHO, counted, who)
        words = {code: _(ORDERS[code]).format(**names) for code in orders}
        with st.popover(
            escape_markdown(f"{_('Order')}: {words[order]}"), icon=":material/sort:", key="comparison_sort"
        ):
            _choice(_("Order"), ORDER, words, order)
    at = _sorted(np.flatnonzero(groups[who]), errors, certainties, order)
    if not len(at):
        st.info(_("There is no such picture."), icon=":material/filter_alt_off:")
        return
    _list(pair, errors, certainties, at, f"{who}-{order}")


def _groups(errors: PairErrors) -> dict[str, np.ndarray]:
    """Code of `GROUPS` to bool (E,)."""
    return {
        "differ": errors.first != errors.second,
        "first": errors.only_first,
        "second": errors.only_second,
        "neither": errors.other_answers,
        "same": errors.same_answer,
    }


def _sorted(
    at: np.ndarray, errors: PairErrors, certainties: list[np.ndarray | None], order: str
) -> np.ndarray:
    """The positions in that order; rows rise among those that are alike."""
    certainty = certainties[order == "second"] if order in ("first", "second") else None
    if certainty is not None:
        return at[np.argsort(-certainty[at], kind="stable")]
    return at[np.argsort(errors.true[at], kind="stable")] if order == "label" else at


def _certainty(results: NetworkResults, split: str, errors: PairErrors) -> np.ndarray | None:
    """Probability of its answer to each picture, float32 (E,); None where it is not stored."""
    try:
        stored = read_answers(results.info)
    except RautError as error:
        show_error(error)
        return None
    found = stored.splits.get(split) if stored is not None else None
    if found is None:
        return None
    order = np.argsort(found.rows)
    places = order[np.searchsorted(found.rows, errors.rows, sorter=order).clip(max=found.n - 1)]
    if not np.array_equal(found.rows[places], errors.rows):
        return None
    return np.asarray(found.probabilities[places].max(axis=1))


def _named(parameter: str, codes: list[str]) -> str:
    """What the address names; the first, and a sentence, where it names nothing that there is."""

    def refuse(_name: str, text: str, _shown: str) -> None:
        sentence = (
            N_("There is no group of pictures “{name}”.")
            if parameter == WHO
            else N_("These pictures cannot be sorted by “{name}”.")
        )
        show_error(RautError(sentence, name=text[:60]))

    return choice_of_address(parameter, codes, codes[0], refuse)


def _choice(label: str, parameter: str, words: dict[str, str], chosen: str) -> None:
    choose_from_list(
        label,
        words,
        chosen,
        lambda code: put({parameter: code}),
        *words.values(),
        key=f"comparison_{parameter}",
        width=360,
    )


def _list(
    pair: Pair, errors: PairErrors, certainties: list[np.ndarray | None], at: np.ndarray, what: str
) -> None:
    first, second = [None if each is None else each[at] for each in certainties]
    shown = KnownRows(errors.labels, errors.rows[at], errors.true[at], errors.first[at], first)
    dataset, form = _dataset_or_error(), pair.first_part.form
    usable, why_not = fitting(dataset, shown, form)
    here = dataset if isinstance(dataset, Fer2013) else None
    names = [_(results.info.name) for results in pair.networks]
    text = repr((pair.first.info.id, pair.second.info.id, pair.split, pair.first_part.n, what))
    st.caption(
        _(
            "At each picture: its row number and label, and the answers of 1: “{first}” and 2: “{second}”. ✓: right."
        ).format(first=escape_markdown(names[0]), second=escape_markdown(names[1]))
    )
    answer_list(
        shown,
        usable,
        title=_("Pictures and the answers of {first} and {second}").format(first=names[0], second=names[1]),
        pairs=True,
        query={} if page_has_rows(here, usable, form) else None,
        key=hashlib.sha256(text.encode()).hexdigest()[:12],
        second=SecondAnswers((names[0], names[1]), errors.second[at], second),
    )
    csv_button(
        _columns(shown, errors.second[at], second, names),
        key="comparison_pictures_csv",
        filename=f"{file_word(pair)}-{what}",
        provenance=provenance(pair),
    )
    if isinstance(why_not, RautError):
        show_error(why_not)
    elif why_not:
        st.caption(why_not)
    st.caption(
        _("Row numbers are those of fer2013.csv, the first picture being row 0.")
        if form == "csv"
        else _("Rows are numbered as read from the folders.")
    )


def _columns(
    shown: KnownRows, second: np.ndarray, certainty: np.ndarray | None, names: list[str]
) -> list[Column]:
    columns = [
        Column(_("Row"), [str(row) for row in shown.rows.tolist()]),
        expressions_column(_("Label"), [shown.labels[code] for code in shown.true]),
    ]
    for name, answers, sure in (
        (names[0], shown.predicted, shown.certainty),
        (names[1], second, certainty),
    ):
        columns.append(
            expressions_column(
                _("Answer, {name}").format(name=name), [shown.labels[code] for code in answers]
            )
        )
        if sure is not None:
            columns.append(
                Column(
                    _("Certainty, {name}").format(name=name),
                    sure.astype(float).tolist(),
                    percent=True,
                    decimals=1,
                )
            )
    return columns


def _dataset_or_error() -> Fer2013 | RautError | None:
    """FER2013, None, or what is wrong with it: only the pictures need it."""
    try:
        return dataset_or_none()
    except RautError as error:
        return error
