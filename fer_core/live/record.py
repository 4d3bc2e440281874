"""The record of a live session: numbers only, in memory, of bounded length.

No picture is in it. A frame callback writes, a page reads.
"""

from __future__ import annotations

import csv
import io
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

import numpy as np

from fer_core.csv_files import harmless_cell
from fer_core.labels import EXPRESSIONS
from fer_core.recognition.answers import Answerer
from fer_core.recognition.provenance import PROVENANCE_COLUMNS, Provenance
from fer_core.recognition.stretches import Stretch, TimedAnswer, stretches
from fer_core.recognition.table import VERSION_COLUMN, probability_columns

ROWS_A_SECOND: Final = 5
"""Of each face; expressions last half a second and longer."""

MOST_ROWS: Final = 100_000
"""An hour of five faces has 90,000; beyond that the oldest ones go. About 25 MB."""

GAP_S: Final = 1.0
"""A face that is not recorded for longer was out of sight."""

CONTRACT_COLUMNS: Final = ("label", "answer", "network", VERSION_COLUMN)
"""Behind the expressions of the table; what says more of the network stands behind these."""


OWN_COLUMNS: Final = ("classes", "found_by", "turn_degrees")
"""Behind those of the contract."""


class NamedFace(Protocol):
    """A face with its answer, as far as the record needs it; `LiveFace` is one."""

    @property
    def number(self) -> int: ...
    @property
    def probabilities(self) -> np.ndarray: ...
    @property
    def label(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def found_by(self) -> str: ...
    @property
    def turn_degrees(self) -> float: ...


@dataclass(frozen=True, eq=False)
class RecordRow:
    """One face at one moment.

    Attributes:
        seconds: since the beginning of the session.
        face: its number.
        labels: of the network, in the order of `probabilities`.
        probabilities: float32 (C,), as shown.
        label: the expression that is named.
        answer: the same, or "unsure".
        found_by: which detectors found the face: "haar", "blazeface" or "both".
        turn_degrees: by how much it was turned upright; 0 for not at all.
        source: the network that read the face, and the settings.
    """

    seconds: float
    face: int
    labels: tuple[str, ...]
    probabilities: np.ndarray
    label: str
    answer: str
    found_by: str
    turn_degrees: float
    source: Provenance


@dataclass(frozen=True)
class NetworkStretches:
    """What one network answered in a session.

    Attributes:
        source: the network, and the settings that it was last used with.
        labels: of the network.
        stretches: by number of the face and then by time.
    """

    source: Provenance
    labels: tuple[str, ...]
    stretches: list[Stretch]

    @property
    def network(self) -> Answerer:
        """The network itself."""
        assert self.source.network is not None  # `LiveRecord.add` takes no other
        return self.source.network


class LiveRecord:
    """The rows of one session. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.begin()

    def begin(self, now_s: float | None = None) -> None:
        """Begin a new session and drop the rows of the one before.

        Args:
            now_s: on the clock of `add`; None for `time.monotonic()`.
        """
        with self._lock:
            self._rows: deque[RecordRow] = deque(maxlen=MOST_ROWS)
            self._newest_s: dict[int, float] = {}
            self._start_s = time.monotonic() if now_s is None else now_s
            self._started = datetime.now().astimezone()

    def add(
        self,
        faces: Sequence[NamedFace],
        labels: tuple[str, ...],
        source: Provenance,
        now_s: float | None = None,
    ) -> None:
        """Add a row for each face of a frame, but at most `ROWS_A_SECOND` of each face.

        Args:
            faces: of the frame.
            labels: of the network, in the order of their probabilities.
            source: the network, and the settings.
            now_s: when it was taken, on a clock that does not run backwards; None for now.

        Raises:
            ValueError: a source without a network.
        """
        if source.network is None:
            raise ValueError("Expected the network that read the faces. Received: none")
        with self._lock:
            seconds = (time.monotonic() if now_s is None else now_s) - self._start_s
            for face in faces:
                # A little less than a fifth of a second, so that frames of 30 a second give five and not four.
                if seconds - self._newest_s.get(face.number, -1.0) < 0.95 / ROWS_A_SECOND:
                    continue
                self._newest_s[face.number] = seconds
                self._rows.append(
                    RecordRow(
                        seconds, face.number, labels, np.array(face.probabilities, np.float32), face.label,
                        face.answer, face.found_by, face.turn_degrees, source,
                    )
                )  # fmt: skip

    @property
    def started(self) -> datetime:
        """When the session began, in local time with its zone."""
        with self._lock:
            return self._started

    @property
    def seconds(self) -> float:
        """Time of the newest row, in seconds since the beginning; 0 without rows."""
        with self._lock:
            return self._rows[-1].seconds if self._rows else 0.0

    def elapsed_s(self, now_s: float | None = None) -> float:
        """Seconds since the beginning, whether or not a face is in sight.

        Args:
            now_s: on the clock of `add`; None for now.
        """
        with self._lock:
            return (time.monotonic() if now_s is None else now_s) - self._start_s

    def rows(self, since_s: float = 0.0) -> list[RecordRow]:
        """The rows from that second of the session on, in the order of time."""
        with self._lock:
            return [row for row in self._rows if row.seconds >= since_s]

    def by_network(self, since_s: float = 0.0) -> list[NetworkStretches]:
        """The stretches of `rows`, those of each network by themselves, in the order of their first use.

        No stretch goes from one network over to another, and none joins what two networks of other expressions said.
        """
        found: dict[str, NetworkStretches] = {}
        for network_id, run in groupby(self.rows(since_s), key=lambda row: _network_id(row.source)):
            rows = list(run)
            answers: list[TimedAnswer] = [(row.seconds, row.face, row.answer) for row in rows]
            earlier = found[network_id].stretches if network_id in found else []
            parts = earlier + stretches(answers, gap_s=GAP_S, frame_s=1 / ROWS_A_SECOND)
            parts.sort(key=lambda part: (part.face, part.begin_s))
            found[network_id] = NetworkStretches(rows[-1].source, rows[-1].labels, parts)
        return list(found.values())

    def csv(self) -> str:
        """All rows as CSV (RFC 4180), the header first.

        The columns are the local time with its zone, the seconds since the start, the number of the face, a
        probability for each expression or class (six decimals, empty where the network of the row does not know it), the
        expression that is named, the answer, the id of the network and the version of Raut; behind them how many
        expressions the network tells apart, which detectors found the face, by how much it was turned upright, the checksum
        of the network, the detector, the settings and when they were chosen.
        """
        rows, started = self.rows(), self.started
        columns = {row.labels: probability_columns(row.labels) for row in rows}
        used = list(dict.fromkeys(column for each in columns.values() for column in each))
        expressions = [code for code in EXPRESSIONS if code in used]
        expressions += [column for column in used if column not in expressions]
        further = [column for column in PROVENANCE_COLUMNS if column not in CONTRACT_COLUMNS]
        cells: dict[int, dict[str, str]] = {}
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(["time", "seconds", "face", *expressions, *CONTRACT_COLUMNS, *OWN_COLUMNS, *further])
        for row in rows:
            moment = started + timedelta(seconds=row.seconds)
            shares = dict(zip(columns[row.labels], row.probabilities, strict=True))
            if id(row.source) not in cells:
                cells[id(row.source)] = row.source.cells()
            source = cells[id(row.source)]
            writer.writerow(
                [
                    moment.isoformat(timespec="milliseconds"), f"{row.seconds:.3f}", row.face,
                    *(f"{shares[code]:.6f}" if code in shares else "" for code in expressions),
                    harmless_cell(row.label), harmless_cell(row.answer), source["network"], source[VERSION_COLUMN],
                    len(row.labels), row.found_by, f"{row.turn_degrees:.1f}", *(source[column] for column in further),
                ]
            )  # fmt: skip
        return text.getvalue()


def _network_id(source: Provenance) -> str:
    return "" if source.network is None else source.network.id
