"""Data set: how many pictures of each expression there are, who learns from which, and how they look.

The charts come from counts that ship with Raut; only the pictures need FER2013 on this computer.
"""

from __future__ import annotations

from pages.dataset.counts import headline, paper_section, splits_section, whole_set
from pages.dataset.pictures import pictures_section
from pages.ui.blocks import page_header
from pages.ui.charts import result_style
from pages.ui.i18n import _, format_number


def render() -> None:
    counts = whole_set()
    page_header(
        _("Data set"),
        _(
            "FER2013 has {n} grey pictures of faces, 48×48 pixels each, collected from the web in 2013. Each "
            "has one of {classes} labels."
        ).format(n=format_number(sum(counts.values())), classes=format_number(len(counts))),
    )
    result_style()
    headline()
    splits_section()
    paper_section()
    pictures_section()


render()
