"""Raut: page list, page configuration, language, what a page leaves behind. `make run` starts it."""

from __future__ import annotations

import streamlit as st

from pages.ui.access import ask_for_code, enter_by_address, may_enter, may_see
from pages.ui.frame import page_controls, page_frame, release_video_set_aside
from pages.ui.guard import guarded_page
from pages.ui.i18n import _

page_controls()
page_frame()
enter_by_address()

page = st.navigation(
    [
        st.Page("pages/home/page.py", title=_("Home"), icon=":material/home:", default=True),
        st.Page("pages/webcam/page.py", title=_("Webcam"), icon=":material/videocam:", url_path="webcam"),
        st.Page(
            "pages/photos/page.py", title=_("Photos"), icon=":material/photo_library:", url_path="photos"
        ),
        st.Page("pages/videos/page.py", title=_("Videos"), icon=":material/movie:", url_path="videos"),
        st.Page(
            "pages/dataset/page.py", title=_("Data set"), icon=":material/grid_view:", url_path="dataset"
        ),
        st.Page(
            "pages/training/page.py", title=_("Training"), icon=":material/show_chart:", url_path="training"
        ),
        st.Page("pages/network/page.py", title=_("Network"), icon=":material/hub:", url_path="network"),
        st.Page("pages/lab/page.py", title=_("Lab"), icon=":material/science:", url_path="lab"),
        st.Page("pages/quiz/page.py", title=_("Quiz"), icon=":material/quiz:", url_path="quiz"),
        st.Page("pages/about/page.py", title=_("About"), icon=":material/info:", url_path="about"),
    ],
    position="top" if may_enter() else "hidden",
)
st.set_page_config(page_title=f"{page.title} · Raut")
release_video_set_aside(page.url_path)
with guarded_page():
    if may_see(page.url_path):
        page.run()
    else:
        ask_for_code()
