"""Tables as a reader sees them, and as a spreadsheet gets them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fer_core import __version__
from fer_core.faces.search import photo_search
from fer_core.recognition.provenance import PROVENANCE_COLUMNS, Provenance, search_provenance
from fer_core.store.folder import find_network
from pages.ui.charts import (
    Column,
    camera,
    csv_text,
    expression_column,
    expressions_column,
    now_here,
    table_html,
)
from pages.ui.picture_grid import page_bounds, pages_of, png_url
from pages.ui.signs import emotion_sign

COLUMNS = [
    Column("Expression", ["happy", "<b>sad</b>", "Total"]),
    Column("Pictures", [1234, 5, 1239]),
    Column("Share", [0.99596, float("nan"), None], percent=True, decimals=1),
]
MADE = datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)
TIME = "2026-11-24T14:05:09+00:00"


def test_numbers_are_written_for_people_and_what_is_undefined_is_a_dash() -> None:
    table = table_html(COLUMNS)
    assert "<td>1,234</td><td>99.6%</td>" in table
    assert table.count("<td>–</td>") == 2


def test_the_sign_of_an_expression_stands_before_its_name_in_a_table_and_not_in_its_csv() -> None:
    columns = [
        expressions_column("Label", ["happy", "sad"]),
        Column("Pictures", [1, 2]),
        expression_column("fear", [3, 4]),
    ]
    table = table_html(columns)
    assert f'<th class="raut-text" scope="row">{emotion_sign("happy")} Happy</th>' in table
    assert f'<th scope="col">{emotion_sign("fear")} Fear</th>' in table
    assert table.count("raut-sign") == 3
    assert csv_text(columns, Provenance(MADE)).splitlines()[1].startswith("Happy,1,3,")


def test_everything_in_a_table_is_escaped() -> None:
    assert "&lt;b&gt;sad&lt;/b&gt;" in table_html(COLUMNS)
    assert "<b>" not in table_html(COLUMNS)


def test_a_table_names_its_rows_and_columns_for_a_screen_reader() -> None:
    table = table_html(COLUMNS, total=True)
    assert table.count('scope="col"') == 3
    assert table.count('scope="row"') == 3
    assert table.count('class="raut-total"') == 1
    assert 'class="raut-total"' not in table_html(COLUMNS)


def test_csv_has_plain_numbers_and_leaves_undefined_ones_empty() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(COLUMNS, Provenance(MADE)))))
    assert rows == [
        ["Expression", "Pictures", "Share", "raut_version", "date"], ["happy", "1234", "0.99596", __version__, TIME],
        ["<b>sad</b>", "5", "", __version__, TIME], ["Total", "1239", "", __version__, TIME],
    ]  # fmt: skip


def test_a_csv_with_answers_of_a_network_says_of_which_one() -> None:
    source = search_provenance(MADE, find_network("raut"), photo_search())
    head, first, *_rows = csv.reader(io.StringIO(csv_text(COLUMNS, source)))
    assert dict(zip(head[3:], first[3:], strict=True)) == source.cells()
    assert tuple(head[3:]) == PROVENANCE_COLUMNS


def test_a_picture_of_a_chart_is_named_by_what_it_shows_and_by_the_day() -> None:
    options = camera("raut-agreement")["toImageButtonOptions"]
    assert isinstance(options, dict)
    assert options["filename"] == f"raut-agreement-{now_here():%Y-%m-%d}"


@pytest.mark.parametrize(
    ("zone", "hours"), [("Asia/Jakarta", 7), ("no/such", None), ("..", None), (None, None)]
)
def test_the_time_is_that_of_the_reader_s_zone(
    monkeypatch: pytest.MonkeyPatch, zone: str | None, hours: int | None
) -> None:
    class Context:
        timezone = zone

    monkeypatch.setattr("pages.ui.charts.has_reader", lambda: True)
    monkeypatch.setattr("pages.ui.charts.st.context", Context())
    offset = now_here().utcoffset()
    assert offset is not None
    assert offset == (datetime.now().astimezone().utcoffset() if hours is None else timedelta(hours=hours))


def test_a_table_without_rows_is_its_heading() -> None:
    empty = [Column("Row", []), Column("Answer", [])]
    assert "<tbody></tbody>" in table_html(empty)
    assert csv_text(empty, Provenance(MADE)) == "Row,Answer,raut_version,date\r\n"


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3)])
def test_pages_hold_everything_once(count: int, pages: int) -> None:
    assert pages_of(count) == pages
    shown = [number for page in range(1, pages + 1) for number in range(count)[page_bounds(page, count)]]
    assert shown == list(range(count))


def test_a_picture_is_sent_without_loss() -> None:
    import base64

    from PIL import Image

    picture = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
    kind, _comma, content = png_url(picture).partition(",")
    assert kind == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), picture)


def test_a_table_to_take_home_holds_no_formula_and_negative_numbers_stay() -> None:
    text = csv_text([Column("=1+1", ["＝1+1", "@a"]), Column("Change", [-0.5, -2])], Provenance(MADE))
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[0] == "'=1+1"
    assert [row[:2] for row in rows] == [["'＝1+1", "-0.5"], ["'@a", "-2"]]
