"""Faces while they are learnt, and test pictures with their answers: one picture each, cut up by the style."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import streamlit as st

from pages.ui.charts import Column, table_html
from pages.ui.i18n import _, format_number
from pages.ui.signs import emotion_sign

MOST: Final = 12
"""Faces of a batch, or test pictures, that are shown."""
_QUALITY = 88  # of JPEG


def sprite_url(faces_gray: np.ndarray) -> str:
    """Faces beside each other as the address of one image; stored nowhere.

    Args:
        faces_gray: uint8 (n, 48, 48), n from 1.
    """
    row = faces_gray.transpose(1, 0, 2).reshape(faces_gray.shape[1], -1)  # (n, 48, 48) -> (48, n * 48)
    _ok, jpeg = cv2.imencode(".jpg", row, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"


def show_learnt(faces_gray: np.ndarray, names: Sequence[str], looks: Sequence[str]) -> None:
    """Faces of the newest step, each with its label; new ones come in from the side unless motion is unwanted.

    Args:
        faces_gray: uint8 (n, 48, 48), at most `MOST`.
        names: what each shows, as text.
        looks: of those classes, for their signs.
    """
    count = len(names)
    if not count:
        return
    items = "".join(
        f"<li>{_picture(place, count)}<span>{_signed(look, name)}</span></li>"
        for place, (name, look) in enumerate(zip(names, looks, strict=True))
    )
    label = html.escape(_("Faces of the newest step, with their labels"), quote=True)
    style = f"--faces: url({sprite_url(faces_gray)})"
    st.html(
        f'<div class="raut-lab-width"><ul class="raut-lab-faces raut-lab-learnt" aria-label="{label}" style="{style}">'
        f"{items}</ul></div>"
    )


def show_test_pictures(
    faces_gray: np.ndarray,
    true: Sequence[int],
    now: Sequence[int],
    before: Sequence[int] | None,
    names: Sequence[str],
    looks: Sequence[str],
) -> None:
    """Test pictures with the answer of the newest epoch, and the one of the epoch before where it was another.

    Args:
        faces_gray: uint8 (n, 48, 48).
        true: position of each picture's label in the classes.
        now: position of each answer; empty before the first epoch.
        before: the same of the epoch before; None in the first.
        names: of the classes, as text.
        looks: of the classes, for their signs.
    """
    count = len(faces_gray)
    if not count:
        return
    # In an element of its own, which stays as it is from one epoch to the next.
    st.html(f"<style>.raut-lab-tested {{ --faces: url({sprite_url(faces_gray)}); }}</style>")
    items = []
    for place in range(count):
        label = names[true[place]]
        picture = _picture(
            place,
            count,
            _("test picture {n}, label: {label}").format(n=format_number(place + 1), label=label),
        )
        if not len(now):
            items.append(f"<li>{picture}<span>{_signed(looks[true[place]], label)}</span></li>")
            continue
        right = now[place] == true[place]
        mark = "✓" if right else "✗"
        said = html.escape(_("right") if right else _("wrong"))
        text = (
            f'<span class="raut-lab-mark" aria-hidden="true">{mark}</span><span class="raut-lab-unseen">{said}: </span>'
            f"<span>{_signed(looks[now[place]], names[now[place]])}</span>"
        )
        if not right:
            text += f"<small>{html.escape(_('label: {label}').format(label=label))}</small>"
        if before is not None and before[place] != now[place]:
            was = _("was: {label}").format(label=names[before[place]])
            text += f"<small>{html.escape(was)}</small>"
        items.append(
            f'<li class="{"raut-lab-right" if right else "raut-lab-wrong"}">{picture}<div>{text}</div></li>'
        )
    title = html.escape(_("Test pictures with their answers"), quote=True)
    st.html(
        f'<div class="raut-lab-width"><ul class="raut-lab-faces raut-lab-tested" aria-label="{title}">'
        f"{''.join(items)}</ul></div>"
    )
    if len(now):
        with st.expander(_("Table"), icon=":material/table:", key="lab_test_pictures_table"):
            st.html(table_html(_columns(true, now, before, names)))


def _columns(
    true: Sequence[int], now: Sequence[int], before: Sequence[int] | None, names: Sequence[str]
) -> list[Column]:
    columns = [
        Column(_("Test picture"), [format_number(place + 1) for place in range(len(true))]),
        Column(_("Label"), [names[place] for place in true]),
        Column(_("Answer"), [names[place] for place in now]),
        Column(_("Right"), [_("yes") if a == b else _("no") for a, b in zip(true, now, strict=True)]),
    ]
    if before is not None:
        columns.append(Column(_("Answer of the epoch before"), [names[place] for place in before]))
    return columns


def _picture(place: int, count: int, alt: str = "") -> str:
    """One face of the sprite; without words where the text beside it says the same."""
    across = 100 * place / max(count - 1, 1)
    words = f'role="img" aria-label="{html.escape(alt, quote=True)}"' if alt else 'aria-hidden="true"'
    style = f"--at: {across:.3f}%; --size: {100 * count}%"
    return f'<i {words} style="{style}"></i>'


def _signed(look: str, name: str) -> str:
    return f"{emotion_sign(look)} {html.escape(name)}"
