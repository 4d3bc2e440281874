"""The column “training” and the networks below it, on a made-up desk."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.errors import N_, RautError
from fer_core.lab.desk import MOST_NETWORKS
from fer_core.lab.network import Condition
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import Progress
from pages.lab.training.charts import history_columns
from pages.lab.training.estimates import accuracy_of, of_classes
from pages.lab.training.provenance import provenance_of
from pages.lab.training.runs import settings_html
from pages.lab.training.words import rate_text, setting_rows
from pages.ui.charts import csv_text
from pages.ui.i18n import number_for_programs
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.lab.training.desks import (
    FER2013,
    OWN,
    MadeUpDesk,
    MadeUpTraining,
    answers,
    network,
    own_network,
    task,
)
from tests.pages.test_names import NAME, assert_names_are_text


def page(desk: object, settings: object) -> None:
    """The script under test; Streamlit copies its source, so that it has to import what it uses."""
    from pages.lab.training.runs import show_runs
    from pages.lab.training.view import render_training

    render_training(desk, settings, lambda: None)  # type: ignore[arg-type, return-value]
    show_runs(desk)  # type: ignore[arg-type]


def shown(desk: MadeUpDesk, settings: LabSettings | None = FER2013) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60, args=(desk, settings)).run()
    assert_no_trouble(app)
    return app


def button(app: AppTest, key: str):  # type: ignore[no-untyped-def]
    return next(one for one in app.button if one.key == key)


def table_texts(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def test_start_begins_a_training_under_a_free_name_and_without_settings_it_says_why_not() -> None:
    desk = MadeUpDesk([network(1), network(3)])
    app = shown(desk)
    button(app, "lab_start").click().run()
    assert desk.started == [(FER2013, "Training 2")]
    app = shown(desk, None)
    assert button(app, "lab_start").disabled
    assert "the column “Data” says what is missing" in texts(app)


def test_a_refusal_is_a_sentence_and_a_full_desk_names_what_goes() -> None:
    desk = MadeUpDesk([network(number) for number in range(1, MOST_NETWORKS + 1)])
    desk.refuses = RautError(N_("There is no trained network yet"))
    app = shown(desk)
    assert "the oldest, **Training 1**, goes" in texts(app)
    button(app, "lab_start").click().run()
    assert [error.value for error in app.error] == ["There is no trained network yet"]


def test_who_waits_sees_how_many_are_before() -> None:
    training = MadeUpTraining(phase="waiting", position=2)
    app = shown(MadeUpDesk(training=training))
    assert "2 trainings are before yours" in str(app.get("progress")[0].proto)
    button(app, "lab_stop").click()
    app.run()
    assert training.stops == 1
    assert not app.get("bidi_component")


def test_while_it_learns_curves_faces_and_changed_answers_are_shown() -> None:
    def probabilities(*given: int) -> np.ndarray:
        return np.eye(3, dtype=np.float32)[list(given)]

    training = MadeUpTraining(
        progress=[Progress(1, 4, 2, 5, 1.0, 0.4, (0,), 1.0), Progress(3, 4, 5, 10, 0.5, 0.7, (4, 2), 9.0)],
        rows=[dict(row) for row in network(epochs=2).figures.history],
        task=task(),
        shown_probabilities=(probabilities(0, 0, 1), probabilities(0, 1, 1)),
        learnt=(4, 2),
        seconds_left=12.2,
    )
    app = shown(MadeUpDesk(training=training))
    assert "Epoch 3 of 4 · about 12 seconds left" in str(app.get("progress")[0].proto)
    course = json.loads(app.get("bidi_component")[0].proto.json)
    accuracy, loss = course["charts"]
    # The steps of epoch 1, both epochs, and the newest step of the third.
    assert [point[0] for point in accuracy["lines"][0]["points"]] == [0.4, 1, 2, 2.5]
    assert [point[0] for point in accuracy["lines"][1]["points"]] == [1, 2]
    assert accuracy["level"] == [1 / 3, "guessing: 33%"] and loss["top"] >= 1.1
    learnt, tested = (one for one in table_texts(app).split("</ul>")[:2])
    assert learnt.count("<li>") == 2 and "Sad" in learnt and "Surprise" in learnt
    # Labels 0, 1, 2; answers 0, 1, 1, and the second one was another before.
    assert tested.count("raut-lab-right") == 2 and tested.count("raut-lab-wrong") == 1
    assert tested.count("was: ") == 1 and "was: Happy" in tested


def test_the_result_says_what_was_measured_how_it_ended_and_against_guessing() -> None:
    made = network(end="died", epochs=2)
    app = shown(MadeUpDesk([made], MadeUpTraining(running=False, phase="ended", network=made)))
    assert "The training broke off after 12 s: the network of epoch 2 of 4 is kept." in texts(app)
    figures = table_texts(app)
    assert "<dt>60%</dt>" in figures and "5 test pictures (PublicTest)" in figures
    assert "Guessing would give 33%." in figures


def test_own_faces_ask_first_and_then_show_both_figures_with_their_bursts() -> None:
    app = shown(MadeUpDesk([own_network()]), OWN)
    assert "60%" not in texts(app) + table_texts(app) and "90%" not in texts(app) + table_texts(app)
    button(app, "lab_expect_1_turn").click().run()
    assert "The answer: **By frame**. By frame: 90%. By burst: 60%." in app.info[0].value
    figures = table_texts(app)
    assert figures.index("<dt>60%</dt>") < figures.index("<dt>90%</dt>")
    assert "10 faces from 2 bursts or photos" in figures or "10 faces, 2 bursts or photos" in figures
    assert_no_trouble(app)


def test_a_class_without_a_second_burst_is_called_untested() -> None:
    one_class = answers([0, 0], [0, 1], [7, 7], 2)
    made = network(1, OWN, test=one_class)
    assert "Not tested: frown." in shown(MadeUpDesk([made]), OWN).warning[0].value
    nothing = network(1, OWN, test=answers([], [], [], 2))
    assert "could not be tested" in shown(MadeUpDesk([nothing]), OWN).info[0].value


def test_two_networks_stand_side_by_side_and_only_what_differs_is_marked() -> None:
    other = replace(FER2013, learning_rate=0.01)
    first, second = network(1), network(2, other)
    desk = MadeUpDesk([first, second], in_use="2")
    app = shown(desk)
    assert "A · Training 1" in table_texts(app) and "B · Training 2" in table_texts(app)
    marked = settings_html(["A", "B"], [setting_rows(first), setting_rows(second)])
    assert marked.count("≠ ") == 1 and "≠ Learning rate" in marked
    app.radio[0].set_value("1").run()
    assert desk.in_use == "1"
    app.text_input[0].set_value("  Best\u202e one ").run()
    assert desk.networks[0].name == "Best one"
    button(app, "lab_remove_2").click().run()
    assert [one.id for one in desk.networks] == ["1"]
    assert_no_trouble(app)


def test_networks_of_other_classes_or_other_test_faces_are_not_set_against_each_other_silently() -> None:
    fewer = network(2, replace(FER2013, classes=("happy", "sad")))
    assert "different classes" in shown(MadeUpDesk([network(1), fewer])).warning[0].value
    elsewhere = network(2, test=answers([0, 1], [0, 1], [70, 71], 3))
    warnings = [one.value for one in shown(MadeUpDesk([network(1), elsewhere])).warning]
    assert any("different faces" in one for one in warnings)
    assert "Not tested: Surprise. The test data hold no such picture." in warnings


def test_names_that_people_wrote_are_text_everywhere() -> None:
    classes = (NAME[:40].strip(), "<b>b</b> $x$ :smile:")
    settings = replace(OWN, classes=classes)
    true = [0, 0, 1, 1]
    made = [
        network(
            number,
            settings,
            name=NAME,
            test=answers(true, true, true, 2),
            conditions=(Condition(NAME, answers(true, [0, 1, 0, 1], true, 2)),),
        )
        for number in (1, 2)
    ]
    training = MadeUpTraining(settings, task=task(settings), learnt=(1, 2))
    assert assert_names_are_text(shown(MadeUpDesk(made), settings)) >= 3
    assert_names_are_text(shown(MadeUpDesk(made, training), settings))


def test_an_interval_counts_bursts_and_not_frames() -> None:
    made = own_network()
    assert accuracy_of(made.figures.test).n == 2
    classes = of_classes(made.figures.test)
    assert [(one.n, one.groups, one.sensitivity.value) for one in classes] == [(5, 1, 1.0), (5, 1, 0.2)]
    assert classes[0].precision.value == pytest.approx(5 / 9)


def test_the_history_can_be_taken_along_with_the_settings_that_made_it() -> None:
    made = network(epochs=1)
    lines = csv_text(history_columns(made.figures.history), provenance_of(made)).splitlines()
    assert lines[0].startswith("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds")
    rate = number_for_programs(made.settings.learning_rate)
    assert f"learning_rate={rate}; seed=1" in lines[1] and made.checksum in lines[1]


@pytest.mark.parametrize(
    ("rate", "text"), [(0.002, "0.002"), (0.1, "0.1"), (0.00015, "0.00015"), (1e-6, "0.000001")]
)
def test_a_learning_rate_has_no_more_digits_than_it_needs(rate: float, text: str) -> None:
    assert rate_text(rate) == text
