"""The rules of the page Data set that hold outside of its components."""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def page_style() -> None:
    """Once a run of the page."""
    st.html(Path(__file__).with_name("dataset.css"))
