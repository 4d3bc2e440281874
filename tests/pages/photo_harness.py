"""What the tests of the Photos page share: a network that is always sure, uploads, what is on the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.photos.shelf import PhotoShelf
from fer_core.recognition.conformal import PredictionSets
from pages.ui.photo_session import SHELF_KEY

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

PAGE = "pages/photos/page.py"
Opened = Callable[..., AppTest]


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


class SureRecognizer:
    """Stands in for a network; counts what it is asked."""

    calls = 0
    prediction_sets: PredictionSets | None = None

    def __init__(self, network: NetworkInfo) -> None:
        self.network = network
        self.labels = network.labels

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        SureRecognizer.calls += 1
        shares = np.array([0.02, 0.01, 0.03, 0.0004, 0.9176, 0.01, 0.012], np.float32)
        return np.tile(shares, (len(faces_gray), 1))


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files])
    return app.run()


def shelf_of(app: AppTest) -> PhotoShelf:
    return app.session_state[SHELF_KEY]


def page_html(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.main if element.type == "html")
