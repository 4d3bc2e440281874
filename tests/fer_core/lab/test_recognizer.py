"""A network of the lab in place of one that ships: the same answers, and classes with names of their own everywhere."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from datetime import UTC, datetime

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.faces.boxes import FaceDetections
from fer_core.faces.search import live_search, photo_search
from fer_core.lab.recognizer import LabRecognizer, open_network
from fer_core.lab.settings import LabSettingsError
from fer_core.labels import CLASS_COLOURS, FER2013_LABELS, UNSURE, in_shown_order, look_of
from fer_core.live.drawing import draw_result
from fer_core.live.record import LiveRecord
from fer_core.live.session import LiveSession, LiveSettings
from fer_core.photos.analysis import PhotoResult, numbered_faces
from fer_core.photos.findings import analysis_key
from fer_core.photos.table import results_to_csv
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.recognition.frames import LiveFace, LiveResult
from fer_core.recognition.provenance import search_provenance
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.recognition.table import probability_columns, result_columns
from fer_core.store.folder import find_network, read_litert
from tests.e2e.clips import moving_faces
from tests.lab_networks import NAMES, own_network

SEVEN = ("smile", "face", "label", "=cmd()", "笑", "happy", "file")
"""Names that are also those of columns, of an expression and of a formula."""
MADE = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(scope="module")
def recognizer() -> LabRecognizer:
    """The default network's file, whose seven outputs a class has named."""
    return LabRecognizer(own_network(SEVEN, read_litert(find_network("raut"))))


def result_of(recognizer: LabRecognizer, faces_gray: np.ndarray) -> PhotoResult:
    boxes = np.array([[10 * n, 0, 10 * n + 9, 9] for n in range(len(faces_gray))], np.int32)
    found = FaceDetections(boxes, (640, 480), 1.0)
    faces = numbered_faces(found, faces_gray, np.zeros(len(boxes)), recognizer)
    return PhotoResult("a.jpg", None, faces, recognizer.labels, "ok", None, 1.0)


def test_it_reads_faces_as_the_network_whose_file_it_has(
    recognizer: LabRecognizer, faces_gray: np.ndarray
) -> None:
    ships = ExpressionRecognizer(find_network("raut"))
    assert np.array_equal(recognizer.predict(faces_gray), ships.predict(faces_gray))
    assert recognizer.labels == SEVEN and recognizer.prediction_sets is None
    assert recognizer.predict(faces_gray[:0]).shape == (0, 7)


def test_a_file_that_cannot_be_run_or_has_other_classes_is_refused() -> None:
    with pytest.raises(NetworkError, match="cannot be run"):
        LabRecognizer(own_network(SEVEN, b"no network"))
    with pytest.raises(NetworkError, match="does not answer with one number for each of its 3 labels"):
        LabRecognizer(own_network(content=read_litert(find_network("raut"))))


def test_both_kinds_are_opened_and_nothing_else() -> None:
    content = read_litert(find_network("raut"))
    assert isinstance(open_network(own_network(SEVEN, content)), LabRecognizer)
    assert isinstance(open_network(find_network("raut")), ExpressionRecognizer)
    with pytest.raises(TypeError, match="NetworkInfo or a LabNetwork"):
        open_network(None)  # type: ignore[arg-type]


def test_every_class_has_a_look_of_its_own_and_expressions_keep_theirs() -> None:
    assert [look_of(name, SEVEN) for name in (*SEVEN, UNSURE)] == [*tuple(CLASS_COLOURS)[:7], UNSURE]
    assert [look_of(code, FER2013_LABELS) for code in FER2013_LABELS] == list(FER2013_LABELS)
    assert in_shown_order(SEVEN) == SEVEN and in_shown_order(("neutral", "angry")) == ("angry", "neutral")
    with pytest.raises(LabSettingsError, match="another name"):
        own_network(("smile", "Unsure"))


def test_classes_are_told_apart_by_colour_blind_readers() -> None:
    """CIELAB of the colours, as they are and as Machado et al. 2009 compute them for each kind of colour blindness."""
    seen = [
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

    def lab(colour: str) -> np.ndarray:
        share = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        xyz = np.array([to_xyz @ np.clip(np.array(m) @ linear, 0, 1) for m in seen]) / [0.95047, 1, 1.08883]
        f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
        return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)

    labs = [lab(colour) for colour in CLASS_COLOURS.values()]
    apart = [np.linalg.norm(a - b, axis=1).min() for n, a in enumerate(labs) for b in labs[:n]]
    assert min(apart) > 16


def test_letters_that_the_font_does_not_have_leave_number_sign_and_percentage() -> None:
    def drawn(text: str) -> np.ndarray:
        mark = FaceMark(np.array([200, 200, 300, 300]), 1, text, "class-2")
        return FaceDrawer().draw(np.full((480, 640, 3), 120, np.uint8), [mark])

    assert np.array_equal(drawn("笑 😊 73%"), drawn("73%"))
    assert not np.array_equal(drawn("Ć smile 73%"), drawn("smile 73%")), "accents are drawn"


def test_video_is_drawn_in_the_colours_of_the_classes(
    recognizer: LabRecognizer, faces_gray: np.ndarray
) -> None:
    face = result_of(recognizer, faces_gray[:1]).faces[0]
    box = np.array([200, 200, 300, 300], np.int32)
    live = LiveFace(1, box, dataclasses.replace(face.prediction, label="face"))
    result = LiveResult((live,), SEVEN, (640, 480), True, 1.0, 1.0)
    captions = Captions({name: name for name in (*SEVEN, UNSURE)}, tuple(f"{p}%" for p in range(101)))
    frame = draw_result(FaceDrawer(), np.full((480, 640, 3), 120, np.uint8), result, captions)
    colour = CLASS_COLOURS["class-2"]
    assert tuple(frame[250, 200][::-1]) == tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def test_live_video_runs_with_it_and_keeps_a_table(recognizer: LabRecognizer) -> None:
    network = recognizer.network
    captions = Captions({name: name for name in (*SEVEN, UNSURE)}, tuple(f"{p}%" for p in range(101)))
    session = LiveSession(LiveSettings(network, live_search(), captions), open_network)
    for frame in moving_faces(4, faces=1, face=80):
        session.process(frame.frame_bgr.copy())
    result = session.latest.get()
    assert session.error is None and result is not None and len(result.faces) == 1
    assert result.labels == SEVEN and result.faces[0].answer in SEVEN
    [row, *_more] = list(csv.DictReader(io.StringIO(session.record.csv())))
    assert row["face"] == "1" and row["network"] == "lab-1" and row["network_sha256"] == network.checksum
    assert sum(float(row[f"probability {name}"]) for name in SEVEN) == pytest.approx(1, abs=1e-5)
    assert [one.network for one in session.record.by_network()] == [network]


def test_a_table_of_two_networks_has_the_columns_of_both(
    recognizer: LabRecognizer, faces_gray: np.ndarray
) -> None:
    record = LiveRecord()
    record.begin(0.0)
    ships = find_network("raut")
    [face] = result_of(recognizer, faces_gray[:1]).faces
    live = LiveFace(1, face.box_xyxy, face.prediction)
    for network, labels, second in ((ships, ships.labels, 1.0), (recognizer.network, SEVEN, 2.0)):
        record.add([live], labels, search_provenance(MADE, network, live_search()), second)
    first, second_row = csv.DictReader(io.StringIO(record.csv()))
    assert first["happy"] and not first["probability happy"]
    assert second_row["probability happy"] and not second_row["happy"]


def test_photos_are_read_and_tabled_with_it(recognizer: LabRecognizer, faces_gray: np.ndarray) -> None:
    source = search_provenance(MADE, recognizer.network, photo_search())
    rows = list(csv.DictReader(io.StringIO(results_to_csv([result_of(recognizer, faces_gray)], source))))
    assert len(rows) == len(faces_gray) and {row["file"] for row in rows} == {"a.jpg"}
    assert [row["face"] for row in rows] == ["1", "2", "3", "4", "5"]
    most = [max(SEVEN, key=lambda name: float(row[f"probability {name}"])) for row in rows]
    assert [row["label"].removeprefix("'") for row in rows] == most
    assert len(set(result_columns(SEVEN))) == len(result_columns(SEVEN))
    assert analysis_key(recognizer, photo_search()).network == f"lab-1 {recognizer.network.checksum}"


def test_no_cell_of_a_class_name_is_a_formula() -> None:
    assert probability_columns(NAMES)[1] == "probability “笑”; '=1+1"


def test_provenance_names_the_network_and_what_its_checksum_is_of(recognizer: LabRecognizer) -> None:
    told = search_provenance(MADE, recognizer.network, photo_search()).as_dict()["network"]
    assert isinstance(told, dict)
    assert (told["task"], told["name"], told["labels"], told["file"]) == ("lab", "7b", list(SEVEN), None)
    json.dumps(told)


def test_the_checksum_follows_weights_classes_and_base_and_not_the_name() -> None:
    network = own_network()
    first = next(iter(network.weights))
    changed = {**network.weights, first: network.weights[first] + np.float32(1e-3)}
    same = dataclasses.replace(network, name="other", id="lab-2")
    assert same.checksum == network.checksum
    others = (
        dataclasses.replace(network, weights=changed),
        own_network(("smile", "frown", "brows")),
        dataclasses.replace(network, base=("raut", "0" * 64)),
    )
    assert len({network.checksum, *(other.checksum for other in others)}) == 4
