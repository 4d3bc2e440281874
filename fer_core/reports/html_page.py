"""The report as one HTML file: nothing is fetched, and it reads on paper in black and white."""

from __future__ import annotations

from html import escape

import cv2

from fer_core.cards.html_parts import (
    data_url,
    html_document,
    number_class,
    section_html,
    sign_drawings,
    sign_html,
    tally_html,
)
from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.labels import EMOTIONS, in_reading_order, shares_in_reading_order
from fer_core.photos.analysis import PhotoFace
from fer_core.reports.analysis import Analysis, ReportedPhoto
from fer_core.reports.content import report_content
from fer_core.reports.detectors import found_words
from fer_core.reports.phrases import face_words, rater_words, status_words


def html_report(analysis: Analysis, words: Words, *, pictures: bool) -> bytes:
    """Make the report as one HTML file.

    Args:
        analysis: what to report.
        words: its language.
        pictures: show the photos, and the grey crops that the network was shown.

    Returns:
        The file, in UTF-8.
    """
    content = report_content(analysis, words)
    parts = [
        sign_drawings(),
        f"<h1>{escape(content.title)}</h1>",
        f'<p class="lead">{escape(content.lead)}</p>',
        f"<p><strong>{escape(content.summary)}</strong></p>",
        tally_html(content.tally, words.say(N_("How often each expression came up")), words),
        *(section_html(section) for section in (content.settings, *content.about)),
        _faces(analysis, words, pictures),
    ]
    if pictures:
        parts += [_figure(number, photo) for number, photo in enumerate(analysis.photos, start=1)]
    return html_document(content.title, words.language, analysis.settings.raut_version, parts)


def _faces(analysis: Analysis, words: Words, pictures: bool) -> str:
    header = [
        (words.say(N_("No.")), True),
        (words.say(N_("Photo")), False),
        (words.say(N_("Face")), True),
        *([(words.say(N_("Shown to the network")), False)] if pictures else []),
        (words.say(N_("Expression resembles")), False),
        (words.say(N_("Probability")), True),
        (words.say(N_("Could be")), False),
        (words.say(N_("Found by")), False),
        *(
            (f"{words.say(N_('Rating'))}: {rater_words(name, analysis, words)}", False)
            for name in analysis.rater_names
        ),
        *((words.emotion(label), True) for label in in_reading_order(analysis.labels)),
    ]
    head = "".join(f'<th scope="col"{number_class(right)}>{escape(name)}</th>' for name, right in header)
    rows = []
    for number, photo in enumerate(analysis.photos, start=1):
        start = f'<tr><td class="n">{words.number(number)}</td><td class="file"><bdi>{escape(photo.result.name)}</bdi></td>'
        problem = status_words(photo, words)
        if problem:
            rows.append(f'{start}<td colspan="{len(header) - 2}" class="note">{escape(problem)}</td></tr>')
        for face, struck in photo.every_face:
            begin = start.replace("<tr>", '<tr class="struck">', 1) if struck else start
            rows.append(begin + _face(analysis, photo, face, words, pictures, struck=struck))
    if not rows:
        return f"<section><h2>{escape(words.say(N_('All faces')))}</h2><p>{escape(words.say(N_('There are no photos.')))}</p></section>"
    return (
        f'<section><h2>{escape(words.say(N_("All faces")))}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div></section>"
    )


def _face(
    analysis: Analysis, photo: ReportedPhoto, face: PhotoFace, words: Words, pictures: bool, *, struck: bool
) -> str:
    answer, share, could_be = face_words(face, words)
    colour = EMOTIONS[face.answer].colour
    style = f' style="--emotion:{colour}"' if colour else ""
    cells = [f'<td class="n">{words.number(face.number)}</td>']
    if pictures:
        _ok, png = cv2.imencode(".png", face.crop_gray)
        cells.append(f'<td><img class="crop" alt="" src="{data_url("png", png.tobytes())}"></td>')
    cells += [
        f'<td class="wave"{style}>{sign_html(face.answer)} {escape(answer)}</td>',
        f'<td class="n">{escape(share)}</td>',
        f"<td>{escape(could_be)}</td>",
        f"<td>{escape(found_words(face, struck, words))}</td>",
        *(
            f"<td>{escape(words.emotion(said)) if said else '–'}</td>"
            for said in analysis.ratings_of(photo, face)
        ),
        *(
            f'<td class="n{" first" if label == face.label else ""}">{escape(words.probability(part, 1))}</td>'
            for label, part in shares_in_reading_order(photo.result.labels, face.probabilities).items()
        ),
    ]
    return "".join(cells) + "</tr>"


def _figure(number: int, photo: ReportedPhoto) -> str:
    if not photo.picture_jpeg:
        return ""
    name = escape(photo.result.name)
    return (
        f'<figure><img alt="{name}" src="{data_url("jpeg", photo.picture_jpeg)}">'
        f"<figcaption>{number}: <bdi>{name}</bdi></figcaption></figure>"
    )
