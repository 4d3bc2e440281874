"""Data set: counts always, pictures where FER2013 is."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.counts import shipped_counts
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.paper import PAPER_TABLE1
from fer_core.store.network import NetworkInfo
from pages.dataset.counts import whole_set
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_fer2013

PAGE = "pages/dataset/page.py"


@pytest.fixture
def made_up_fer2013(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    return write_fer2013(tmp_path / "fer2013")


def charts(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def parts(app: AppTest, name: str) -> list[dict]:
    """What is handed to the parts in the browser of that name."""
    found = app.get("bidi_component")
    return [json.loads(each.proto.json) for each in found if each.proto.component_name == name]


def grid(app: AppTest) -> dict:
    return parts(app, "dataset_grid")[0]


def rows_in(app: AppTest) -> list[int]:
    return [item[0] for window in grid(app)["windows"] for item in window["items"]]


def statistics(app: AppTest) -> AppTest:
    at(app, view="statistics")
    assert_no_trouble(app)
    return app


def at(app: AppTest, **parameters: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    for name, text in parameters.items():
        app.query_params[name] = text
    return app.run()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "For each picture of “Disgust” there are 16 of “Happy”"),
        ("id", "Untuk setiap satu gambar “Jijik” ada 16 gambar “Senang”"),
    ],
)
def test_the_first_thing_said_is_how_unequal_the_expressions_are(
    open_app: OpenApp, no_fer2013: None, language: str, sentence: str
) -> None:
    app = statistics(open_app(PAGE, language=language))
    assert app.header[0].value == sentence
    counts = whole_set()
    assert 15.5 < counts["happy"] / counts["disgust"] < 16.5, "the sentence is counted, not typed"


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_view_is_named_in_the_address_in_every_language(
    open_app: OpenApp, no_fer2013: None, language: str
) -> None:
    app = open_app(PAGE, language=language)
    app.segmented_control(key="view").set_value("statistics").run()
    assert_no_trouble(app)
    assert app.query_params["view"] == "statistics" and len(charts(app)) == 6
    app.segmented_control(key="view").set_value("pictures").run()
    assert grid(app)["count"] == 35_887


def test_the_sentence_follows_the_counts(
    open_app: OpenApp, no_fer2013: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = json.loads(json.dumps(shipped_counts()))
    for name in ("Training", "PublicTest", "PrivateTest"):
        counts[name]["fear"] = 10
    monkeypatch.setattr("pages.dataset.counts.shipped_counts", lambda: counts)
    app = statistics(open_app(PAGE))
    expected = round(whole_set()["happy"] / 30)
    assert app.header[0].value == f"For each picture of “Fear” there are {expected} of “Happy”"


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_the_data_charts_are_there_and_a_card_says_how_to_get_it(
    open_app: OpenApp, no_fer2013: None, language: str
) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert "FER2013_DIR" in texts(app)
    assert not app.error
    assert len(charts(statistics(app))) == 6
    assert not app.error


def test_the_chart_and_the_table_of_a_split_show_its_counts(open_app: OpenApp, no_fer2013: None) -> None:
    app = statistics(open_app(PAGE))
    for name, counts in shipped_counts().items():
        app.segmented_control(key="dataset_split").set_value(name).run()
        assert_no_trouble(app)
        bars = charts(app)[1]["data"][0]
        assert sorted(bars["text"]) == sorted(f"{count:,}" for count in counts.values()), name
        assert f"{sum(counts.values()):,} pictures." in texts(app)


def test_all_splits_stand_in_one_table_with_a_dash_for_what_a_label_set_lacks(
    open_app: OpenApp, no_fer2013: None
) -> None:
    table = next(
        line
        for line in texts(statistics(open_app(PAGE))).splitlines()
        if "PaperTest</th>" in line and "7,099" in line and "165" in line
    )
    assert "<th" in table and "28,821" in table and "7,099" in table
    rows = {re.findall(r">([^<]+)</th>", row)[0]: row for row in table.split("<tr")[2:]}
    without_contempt = {name for name, row in rows.items() if "–" in row}
    assert without_contempt == {"Training", "PublicTest", "PrivateTest", "Table1Train", "Table1Test"}
    assert ">165<" in rows["PaperTrain"] and ">51<" in rows["PaperTest"]
    assert ">3,153<" in rows["FERplusPrivateTest"]


def test_the_papers_table_1_is_met_in_all_14_counts(open_app: OpenApp, no_fer2013: None) -> None:
    app = statistics(open_app(PAGE))
    assert [box.value for box in app.success] == ["All 14 counts are those of the paper."]
    assert sum(train for train, _test in PAPER_TABLE1.values()) == 28_821
    assert sum(test for _train, test in PAPER_TABLE1.values()) == 7_066


def test_a_difference_from_the_paper_is_named(
    open_app: OpenApp, no_fer2013: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAPER_TABLE1, "sad", (1, 1139))
    app = statistics(open_app(PAGE))
    assert not app.success
    assert [box.value for box in app.warning] == ["Different from the paper: Sad."]


def test_figure_7_has_training_beside_test(open_app: OpenApp, no_fer2013: None) -> None:
    figure = charts(statistics(open_app(PAGE)))[2]
    with_data = [trace for trace in figure["data"] if trace.get("text")]
    assert [sorted(trace["text"]) for trace in with_data] == [
        sorted(f"{pair[side]:,}" for pair in PAPER_TABLE1.values()) for side in (1, 0)
    ]


def test_pictures_have_their_row_label_and_votes(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    assert_no_trouble(app)
    shown = grid(app)
    assert shown["count"] == 60 and not shown["list"]
    assert rows_in(app) == list(range(60))
    row, label, vote, _predicted, _certainty = shown["windows"][0]["items"][0]
    assert (row, shown["labels"][label]["name"], shown["votes"][vote]["name"]) == (0, "Angry", "Neutral")
    assert shown["windows"][0]["sprite"].startswith("data:image/jpeg;base64,")


def test_a_link_filters_sorts_and_says_how_many(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = at(open_app(PAGE), split="PrivateTest", label="happy", sort="-row")
    assert_no_trouble(app)
    assert rows_in(app) == [59, 52]
    assert "**2** of 60 pictures" in texts(app)
    assert [button.label for button in app.button if (button.key or "").startswith("chip_")] == [
        "Split: PrivateTest",
        "Label: Happy",
    ]


def test_a_chip_takes_its_condition_away_and_undo_brings_it_back(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    app = at(open_app(PAGE), split="PrivateTest", label="happy")
    app.button(key="chip_split").click().run()
    assert_no_trouble(app)
    assert app.query_params.get("label") == "happy" and "split" not in app.query_params
    assert len(rows_in(app)) == 9
    app.button(key="chips_undo").click().run()
    assert len(rows_in(app)) == 2
    app.button(key="chips_none").click().run()
    assert len(rows_in(app)) == 60 and "label" not in app.query_params


def test_what_an_address_says_that_cannot_be_is_named_and_left_out(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    app = at(open_app(PAGE), label="furious", sort="beauty")
    assert_no_trouble(app)
    assert len(rows_in(app)) == 60
    assert len(app.error) == 2 and "furious" in app.error[0].value


def test_a_figure_counts_what_the_rest_of_the_filter_leaves(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = at(open_app(PAGE), split="PrivateTest", label="happy")
    bars, matrix = parts(app, "dataset_figure")
    assert bars["counts"] == [1, 2, 2, 2, 1, 1, 1], "of PrivateTest, whatever the label"
    assert [bars["names"][place] for place in bars["picked"]] == ["Happy"]
    assert matrix["kind"] == "matrix" and matrix["picked"] == []


def test_a_filter_that_nothing_meets_says_so(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = at(open_app(PAGE), vote="contempt")
    assert_no_trouble(app)
    assert "No picture meets this filter." in [box.value for box in app.info]
    assert not parts(app, "dataset_grid")


def test_without_the_pictures_each_row_is_a_line_and_everything_filters(
    open_app: OpenApp, no_fer2013: None
) -> None:
    app = at(open_app(PAGE), label="disgust")
    assert_no_trouble(app)
    shown = grid(app)
    assert shown["list"] and shown["count"] == 547
    assert {item[1] for item in shown["windows"][0]["items"]} == {1}
    assert not any(window["sprite"] for window in shown["windows"])
    assert "The pictures are not here" in texts(app)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_sheet_has_its_own_address_and_goes_on_within_the_filter(
    open_app: OpenApp, made_up_fer2013: Path, one_network: NetworkInfo, language: str
) -> None:
    app = at(open_app(PAGE, language=language), split="PrivateTest", label="happy", sheet="52")
    assert_no_trouble(app)
    assert not parts(app, "dataset_grid")
    assert ("Row 52" if language == "en" else "Baris 52") in texts(app)
    assert app.button(key="sheet_previous").disabled
    app.button(key="sheet_next").click().run()
    assert app.query_params["sheet"] == "59"
    assert app.button(key="sheet_next").disabled
    app.button(key="sheet_back").click().run()
    assert_no_trouble(app)
    assert "sheet" not in app.query_params
    assert rows_in(app) == [52, 59] and grid(app)["focus"]["at"] == 1, "back where it was"


def test_a_sheet_lists_duplicates_with_labels_and_splits(open_app: OpenApp, no_fer2013: None) -> None:
    table = shipped_rows()
    twins = np.flatnonzero(table.values("duplicate_group") == 0)
    app = at(open_app(PAGE), sheet=str(twins[0]))
    assert_no_trouble(app)
    answers = next(text for text in texts(app).splitlines() if "Certainty" in text and "<table" in text)
    assert answers.index("Raut<") < answers.index("MobileNet<"), "the default network comes first"
    strip = next(part for part in parts(app, "dataset_strip") if part["title"] == "Duplicates")
    exact = [item["row"] for item in strip["items"] if "exact" in item["lines"]]
    assert exact == twins[1:].tolist()
    assert strip["items"][0]["lines"][1] in ("Training", "PublicTest", "PrivateTest")


def test_the_filter_is_taken_along_with_every_column_in_the_order_shown(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    app = at(open_app(PAGE), label="happy", sort="-row")
    assert_no_trouble(app)
    assert [each.proto.label for each in app.get("download_button")] == ["Download these rows"]


def test_the_whole_filter_can_be_selected(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = at(open_app(PAGE), label="happy")
    app.button(key="select_all").click().run()
    assert_no_trouble(app)
    assert "**9 selected**" in texts(app)
    at(app, split="PrivateTest")
    assert "**9 selected (2 of them in this filter)**" in texts(app)
    app.button(key="select_none").click().run()
    assert "selected" not in texts(app)


def test_a_damaged_data_set_gives_its_sentence_and_the_rows_stay(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    write_fer2013(made_up_fer2013, broken=True)
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert len(app.error) == 1
    assert "100" in app.error[0].value and "2,304" in app.error[0].value
    assert "statistics that come with Raut" in texts(app)
    assert grid(app)["list"] and grid(app)["count"] == 35_887


def test_a_bar_shows_how_far_the_first_reading_is(
    open_app: OpenApp, made_up_fer2013: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pages.ui.resources as resources

    told: list[tuple[float, str]] = []

    class Bar:
        def progress(self, part: float, text: str) -> None:
            told.append((part, text))

        def empty(self) -> None:
            told.append((-1, ""))

    clock = iter(range(0, 1000, 3))
    read = resources.load_fer2013

    def slowly(*, progress) -> object:
        for part in (0.25, 0.5):
            progress(part)
        return read()

    monkeypatch.setattr(resources.st, "progress", lambda _part, _text: Bar())
    monkeypatch.setattr(resources.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(resources, "load_fer2013", slowly)
    assert_no_trouble(open_app(PAGE))
    assert [part for part, _text in told] == [0.25, 0.5, -1]
    assert "About 9 seconds left." in told[0][1]  # 3 s for a quarter
    assert "About 6 seconds left." in told[1][1]


def test_votes_that_come_or_go_are_seen_at_the_next_run(open_app: OpenApp, made_up_fer2013: Path) -> None:
    votes_file = made_up_fer2013 / "fer2013new.csv"
    votes = votes_file.read_bytes()
    votes_file.unlink()
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert grid(app)["windows"][0]["items"][0][2] == -1
    votes_file.write_bytes(votes)
    app.run()
    assert_no_trouble(app)
    assert grid(app)["windows"][0]["items"][0][2] == 0
    votes_file.unlink()
    app.run()
    assert_no_trouble(app)
    assert grid(app)["windows"][0]["items"][0][2] == -1


def test_a_table_that_was_changed_is_read_again(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    before = grid(app)["windows"][0]["sprite"]
    table = made_up_fer2013 / "fer2013.csv"
    first, *others = table.read_text().splitlines()
    table.write_text("\n".join([first, *(line.replace(" 37 ", " 136 ") for line in others)]) + "\n")
    app.run()
    assert_no_trouble(app)
    assert grid(app)["windows"][0]["sprite"] != before


def test_a_folder_of_the_data_set_that_is_closed_is_named(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    for name in ("train/happy", "test/happy"):
        (tmp_path / name).mkdir(parents=True)
    scandir = os.scandir

    def refused(path: str = ".") -> object:
        if Path(path) == tmp_path / "test":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    app = open_app(PAGE)
    assert not app.exception
    shown = texts(app).replace("\\", "")  # which escapes what Markdown would read
    assert f"{tmp_path / 'test'} cannot be read (Permission denied)" in shown


def test_the_first_fifty_pictures_of_a_filter_or_what_is_selected_become_a_round_of_the_quiz(
    open_app: OpenApp, made_up_fer2013: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(
        "streamlit.switch_page", lambda page, *, query_params: went.append((page, query_params))
    )
    app = open_app(PAGE, address={"sort": "-row"})
    assert app.button(key="dataset_quiz").label == "Quiz with the first 50 faces"
    app.button(key="dataset_quiz").click().run()
    rows = ",".join(str(row) for row in range(59, 9, -1))
    assert went == [("pages/quiz/page.py", {"set": "rows", "rows": rows})], "in the order shown"
    app.session_state["dataset_selected"] = np.array([3, 41], np.int64)
    app.run()
    assert app.button(key="dataset_quiz").label == "Quiz with these faces"
    app.button(key="dataset_quiz").click().run()
    assert went[-1][1]["rows"] == "41,3"
