"""What the Photos page shows: a photo with its numbered faces, all figures as a table, the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from fer_core.labels import look_of, shares_in_reading_order
from fer_core.photos.counts import count_photos
from fer_core.photos.findings import Finding, Photo
from pages.ui.detector_choice import found_by_cell
from pages.ui.face_cards import emotion_style
from pages.ui.i18n import (
    NOT_A_NUMBER,
    _,
    answer_name,
    emotion_name,
    format_number,
    format_probability,
    ngettext,
)
from pages.ui.photo_block import shown_name
from pages.ui.signs import emotion_html


def summary(findings: Sequence[tuple[Photo, Finding]]) -> None:
    """One line over all photos, and how often each expression came up."""
    results = [finding.result for _photo, finding in findings]
    counts = count_photos(results)
    faces = [face for result in results for face in result.faces]
    without, unread = counts.without_faces, counts.unread
    parts = [
        ngettext("{n} photo", "{n} photos", counts.read).format(n=format_number(counts.read)),
        ngettext("{n} face", "{n} faces", len(faces)).format(n=format_number(len(faces))),
    ]
    if without:
        parts.append(
            ngettext("{n} without a face", "{n} without a face", without).format(n=format_number(without))
        )
    if unread:
        parts.append(
            ngettext("{n} file could not be read", "{n} files could not be read", unread).format(
                n=format_number(unread)
            )
        )
    if counts.drawn:
        parts.append(
            ngettext("{n} face drawn by hand", "{n} faces drawn by hand", counts.drawn).format(
                n=format_number(counts.drawn)
            )
        )
    if counts.struck:
        parts.append(
            ngettext("{n} face struck out", "{n} faces struck out", counts.struck).format(
                n=format_number(counts.struck)
            )
        )
    st.markdown(f"**{' · '.join(parts)}**")
    if len(faces) > 1:
        labels = results[0].labels  # one network read all of them
        tally = Counter(face.answer for face in faces)
        items = "".join(
            f"<li{emotion_style(look_of(code, labels))}>{emotion_html(code, labels)} <strong>{format_number(count)}</strong></li>"
            for code, count in tally.most_common()
        )
        st.html(f'<ul class="raut-tally">{items}</ul>')


def figures_table(findings: Sequence[tuple[Photo, Finding]]) -> None:
    """Every face with all its probabilities, one row each; also photos without a face."""
    rows = []
    for photo, finding in findings:
        row: dict[str, str] = {_("Photo"): shown_name(photo)} if len(findings) > 1 else {}
        result = finding.result
        if not result.faces:
            reason = _("could not be read") if result.status == "error" else _("no face found")
            rows.append(row | {_("Expression resembles"): reason})
            continue
        for face in result.faces:
            shares = {
                answer_name(label, result.labels): format_probability(float(share), 1)
                for label, share in shares_in_reading_order(result.labels, face.probabilities).items()
            }
            rows.append(
                row
                | {
                    _("Face"): format_number(face.number),
                    _("Expression resembles"): answer_name(face.answer, result.labels),
                    _("Probability"): (
                        NOT_A_NUMBER if face.unsure else format_probability(face.probability, 1)
                    ),
                }
                | (
                    {}
                    if face.prediction_set is None
                    else {_("Could be"): ", ".join(emotion_name(code) for code in face.prediction_set)}
                )
                | shares
                | {_("Found by"): found_by_cell(face)}
            )
    order = [_("Photo"), _("Face"), _("Expression resembles"), _("Probability"), _("Could be")]
    columns = {
        column: [row.get(column, "") for row in rows] for column in order if any(column in r for r in rows)
    }
    for row in rows:
        for column in row:
            columns.setdefault(column, [r.get(column, "") for r in rows])
    st.dataframe(columns, hide_index=True, width="stretch")
