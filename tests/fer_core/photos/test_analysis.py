"""A photo from bytes to rows: right boxes, right order, and never an exception for a bad file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import numpy as np
import pytest
import skimage.data
from PIL import Image

from fer_core.errors import RautError
from fer_core.faces.boxes import iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import EFFORTS, photo_search
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.photos.analysis import PhotoFace, PhotoResult, analyze_photo
from fer_core.photos.table import result_rows, results_to_csv, table_columns
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.answers import Prediction
from fer_core.recognition.provenance import Provenance
from fer_core.recognition.table import result_columns
from tests.recognizers import BrokenRecognizer, DoubtingRecognizer, MeanRecognizer

ASTRONAUT_FACE_XYXY = np.array([[177, 66, 273, 162]])


def png(pixels: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return FaceDetector()


@pytest.fixture(scope="module")
def pair(detector: FaceDetector) -> PhotoResult:
    """Two faces side by side, the right one darker."""
    astronaut = skimage.data.astronaut()
    both = np.hstack([astronaut, (astronaut * 0.6).astype(np.uint8)])
    return analyze_photo(png(both), "pair.png", detector, MeanRecognizer())


def test_the_sample_photo_has_one_face_with_every_effort() -> None:
    for effort in EFFORTS:
        result = analyze_photo(
            SAMPLE_PHOTO.read_bytes(), SAMPLE_PHOTO.name, FaceDetector(photo_search(effort)), MeanRecognizer()
        )
        assert result.status == "ok", effort
        assert len(result.faces) == 1, effort
        # That is the cascade's box; BlazeFace's cut reaches further around the same face.
        assert iou(result.faces[0].box_xyxy[None], ASTRONAUT_FACE_XYXY)[0, 0] > 0.6
        assert result.elapsed_ms > 0


def test_faces_are_numbered_from_left_to_right_each_with_its_own_probabilities(pair: PhotoResult) -> None:
    assert [face.number for face in pair.faces] == [1, 2]
    left, right = pair.faces
    assert left.box_xyxy[2] < 512 <= right.box_xyxy[0]
    assert left.crop_gray.mean() > right.crop_gray.mean()
    for face in pair.faces:
        expected = MeanRecognizer().predict(face.crop_gray[None])[0]
        np.testing.assert_allclose(face.probabilities, expected)
        assert face.label == FER2013_LABELS[int(expected.argmax())]
        assert face.probability == pytest.approx(float(expected.max()))
    assert left.label != right.label


def test_a_phone_photo_is_turned_before_faces_are_looked_for(detector: FaceDetector) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = np.ascontiguousarray(np.rot90(skimage.data.astronaut()[:400]))
    result = analyze_photo(png(lying, exif=exif), "phone.png", detector, MeanRecognizer())
    assert result.image_rgb is not None
    np.testing.assert_array_equal(result.image_rgb, skimage.data.astronaut()[:400])
    assert iou(result.faces[0].box_xyxy[None], ASTRONAUT_FACE_XYXY)[0, 0] > 0.75


def test_boxes_of_a_large_photo_are_in_its_own_pixels(detector: FaceDetector) -> None:
    large = np.asarray(Image.fromarray(skimage.data.astronaut()).resize((3072, 3072)))
    result = analyze_photo(png(large), "large.png", detector, MeanRecognizer())
    assert len(result.faces) == 1
    assert iou(result.faces[0].box_xyxy[None], ASTRONAUT_FACE_XYXY * 6)[0, 0] > 0.75


@pytest.mark.parametrize("shape", [(1, 1, 3), (300, 300, 3)])
def test_no_face_is_a_result(shape: tuple[int, ...], detector: FaceDetector) -> None:
    result = analyze_photo(png(np.full(shape, 200, np.uint8)), "wall.png", detector, MeanRecognizer())
    assert result.status == "no_face"
    assert result.faces == ()
    assert result.error is None
    assert result.image_rgb is not None


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut"])
def test_a_bad_file_is_a_result_with_its_sentence(data: bytes, detector: FaceDetector) -> None:
    result = analyze_photo(data, "bad.jpg", detector, MeanRecognizer())
    assert result.status == "error"
    assert result.image_rgb is None
    assert isinstance(result.error, RautError)
    assert "bad.jpg" in str(result.error)
    assert result.error.__traceback__ is result.error.__cause__ is None  # they would keep the file


def test_a_network_that_fails_is_a_result_with_its_sentence(detector: FaceDetector) -> None:
    result = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", detector, BrokenRecognizer())
    assert result.status == "error"
    assert str(result.error) == "The network is damaged."


# --- sets and "unsure" -----------------------------------------------------------------------------------


def test_a_face_carries_its_set_by_probability_and_whether_it_is_unsure(detector: FaceDetector) -> None:
    (face,) = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", detector, DoubtingRecognizer()).faces
    assert face.prediction_set == ("sad", "fear", "angry")
    assert face.unsure is True
    assert (face.answer, face.label) == ("unsure", "sad")


def test_a_face_of_a_network_that_was_not_calibrated_has_no_set(detector: FaceDetector) -> None:
    (face,) = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", detector, MeanRecognizer()).faces
    assert face.prediction_set is None
    assert face.unsure is None
    assert face.answer == face.label


def test_the_table_names_the_most_probable_expression_of_an_unsure_face(detector: FaceDetector) -> None:
    result = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", detector, DoubtingRecognizer())
    (row,) = read(csv_of([result]))
    assert tuple(row) == table_columns(FER2013_LABELS)
    assert (row["label"], row["status"], row["sad"]) == ("sad", "ok", "0.35")
    assert (row["answer"], row["prediction_set"]) == ("unsure", "sad fear angry")


# --- table and CSV ---------------------------------------------------------------------------------------


def made_up(name: str, status: str, faces: int = 0, labels: tuple[str, ...] = FER2013_LABELS) -> PhotoResult:
    shares = np.full(len(labels), 0.5 / (len(labels) - 1), np.float32)
    shares[3] = 0.5
    prediction = Prediction(shares, labels[3], 0.5)
    crop = np.zeros((48, 48), np.uint8)
    found = tuple(
        PhotoFace(number, np.array([10, 20, 40, 60], np.int32) * number, prediction, crop)
        for number in range(1, faces + 1)
    )
    return PhotoResult(name, None, found, labels, status, None, 1.0)


SOURCE = Provenance(datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC), settings={"neighbours": 4})


def csv_of(results: list[PhotoResult]) -> str:
    return results_to_csv(results, SOURCE)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_columns_are_those_of_the_contract() -> None:
    assert result_columns(FER2013_LABELS) == (
        "file", "face", "x", "y", "width", "height",
        "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
        "label", "status", "raut_version",
    )  # fmt: skip
    header = csv_of([made_up("a.jpg", "no_face")]).splitlines()[0]
    assert header.startswith(",".join(result_columns(FER2013_LABELS)) + ",")
    assert header.split(",")[-10:] == [
        "answer", "prediction_set", "found_by", "turn_degrees", "turned_away",
        "network", "network_sha256", "detector", "settings", "date",
    ]  # fmt: skip


def test_one_row_a_face_and_one_row_for_a_photo_without() -> None:
    rows = read(csv_of([made_up("a.jpg", "ok", 2), made_up("b.jpg", "no_face"), made_up("c.jpg", "error")]))
    assert [(row["file"], row["face"], row["status"]) for row in rows] == [
        ("a.jpg", "1", "ok"),
        ("a.jpg", "2", "ok"),
        ("b.jpg", "", "no_face"),
        ("c.jpg", "", "error"),
    ]
    second = rows[1]
    assert (second["x"], second["y"], second["width"], second["height"]) == ("20", "40", "60", "80")
    assert second["label"] == "happy"
    assert float(second["happy"]) == 0.5
    assert sum(float(second[label]) for label in FER2013_LABELS) == pytest.approx(1, abs=1e-5)
    assert {rows[2][column] for column in ("x", "happy", "label")} == {""}


def test_rows_and_csv_say_the_same() -> None:
    results = [made_up("a.jpg", "ok", 2), made_up("b.jpg", "no_face")]
    rows = [{**row, **SOURCE.cells()} for row in result_rows(results)]
    assert [{key: str(value) for key, value in row.items()} for row in rows] == read(csv_of(results))


def test_networks_with_eight_labels_have_their_own_columns() -> None:
    row = read(csv_of([made_up("a.jpg", "ok", 1, FERPLUS_LABELS)]))[0]
    assert "contempt" in row
    with pytest.raises(ValueError, match="one network"):
        csv_of([made_up("a", "no_face"), made_up("b", "no_face", labels=FERPLUS_LABELS)])


@pytest.mark.parametrize("name", ['quo"te, comma.jpg', "zwei\nZeilen.jpg", "wajah ñ 😊.jpg"])
def test_strange_names_come_back_whole(name: str) -> None:
    assert read(csv_of([made_up(name, "no_face")]))[0]["file"] == name


@pytest.mark.parametrize("name", ["=HYPERLINK(1).jpg", "+1.jpg", "-1.jpg", "@x.jpg"])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert read(csv_of([made_up(name, "no_face")]))[0]["file"] == f"'{name}"


def test_a_name_is_no_formula_where_a_spreadsheet_separates_cells_by_semicolons() -> None:
    row = read(csv_of([made_up("x;=cmd|calc;-1;y.jpg", "no_face")]))[0]
    assert row["file"] == "x;'=cmd|calc;'-1;y.jpg"


def test_no_photo_gives_a_header_and_no_row() -> None:
    assert read(csv_of([])) == []
    assert result_rows([]) == []
