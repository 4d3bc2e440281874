"""Seven or eight expressions: which network comes with the choice, and that the choice stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.evaluation import headline
from fer_core.evaluation.headline import best, partner
from fer_core.labels import Task
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.folder import find_network, list_networks
from fer_core.store.network import NetworkInfo
from pages.ui import network_choice
from pages.ui.i18n import emotion_name, speaking
from tests.network_records import network_of
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.recognizers import EvenRecognizer

if TYPE_CHECKING:
    from fer_core.live.session import LiveSession

SCRIPT = """
import streamlit as st
from pages.ui.network_choice import choose_expressions, choose_network
task = choose_expressions()
info = choose_network(task=task)
st.text(f"{task} {info.id if info else None}")
"""


def network(name: str, task: Task = "fer2013", **facts: Any) -> NetworkInfo:
    return network_of(name, task=task, name=name.capitalize(), **facts)


def trained(epochs: int, planned: int, **recipe: Any) -> dict[str, Any]:
    return {"epochs": epochs, "epochs_planned": planned, "recipe": recipe}


PAIR = {"id": "gong", "companion": {"id": "gong-plus"}}
GONG = network("gong", default=True, training=trained(9, 9, **PAIR))
GONG_PLUS = network("gong-plus", "ferplus", training=trained(9, 9, **PAIR))
KENDANG = network("kendang", training=trained(5, 5, id="kendang", companion=None))
SARON = network("saron", "ferplus", training=trained(5, 5))
BONANG = network("bonang", "ferplus", training=trained(5, 50))
ALL = [GONG, BONANG, GONG_PLUS, KENDANG, SARON]
ACCURACY = {"saron": 0.71, "gong-plus": 0.69, "bonang": 0.99, "gong": 0.7, "kendang": 0.8}


@pytest.fixture
def orchestra(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, ALL)


def offer(monkeypatch: pytest.MonkeyPatch, offered: list[NetworkInfo]) -> None:
    monkeypatch.setattr("pages.ui.resources.list_networks", lambda: offered)
    figure = lambda info: ("PrivateTest", ACCURACY[info.id], 10) if info.id in ACCURACY else None  # noqa: E731
    monkeypatch.setattr(headline, "headline_figure", figure)
    # The harness formats the options once more outside of the run.
    monkeypatch.setattr(network_choice, "network_label", lambda info: info.id)


def choice(**state: str) -> AppTest:
    app = AppTest.from_string(SCRIPT)
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def choose(app: AppTest, task: str) -> AppTest:
    return app.segmented_control[0].set_value(task).run()


# --- which network -------------------------------------------------------------------------------------


def test_at_first_the_default_network_and_its_task_are_chosen(orchestra: None) -> None:
    app = choice()
    assert app.segmented_control[0].options == ["Seven", "Eight, with contempt"]
    assert app.text[0].value == "fer2013 gong"
    assert app.selectbox[0].options == ["gong", "kendang"]


def test_eight_brings_the_other_head_of_the_network_and_seven_brings_it_back(orchestra: None) -> None:
    app = choose(choice(), "ferplus")
    assert app.text[0].value == "ferplus gong-plus"
    assert app.selectbox[0].options == ["bonang", "gong-plus", "saron"]
    assert choose(app, "fer2013").text[0].value == "fer2013 gong"


def test_a_network_with_one_head_gives_way_to_the_best_finished_one(orchestra: None) -> None:
    app = choice(network="kendang")
    assert app.text[0].value == "fer2013 kendang"
    app = choose(app, "ferplus")
    assert app.text[0].value == "ferplus saron"  # bonang has a higher figure and is not finished
    assert choose(app, "fer2013").text[0].value == "fer2013 gong"  # the default one


def test_a_choice_within_the_task_is_kept(orchestra: None) -> None:
    app = choose(choice(), "ferplus")
    app.selectbox[0].set_value("bonang").run()
    assert app.run().text[0].value == "ferplus bonang"


def test_an_unfinished_network_is_better_than_none() -> None:
    assert best("ferplus", [GONG, BONANG]) is BONANG


def test_a_network_without_figures_comes_after_those_with_some(orchestra: None) -> None:
    unknown = network("rebab", "ferplus")
    assert best("ferplus", [unknown, SARON]) is SARON
    assert best("ferplus", [unknown]) is unknown


def test_a_companion_that_is_not_there_gives_way_to_the_best(orchestra: None) -> None:
    assert partner(GONG, "ferplus", [GONG, SARON, BONANG]) is SARON


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (GONG, "gong-plus"),
        (GONG_PLUS, "gong"),
        (KENDANG, None),
        (network("x"), None),
        (network("x", companion="y"), "y"),
        (network("x", training=None), None),
        (network("x", training=trained(1, 1, **PAIR)), None),  # trained with its recipe, under another name
    ],
)
def test_the_companion_is_what_the_metadata_says(info: NetworkInfo, expected: str | None) -> None:
    assert info.companion_id == expected


def test_a_training_is_finished_when_its_epochs_are_run() -> None:
    assert SARON.training.is_finished
    assert not BONANG.training.is_finished
    assert network("x").training.is_finished, "nothing is known about it"


# --- when there is nothing to choose -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "text"), [([GONG, KENDANG], "fer2013 gong"), ([SARON], "ferplus saron"), ([], "None None")]
)
def test_with_networks_of_one_task_there_is_no_control(
    monkeypatch: pytest.MonkeyPatch, offered: list[NetworkInfo], text: str
) -> None:
    offer(monkeypatch, offered)
    app = choice()
    assert not app.exception
    assert len(app.segmented_control) == 0
    assert app.text[0].value == text


def test_a_task_whose_networks_are_gone_gives_way(monkeypatch: pytest.MonkeyPatch, orchestra: None) -> None:
    app = choose(choice(), "ferplus")
    offer(monkeypatch, [GONG, KENDANG])
    app.run()
    assert not app.exception
    assert app.text[0].value == "fer2013 gong"


def test_the_task_of_a_network_that_was_chosen_before_is_taken_over(orchestra: None) -> None:
    assert choice(network="saron").text[0].value == "ferplus saron"


# --- on the pages --------------------------------------------------------------------------------------


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch, orchestra: None) -> list[LiveSession]:
    """The app with two tasks; what the video was given, run by run."""
    seen: list[LiveSession] = []

    def stream(session: LiveSession, key: str, otherwise: str) -> bool:
        seen.append(session)
        return True

    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", stream)
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", EvenRecognizer)
    found = {info.id: info for info in ALL}
    monkeypatch.setattr("pages.ui.resources.find_network", lambda name=None: found[name or "gong"])
    return seen


@pytest.mark.parametrize("page", ["pages/webcam/page.py", "pages/photos/page.py"])
@pytest.mark.parametrize(
    ("language", "options"),
    [("en", ["Seven", "Eight, with contempt"]), ("id", ["Tujuh", "Delapan, dengan penghinaan"])],
)
def test_the_control_is_on_both_pages_in_both_languages(
    open_app: OpenApp, sessions: list[LiveSession], page: str, language: str, options: list[str]
) -> None:
    app = open_app(page, language=language)
    assert_no_trouble(app)
    assert options in [control.options for control in app.segmented_control]


def test_the_choice_outlasts_page_and_language(open_app: OpenApp, sessions: list[LiveSession]) -> None:
    app = open_app("pages/photos/page.py")
    app.file_uploader[0].set_value([("me.jpg", SAMPLE_PHOTO.read_bytes(), "image/jpeg")]).run()
    app.segmented_control(key="expressions").set_value("ferplus").run()
    assert_no_trouble(app)
    assert "Gong-plus ·" in texts(app)
    assert "Contempt" in app.dataframe[0].value.columns
    app.switch_page("pages/about/page.py").run()
    app.switch_page("pages/webcam/page.py").run()
    assert_no_trouble(app)
    assert sessions[-1]._settings.network.id == "gong-plus"
    app.session_state["lang"] = "id"
    app.run()
    assert_no_trouble(app)
    assert app.segmented_control(key="expressions").value == "ferplus"
    assert sessions[-1]._settings.network.id == "gong-plus"


def test_the_choice_reaches_the_running_video_without_a_new_session(
    open_app: OpenApp, sessions: list[LiveSession]
) -> None:
    app = open_app("pages/webcam/page.py")
    assert sessions[-1]._settings.network.id == "gong"
    app.segmented_control(key="expressions").set_value("ferplus").run()
    assert_no_trouble(app)
    assert sessions[-1] is sessions[0]
    assert sessions[-1]._settings.network.id == "gong-plus"


def test_a_still_photo_is_read_with_as_many_expressions_as_were_chosen(
    open_app: OpenApp, sessions: list[LiveSession]
) -> None:
    app = open_app("pages/webcam/page.py")
    app.segmented_control(key="expressions").set_value("ferplus").run()
    app.file_uploader[0].set_value(("me.jpg", SAMPLE_PHOTO.read_bytes(), "image/jpeg"))
    app.run()
    assert_no_trouble(app)
    shown = "\n".join(str(element.proto.body) for element in app.main if element.type == "html")
    assert shown.count('<th scope="row">') == 8


def test_a_control_that_says_nothing_leaves_the_choice_as_it_was(
    orchestra: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.segmented_control", lambda *_arguments, **_options: None)
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    app.session_state["expressions"] = "ferplus"
    app.run()
    assert_no_trouble(app)
    assert [element.value for element in app.text] == ["ferplus saron"]


# --- what differs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("ten annotators", "cannot be compared")),
        ("id", ("sepuluh penilai", "tidak dapat dibandingkan")),
    ],
)
@pytest.mark.parametrize("task", ["fer2013", "ferplus"])
def test_the_switch_says_what_differs_with_the_figures_of_the_evaluation(
    language: str, words: tuple[str, ...], task: str
) -> None:
    app = choice(lang=language, expressions=task)
    (line,) = [caption.value for caption in app.caption if words[0] in caption.value]
    assert words[1] in line
    part = headline.headline_of(find_network("raut-plus"))
    assert part is not None
    found = {
        code: (count, part.confusion[row, row] / count)
        for row, (code, count) in enumerate(zip(part.labels, part.confusion.sum(axis=1), strict=True))
    }
    seldom = sorted(found, key=lambda code: found[code][1])[:2]
    assert set(seldom) == {"contempt", "fear"}
    with speaking(language):
        for code in seldom:
            count, share = found[code]
            of = {"en": "of", "id": "dari"}[language]
            assert f"{emotion_name(code).lower()} {share:.0%} {of} {count}" in line
    assert part.name in line


def test_without_a_network_of_eight_there_is_nothing_to_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, [GONG, KENDANG])
    assert not [caption for caption in choice().caption if "cannot be compared" in caption.value]


def test_a_network_that_was_not_calibrated_says_so_in_the_list() -> None:
    labels = {info.id: network_choice.network_label(info) for info in list_networks()}
    assert "not calibrated" in labels["paper-small"] and "not calibrated" not in labels["raut"]
