"""Charts show what they are given, in both themes, and never by colour alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fer_core.labels import EMOTIONS, FER2013_LABELS, in_reading_order
from fer_core.plots import (
    LOOKS,
    CalibrationBin,
    ExpressionCurve,
    cell_text_colour,
    class_distribution,
    confusion_heatmap,
    contrast,
    expression_curves,
    reliability_diagram,
    shade,
    train_test_bars,
)

THEMES = ("light", "dark")
NAMES = {code: code.title() for code in (*FER2013_LABELS, "contempt")}
COUNTS = dict(zip(FER2013_LABELS, (40, 5, 30, 90, 50, 20, 60), strict=True))


def distribution(counts: dict[str, int], theme: str = "light", title: str = ""):
    words = {code: f"{count} pictures" for code, count in counts.items()}
    return class_distribution(counts, names=NAMES, texts=words, hovers=words, theme=theme, title=title)


def heatmap(theme: str = "light", rates: np.ndarray | None = None):
    shares = np.array([[0.9, 0.1], [np.nan, np.nan]]) if rates is None else rates
    texts = [["9", "1"], ["–", "–"]]
    return confusion_heatmap(
        shares, texts=texts, hovers=texts, codes=("happy", "sad"), names={"happy": "Happy", "sad": "Sad"},
        true_name="True", answer_name="Answer", scale_name="Share", scale_texts={0.0: "0%", 1.0: "100%"},
        theme=theme,
    )  # fmt: skip


def test_bars_stand_in_the_reading_order_and_each_has_its_colour_sign_and_number() -> None:
    bars = distribution(COUNTS).data[0]
    order = in_reading_order(COUNTS)[::-1]  # Plotly draws from the bottom
    assert list(bars.y) == [NAMES[code] for code in order]
    assert list(bars.x) == [COUNTS[code] for code in order]
    assert list(bars.marker.color) == [EMOTIONS[code].colour for code in order]
    assert bars.text[order.index("happy")] == "90 pictures"
    shapes = distribution(COUNTS).layout.shapes
    assert [shape.yanchor for shape in shapes] == [NAMES[code] for code in order]
    assert len({shape.path for shape in shapes}) == len(order)


def test_bars_have_room_for_their_numbers() -> None:
    assert distribution(COUNTS).layout.xaxis.range[1] > 1.1 * 90


@pytest.mark.parametrize("counts", [{}, {"happy": 0}])
def test_no_picture_at_all_is_still_a_chart(counts: dict[str, int]) -> None:
    figure = distribution(counts)
    assert len(figure.data[0].x) == len(counts)
    json.loads(figure.to_json())


def test_training_is_filled_and_test_is_hatched() -> None:
    figure = train_test_bars(
        COUNTS, {code: count // 4 for code, count in COUNTS.items()}, names=NAMES,
        texts={n: str(n) for c in COUNTS.values() for n in (c, c // 4)}, hovers=NAMES,
        train_name="Latih", test_name="Uji", theme="dark", title="Gambar 7",
    )  # fmt: skip
    with_data = [trace for trace in figure.data if len(trace.x) == len(COUNTS)]
    legend = [trace for trace in figure.data if trace.showlegend is not False]
    test, train = with_data
    assert list(train.x) == list(COUNTS.values())[::-1]
    assert list(test.x) == [count // 4 for count in COUNTS.values()][::-1]
    assert test.marker.pattern.shape == "/"
    assert train.marker.pattern.shape is None
    assert {trace.name: trace.marker.pattern.shape for trace in legend} == {"Uji": "/", "Latih": None}
    assert {trace.offsetgroup for trace in figure.data} == {"Uji", "Latih"}, (
        "a legend box takes no room of its own"
    )


@pytest.mark.parametrize("theme", THEMES)
def test_every_cell_has_its_number_true_labels_from_the_top(theme: str) -> None:
    figure = heatmap(theme)
    cells = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert cells == {(0, 0): "9", (0, 1): "1", (1, 0): "–", (1, 1): "–"}
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.yaxis.ticktext == ("Happy", "Sad")
    assert figure.layout.xaxis.ticktext == ("Happy", "Sad")
    signs = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert [(shape.xanchor, shape.yanchor) for shape in signs] == [(0, 0), (1, 0), (0, 0), (0, 1)]


def test_an_undefined_row_is_no_colour_and_no_nan() -> None:
    assert np.asarray(heatmap().data[0].z)[1].tolist() == [0, 0]
    assert "NaN" not in heatmap().to_json()


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_in_cells_stand_out_from_every_shade(theme: str) -> None:
    look = LOOKS[theme]
    paper, ink = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (look.paper, look.ink))
    for share in np.linspace(0, 1, 101):
        shade = "#" + "".join(f"{round(v):02X}" for v in paper + (ink - paper) * share)
        assert contrast(cell_text_colour(share, theme), shade) >= 4.5, share


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_the_paper(theme: str) -> None:
    look = LOOKS[theme]
    assert contrast(look.ink, look.paper) >= 7
    assert contrast(look.quiet, look.paper) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_charts_have_the_theme_of_the_page(theme: str) -> None:
    for figure in (distribution(COUNTS, theme), heatmap(theme)):
        layout = figure.layout.template.layout
        assert layout.paper_bgcolor == LOOKS[theme].paper
        assert layout.font.color == LOOKS[theme].ink


def test_the_papers_colours_are_those_of_the_configuration() -> None:
    import tomllib
    from pathlib import Path

    config = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())
    for theme, look in LOOKS.items():
        assert look.paper == config["theme"][theme]["backgroundColor"]
        assert look.ink == config["theme"][theme]["textColor"]


@pytest.mark.parametrize("theme", THEMES)
def test_differences_are_shaded_both_ways_from_the_paper_and_their_numbers_stay_readable(theme: str) -> None:
    assert shade(0, theme, signed=True) == LOOKS[theme].paper
    assert shade(1, theme, signed=True) != shade(-1, theme, signed=True)
    assert shade(-2, theme, signed=True) == shade(-1, theme, signed=True), "nothing lies beyond the scale"
    for part in np.linspace(-1, 1, 41):
        text = cell_text_colour(part, theme, signed=True)
        assert contrast(text, shade(part, theme, signed=True)) >= 4.5, part
    drawn = confusion_heatmap(
        np.array([[0.1, -0.1], [np.nan, 0.2]]), texts=[["", ""], ["", ""]], hovers=[["", ""], ["", ""]],
        codes=("happy", "sad"), names={"happy": "Happy", "sad": "Sad"}, true_name="True", answer_name="Answer",
        scale_name="Difference", scale_texts={-0.2: "-20", 0.2: "+20"}, theme=theme, largest=0.2,
    ).data[0]  # fmt: skip
    assert (drawn.zmin, drawn.zmax) == (-0.2, 0.2)
    assert drawn.colorscale[5][1] == LOOKS[theme].paper, "none of a difference in the middle"


def test_curves_of_expressions_have_their_colours_and_dashes_of_their_own() -> None:
    drawn = [
        ExpressionCurve(code, NAMES[code], [0, 1], [0, 1], ["a", "b"])
        for code in (*FER2013_LABELS, "contempt")
    ]
    with_chance = expression_curves(
        drawn, theme="light", title="", x_name="x", y_name="y", chance_name="chance"
    )
    chance, *traces = with_chance.data
    assert chance.name == "chance" and list(chance.x) == list(chance.y) == [0, 1]
    assert [trace.line.color for trace in traces] == [EMOTIONS[curve.code].colour for curve in drawn]
    assert len({trace.line.dash for trace in traces}) == 8, "told apart without colour"
    assert len(expression_curves(drawn, theme="dark", title="", x_name="x", y_name="y").data) == 8
    assert len(expression_curves([], theme="dark", title="", x_name="x", y_name="y").data) == 0


def test_answers_before_something_was_done_are_open_marks_beside_the_others() -> None:
    mark = CalibrationBin(0.9, 0.8, 10, (0.7, 1.0), "hover")
    names = {"confidence_name": "c", "accuracy_name": "a", "answers_name": "after", "expected_name": "chance"}
    alone = reliability_diagram([mark], theme="light", title="", **names)
    both = reliability_diagram(
        [mark], theme="light", title="", earlier=[mark], earlier_name="before", **names
    )
    assert len(both.data) == len(alone.data) + 1
    (before,) = [trace for trace in both.data if trace.name == "before"]
    assert (list(before.x), list(before.y)) == ([90], [80]) and before.marker.symbol.endswith("open")
