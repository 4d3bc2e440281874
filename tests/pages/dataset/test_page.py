"""Data set: counts always, pictures where FER2013 is."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.counts import shipped_counts
from fer_core.paper import PAPER_TABLE1
from pages.dataset.counts import whole_set
from pages.ui.signs import emotion_sign
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


def pictures(app: AppTest) -> str:
    return next(
        (e.proto.body for e in app.get("html") if "raut-grid" in e.proto.body and "<img" in e.proto.body), ""
    )


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
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert app.header[0].value == sentence
    counts = whole_set()
    assert 15.5 < counts["happy"] / counts["disgust"] < 16.5, "the sentence is counted, not typed"


def test_the_sentence_follows_the_counts(
    open_app: OpenApp, no_fer2013: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = json.loads(json.dumps(shipped_counts()))
    for name in ("Training", "PublicTest", "PrivateTest"):
        counts[name]["fear"] = 10
    monkeypatch.setattr("pages.dataset.counts.shipped_counts", lambda: counts)
    app = open_app(PAGE)
    expected = round(whole_set()["happy"] / 30)
    assert app.header[0].value == f"For each picture of “Fear” there are {expected} of “Happy”"


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_the_data_charts_are_there_and_a_card_says_how_to_get_it(
    open_app: OpenApp, no_fer2013: None, language: str
) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert len(charts(app)) == 3
    assert "FER2013_DIR" in texts(app)
    assert pictures(app) == ""
    assert not app.error


def test_the_chart_and_the_table_of_a_split_show_its_counts(open_app: OpenApp, no_fer2013: None) -> None:
    app = open_app(PAGE)
    for name, counts in shipped_counts().items():
        app.segmented_control(key="dataset_split").set_value(name).run()
        assert_no_trouble(app)
        bars = charts(app)[1]["data"][0]
        assert sorted(bars["text"]) == sorted(f"{count:,}" for count in counts.values()), name
        assert f"{sum(counts.values()):,} pictures." in texts(app)


def test_all_splits_stand_in_one_table_with_a_dash_for_what_a_label_set_lacks(
    open_app: OpenApp, no_fer2013: None
) -> None:
    table = next(line for line in texts(open_app(PAGE)).splitlines() if "PaperTest</th>" in line)
    assert "<th" in table and "28,821" in table and "7,099" in table
    rows = {re.findall(r">([^<]+)</th>", row)[0]: row for row in table.split("<tr")[2:]}
    without_contempt = {name for name, row in rows.items() if "–" in row}
    assert without_contempt == {"Training", "PublicTest", "PrivateTest", "Table1Train", "Table1Test"}
    assert ">165<" in rows["PaperTrain"] and ">51<" in rows["PaperTest"]
    assert ">3,153<" in rows["FERplusPrivateTest"]


def test_the_papers_table_1_is_met_in_all_14_counts(open_app: OpenApp, no_fer2013: None) -> None:
    app = open_app(PAGE)
    assert [box.value for box in app.success] == ["All 14 counts are those of the paper."]
    assert sum(train for train, _test in PAPER_TABLE1.values()) == 28_821
    assert sum(test for _train, test in PAPER_TABLE1.values()) == 7_066


def test_a_difference_from_the_paper_is_named(
    open_app: OpenApp, no_fer2013: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PAPER_TABLE1, "sad", (1, 1139))
    app = open_app(PAGE)
    assert not app.success
    assert [box.value for box in app.warning] == ["Different from the paper: Sad."]


def test_figure_7_has_training_beside_test(open_app: OpenApp, no_fer2013: None) -> None:
    figure = charts(open_app(PAGE))[2]
    with_data = [trace for trace in figure["data"] if trace.get("text")]
    assert [sorted(trace["text"]) for trace in with_data] == [
        sorted(f"{pair[side]:,}" for pair in PAPER_TABLE1.values()) for side in (1, 0)
    ]


def test_pictures_have_their_row_label_and_votes(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    assert_no_trouble(app)
    grid = pictures(app)
    assert grid.count("<img") == 24
    assert f"<b>row 0</b><span>{emotion_sign('angry')} Angry</span>" in grid
    assert (
        f"<span>{emotion_sign('neutral')} 7 × Neutral</span><span>{emotion_sign('happy')} 3 × Happy</span>"
        in grid
    )
    assert 'alt="row 1, Disgust"' in grid


def test_pictures_can_be_paged_to_the_last(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    app.session_state["sample_page_Training_all"] = 2
    app.run()
    grid = pictures(app)
    assert "25 to 40 of 40 pictures" in texts(app)
    assert grid.count("<img") == 16
    assert "row 39" in grid and "row 40" not in grid


def test_one_expression_of_one_split_can_be_chosen(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    app.selectbox(key="sample_split").set_value("PrivateTest").run()
    app.selectbox(key="sample_expression_fer2013").set_value("happy").run()
    assert_no_trouble(app)
    grid = pictures(app)
    assert grid.count("<img") == 2
    assert f"<b>row 52</b><span>{emotion_sign('happy')} Happy</span>" in grid and "<b>row 59</b>" in grid


def test_the_chosen_expression_stays_in_a_split_with_other_counts(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    key = "sample_expression_fer2013"
    app = open_app(PAGE)
    app.selectbox(key=key).set_value("happy").run()
    assert not app.selectbox(key=key).proto.set_value
    app.selectbox(key="sample_split").set_value("PrivateTest").run()
    told = app.selectbox(key=key).proto
    assert app.session_state[key] == "happy"
    assert told.set_value and told.raw_value == "Happy (2)", "the browser knows it by the old count"


def test_the_papers_split_has_eight_labels(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    app.selectbox(key="sample_split").set_value("PaperTest").run()
    assert "Neutral" in pictures(app)
    app.selectbox(key="sample_expression_ferplus").set_value("contempt").run()
    assert_no_trouble(app)
    assert "PaperTest has no picture of “Contempt”." in [box.value for box in app.info]


def test_a_damaged_data_set_gives_its_sentence_and_the_charts_stay(
    open_app: OpenApp, made_up_fer2013: Path
) -> None:
    write_fer2013(made_up_fer2013, broken=True)
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert len(charts(app)) == 3
    assert len(app.error) == 1
    assert "100" in app.error[0].value and "2,304" in app.error[0].value
    assert "counts that come with Raut" in texts(app)


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
    assert pictures(app)
    assert "FER+" not in pictures(app)
    votes_file.write_bytes(votes)
    app.run()
    assert_no_trouble(app)
    assert "FER+ votes" in pictures(app)
    votes_file.unlink()
    app.run()
    assert_no_trouble(app)
    assert pictures(app)
    assert "FER+" not in pictures(app)


def test_a_table_that_was_changed_is_read_again(open_app: OpenApp, made_up_fer2013: Path) -> None:
    app = open_app(PAGE)
    before = pictures(app)
    table = made_up_fer2013 / "fer2013.csv"
    first, *others = table.read_text().splitlines()
    table.write_text("\n".join([first, *(line.replace(" 37 ", " 36 ") for line in others)]) + "\n")
    app.run()
    assert_no_trouble(app)
    assert pictures(app) not in ("", before)


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
