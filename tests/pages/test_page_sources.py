"""What must be in the source of every page, where it would be long to open each of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.pages.harness import ROOT

TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "pages").rglob("*.py"))
}
"""By path: every folder of `pages/` has a `page.py`."""
LISTS = ("selectbox", "multiselect", "select_slider")


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names:
            yield node


def given(call: ast.Call, name: str) -> str | None:
    return next((ast.dump(keyword.value) for keyword in call.keywords if keyword.arg == name), None)


def test_a_list_with_translated_labels_keeps_its_choice_in_another_language() -> None:
    found = 0
    for name, tree in TREES.items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            kept = {ast.dump(call.args[0]) for call in calls(function, "keep_choice")}
            for one in calls(function, *LISTS):
                if given(one, "format_func") is not None:
                    found += 1
                    assert given(one, "key") in kept, f"{name}:{one.lineno}: keep_choice(key) is missing"
    assert found >= 7


def test_every_picture_has_its_words() -> None:
    for name, tree in TREES.items():
        for call in calls(tree, "image"):
            assert given(call, "alt"), f"{name}:{call.lineno}: st.image without alt"


def test_no_drop_area_is_left_with_english_words() -> None:
    for name, tree in TREES.items():
        if any(calls(tree, "file_uploader")):
            assert any(calls(tree, "css_texts")), f"{name}: its drop area says “Upload” in Indonesian"
