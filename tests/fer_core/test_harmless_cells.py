"""Cells of the tables that people open in a spreadsheet: no name is run as a formula."""

from __future__ import annotations

import pytest

from fer_core.csv_files import cell_as_it_was, harmless_cell


@pytest.mark.parametrize("sign", [*"=+-@", *"＝＋－＠", *"﹦﹢﹣﹫", "\t", "\r"])
def test_a_sign_that_begins_a_formula_gets_an_apostrophe_wherever_a_cell_may_begin(sign: str) -> None:
    assert harmless_cell(f"{sign}1.png") == f"'{sign}1.png"
    assert harmless_cell(f"a;{sign}1;b\n{sign}2") == f"a;'{sign}1;b\n'{sign}2"
    assert harmless_cell(f" \u3000{sign}1") == f" \u3000'{sign}1"
    assert harmless_cell(f'a;"{sign}1"') == f'a;"\'{sign}1"'


@pytest.mark.parametrize("name", ["a.jpg", "a-b=c+d@e.jpg", "wajah ＝ 1.jpg", "it's; a.jpg", "'a'.jpg", ""])
def test_a_name_with_such_a_sign_elsewhere_stays(name: str) -> None:
    assert harmless_cell(name) == name == cell_as_it_was(name)


@pytest.mark.parametrize(
    "name", ["=1", "'=1", "''＝1", "x;=1;-2;'y", "x;'-2", "\t\t=", "\r\n=", ' ";" =1', "＠a;＋b"]
)
def test_the_name_comes_back(name: str) -> None:
    assert harmless_cell(name) != name
    assert cell_as_it_was(harmless_cell(name)) == name
