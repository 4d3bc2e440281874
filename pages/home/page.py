"""Home: what Raut is, the ways in, and how often it is right."""

from __future__ import annotations

import html

import streamlit as st

from fer_core.datasets.counts import shipped_counts
from fer_core.evaluation.headline import headline_of
from fer_core.evaluation.report import SplitReport
from fer_core.labels import EMOTIONS, FER2013_LABELS
from fer_core.store.network import NetworkInfo
from pages.ui.access import is_shared
from pages.ui.blocks import no_network_card, page_header
from pages.ui.facts import HUMAN_ACCURACY
from pages.ui.i18n import _, emotion_name, format_number, format_percent, format_range
from pages.ui.network_choice import damaged_networks_note, first_network
from pages.ui.signs import emotion_sign


def expressions(labels: tuple[str, ...]) -> None:
    """The expressions that are told apart, each with its colour, sign and name."""
    tiles = "".join(
        f'<li style="--emotion:{EMOTIONS[code].colour}">{emotion_sign(code)}'
        f"{html.escape(emotion_name(code))}</li>"
        for code in labels
    )
    st.html(f'<ul class="raut-expressions">{tiles}</ul>')


def way_in(key: str, icon: str, title: str, text: str, links: dict[str, str]) -> None:
    """A card that opens a page: what one does there, and one big link for each page in `links`."""
    with st.container(border=True, key=f"way_{key}", height="stretch"):
        st.subheader(f":material/{icon}: {title}", anchor=False)
        st.markdown(text)
        with st.container(horizontal=True):
            for path, label in links.items():
                st.page_link(
                    path, label=label, icon=":material/arrow_forward:", icon_position="right", width="stretch"
                )


def ways_in() -> None:
    """Three doors, side by side; one under another on a phone."""
    webcam, photos, inside = st.columns(3, gap="medium")
    with webcam:
        way_in(
            "webcam",
            "videocam",
            _("Live, with the webcam"),
            _("Look into the camera. Each face gets a box, and bars move as the expression changes."),
            {"pages/webcam/page.py": _("Open the webcam")},
        )
    with photos:
        way_in(
            "photos",
            "photo_library",
            _("With your photos"),
            _("Drop one photo or many. Every face is numbered and listed, ready for a spreadsheet."),
            {"pages/photos/page.py": _("Open photos")},
        )
    with inside:
        way_in(
            "inside",
            "school",
            _("Data set and training"),
            _(
                "See the training data, the accuracy of each network and misclassified images. Train one yourself."
            ),
            {
                "pages/dataset/page.py": _("Data set"),
                "pages/training/page.py": _("Training"),
                "pages/network/page.py": _("Network"),
                "pages/lab/page.py": _("Lab"),
                "pages/quiz/page.py": _("Quiz"),
            },
        )


def _accuracy_fact(network: NetworkInfo, part: SplitReport) -> tuple[str, str]:
    """The accuracy on pictures that the network has certainly not seen, and what it is with the others."""
    clean = part.without_duplicates
    if clean is None or clean.n == part.n:
        meaning = _("accuracy of the network “{name}” on {n} test images ({split})").format(
            n=format_number(part.n), name=_(network.name), split=part.name
        )
        return format_percent(part.accuracy), meaning
    meaning = _(
        "accuracy of the network “{name}” on the {n} test images ({split}) that have no exact duplicate in the "
        "training data; {all} with the duplicates"
    ).format(
        n=format_number(clean.n),
        name=_(network.name),
        split=part.name,
        all=format_percent(part.accuracy),
    )
    return format_percent(clean.accuracy), meaning


def figures(network: NetworkInfo | None) -> None:
    """Accuracy, size and schooling of the default network, as evaluated; a card when there is none."""
    if network is None:
        no_network_card()
        return
    facts: list[tuple[str, str]] = []
    part = headline_of(network)
    if part is not None:
        facts.append(_accuracy_fact(network, part))
        facts.append(
            (
                format_range(*HUMAN_ACCURACY, decimals=0),
                _(
                    "is how often people named the label that FER2013 gives a picture (Goodfellow et al. 2013). These "
                    "labels are often doubtful, and the network was trained on them, while people were not. So the two "
                    "figures do not say who reads faces better."
                ),
            )
        )
    learnt_from = shipped_counts().get(network.training.split or "")
    if learnt_from:
        facts.append((format_number(sum(learnt_from.values())), _("pictures of faces as training data")))
    facts.append((format_number(network.parameters), _("trained parameters of the network")))
    items = "".join(
        f"<div><dt>{html.escape(value)}</dt><dd>{html.escape(meaning)}</dd></div>" for value, meaning in facts
    )
    st.html(f'<dl class="raut-figures">{items}</dl>')


def render() -> None:
    network = first_network()
    page_header(
        _("Facial expressions in video and photos"),
        _(
            "Raut finds faces in video and photos and shows which expression each one resembles most, with "
            "its probability."
        ),
    )
    damaged_networks_note()
    expressions(network.expressions if network else FER2013_LABELS)
    ways_in()
    figures(network)
    if is_shared():
        promise = _(
            "Everything happens on the computer that serves this page. No picture is stored, nothing is sent "
            "any further, and it works without the internet."
        )
    else:
        promise = _(
            "Everything happens on this computer. No picture is stored, nothing is sent anywhere, and it "
            "works without the internet."
        )
    st.markdown(f":material/lock: {promise}")


render()
