"""Times are those of taking turns, belong to the file that was measured, and are compared with the reference."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core import cli
from fer_core.errors import NetworkError
from fer_core.evaluation import speed
from fer_core.store import folder as store
from fer_core.store.network import NetworkInfo


class Clock:
    """Time that passes only while somebody works."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.worked: list[str] = []

    def __call__(self) -> float:
        return self.seconds

    def work(self, name: str, *milliseconds: float) -> Callable[[], None]:
        """A function that takes so long, the last figure again and again."""
        times = list(milliseconds)

        def run() -> None:
            self.worked.append(name)
            self.seconds += (times.pop(0) if len(times) > 1 else times[0]) / 1000

        return run


def test_everyone_has_a_turn_in_each_round() -> None:
    clock = Clock()
    runs = {name: clock.work(name, 1.0) for name in "abc"}
    speed.interleaved_times(runs, 20, calls=2, clock=clock)
    rounds = np.array(clock.worked).reshape(20, 3, 3)
    assert (rounds == rounds[:, :, :1]).all(), "a turn is not interrupted"
    assert all(set(turns[:, 0]) == set("abc") for turns in rounds)
    assert len({tuple(turns[:, 0]) for turns in rounds}) > 1, "nobody always follows the same one"


def test_a_turn_is_its_median_call_in_milliseconds_without_the_first() -> None:
    clock = Clock()
    run = clock.work("a", 50.0, 2.0, 3.0, 40.0, 2.5)
    times = speed.interleaved_times({"a": run}, 2, calls=3, clock=clock)
    np.testing.assert_allclose(times["a"], [3.0, 2.5])  # of 2, 3, 40; of 2.5, 2.5, 2.5


def test_progress_ends_at_1() -> None:
    seen: list[float] = []
    speed.interleaved_times({"a": lambda: None}, 4, progress=seen.append)
    assert seen == [0.25, 0.5, 0.75, 1.0]


@pytest.fixture
def models(exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with `tiny`, and `tiny` as the reference, which spares a conversion."""
    folder = tmp_path / "models"
    shutil.copytree(exported_models, folder)
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    monkeypatch.setattr(speed, "reference_network", lambda _folder: store.find_network("tiny"))
    return folder


def test_figures_are_medians_with_quartiles_and_a_ratio_to_the_reference(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {"": np.array([4.0, 1.0, 2.0, 3.0, 5.0]), "tiny": np.array([6.0, 6.0, 7.0, 5.0, 100.0])}
    monkeypatch.setattr(speed, "interleaved_times", lambda *_, **__: dict(times))
    measured, broken = speed.measure_speed(store.list_networks())
    assert broken == []
    assert {key: measured["reference"][key] for key in ("ms", "quartiles", "form")} == {
        "ms": 3.0, "quartiles": [2.0, 4.0], "form": "float32",
    }  # fmt: skip
    checksum = store.find_network("tiny").checksum
    assert measured["networks"] == {
        "tiny": {"checksum": checksum, "ms": 6.0, "quartiles": [6.0, 7.0], "ratio": 2.0}
    }


def test_a_network_is_timed_for_real_and_the_file_says_on_what(models: Path) -> None:
    measured, _ = speed.measure_speed(store.list_networks(), rounds=3)
    speed.write_speed(measured)
    report = speed.read_speed()
    assert report is not None
    pace = report.of(store.find_network("tiny"))
    assert pace is not None and pace.quartiles[0] <= pace.ms <= pace.quartiles[1]
    assert 0 < pace.ms < 10_000 and pace.ratio == pytest.approx(pace.ms / report.reference_ms, abs=0.001)
    assert report.rounds == 3 and report.seconds > 0 and report.cores >= 1 and report.machine
    assert measured["threads"] == 1 and report.litert[0].isdigit() and len(report.date) == 10


def test_a_file_of_other_weights_was_not_measured(models: Path) -> None:
    measured, _ = speed.measure_speed(store.list_networks(), rounds=1)
    measured["networks"]["tiny"]["checksum"] = "ab12"
    speed.write_speed(measured)
    report = speed.read_speed()
    assert report is not None and report.of(store.find_network("tiny")) is None


def test_the_stored_times_are_no_network(models: Path) -> None:
    before = store.list_networks()
    speed.write_speed(speed.measure_speed(before, rounds=1)[0])
    assert store.list_networks() == before
    assert [path.name for path in models.iterdir() if path.is_file()] == ["speed.json"]


def test_nothing_measured_is_none(models: Path) -> None:
    assert speed.read_speed() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: "{",
        lambda stored: "[]",
        lambda stored: json.dumps({**stored, "networks": []}),
        lambda stored: json.dumps({**stored, "measured": "yesterday"}),
        lambda stored: json.dumps({**stored, "networks": {"tiny": {"checksum": "a", "ms": 1}}}),
        lambda stored: json.dumps({key: value for key, value in stored.items() if key != "reference"}),
    ],
)
def test_a_damaged_file_gives_a_sentence(models: Path, change: Callable[[dict[str, Any]], str]) -> None:
    file = speed.write_speed(speed.measure_speed(store.list_networks(), rounds=1)[0])
    file.write_text(change(json.loads(file.read_text())))
    with pytest.raises(NetworkError, match=r"speed\.json .* fer_core speed"):
        speed.read_speed()


@pytest.fixture
def broken(models: Path) -> Path:
    """Beside `tiny` one that LiteRT cannot read, and one whose metadata are damaged."""
    for name in ("aaa", "zzz"):
        shutil.copytree(models / "tiny", models / name)
    metadata = json.loads((models / "aaa" / "metadata.json").read_text())
    (models / "aaa" / "model.tflite").write_bytes(b"no model")
    metadata["checksum"]["model.tflite"] = store.sha256(b"no model")
    (models / "aaa" / "metadata.json").write_text(json.dumps(metadata))
    (models / "zzz" / "metadata.json").write_text("{")
    return models


def test_the_command_names_what_is_broken_and_measures_the_rest(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["speed", "--rounds", "2"]) == 1
    output = capsys.readouterr()
    assert "“aaa” cannot be run" in output.err and "metadata.json of the network “zzz”" in output.err
    assert set(json.loads((broken / "speed.json").read_text())["networks"]) == {"tiny"}
    assert output.out.index("paper-small, float32") < output.out.index("tiny")


def test_a_dry_run_prints_and_writes_nothing(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["speed", "--rounds", "2", "--dry-run"]) == 0
    assert "tiny" in capsys.readouterr().out
    assert not (models / "speed.json").exists()


def test_stopped_in_the_middle_the_last_measurement_stays(
    models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["speed", "--rounds", "1"]) == 0
    before = (models / "speed.json").read_bytes()
    calls = 0

    def interrupted(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls > 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(speed, "_one_face", lambda _network: interrupted)
    assert cli.main(["speed"]) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert (models / "speed.json").read_bytes() == before
    assert [path.name for path in models.iterdir() if path.is_file()] == ["speed.json"]


def test_without_a_network_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path))
    assert cli.main(["speed"]) == 1
    assert "train one" in capsys.readouterr().err


def test_macs_fills_what_lacks_and_says_what_cannot_be_filled(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["macs"]) == 0
    assert "Every network has its figure." in capsys.readouterr().out
    metadata = json.loads((models / "tiny" / "metadata.json").read_text())
    macs = metadata.pop("macs")
    (models / "tiny" / "metadata.json").write_text(json.dumps(metadata))
    assert cli.main(["macs"]) == 1, "tiny was trained with no recipe"
    assert "export tiny" in capsys.readouterr().err
    metadata["training"] = {"recipe": {"architecture": "raut-compact"}}
    (models / "tiny" / "metadata.json").write_text(json.dumps(metadata))
    assert cli.main(["macs"]) == 0
    assert f"{macs:,}" in capsys.readouterr().out
    assert store.find_network("tiny").macs == macs


@pytest.mark.parametrize("command", ["speed", "macs"])
def test_the_commands_explain_themselves(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert "Example: python -m fer_core " + command in capsys.readouterr().out.replace("\n", " ")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> NetworkInfo:
    return speed.reference_network(tmp_path_factory.mktemp("reference"))


def test_the_reference_is_the_papers_smallest_network_in_float32(reference: NetworkInfo) -> None:
    assert reference.parameters == 2_679_592
    assert 4 * reference.parameters < reference.file.stat().st_size < 4.1 * reference.parameters
    assert reference.record.quantization == "none"


def test_random_weights_give_the_reference_no_denormal_numbers() -> None:
    """Those would take longer than any number of a trained network, and time would depend on the weights."""
    import keras

    from fer_core.networks import build_network

    keras.utils.set_random_seed(1)
    model = build_network(speed.REFERENCE, 8)
    every_layer = keras.Model(model.input, [layer.output for layer in model.layers])
    face = np.random.default_rng(1).integers(0, 256, (1, 48, 48, 1)).astype(np.float32)
    values = [*model.get_weights(), *(np.asarray(output) for output in every_layer(face))]
    smallest = np.finfo(np.float32).tiny
    assert sum(int(((array != 0) & (np.abs(array) < smallest)).sum()) for array in values) == 0
    assert all(np.count_nonzero(array) for array in values[-len(model.layers) :]), "and nothing died out"
