"""Mean and standard-deviation faces: of each class from what ships, of any filter where the pictures are here."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.class_faces import MeanFace, faces_of_classes, mean_face
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_class_faces
from fer_core.labels import in_reading_order
from pages.dataset.material import is_shipped
from pages.ui.i18n import _, emotion_name, format_number, ngettext

_SIDE = 144


def faces_section(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """A mean face and what varies around it for each label, and for the filter."""
    st.header(_("Mean faces"), anchor=False)
    st.markdown(
        _(
            "Left the mean of all pictures of a label, point by point; right their standard deviation: the brighter a "
            "point, the more the pictures differ there."
        )
    )
    faces: dict[str, MeanFace] = {}
    if is_shipped(table):
        faces = shipped_class_faces("label")
    elif dataset is not None:
        faces = faces_of_classes(table, dataset.images_gray, "label")
    shown = [(emotion_name(code), faces[code]) for code in in_reading_order(faces)]
    if chosen and dataset is not None:
        shown.insert(0, (_("Pictures of the filter"), mean_face(dataset.images_gray, chosen.mask(table))))
    elif chosen:
        st.caption(_("The mean face of the filter needs the pictures; those of the labels come with Raut."))
    with st.container(horizontal=True, gap="medium", key="mean_faces"):
        for name, face in shown:
            if face.n:
                _pair(name, face)


def _pair(name: str, face: MeanFace) -> None:
    count = ngettext("{n} picture", "{n} pictures", face.n).format(n=format_number(face.n))
    caption = f"{name}, {count}"
    # Deviations are 40 to 70 grey levels: three times that is as bright as a picture.
    both = np.concatenate([face.mean, 3 * face.deviation], axis=1)  # (48, 48) and (48, 48) -> (48, 96)
    grey = np.clip(both, 0, 255).astype(np.uint8)
    alt = _("Mean and standard deviation: {name}").format(name=caption)
    st.image(np.repeat(np.repeat(grey, 3, axis=0), 3, axis=1), caption=caption, alt=alt, width=2 * _SIDE)
