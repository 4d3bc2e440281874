"""How to cite: Raut, a network of it, the paper and both data sets, to copy or to take along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from fer_core.citations import apa, bibtex, ris
from fer_core.recognition.provenance import download_name
from fer_core.references import EKAWATI, FER2013, FERPLUS, RAUT, Reference, network_reference
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.choices import keep_tab
from pages.ui.i18n import N_, _
from pages.ui.network_choice import choose_network

CITED_NETWORK_KEY = "cited_network"
TABS_KEY = "citation_form"


@dataclass(frozen=True)
class Form:
    """A form of the list of references.

    Attributes:
        label: of its tab; a name of its own, or a text of the catalogue.
        write: makes the list.
        ending: of its file.
        mime: type of its file.
        syntax: how its text is coloured on the page; None for none.
    """

    label: str
    write: Callable[[list[Reference]], str]
    ending: str
    mime: str
    syntax: str | None = None


def _apa_list(works: list[Reference]) -> str:
    return "\n\n".join(map(apa, works)) + "\n"


FORMS = (
    Form(N_("Text (APA)"), _apa_list, "txt", "text/plain"),
    Form("BibTeX", bibtex, "bib", "application/x-bibtex", "latex"),
    Form("RIS", ris, "ris", "application/x-research-info-systems"),
)


def cited_works(network: NetworkInfo | None) -> list[Reference]:
    """What a paper cites that used Raut with this network."""
    of_the_network = [network_reference(network.id, network.name, network.checksum or "")] if network else []
    return [RAUT, *of_the_network, EKAWATI, FER2013, FERPLUS]


def how_to_cite() -> None:
    """The choice of a network, and the references in three forms, each with a button that saves it."""
    st.header(_("How to cite"), anchor="cite")
    st.markdown(
        _(
            "Cite Raut with its version and the network that answered with its checksum, so that others can "
            "repeat your analysis, and the works that both rest on: the paper whose procedure Raut follows, "
            "FER2013 and FER+."
        )
    )
    # At first the network of the other pages: whoever comes from there cites what they used.
    if CITED_NETWORK_KEY not in st.session_state and session_keys.NETWORK in st.session_state:
        st.session_state[CITED_NETWORK_KEY] = st.session_state[session_keys.NETWORK]
    works = cited_works(choose_network(CITED_NETWORK_KEY))
    labels = [_(form.label) for form in FORMS]
    keep_tab(TABS_KEY, labels)
    for form, tab in zip(FORMS, st.tabs(labels, key=TABS_KEY), strict=True):
        with tab, st.container(key=f"citation_{form.ending}"):
            text = form.write(works)
            st.code(text, language=form.syntax, wrap_lines=True)
            st.download_button(
                _("Download ({ending})").format(ending=f".{form.ending}"),
                text.encode(),
                file_name=download_name("references", form.ending, date.today()),
                mime=form.mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"citation_download_{form.ending}",
            )
