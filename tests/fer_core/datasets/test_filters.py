"""Conditions, filters and orders: what they keep, and that an address says the same as the value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_core.datasets.filters import Condition, Filter, column_of, parameter_of
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from fer_core.datasets.tallies import histogram
from fer_core.errors import DatasetError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS

COUNT = 60


def made_up_table() -> RowTable:
    rng = np.random.default_rng(4)
    votes = rng.multinomial(10, np.full(10, 0.1), COUNT).astype(np.uint8)
    votes[:5] = 0
    measured = rng.random(COUNT).astype(np.float32)
    measured[7] = np.nan
    return RowTable(
        {
            "row": np.arange(COUNT),
            "split": rng.integers(0, 3, COUNT),
            "label": rng.integers(0, 7, COUNT),
            "votes": votes,
            "duplicate_group": np.where(rng.random(COUNT) < 0.3, rng.integers(0, 4, COUNT), -1),
            "doubt": measured,
            "brightness": rng.integers(0, 256, COUNT).astype(np.float32),
            "predicted:net-1.5": rng.integers(0, 7, COUNT),
            "certainty:net-1.5": rng.random(COUNT),
            "predicted:plus": rng.integers(0, 8, COUNT),
        },
        {"net-1.5": FER2013_LABELS, "plus": FERPLUS_LABELS},
    )


TABLE = made_up_table()
CLASSES = ("split", "label", "vote", "predicted:net-1.5", "right:plus")
FLAGS = ("leaked", "not_a_face")
WHOLE = ("row", "agreement", "duplicates", "duplicate_group")
MEASURED = ("entropy", "doubt", "brightness", "certainty:net-1.5")


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(("class", "flag", "values", "whole", "measure")))
    if kind in ("class", "flag"):
        name = draw(st.sampled_from(CLASSES if kind == "class" else FLAGS))
        codes = (*TABLE.codes(name), "none") if kind == "class" else TABLE.codes(name)
        return Condition(name, tuple(draw(st.lists(st.sampled_from(codes), max_size=4))))
    if kind == "values":
        values = draw(st.lists(st.integers(-1, COUNT), max_size=4))
        return Condition(draw(st.sampled_from(WHOLE)), tuple(map(str, values)))
    if kind == "whole":
        ends: st.SearchStrategy[float | None] = st.none() | st.integers(-2, COUNT).map(float)
    else:
        ends = st.none() | st.floats(-1e9, 1e9) | st.sampled_from([0.0, 0.5, 128.0, 1e20, 1e-7])
    name = draw(st.sampled_from(WHOLE if kind == "whole" else MEASURED))
    low, high = draw(ends), draw(ends)
    return Condition(name, low=0.0 if low is None and high is None else low, high=high)


FILTERS = st.lists(conditions(), max_size=5, unique_by=lambda each: each.column).map(
    lambda each: Filter(tuple(each))
)
ORDERS = st.builds(Order, st.sampled_from((*CLASSES, *FLAGS, *WHOLE, *MEASURED)), st.booleans()) | st.builds(
    Order, seed=st.integers(0, 2**32 - 1)
)
few = settings(max_examples=60, deadline=None)


@few
@given(FILTERS, conditions())
def test_one_more_condition_never_adds_a_row(chosen: Filter, condition: Condition) -> None:
    before, after = chosen.mask(TABLE), chosen.with_(condition).mask(TABLE)
    assert np.array_equal(after, before & condition.mask(TABLE))


@few
@given(FILTERS, ORDERS)
def test_an_address_says_the_same_filter_and_order(chosen: Filter, order: Order) -> None:
    query = {"view": "pictures", **chosen.to_query(), **order.to_query()}
    assert Filter.from_query(query, TABLE) == (chosen, ())
    assert Order.from_query(query, TABLE) == (order, ())
    assert not any(char in text for text in query.values() for char in "+%&= #")


@few
@given(ORDERS, FILTERS)
def test_an_order_leaves_out_and_repeats_no_row(order: Order, chosen: Filter) -> None:
    everything = order.positions(TABLE)
    assert sorted(everything.tolist()) == list(range(COUNT))
    mask = chosen.mask(TABLE)
    assert order.positions(TABLE, mask).tolist() == [at for at in everything.tolist() if mask[at]]


@few
@given(st.dictionaries(st.sampled_from(["label", "row", "entropy", "leaked", "right.plus", "predicted.", "sort",
                                        "certainty.gone", "votes", "view", "shuffle"]), st.text(max_size=12)))  # fmt: skip
def test_a_damaged_address_is_sentences(query: dict[str, str]) -> None:
    chosen, problems = Filter.from_query(query, TABLE)
    order, more = Order.from_query(query, TABLE)
    assert chosen.mask(TABLE).shape == (COUNT,) and len(order.positions(TABLE)) == COUNT
    assert all(str(problem) for problem in (*problems, *more))


def test_what_conditions_keep() -> None:
    rows = np.arange(COUNT)
    assert rows[Filter((Condition("row", low=3, high=5),)).mask(TABLE)].tolist() == [3, 4, 5]
    assert rows[Filter((Condition("row", ("9", "2")),)).mask(TABLE)].tolist() == [2, 9]
    assert rows[Condition("vote", ("none",)).mask(TABLE)].tolist() == [0, 1, 2, 3, 4]
    assert not Condition("doubt", low=-1.0).mask(TABLE)[7]  # what is not known lies in no range
    assert not Condition("label", ()).mask(TABLE).any()
    grey = TABLE.values("brightness")
    assert np.array_equal(Condition("brightness", low=0, high=grey.max()).mask(TABLE), grey < grey.max())


def test_neighbouring_bars_share_no_picture_and_have_the_counts_of_their_conditions() -> None:
    edges = [0, 64, 100.5, 128, 256]
    bars = [
        Condition("brightness", low=a, high=b).mask(TABLE) for a, b in zip(edges, edges[1:], strict=False)
    ]
    assert np.sum(bars, axis=0).tolist() == [1] * COUNT
    assert histogram(TABLE, "brightness", edges).tolist() == [int(bar.sum()) for bar in bars]


def test_a_click_on_a_bar_adds_its_value_and_a_second_one_takes_it_away() -> None:
    chosen = Filter((Condition("split", ("Training",)),)).toggled("label", "fear").toggled("label", "sad")
    assert chosen.to_query() == {"split": "Training", "label": "fear,sad"}
    assert chosen.toggled("label", "fear").toggled("label", "sad") == chosen.without("label")
    assert chosen.without(Condition("label", ("fear",))).to_query() == {"split": "Training"}
    assert chosen.replaced(Condition("split", ("PublicTest",))).to_query()["split"] == "PublicTest"
    assert chosen.with_(Condition("split", ("PublicTest",))).to_query()["split"] == "-"
    assert Filter((Condition("row", low=8),)).toggled("row", "3").to_query() == {"row": "3"}
    assert not Filter() and chosen


def test_addresses_are_short_and_can_be_read() -> None:
    chosen = Filter(
        (
            Condition("agreement", low=8),
            Condition("entropy", low=0.5, high=1.5),
            Condition("right:net-1.5", ("wrong",)),
        )
    )
    assert chosen.to_query() == {"agreement": "8..", "entropy": "0.5..1.5", "right.net-1.5": "wrong"}
    assert Order("entropy", descending=True).to_query() == {"sort": "-entropy"}
    assert Order("certainty:net-1.5").to_query() == {"sort": "certainty.net-1.5"}
    assert (Order().to_query(), Order(seed=7).to_query()) == ({}, {"shuffle": "7"})
    assert column_of("view") is None and column_of("lang") is None and column_of("votes") is None
    assert column_of(parameter_of("predicted:net-1.5")) == "predicted:net-1.5"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"label": "happy,cheerful", "leaked": "yes"}, {"leaked": "yes"}),
        ({"row": "..", "agreement": "8..ten"}, {}),
        ({"entropy": "1"}, {}),
        ({"leaked": "none"}, {}),
        ({"undetected": "yes", "right.gone": "wrong"}, {}),
        ({"row": ",".join(map(str, range(2001)))}, {}),
        ({"doubt": "nan..1", "row": "1e999.."}, {}),
    ],
)
def test_what_an_address_says_wrongly_is_left_out_with_a_sentence(
    query: dict[str, str], left: dict[str, str]
) -> None:
    chosen, problems = Filter.from_query(query, TABLE)
    assert chosen.to_query() == left
    assert len(problems) == len(query) - len(left)
    assert all(isinstance(problem, DatasetError) and len(str(problem)) < 300 for problem in problems)


def test_a_filter_that_a_table_cannot_answer_is_an_error() -> None:
    with pytest.raises(DatasetError, match="undetected"):
        Filter((Condition("undetected", ("yes",)),)).mask(TABLE)
    with pytest.raises(DatasetError, match="cheerful"):
        Condition("label", ("cheerful",)).mask(TABLE)


def test_what_is_not_known_comes_last_upwards_and_downwards() -> None:
    for descending in (False, True):
        assert Order("doubt", descending).positions(TABLE)[-1] == 7
        assert set(Order("vote", descending).positions(TABLE)[-5:].tolist()) == {0, 1, 2, 3, 4}


def test_a_seed_shuffles_the_same_way_each_time() -> None:
    first, again, other = (Order(seed=seed).positions(TABLE).tolist() for seed in (7, 7, 8))
    assert first == again != other


def test_one_column_has_one_condition() -> None:
    with pytest.raises(ValueError, match="one condition"):
        Filter((Condition("row", low=1), Condition("row", high=2)))
    with pytest.raises(ValueError, match="either"):
        Condition("row")
    with pytest.raises(ValueError, match="numbers"):
        Condition("row", low=float("nan"))
