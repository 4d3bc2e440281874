"""Tables as a reader sees them, and as a spreadsheet gets them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from fer_core import __version__
from pages.ui.charts import Column, csv_text, table_html
from pages.ui.picture_grid import page_bounds, pages_of, png_url

COLUMNS = [
    Column("Expression", ["happy", "<b>sad</b>", "Total"]),
    Column("Pictures", [1234, 5, 1239]),
    Column("Share", [0.99596, float("nan"), None], percent=True, decimals=1),
]


def test_numbers_are_written_for_people_and_what_is_undefined_is_a_dash() -> None:
    table = table_html(COLUMNS)
    assert "<td>1,234</td><td>99.6 %</td>" in table
    assert table.count("<td>–</td>") == 2


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
    rows = list(csv.reader(io.StringIO(csv_text(COLUMNS))))
    assert rows == [
        ["Expression", "Pictures", "Share", "raut_version"], ["happy", "1234", "0.99596", __version__],
        ["<b>sad</b>", "5", "", __version__], ["Total", "1239", "", __version__],
    ]  # fmt: skip


def test_a_table_without_rows_is_its_heading() -> None:
    empty = [Column("Row", []), Column("Answer", [])]
    assert "<tbody></tbody>" in table_html(empty)
    assert csv_text(empty) == "Row,Answer,raut_version\r\n"


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
    text = csv_text([Column("=1+1", ["＝1+1", "@a"]), Column("Change", [-0.5, -2])])
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[0] == "'=1+1"
    assert [row[:2] for row in rows] == [["'＝1+1", "-0.5"], ["'@a", "-2"]]
