"""What is loaded once and shared by pages: networks and the data set.

Nothing here is loaded before a page asks for it, so that the first page is up in seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.load import fer2013_signature, load_fer2013
from fer_core.errors import DatasetNotFoundError, NetworkError
from fer_core.lab.network import LabNetwork
from fer_core.lab.recognizer import LabRecognizer
from fer_core.recognition.answers import Answerer
from fer_core.recognition.recognizer import ExpressionRecognizer, LitertRecognizer
from fer_core.store.folder import damaged_networks, find_network, list_measured, list_networks, read_litert
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.i18n import _, format_number, ngettext

if TYPE_CHECKING:
    from fer_core.explanation.features import FeatureReader
    from fer_core.explanation.grad_cam import GradCam
    from fer_core.explanation.network_reader import NetworkReader


AnyNetwork = NetworkInfo | LabNetwork
"""One that ships, or one that a class trained."""


def networks() -> list[NetworkInfo]:
    """The shipped networks, the default one first; empty when there is none."""
    return list_networks()


def measured_networks() -> list[NetworkInfo]:
    """The shipped networks and those of which only the figures ship."""
    return list_measured()


def damage() -> list[NetworkError]:
    """A sentence for each network whose folder is damaged, so that it is not offered."""
    return damaged_networks()


def lab_networks() -> list[LabNetwork]:
    """The networks that this very session keeps in the lab, oldest first; empty without a desk there."""
    token = st.session_state.get(session_keys.LAB_TOKEN)
    if not token:
        return []
    from fer_core.lab.desk import DESKS  # which most readers do without

    desk = DESKS.find(token)
    return [] if desk is None else desk.networks


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def _recognizer(network_id: str, checksum: str) -> ExpressionRecognizer:
    return ExpressionRecognizer(find_network(network_id))


def recognizer(network_id: str | None = None) -> ExpressionRecognizer:
    """The recogniser of a network, one for each session: two tabs do not wait for each other.

    Raises:
        NetworkError: there is no such network, or its file is damaged.
    """
    info = find_network(network_id)
    return _recognizer(info.id, str(info.checksum))


@st.cache_resource(show_spinner=False, max_entries=3, scope="session")
def _lab_recognizer(checksum: str, _network: LabNetwork) -> LabRecognizer:
    return LabRecognizer(_network)


def recognizer_of(network: Answerer) -> LitertRecognizer:
    """The recogniser of a network that ships or of one of the lab, one for each session.

    Raises:
        NetworkError: its file is damaged.
    """
    if isinstance(network, LabNetwork):
        return _lab_recognizer(network.checksum, network)
    return recognizer(network.id)


@st.cache_resource(show_spinner=False, max_entries=3, scope="session")
def _lab_grad_cam(checksum: str, _network: LabNetwork) -> GradCam | NetworkError:
    from fer_core.explanation.grad_cam import GradCam

    try:
        return GradCam(_network.content, _network.labels, _network.name)
    except NetworkError as error:
        return error.without_traceback()


@st.cache_resource(show_spinner=False, max_entries=8)
def _grad_cam(network_id: str, checksum: str) -> GradCam | NetworkError:
    """An error that will not go away is kept, too: live video asks twice a second."""
    from fer_core.explanation.grad_cam import GradCam  # with OpenCV, which the first page can do without

    network = find_network(network_id)
    content = read_litert(network)  # a file that cannot be read may be put right
    try:
        return GradCam(content, network.labels, network.name)
    except NetworkError as error:
        return error.without_traceback()


def grad_cam(network: AnyNetwork) -> GradCam:
    """The maps of a network: of one that ships for all sessions, of one of the lab for its own.

    Raises:
        NetworkError: its file is damaged, or it is built in another way.
    """
    if isinstance(network, LabNetwork):
        cam = _lab_grad_cam(network.checksum, network)
    else:
        cam = _grad_cam(network.id, str(network.checksum))
    if isinstance(cam, NetworkError):
        raise cam.without_traceback()
    return cam


@st.cache_resource(show_spinner=False, max_entries=1)
def _feature_reader(network_id: str, checksum: str) -> FeatureReader:
    from fer_core.explanation.features import FeatureReader

    network = find_network(network_id)
    return FeatureReader(read_litert(network), network.name)


def feature_reader(network: NetworkInfo) -> FeatureReader:
    """What reads the features of faces by a network, one for all sessions.

    Raises:
        NetworkError: its file is damaged, or it is built in another way.
    """
    return _feature_reader(network.id, str(network.checksum))


@st.cache_resource(show_spinner=False, max_entries=4)
def _network_reader(network_id: str, checksum: str) -> NetworkReader:
    from fer_core.explanation.network_reader import NetworkReader

    network = find_network(network_id)
    return NetworkReader(read_litert(network), network.labels, network.name)


def network_reader(network: NetworkInfo) -> NetworkReader:
    """The layers of a network and what they compute for a face, one for all sessions.

    Raises:
        NetworkError: its file is missing or damaged, or it is built in a way that cannot be read.
    """
    return _network_reader(network.id, str(network.checksum))


@st.cache_resource(show_spinner=False)
def _dataset_shelf() -> tuple[dict[str, Fer2013], threading.Lock]:
    """The data set that was read last by what it was made from, and a lock: two sessions must not read 300 MB at once.

    Not simply a cached loader, because that could not show how far it is.
    """
    return {}, threading.Lock()


def dataset_or_none() -> Fer2013 | None:
    """FER2013, or None where it is not on this computer; a progress bar while it is read.

    It is read again once the table, a folder of pictures or the votes of FER+ beside it have changed.

    Raises:
        DatasetError: it is there and cannot be read as it is; the sentence says why.
    """
    try:
        made_from = fer2013_signature()
    except DatasetNotFoundError:
        return None
    shelf, lock = _dataset_shelf()
    dataset = shelf.get(made_from)
    if dataset is None:
        with _reading_bar() as progress, lock:
            dataset = shelf.get(made_from)
            if dataset is None:
                dataset = load_fer2013(progress=progress)
                shelf.clear()
                shelf[made_from] = dataset
    return dataset


@contextmanager
def _reading_bar() -> Iterator[Callable[[float], None]]:
    """A bar with the time left, gone when the reading is over."""
    text = _("Reading FER2013. The first time takes some seconds.")
    bar = st.progress(0.0, text)
    begin = updated = time.monotonic()

    def progress(part: float) -> None:
        nonlocal updated
        now = time.monotonic()
        if now - updated < 0.2:
            return
        updated = now
        left = ""
        if 0 < part < 1 and now - begin > 1:
            seconds = max(1, round((now - begin) / part * (1 - part)))
            left = " " + ngettext("About {s} second left.", "About {s} seconds left.", seconds).format(
                s=format_number(seconds)
            )
        bar.progress(min(part, 1.0), text + left)

    try:
        yield progress
    finally:
        bar.empty()
