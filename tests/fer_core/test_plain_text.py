"""Words from files as text: in Markdown, in code, in a chart, and without characters that nobody sees."""

from __future__ import annotations

import pytest

from fer_core.plain_text import in_code, in_markdown, in_plotly, printable


@pytest.mark.parametrize(
    "name",
    ["Raut, eight expressions", "IMG_2024 (1).jpg", "ResNet-50: a try", "50%", "raut-compact", "3.5 MB"],
)
def test_an_ordinary_name_stays(name: str) -> None:
    assert in_markdown(name) == name == in_plotly(name) == printable(name)
    assert in_code(name) == f"`{name}`"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("![x](y)", r"\!\[x\]\(y)"),
        ("a*b*.jpg", r"a\*b\*.jpg"),
        ("_a_ b__c__", r"\_a\_ b\_\_c\_\_"),
        ("<b>&lt;", r"\<b\>\&lt;"),
        ("`c` $x$ ~~s~~ a|b {c} \\", r"\`c\` \$x\$ \~\~s\~\~ a\|b \{c\} " + "\\\\"),
        ("https://a.b", r"https\:·//a.b"),
        ("WWW.a.b a@b.c", "WWW·.a.b a·@b.c"),
        (":smile: :red[r]", r"\:·smile: \:·red\[r\]"),
        ("a -- b -> c", r"a -·- b -·\> c"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("1) a", r"1\) a"),
        ("    a\n\n# b\u2028===", "a # b =·=·="),
    ],
)
def test_what_means_more_in_markdown_is_escaped_and_addresses_are_parted(name: str, written: str) -> None:
    assert in_markdown(name, "·") == written


def test_code_holds_any_marks() -> None:
    assert in_code("a`b``c") == "```a`b``c```"
    assert in_code("`a`\n") == "`` `a` ``"


def test_a_chart_gets_neither_tags_nor_fields() -> None:
    assert in_plotly('<a href="x">%{y}</a>&') == '&lt;a href="x"&gt;%&#123;y}&lt;/a&gt;&amp;'


def test_unseen_characters_become_spaces_and_letters_are_composed() -> None:
    assert printable("a\u202eb\x00c\u200bd\u2028e\ud800") == "a b c d e "
    assert printable("e\u0301") == "é"
