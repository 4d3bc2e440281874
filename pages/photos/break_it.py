"""Sliders that make a face worse, and how the answer changes along one of them."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import streamlit as st

from fer_core.explanation.perturbation import RANGES, Perturbation, perturb, perturb_over_range
from fer_core.photos.analysis import PhotoFace
from fer_core.plots import LARGEST_NUMBER_OF_LINES, perturbation_curves
from fer_core.recognition.answers import read_faces
from fer_core.recognition.provenance import Provenance
from fer_core.store.network import NetworkInfo
from pages.photos.moving_slider import moving_slider
from pages.ui.charts import Column, current_theme, expression_column, now_here, show_chart
from pages.ui.choices import keep_choice
from pages.ui.i18n import N_, _, emotion_name, format_number, format_probability
from pages.ui.photo_block import bars_html
from pages.ui.resources import recognizer

STATE_KEY = "spoiling"
POINTS = 31
NAMES = {
    "brightness": N_("Brightness (grey levels)"),
    "contrast": N_("Contrast (percent)"),
    "blur": N_("Blur (pixels)"),
    "noise": N_("Noise (grey levels)"),
    "tilt": N_("Tilt (degrees)"),
    "crop": N_("Crop (percent a side)"),
    "eyes": N_("Eyes covered (percent)"),
    "mouth": N_("Mouth covered (percent)"),
}


def break_it(face: PhotoFace, network: NetworkInfo) -> None:
    """One slider at a time; what the others are set to stays and is named."""
    digest = hashlib.sha256(face.crop_gray.tobytes()).hexdigest()
    if st.session_state.get(STATE_KEY, (None,))[0] != digest:
        st.session_state[STATE_KEY] = (digest, Perturbation())
    perturbation: Perturbation = st.session_state[STATE_KEY][1]
    keep_choice("spoil_kind")
    kind = st.selectbox(
        _("What to change"), list(RANGES), format_func=lambda code: _(NAMES[code]), key="spoil_kind"
    )
    span = RANGES[kind]
    value = moving_slider(
        _(NAMES[kind]),
        float(span.low),
        float(span.high),
        getattr(perturbation, kind),
        float(span.step),
        key=f"spoil_{kind}_{digest[:16]}",
    )
    perturbation = dataclasses.replace(perturbation, **{kind: value})
    st.session_state[STATE_KEY] = (digest, perturbation)
    others = [
        f"{_(NAMES[code])}: {format_number(getattr(perturbation, code), 2 if code == 'blur' else 0)}"
        for code in RANGES
        if code != kind and getattr(perturbation, code) != getattr(Perturbation(), code)
    ]
    if others:
        st.caption(_("Also changed: {what}").format(what="; ".join(others)))
    network_here = recognizer(network.id)
    shown = perturb(face.crop_gray, perturbation)
    now = read_faces(shown[None], network_here)[0]  # (48, 48) -> (1, 48, 48)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        caption = _("What the network is shown now")
        enlarged = np.repeat(np.repeat(shown, 8, axis=0), 8, axis=1)
        st.image(enlarged, caption=caption, alt=caption, width="stretch")
    with right:
        st.html(bars_html(network.labels, now.probabilities, (now.label,)))
    _curve(face, network, perturbation, kind)


def _curve(face: PhotoFace, network: NetworkInfo, perturbation: Perturbation, kind: str) -> None:
    values = RANGES[kind].values(POINTS)
    shares = recognizer(network.id).predict(perturb_over_range(face.crop_gray, perturbation, kind, values))
    peaks = shares.max(axis=0)
    rest = [
        code
        for code in sorted(network.labels, key=lambda code: -peaks[network.labels.index(code)])
        if code != face.label
    ]
    lines = {
        code: shares[:, network.labels.index(code)].tolist()
        for code in (face.label, *rest[: LARGEST_NUMBER_OF_LINES - 1])
    }
    present = float(getattr(perturbation, kind))
    decimals = 2 if kind == "blur" else 0
    show_chart(
        perturbation_curves(
            values.tolist(),
            lines,
            {code: emotion_name(code) for code in lines},
            {code: [format_probability(share) for share in line] for code, line in lines.items()},
            theme=current_theme(),
            value_name=_(NAMES[kind]),
            probability_name=_("Probability"),
            present=present,
            present_text=_("now: {value}").format(value=format_number(present, decimals)),
        ),
        key=f"spoil_curve_{kind}",
        filename=f"stress-test-{kind}",
        provenance=Provenance(now_here(), network),
        columns=[
            Column(_(NAMES[kind]), values.tolist(), decimals=2),
            *(expression_column(code, line, percent=True, decimals=1) for code, line in lines.items()),
        ],
        alt=_("Probabilities of the expressions over the range of the slider"),
    )
    st.caption(
        _(
            "The 48×48 pixels that the network is shown are changed, not the photo: in a photo as bad as this, "
            "the face might not be found at all. The noise is the same every time."
        )
    )
