"""Stored answers are those that were counted, and belong to the weights and the evaluation that are there."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import NetworkError
from fer_core.evaluation.answers import Answers, SplitAnswers, read_answers, write_answers
from fer_core.evaluation.evaluate import answer_splits, evaluation_of, write_evaluation
from fer_core.evaluation.report import read_report
from fer_core.labels import EXPRESSIONS, FER2013_LABELS
from fer_core.places import MODELS_VARIABLE
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network, list_measured
from fer_core.store.network import ANSWERS_FILE, EVALUATION_FILE, NetworkInfo
from tests.network_records import with_facts
from tests.recognizers import FirstPixelRecognizer

SHIPPED = [each.id for each in list_measured() if each.ships]


@pytest.fixture
def measured(dataset: Fer2013, network: NetworkInfo) -> Callable[..., None]:
    """Measures splits with a recogniser and writes both files."""

    def measure(recognizer: FirstPixelRecognizer, *names: str) -> None:
        answered = answer_splits(recognizer, dataset, names)
        write_evaluation(network, evaluation_of(recognizer.network, dataset, answered))
        write_answers(recognizer.network, dataset, answered)

    return measure


def _of(network: NetworkInfo) -> Answers:
    answers = read_answers(network)
    assert answers is not None
    return answers


def test_what_was_answered_to_each_picture_is_read(dataset, network, recognizer, measured) -> None:
    measured(recognizer, "PublicTest", "PrivateTest")
    answers = _of(network)
    assert list(answers.splits) == ["PublicTest", "PrivateTest"]
    part = answers.splits["PrivateTest"]
    assert (part.name, part.labels, part.n) == ("PrivateTest", EXPRESSIONS[:7], 5)
    assert part.rows.tolist() == [106, 107, 108, 109, 110]
    assert [part.labels[at] for at in part.true] == ["angry", "angry", "happy", "happy", "surprise"]
    assert [part.labels[at] for at in part.predicted] == ["angry", "sad", "happy", "happy", "fear"]
    assert part.right.tolist() == [True, False, True, True, False]
    rest = part.without_duplicates
    assert rest is not None and rest.rows.tolist() == [106, 107, 109, 110]  # row 108 is the duplicate
    assert rest.confusion.sum() == 4 and rest.without_duplicates is None
    assert part.probabilities.dtype == np.float32 and not part.probabilities.flags.writeable


def test_probabilities_keep_their_ratios_to_a_thousandth_and_the_answer(
    network, recognizer, measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = (
        np.random.default_rng(3).dirichlet(np.full(7, 0.05), 5).astype(np.float32)
    )  # many nearly 0 or 1
    expected[0] = (0.5, 0.5, 0, 0, 0, 0, 0)  # a tie: the first of both is the answer
    monkeypatch.setattr(recognizer, "predict", lambda _faces: expected)
    measured(recognizer, "PrivateTest")
    part = _of(network).splits["PrivateTest"]
    assert part.labels == FER2013_LABELS
    assert part.predicted.tolist() == expected.argmax(axis=1).tolist()
    clear = expected > 1e-13
    np.testing.assert_allclose(part.probabilities[clear], expected[clear], rtol=1e-3)
    assert (part.probabilities[~clear] < 2e-13).all()
    np.testing.assert_allclose(part.probabilities.sum(axis=1), 1, rtol=1e-6)


def test_the_same_answers_give_the_same_bytes_and_other_splits_stay(network, recognizer, measured) -> None:
    file = network.folder / ANSWERS_FILE
    measured(recognizer, "PrivateTest", "PublicTest")
    both = file.read_bytes()
    measured(recognizer, "PublicTest")
    assert file.read_bytes() == both
    file.unlink()
    measured(recognizer, "PublicTest")
    assert list(_of(network).splits) == ["PublicTest"]
    measured(recognizer, "PrivateTest")
    assert file.read_bytes() == both


def test_answers_of_earlier_weights_are_dropped(network, recognizer, measured) -> None:
    measured(recognizer, "PublicTest")
    recognizer.network = with_facts(network, checksum={"model.tflite": "cd34"})
    with pytest.raises(NetworkError, match="other weights"):
        read_answers(recognizer.network)
    measured(recognizer, "PrivateTest")
    assert list(_of(recognizer.network).splits) == ["PrivateTest"]


def test_without_answers_there_are_none(network) -> None:
    assert read_answers(network) is None


@pytest.mark.parametrize(
    "damage", ["cut", "empty", "text", "lacks", "shape", "label", "two answers", "temperature"]
)
def test_damage_gives_a_sentence_and_the_next_measurement_mends_it(
    network, recognizer, measured, damage: str
) -> None:
    measured(recognizer, "PrivateTest")
    file = network.folder / ANSWERS_FILE
    whole = file.read_bytes()
    file.write_bytes(_damaged(whole, damage))
    with pytest.raises(NetworkError, match=r"Tried one.*answers\.npz.*damaged.*evaluate tried"):
        read_answers(network)
    measured(recognizer, "PrivateTest")
    assert file.read_bytes() == whole


def _damaged(whole: bytes, damage: str) -> bytes:
    match damage:
        case "cut":
            return whole[: len(whole) // 2]
        case "empty":
            return b""
        case "text":
            return b"no archive"
    with np.load(io.BytesIO(whole)) as stored:
        arrays = dict(stored)
    match damage:
        case "lacks":
            del arrays["PrivateTest:true"]
        case "shape":
            arrays["PrivateTest:below"] = arrays["PrivateTest:below"][:, 1:]
        case "label":
            arrays["PrivateTest:true"][0] = 7
        case "two answers":
            arrays["PrivateTest:below"][:2, 0] = 0
        case "temperature":
            arrays["temperature"] = np.array(0.0)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def test_answers_that_the_evaluation_does_not_count_are_refused(network, recognizer, measured) -> None:
    measured(recognizer, "PrivateTest")
    evaluation = network.folder / EVALUATION_FILE
    counted = evaluation.read_text()
    evaluation.write_text(counted.replace("107, 110", "106, 110"))
    with pytest.raises(NetworkError, match="do not fit its evaluation"):
        read_answers(network)
    evaluation.unlink()
    with pytest.raises(NetworkError, match="do not fit its evaluation"):
        read_answers(network)


def test_before_the_temperature_is_worked_out_by_hand() -> None:
    # softmax(log(p) / 2) of (0.64, 0.32, 0.04) is the square roots over their sum.
    roots = np.sqrt([[0.64, 0.32, 0.04]])
    part = SplitAnswers(
        "PublicTest", EXPRESSIONS[:3], np.array([1]), np.array([0]),
        (roots / roots.sum()).astype(np.float32), temperature=2.0,
    )  # fmt: skip
    np.testing.assert_allclose(part.uncalibrated(), [[0.64, 0.32, 0.04]], rtol=1e-6)


@pytest.mark.parametrize("name", ["raut", "mobilenet"])  # with and without flip averaging
def test_before_the_temperature_is_what_the_shipped_file_holds_before_its_last_steps(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ai_edge_litert.interpreter import Interpreter

    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    network = find_network(name)
    faces = (
        np.random.default_rng(5)
        .integers(0, 256, (8, 12, 12), dtype=np.uint8)
        .repeat(4, axis=1)
        .repeat(4, axis=2)
    )
    interpreter = Interpreter(model_path=str(network.file), experimental_preserve_all_tensors=True)
    entry = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(entry, (len(faces), 48, 48, 1))
    interpreter.allocate_tensors()
    interpreter.set_tensor(entry, faces[..., None].astype(np.float32))
    interpreter.invoke()
    (floor,) = (step for step in interpreter._get_ops_details() if step["op_name"] == "MAXIMUM")
    before = interpreter.get_tensor(floor["inputs"][0])
    assert before.shape == (len(faces), 7) and network.record.temperature not in (None, 1.0)

    calibrated = ExpressionRecognizer(network).predict(faces)
    temperature = float(network.record.temperature or 1)
    part = SplitAnswers("", network.labels, np.arange(8), np.zeros(8, int), calibrated, temperature)
    assert np.abs(calibrated - before).max() > 0.01
    np.testing.assert_allclose(part.uncalibrated(), before, atol=1e-4)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_network_that_ships_has_its_answers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    network = find_network(name)
    answers, report = read_answers(network), read_report(network)
    assert answers is not None and report is not None
    assert list(answers.splits) == list(report.splits)
    for part in answers.splits.values():
        assert part.temperature == (network.record.temperature or 1.0)
        stored = report.splits[part.name].certainty["calibration"]["bins"]
        confidence = part.probabilities.max(axis=1).astype(float)
        assert confidence.mean() == pytest.approx(
            sum(n * (sure or 0) for n, sure in zip(stored["count"], stored["confidence"], strict=True))
            / part.n,
            abs=1e-5,
        )
