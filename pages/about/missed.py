"""Which faces are missed, as far as FER2013 can tell: a table of what was measured, with its limits."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from fer_core.evaluation.figures import share_estimate
from fer_core.faces.missed import MissedFaces, MissedGroup, missed_faces
from pages.ui.charts import Column, result_style, show_table
from pages.ui.i18n import _, emotion_name, format_number, format_percent


def measured_misses() -> None:
    """The table, one click away; nothing where the detectors have other settings by now."""
    found = missed_faces()
    if found is None:
        return
    with st.expander(_("Which faces are missed, measured on FER2013"), icon=":material/table_chart:"):
        result_style()
        st.markdown(_unequal(found))
        _table(found)
        st.caption(_limits(found))


def _table(found: MissedFaces) -> None:
    rows = list(_rows(found))
    groups = [group for _name, group, _code in rows]
    columns = [
        Column(_("Faces"), [name for name, _group, _code in rows], codes=[code for *_rest, code in rows]),
        Column(_("Number"), [group.n for group in groups]),
    ]
    names = {"haar": _("Haar cascade"), "blazeface": _("BlazeFace"), "both": _("Both")}
    for detector, name in names.items():
        shares = [share_estimate(group.missed[detector], group.n) for group in groups]
        columns.append(
            Column(
                _("{detector}: missed").format(detector=name),
                [share.value for share in shares],
                percent=True,
                intervals=[(share.low, share.high) for share in shares],
            )
        )
    show_table(columns, key="about_missed", filename="missed-faces")


def _unequal(found: MissedFaces) -> str:
    """Of which expressions the cascade misses most and fewest faces, and what follows."""

    def share(group: MissedGroup) -> float:
        return group.missed["haar"] / group.n

    groups = [group for group in found.groups["label"] if group.n]
    most, least = max(groups, key=share), min(groups, key=share)
    return _(
        "Of the faces labelled “{most}” the Haar cascade misses {most_share}, of those labelled “{least}” {least_share}. "
        "Where faces are missed, the shares of the expressions in a table are shifted, too."
    ).format(
        most=emotion_name(most.label or ""),
        most_share=format_percent(share(most), 0),
        least=emotion_name(least.label or ""),
        least_share=format_percent(share(least), 0),
    )


def _rows(found: MissedFaces) -> Iterator[tuple[str, MissedGroup, str]]:
    """Name, figures and code of the expression of each row."""
    yield _("All"), found.everyone, ""
    for group in found.groups["label"]:
        code = group.label or ""
        yield emotion_name(code), group, code
    for group in found.groups["brightness"]:
        yield _("Brightness {range}").format(range=_range(group, 0)), group, ""
    for group in found.groups["tilt"]:
        yield _("Tilt {range}").format(range=_range(group, 0, "°")), group, ""
    for group in found.groups["turn"]:
        yield _("Turned away {range}").format(range=_range(group, 2)), group, ""


def _range(group: MissedGroup, decimals: int, unit: str = "") -> str:
    low, high = (
        "" if end is None else f"{format_number(end, decimals)}{unit}" for end in (group.low, group.high)
    )
    if not low:
        return _("under {high}").format(high=high)
    return _("{low} or more").format(low=low) if not high else _("{low} to {high}").format(low=low, high=high)


def _limits(found: MissedFaces) -> str:
    posed = sum(group.n for group in found.groups["turn"])
    return _(
        "{split}: {n} pictures that FER+ calls faces, none twice, each with room around it, in the normal search of the "
        "page Photos; in brackets 95% intervals. A face is missed where no box covers it. Brightness is the mean grey "
        "level of the picture (0 black, 255 white), not of the skin. Tilt, and how far the nose lies beside the middle of "
        "the face (in distances from the eyes to the mouth), come from BlazeFace's points on the enlarged face, so they "
        "are known for {posed} of the faces only, and BlazeFace looks better there than it is. FER2013's faces are small, "
        "near and mostly seen from the front: in your photos other shares are missed. Age, sex and skin colour are not "
        "recorded."
    ).format(split=found.split, n=format_number(found.everyone.n), posed=format_number(posed))
