"""The answers to faces over time: stretches of one answer, shares of the time, the longest stretch.

A face is counted only while it is in sight: where two answers lie further apart than a gap allows, nothing is
said of the time between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TimedAnswer = tuple[float, int, str]
"""Seconds, number of the face, code of what it was named (`unsure` included)."""


@dataclass(frozen=True)
class Stretch:
    """One face with one answer.

    Attributes:
        face: its number.
        begin_s, end_s: in seconds; the answer holds until the next one, or for a last frame's time.
        code: of the answer.
    """

    face: int
    begin_s: float
    end_s: float
    code: str

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return self.end_s - self.begin_s


@dataclass(frozen=True)
class FaceSummary:
    """One face over a whole session.

    Attributes:
        face: its number.
        seconds: in sight.
        shares: code to its share of that time; they add up to 1. Only answers that occurred.
        longest: the longest stretch.
    """

    face: int
    seconds: float
    shares: dict[str, float]
    longest: Stretch


def stretches(answers: Iterable[TimedAnswer], *, gap_s: float, frame_s: float) -> list[Stretch]:
    """Join answers to stretches.

    Args:
        answers: in the order of time.
        gap_s: a face that is not seen for longer was out of sight.
        frame_s: for how long the last answer before a gap, or of all, holds.

    Returns:
        The stretches, by number of the face and then by time.
    """
    by_face: dict[int, list[tuple[float, str]]] = {}
    for time_s, face, code in answers:
        by_face.setdefault(face, []).append((time_s, code))
    joined: list[Stretch] = []
    for face, seen in sorted(by_face.items()):
        begin_s, current = seen[0]
        for (time_s, code), following in zip(seen, [*seen[1:], None], strict=True):
            if code != current:
                begin_s, current = time_s, code
            ends = following is None or following[0] - time_s > gap_s
            if ends or following[1] != code:  # type: ignore[index]  # `ends` covers None
                end_s = time_s + frame_s if ends else following[0]  # type: ignore[index]
                joined.append(Stretch(face, begin_s, end_s, code))
                if following is not None:
                    begin_s, current = following
    return joined


def summaries(parts: Sequence[Stretch]) -> list[FaceSummary]:
    """Sum up the stretches of each face; the faces come in the order of their numbers."""
    by_face: dict[int, list[Stretch]] = {}
    for part in parts:
        by_face.setdefault(part.face, []).append(part)
    result = []
    for face, face_parts in sorted(by_face.items()):
        seconds = sum(part.seconds for part in face_parts)
        shares: dict[str, float] = {}
        for part in face_parts:
            shares[part.code] = shares.get(part.code, 0.0) + (part.seconds / seconds if seconds else 0.0)
        result.append(FaceSummary(face, seconds, shares, max(face_parts, key=lambda part: part.seconds)))
    return result
