"""What the views of the page are about: the data set where it is here, and the table of its rows always."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.datasets.statistics.tables import known_table, table_of
from fer_core.errors import RautError
from pages.ui.guard import show_error
from pages.ui.i18n import _
from pages.ui.resources import dataset_or_none


def material() -> tuple[RowTable, Fer2013 | None]:
    """The table of rows, and the pictures of the same rows; None where they are not here or cannot be read.

    FER2013 itself has the table that ships; of another set what can be worked out is worked out, once for all
    sessions.
    """
    try:
        dataset = dataset_or_none()
    except RautError as error:
        show_error(error)
        st.markdown(_("What is shown does not need it: these are statistics that come with Raut."))
        dataset = None
    if dataset is None:
        return shipped_rows(), None
    table = known_table(dataset)
    if table is None:
        with st.spinner(_("Working out the statistics of this data set …")):
            table = table_of(dataset)
    return table, dataset


def is_shipped(table: RowTable) -> bool:
    """Whether the table is that of FER2013 which comes with Raut."""
    return table is shipped_rows()
