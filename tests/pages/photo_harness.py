"""What the tests of the Photos page share: uploads, what is on the page."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.photos.shelf import PhotoShelf
from pages.ui.photo_session import SHELF_KEY

PAGE = "pages/photos/page.py"
Opened = Callable[..., AppTest]


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files])
    return app.run()


def shelf_of(app: AppTest) -> PhotoShelf:
    return app.session_state[SHELF_KEY]


def page_html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.main if element.type == "html")
