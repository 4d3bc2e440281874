"""What a network leaves behind: its model card, its files to take home, and the way back from such a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fer_core.cards.lab_figures import figures_json
from fer_core.errors import RautError
from fer_core.lab.desk import Desk
from fer_core.lab.file import file_name, network_file
from fer_core.lab.file_parts import LARGEST_MB
from fer_core.lab.network import LabNetwork
from fer_core.recognition.provenance import Provenance, download_name
from pages.lab.tryout.card import write_card
from pages.lab.tryout.in_use import InUse
from pages.ui.charts import now_here
from pages.ui.choices import keep_choice
from pages.ui.frame import css_texts
from pages.ui.guard import escape_markdown, guarded_page, show_error
from pages.ui.i18n import _, answer_name, format_number, ngettext
from pages.ui.streamlit_inside import UploadedFile, forget_uploads, largest_upload_mb

OPEN_KEY = "lab_keeping"
_ROUND_KEY = "lab_file_round"
_REFUSED_KEY = "lab_file_refused"
LOOK_EVERY_S = 0.7


def keeping(desk: Desk, used: InUse | None) -> None:
    """All of it, behind one line; open, where a file is being loaded or was refused.

    Args:
        desk: of this visitor; a network that is loaded joins its kept ones.
        used: the network in use; None where there is none.
    """
    network = None if used is None else used.of_lab
    _loading(desk)
    keep_choice(OPEN_KEY)
    title = _("Model card and files") if network is not None else _("Load a network from a file")
    part = st.expander(title, icon=":material/inventory_2:", key=OPEN_KEY, on_change="rerun")
    if not part.open:
        return
    with part:
        if network is not None:
            write_card(network)
            _downloads(network)
        _load(desk)


def _downloads(network: LabNetwork) -> None:
    provenance = Provenance(now_here(), network)
    st.download_button(
        _("Network, to load again"),
        partial(network_file, network),
        file_name=file_name(network),
        mime="application/zip",
        icon=":material/download:",
        key="lab_download_file",
        on_click="ignore",
        width="stretch",
    )
    st.caption(_("Weights, settings and figures, without faces. Raut loads it again below."))
    st.download_button(
        _("LiteRT, for other programs"),
        network.content,
        file_name=download_name(f"lab-{network.name}", "tflite", provenance.made.date()),
        mime="application/octet-stream",
        icon=":material/memory:",
        key="lab_download_litert",
        on_click="ignore",
        width="stretch",
    )
    classes = ", ".join(answer_name(label, network.labels) for label in network.labels)
    st.caption(
        _(
            "Input: float32 (N, 48, 48, 1), grey values from 0 to 255. Output: float32 (N, {count}), a probability for each "
            "class in this order: {names}."
        ).format(count=format_number(len(network.labels)), names=escape_markdown(classes))
    )
    st.download_button(
        _("Figures (JSON)"),
        partial(figures_json, network, provenance),
        file_name=download_name(f"lab-{network.name}-figures", "json", provenance.made.date()),
        mime="application/json",
        icon=":material/data_object:",
        key="lab_download_figures",
        on_click="ignore",
        width="stretch",
    )


def _load(desk: Desk) -> None:
    most_mb = largest_upload_mb(LARGEST_MB)
    words = {"choose": _("Load a network")}
    css_texts("lab_file_drop", **words)
    key = f"lab_file_{st.session_state.setdefault(_ROUND_KEY, 0)}"
    with st.container(key="lab_file_drop"):
        file: UploadedFile | None = st.file_uploader(
            words["choose"], "zip", key=key, label_visibility="collapsed", max_upload_size=most_mb
        )
    st.caption(
        _(
            "A file that the lab saved: its name begins with “raut-lab”. Every part of it is checked before use."
        )
    )
    refused: RautError | None = st.session_state.get(_REFUSED_KEY)
    if refused is not None:
        show_error(refused)
    if file is None:
        return
    st.session_state.pop(_REFUSED_KEY, None)
    try:
        desk.load(file.getvalue())
    except RautError as error:
        st.session_state[_REFUSED_KEY] = error.without_traceback()
    # Its content is checked or refused by now; another one can be chosen at once.
    forget_uploads([file.file_id])
    st.session_state[_ROUND_KEY] += 1
    st.rerun()


def _loading(desk: Desk) -> None:
    """How far a network is that is loaded from scratch, and why it is not there in the end."""
    loading = desk.loading
    if loading is None:
        return
    if not loading.running:
        if loading.error is not None:
            show_error(loading.error)
        return

    @st.fragment(run_every=LOOK_EVERY_S)
    @guarded_page()
    def waiting() -> None:
        if not loading.running:
            st.rerun()
        name = escape_markdown(loading.name)
        before = loading.position
        if before:
            text = ngettext(
                "“{name}” waits until {n} training of others is over.",
                "“{name}” waits until {n} trainings of others are over.",
                before,
            ).format(name=name, n=format_number(before))
        else:
            text = _("“{name}” is being built, which takes some seconds.").format(name=name)
        st.info(text, icon=":material/hourglass_top:")

    waiting()
