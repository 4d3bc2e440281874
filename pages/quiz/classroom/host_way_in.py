"""What a class is shown so that its phones find the room: address, QR code, room code."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import lru_cache

import segno
import streamlit as st

from fer_core.codes import spoken
from pages.quiz.classroom.host_address import ClassAddress, chosen_address, own_address
from pages.ui.i18n import _


def show_way_in(code: str, addresses: Sequence[ClassAddress]) -> None:
    """How to join, in two steps, with the room code and the QR code as large as there is room; or why no phone can come.

    Args:
        code: of the room.
        addresses: of `class_addresses`.
    """
    if addresses:
        chosen = chosen_address(addresses)
        second = _("or open {address} and type the room code:")
        steps = [
            html.escape(_("Scan the QR code with the phone's camera,")),
            second.format(address=f"<b>{html.escape(chosen.url)}</b>"),
        ]
        url = chosen.of_room(code)
        words = _("QR code of {address}").format(address=url)
        qr = f'<img class="raut-quiz-qr" src="{_qr_code(url)}" alt="{html.escape(words, quote=True)}">'
    else:
        url = html.escape(own_address().of_room(code), quote=True)
        link = f'<a href="{url}" target="_blank">{url}</a>'
        steps = [
            html.escape(
                _("No phone can come: this Raut is open to this computer alone. Start it with make serve.")
            ),
            html.escape(_("To try a round out, join in another tab:")) + f" {link}",
            html.escape(_("Room code:")),
        ]
        qr = ""
    text = "".join(f"<p>{step}</p>" for step in steps)
    groups = "".join(f"<span>{group}</span> " for group in spoken(code).split())
    st.html(
        f'<section class="raut-quiz-way-in"><div>{text}<p class="raut-quiz-code">{groups}</p></div>{qr}</section>'
    )


def warning_of_certificate(addresses: Sequence[ClassAddress]) -> None:
    """What a phone's browser says of the certificate of `make serve`; nothing where there is no such certificate."""
    if not (addresses and chosen_address(addresses).is_certified_here):
        return
    with st.container(key="quiz_host_certificate", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            _(
                "The phone's browser warns once: choose *Advanced*, then *Continue*. Raut makes its certificate itself."
            )
        )
        with st.popover(_("More"), icon=":material/help:", type="tertiary", key="quiz_host_certificate_more"):
            st.markdown(
                _(
                    "No authority that browsers know has signed the certificate, so they cannot tell whether another "
                    "computer stands in between. The terminal of `make serve` shows its SHA-256 fingerprint to "
                    "compare.\n\n"
                    "**iPhones and iPads** may show an empty page even after that. They have to trust the certificate "
                    "first: see `docs/serving.md`.\n\n"
                    "**Nothing opens at all?** Phones must be in the same Wi-Fi as this computer. Guest Wi-Fi often keeps "
                    "devices apart; then only another one helps."
                )
            )


@lru_cache(maxsize=64)
def _qr_code(url: str) -> str:
    """A PNG, black on white with its quiet zone, as the address of an image."""
    return str(segno.make(url, micro=False, error="m").png_data_uri(scale=8, border=4))
