from __future__ import annotations

import pytest

from fer_core.errors import DatasetError, DatasetNotFoundError, RautError
from fer_core.labels import (
    EMOTIONS,
    EXPRESSIONS,
    FER2013_LABELS,
    FERPLUS_LABELS,
    TASK_LABELS,
    UNSURE,
    in_reading_order,
    shares_in_reading_order,
)


def test_label_orders_are_those_of_the_data_sets() -> None:
    assert FER2013_LABELS == ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    assert FERPLUS_LABELS[:3] == ("neutral", "happy", "surprise")
    assert set(FERPLUS_LABELS) - set(FER2013_LABELS) == {"contempt"}
    assert set(TASK_LABELS) == {"fer2013", "ferplus"}


@pytest.mark.parametrize("labels", TASK_LABELS.values())
def test_people_read_seven_and_eight_in_one_order_with_contempt_last(labels: tuple[str, ...]) -> None:
    assert EXPRESSIONS == (*FER2013_LABELS, "contempt") == tuple(EMOTIONS)[:-1]
    assert in_reading_order(labels) == EXPRESSIONS[: len(labels)]
    assert in_reading_order([UNSURE, *labels])[-1] == UNSURE
    with pytest.raises(ValueError):
        in_reading_order(["smug"])


def test_shares_keep_their_expression_in_another_order() -> None:
    shares = shares_in_reading_order(FERPLUS_LABELS, [0.3, 0.2, 0.1, 0.1, 0.1, 0.08, 0.07, 0.05])
    assert tuple(shares) == EXPRESSIONS
    assert (shares["neutral"], shares["happy"], shares["contempt"]) == (0.3, 0.2, 0.05)
    with pytest.raises(ValueError):
        shares_in_reading_order(FERPLUS_LABELS, [1.0])


def test_every_label_has_a_colour_of_its_own() -> None:
    shown = [EMOTIONS[code] for code in FERPLUS_LABELS]
    assert len({emotion.colour for emotion in shown}) == 8
    assert all(len(emotion.colour) == 7 and emotion.colour.startswith("#") for emotion in shown)
    assert EMOTIONS[UNSURE].colour == ""


def test_an_error_says_its_sentence_and_keeps_template_and_fields_for_translation() -> None:
    error = DatasetError("Row {row} has {count} pixels.", row=7, count=3)
    assert str(error) == "Row 7 has 3 pixels."
    assert (error.template, error.fields) == ("Row {row} has {count} pixels.", {"row": 7, "count": 3})


def test_a_missing_data_set_is_a_data_set_error() -> None:
    with pytest.raises(DatasetError):
        raise DatasetNotFoundError("Nothing in {place}.", place="data")
    assert issubclass(DatasetError, RautError)


def test_an_error_to_keep_says_the_same_and_holds_nothing_that_it_was_raised_in() -> None:
    try:
        try:
            raise OSError("no such file")
        except OSError as cause:
            raise DatasetNotFoundError("Nothing in {place}.", place="data") from cause
    except DatasetNotFoundError as error:
        kept = error.without_traceback()
    assert type(kept) is DatasetNotFoundError and str(kept) == "Nothing in data."
    assert kept.__traceback__ is kept.__cause__ is kept.__context__ is None
