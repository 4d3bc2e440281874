"""Part "Cover a part": the reader moves a patch over the face and sees the probabilities move."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.occlusion import Patch, cover
from fer_core.explanation.perturbation import Perturbation, perturb
from fer_core.labels import shares_in_reading_order
from pages.network import selection
from pages.network.attention.cover_patch import cover_patch, read_patch
from pages.network.expressions import expression_names
from pages.network.seen import Seen
from pages.ui.address.parameters import text_of_address
from pages.ui.i18n import _, emotion_name, format_percent, format_probability
from pages.ui.resources import recognizer
from pages.ui.teaching.question import ask

COVER = "cover"
"""Parameter of the address: the patch, as "left,top,size,fill"."""

FIRST = Patch(12, 24, 24)
"""Where the patch lies at first: over the mouth of a face as the detectors cut it out. A smaller one may cost little."""

_PATCH_KEY = "network_patch"
_PLACED_KEY = "network_patch_placed"
_SAME = 0.005  # of probability: what reads alike


def render(seen: Seen) -> None:
    """A question first, then the face with its patch."""
    st.markdown(
        _(
            "Drag the patch over the face, or move it with the arrow keys. The network is asked anew each time: what was "
            "covered that mattered shows in the numbers. What you cover is the 48×48 picture that the network is shown."
        )
    )
    if not _question(seen):
        return
    _cover(seen)


def _question(seen: Seen) -> bool:
    """What costs the answer more: eyes covered or mouth covered."""
    label = seen.answer.label
    faces = np.stack([perturb(seen.face_gray, Perturbation(**{part: 100.0})) for part in ("eyes", "mouth")])
    column = seen.info.labels.index(label)
    whole = float(seen.answer.probabilities[column])
    eyes, mouth = (float(share) for share in recognizer(seen.info.id).predict(faces)[:, column])
    if abs(eyes - mouth) < _SAME:
        right = "equal"
    else:
        right = "eyes" if abs(whole - eyes) > abs(whole - mouth) else "mouth"
    return ask(
        f"cover_{seen.key}",
        _("Which part, covered, will change the probability of “{expression}” most: eyes or mouth?").format(
            expression=emotion_name(label).lower()
        ),
        {"eyes": _("Eyes"), "mouth": _("Mouth"), "equal": _("Both the same")},
        right,
        _(
            "The whole face: {whole}. With a grey strip over the eyes: {eyes}; with one over the mouth: {mouth}."
        ).format(
            whole=format_probability(whole), eyes=format_probability(eyes), mouth=format_probability(mouth)
        ),
    )


def _cover(seen: Seen) -> None:
    patch = patch_of_session()
    before = shares_in_reading_order(seen.info.labels, seen.answer.probabilities)
    covered = cover(seen.face_gray, patch)
    found = recognizer(seen.info.id).predict(covered[None])[0]  # (48, 48) -> (1, 48, 48)
    after = shares_in_reading_order(seen.info.labels, found)
    cover_patch(
        seen.face_gray,
        patch,
        expression_names(seen),
        before,
        after,
        identity=seen.key,
        placed=int(st.session_state.get(_PLACED_KEY, 0)),
        sentence=_sentence(before, after),
        on_moved=_moved,
    )
    st.caption(
        _(
            "A patch is something to see, too: its edges, or a black square where a mouth would be, may speak for another "
            "expression. Compare the fills. That a number falls says that the network used what was there; it does not "
            "say what it took it for."
        )
        + " "
        + erasing_note(seen)
    )


def _sentence(before: dict[str, float], after: dict[str, float]) -> str:
    first, now = max(before, key=before.__getitem__), max(after, key=after.__getitem__)
    if first == now:
        text = _("Still resembles {expression}: {before} whole, {after} covered.")
    else:
        text = _("Now resembles {other}: {expression} falls from {before} to {after}.")
    return text.format(
        expression=emotion_name(first).lower(),
        other=emotion_name(now).lower(),
        before=format_probability(before[first], 1),
        after=format_probability(after[first], 1),
    )


def erasing_note(seen: Seen) -> str:
    """Whether the network learnt from faces of which a part was covered."""
    share = seen.info.recipe.settings.get("augmentation", {}).get("erasing_probability")
    if not isinstance(share, float | int):
        return _("Whether this network has learnt from covered faces is not recorded.")
    if not share:
        return _("This network has never learnt from faces with a covered part.")
    return _(
        "In its training a grey rectangle covered a part of {share} of the faces, so that this network has learnt to do "
        "without one."
    ).format(share=format_percent(share, 0))


# --- where the patch lies ----------------------------------------------------------------------------


def patch_of_session() -> Patch:
    """The patch: where it was left, unless the address names another one."""
    text = text_of_address(COVER)
    stored, followed = st.session_state.get(_PATCH_KEY, (None, ""))
    if text == followed and stored is not None:
        return stored
    patch = patch_of_text(text) if text else FIRST
    if patch is None:
        selection.refuse(COVER, text, text_of_patch(FIRST))
        patch = FIRST
    st.session_state[_PATCH_KEY] = (patch, text)
    _place()
    return patch


def patch_of_text(text: str) -> Patch | None:
    """ "16,30,16,mean" as a patch; None where it is none that is offered."""
    left, top, size, fill, *more = [*text.split(","), "", "", ""][: max(4, text.count(",") + 1)]
    numbers = (left, top, size)
    if any(more) or not all(one.isascii() and one.isdecimal() and len(one) <= 2 for one in numbers):
        return None
    return read_patch({"left": int(left), "top": int(top), "size": int(size), "fill": fill})


def text_of_patch(patch: Patch) -> str:
    """As the address has it."""
    return f"{patch.left},{patch.top},{patch.size},{patch.fill}"


def put_patch(patch: Patch) -> None:
    """Put the patch somewhere, in the address and for the browser; to be called in a callback."""
    _moved(patch, True)
    _place()


def _moved(patch: Patch, settled: bool) -> None:
    text = text_of_patch(patch) if settled else text_of_address(COVER)
    st.session_state[_PATCH_KEY] = (patch, text)
    if settled:
        selection.put(**{COVER: text})


def _place() -> None:
    st.session_state[_PLACED_KEY] = int(st.session_state.get(_PLACED_KEY, 0)) + 1
