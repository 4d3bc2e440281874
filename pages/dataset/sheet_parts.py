"""Blocks of the sheet of one picture; each says nothing where the table has nothing for it."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from fer_core.datasets.columns import CERTAINTY, PREDICTED
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.map import nearest_rows
from fer_core.datasets.rows import RowTable
from fer_core.errors import RautError
from fer_core.explanation.grad_cam import overlay
from fer_core.labels import in_reading_order
from fer_core.recognition.answers import read_faces
from fer_core.store.network import NetworkInfo
from pages.dataset.figure.texts import reading_order
from pages.dataset.material import is_shipped
from pages.dataset.strip import MOST, picture_strip
from pages.dataset.words import class_code, class_name, column_name, network_name, value_words
from pages.ui.charts import Column, expressions_column, show_table
from pages.ui.guard import show_error
from pages.ui.i18n import (
    NOT_A_NUMBER,
    _,
    emotion_name,
    format_number,
    format_percent,
    format_probability,
    ngettext,
)
from pages.ui.resources import grad_cam, networks, recognizer
from pages.ui.signs import emotion_sign

_SIDE = 336
_FACTS = ("label", "vote", "split", "agreement", "entropy", "doubt", "not_a_face", "undetected", "leaked")
_NEAREST, _NEAREST_LOOKED_AT = 4, 40  # of all splits so many are looked at for those of Training
_MEASURES = ("brightness", "contrast", "sharpness")


def large_picture(image_gray: np.ndarray, row: int) -> None:
    """The picture, each pixel as a square of seven."""
    times = _SIDE // len(image_gray)
    large = np.repeat(np.repeat(image_gray, times, axis=0), times, axis=1)
    st.image(large, alt=_("Row {n}").format(n=row), width="stretch", output_format="PNG")


def facts(table: RowTable, position: int) -> None:
    """Label, votes, split, measures: a line each; a measure with the share of pictures that have less of it."""
    names, values, codes = [], [], []
    for column_id in _FACTS:
        if not table.has(column_id):
            continue
        names.append(column_name(column_id))
        values.append(value_words(table, column_id, position))
        of_class = table.codes(column_id)
        number = int(table.values(column_id)[position]) if of_class else -1
        codes.append(class_code(of_class[number]) if number >= 0 else "")
    for column_id in _MEASURES:
        if not table.has(column_id):
            continue
        held = table.values(column_id)
        names.append(column_name(column_id))
        values.append(
            _("{value} (more than {share} of the pictures)").format(
                value=format_number(float(held[position]), 0 if column_id != "sharpness" else 2),
                share=format_percent(float((held < held[position]).mean()), 0),
            )
        )
        codes.append("")
    show_table(
        [Column(_("Fact"), names), Column(_("Value"), values, codes=codes)], key="sheet_facts", filename=None
    )


def votes(table: RowTable, position: int) -> None:
    """The ten votes as bars."""
    if not table.has("votes"):
        st.caption(_("This data set has no votes (FER+)."))
        return
    codes = table.codes("vote")
    given = dict(zip(codes, table.values("votes")[position].tolist(), strict=True))
    total = sum(given.values())
    label = table.codes("label")[int(table.values("label")[position])]
    lines = ""
    for code in reading_order(codes):
        if not given[code] and code != label:
            continue
        sign = f"{emotion_sign(code)} " if class_code(code) else ""
        same = ' class="label"' if code == label else ""
        lines += (
            f'<li{same} style="--share:{100 * given[code] / max(total, 1):.0f}%"><span>{sign}'
            f"{html.escape(class_name(code))}</span><i></i><b>{format_number(given[code])}</b></li>"
        )
    st.markdown(f"**{_('Votes of ten annotators (FER+); the label is framed')}**")
    if not total:
        st.caption(_("no votes"))
    st.html(f'<ul class="raut-votes">{lines}</ul>')


def maps(table: RowTable, image_gray: np.ndarray, position: int, network: str) -> None:
    """What speaks for the network's answer, and for the label where that is another one."""
    info = next((each for each in networks() if each.id == network), None)
    if info is None:
        return
    try:
        cam = grad_cam(info)
        found = read_faces(image_gray[None], recognizer(info.id))[0]  # (48, 48) -> (1, 48, 48)
    except RautError as error:
        show_error(error)
        return
    target = int(table.target(network)[position])
    shown = dict.fromkeys([found.label, *([info.labels[target]] if target >= 0 else [])])
    for place, label in zip(st.columns(2), shown, strict=False):
        probability = format_probability(float(found.probabilities[info.labels.index(label)]))
        name = emotion_name(label).lower()
        caption = (
            _("Yellow: what speaks for the answer, {expression} ({probability})")
            if label == found.label
            else _("What speaks for the label, {expression} ({probability})")
        ).format(expression=name, probability=probability)
        place.image(
            overlay(image_gray, cam.heat(image_gray, label), 240),
            caption=caption,
            alt=caption,
            width="stretch",
        )
    st.caption(
        _(
            "{method} of the network {name}: which parts raise its score. It does not say who is right."
        ).format(method=cam.method, name=network_name(network))
    )


def answers(table: RowTable, dataset: Fer2013 | None, position: int) -> None:
    """Each network's probabilities where the picture is here, else the answer and certainty that ship."""
    if dataset is None:
        _stored_answers(table, position)
        return
    found: list[tuple[NetworkInfo, str, np.ndarray]] = []
    for info in networks():
        try:
            prediction = read_faces(dataset.images_gray[position][None], recognizer(info.id))[0]
        except RautError as error:
            show_error(error)
            continue
        found.append((info, prediction.label, prediction.probabilities))
    codes = in_reading_order({code for info, _label, _shares in found for code in info.labels})
    head = "".join(
        f'<th scope="col" title="{html.escape(emotion_name(code))}">{emotion_sign(code)}'
        f'<span class="raut-spoken">{html.escape(emotion_name(code))}</span></th>'
        for code in codes
    )
    lines = ""
    for info, label, shares in found:
        cells = ""
        for code in codes:
            known = code in info.labels
            text = format_probability(float(shares[info.labels.index(code)])) if known else NOT_A_NUMBER
            cells += f"<td{' class=top' if code == label else ''}>{html.escape(text)}</td>"
        lines += f'<tr><th scope="row">{html.escape(network_name(info.id))}</th>{cells}</tr>'
    st.html(
        f'<div class="raut-table raut-answers" tabindex="0"><table><thead><tr><th scope="col">'
        f"{html.escape(_('Network'))}</th>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
    st.caption(_("Computed just now from the picture. A dash: the network does not know this expression."))


def _stored_answers(table: RowTable, position: int) -> None:
    first = [info.id for info in networks()]  # the default one, as where the picture is here
    shown = [each for each in table.networks if table.has(f"{PREDICTED}:{each}")]
    shown.sort(key=lambda each: first.index(each) if each in first else len(first))
    if not shown:
        st.caption(_("There are no answers of networks for this data set."))
        return
    codes = [
        table.codes(f"{PREDICTED}:{each}")[int(table.values(f"{PREDICTED}:{each}")[position])]
        for each in shown
    ]
    certainties = [float(table.values(f"{CERTAINTY}:{each}")[position]) for each in shown]
    show_table(
        [
            Column(_("Network"), [network_name(each) for each in shown]),
            expressions_column(_("Answer"), codes),
            Column(_("Certainty"), [format_probability(each) for each in certainties]),
        ],
        key="sheet_answers",
        filename=None,
    )
    st.caption(_("Computed when Raut was made. With FER2013 here, all probabilities are shown."))


def duplicates(table: RowTable, dataset: Fer2013 | None, position: int) -> None:
    """Exact and near duplicates, with labels and splits."""
    exact = _group(table, "duplicate_group", position)
    near = _group(table, "near_group", position)
    others = [each for each in dict.fromkeys([*exact, *near]) if each != position]
    if not others:
        st.markdown(_("No duplicate of this picture is known."))
        return
    text = ngettext("**{n} duplicate**", "**{n} duplicates**", len(others)).format(
        n=format_number(len(others))
    )
    labels = {int(table.values("label")[each]) for each in (position, *others)}
    if len(labels) > 1:
        text += ", " + _("under different labels")
    if table.has("leaked") and table.values("leaked")[position]:
        text += "; " + _("one of them is in Training, so that networks have seen this test picture")
    st.markdown(text + ".")
    notes = [_("exact") if each in exact else _("near") for each in others]
    picture_strip(table, dataset, others, title=_("Duplicates"), key="sheet_duplicates", notes=notes)
    if len(others) > MOST:
        st.caption(_("The first {n} of {of}.").format(n=format_number(MOST), of=format_number(len(others))))


def nearest(table: RowTable, dataset: Fer2013 | None, position: int) -> None:
    """The training pictures that are nearest in the default network's feature space, which ships for FER2013."""
    if not is_shipped(table):
        return
    found = nearest_rows(position, _NEAREST_LOOKED_AT, table)
    training = [row for row in found.rows.tolist() if table.values("split")[row] == 0][:_NEAREST]
    if not training:
        return
    label = table.values("label")
    same = int((label[training] == label[position]).sum())
    st.markdown(
        _(
            "**Nearest training pictures** in the features of the default network: {n} of {of} have the same label."
        ).format(n=format_number(same), of=format_number(len(training)))
    )
    picture_strip(table, dataset, training, title=_("Nearest training pictures"), key="sheet_nearest")


def _group(table: RowTable, column_id: str, position: int) -> list[int]:
    if not table.has(column_id):
        return []
    groups = table.values(column_id)
    return [] if groups[position] < 0 else np.flatnonzero(groups == groups[position]).tolist()
