"""What a live session leaves behind: rows, of bounded number, and a table with times."""

from __future__ import annotations

import csv
import dataclasses
import io
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pytest

from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.live import record as live_record
from fer_core.live.record import LiveRecord
from fer_core.recognition.stretches import summaries
from tests.network_records import network_of, source_of

RAUT = source_of(network_of("raut"))
RAUT_PLUS = source_of(network_of("raut-plus", task="ferplus"))


@dataclass
class Shown:
    number: int
    label: str = "happy"
    answer: str = "happy"
    classes: int = 7
    found_by: str = "haar"
    turn_degrees: float = 0.0

    @property
    def probabilities(self) -> np.ndarray:
        return np.full(self.classes, 1 / self.classes, np.float32)


def recorded(moments: list[tuple[float, list[Shown]]]) -> LiveRecord:
    record = LiveRecord()
    record.begin(100.0)
    for seconds, faces in moments:
        record.add(faces, FER2013_LABELS, RAUT, 100.0 + seconds)
    return record


def test_a_fast_camera_leaves_five_rows_a_second_for_each_face() -> None:
    record = recorded([(number / 30, [Shown(1), Shown(2)]) for number in range(300)])
    rows = record.rows()
    assert 2 * 48 <= len(rows) <= 2 * 51
    assert {row.face for row in rows} == {1, 2}
    assert record.seconds == pytest.approx(rows[-1].seconds)


def test_only_the_last_seconds_are_given_where_asked() -> None:
    record = recorded([(float(second), [Shown(1)]) for second in range(100)])
    assert [row.seconds for row in record.rows(97.0)] == [97.0, 98.0, 99.0]
    (read,) = record.by_network(98.5)
    assert [(part.face, part.begin_s, part.code) for part in read.stretches] == [(1, 99.0, "happy")]


def test_shares_of_a_session_worked_out_by_hand() -> None:
    moments = [(n / 5, [Shown(1, "happy", "happy")]) for n in range(10)]  # 0 to 2 s happy
    moments += [(2 + n / 5, [Shown(1, "sad", "unsure")]) for n in range(5)]  # 2 to 3 s unsure
    moments += [(60 + n / 5, [Shown(1, "happy", "happy")]) for n in range(5)]  # a minute later 1 s happy
    record = recorded(moments)
    (read,) = record.by_network()
    (face,) = summaries(read.stretches)
    assert face.seconds == pytest.approx(4.0)
    assert face.shares == {"happy": pytest.approx(0.75), "unsure": pytest.approx(0.25)}
    assert (face.longest.begin_s, face.longest.seconds) == (0.0, pytest.approx(2.0))


def test_time_goes_on_while_nobody_is_in_sight() -> None:
    record = recorded([(1.0, [Shown(1)]), (30.0, [])])
    assert record.seconds == pytest.approx(1.0)
    assert record.elapsed_s(130.0) == pytest.approx(30.0)


def test_a_new_session_begins_empty() -> None:
    record = recorded([(1.0, [Shown(1)])])
    record.begin()
    assert record.rows() == [] and record.seconds == 0.0


def test_it_never_grows_beyond_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_record, "MOST_ROWS", 50)
    record = recorded([(float(second), [Shown(1)]) for second in range(200)])
    assert [row.seconds for row in record.rows()] == [float(second) for second in range(150, 200)]


def test_the_table_says_when_who_and_what() -> None:
    record = recorded(
        [(0.5, [Shown(1, "sad", "unsure")]), (1.5, [Shown(2, found_by="both", turn_degrees=31.26)])]
    )
    text = record.csv()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0]) == [
        "time", "seconds", "face", *FER2013_LABELS, "label", "answer", "network", "raut_version",
        "classes", "found_by", "turn_degrees", "network_sha256", "detector", "settings", "date",
    ]  # fmt: skip
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    assert times[0].tzinfo is not None and times[1] - times[0] == timedelta(seconds=1)
    assert [(row["seconds"], row["face"], row["label"], row["answer"]) for row in rows] == [
        ("0.500", "1", "sad", "unsure"), ("1.500", "2", "happy", "happy"),
    ]  # fmt: skip
    assert [(row["found_by"], row["turn_degrees"]) for row in rows] == [("haar", "0.0"), ("both", "31.3")]
    assert rows[0]["happy"] == f"{1 / 7:.6f}" and rows[0]["network"] == "raut"
    assert rows[0]["detector"] == "BlazeFace back" and "least_score=" in rows[0]["settings"]
    assert text == record.csv()


def test_the_id_of_a_network_is_no_formula() -> None:
    record = recorded([])
    record.add([Shown(1)], FER2013_LABELS, source_of(network_of("＝1+1")), 100.0)
    (row,) = csv.DictReader(io.StringIO(record.csv(), newline=""))
    assert row["network"] == "'＝1+1"


def test_seven_and_eight_expressions_are_kept_apart() -> None:
    """In the table by a gap and no zero, in the summary by network: no share is an average of both."""
    record = recorded([(n / 5, [Shown(1)]) for n in range(10)])
    for n in range(10, 15):
        record.add([Shown(1, "contempt", "contempt", classes=8)], FERPLUS_LABELS, RAUT_PLUS, 100 + n / 5)
    for n in range(15, 20):
        record.add([Shown(1, "sad", "sad")], FER2013_LABELS, RAUT, 100 + n / 5)
    table = list(csv.DictReader(io.StringIO(record.csv(), newline="")))
    assert [table[row]["classes"] for row in (0, 10, 15)] == ["7", "8", "7"]
    assert table[0]["contempt"] == "" and float(table[10]["contempt"]) == pytest.approx(1 / 8)
    seven, eight = record.by_network()
    assert (seven.network.id, eight.network.id) == ("raut", "raut-plus")
    assert [(part.code, part.begin_s, round(part.end_s, 3)) for part in seven.stretches] == [
        ("happy", 0.0, 2.0), ("sad", 3.0, 4.0),
    ]  # fmt: skip
    (of_seven,), (of_eight,) = summaries(seven.stretches), summaries(eight.stretches)
    assert of_seven.shares == {"happy": pytest.approx(2 / 3), "sad": pytest.approx(1 / 3)}
    assert of_eight.shares == {"contempt": pytest.approx(1.0)}


def test_a_record_without_a_network_is_refused() -> None:
    with pytest.raises(ValueError, match="network"):
        recorded([]).add([Shown(1)], FER2013_LABELS, dataclasses.replace(RAUT, network=None), 1.0)


def test_an_empty_session_gives_a_table_without_rows() -> None:
    assert LiveRecord().csv().count("\r\n") == 1


def test_one_thread_may_write_while_another_reads() -> None:
    record = LiveRecord()
    done = threading.Event()

    def write() -> None:
        for number in range(3_000):
            record.add([Shown(number % 50)], FER2013_LABELS, RAUT, 1e6 + number)
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        record.rows()
        record.csv()
    thread.join()
    assert len(record.rows()) == 3_000
