"""Effort for live video: less while frames come late, more again after a while in time."""

from __future__ import annotations

from fer_core.live.pace import EFFORTS, Pace


class Video:
    """A camera at 30 frames a second and a clock that is nowhere near its time stamps."""

    def __init__(self) -> None:
        self.pace = Pace()
        self.taken_s = 5000.0

    def play(self, seconds: float, *, late_s: float = 0.0, work_s: float = 0.005, rate: float = 30) -> int:
        """Frames so late at a stretch; returns the level at its end."""
        for _frame in range(round(seconds * rate)):
            self.taken_s += 1 / rate
            self.pace.note(self.taken_s, self.taken_s - 4900 + late_s, work_s)
        return EFFORTS.index(self.pace.effort)


def test_frames_in_time_keep_the_full_effort() -> None:
    assert Video().play(60) == 0


def test_late_frames_lower_the_effort_step_by_step_down_to_the_least() -> None:
    video = Video()
    video.play(3)
    assert [video.play(1.5, late_s=1.0), *(video.play(2.1, late_s=1.0) for _ in range(3))] == [1, 2, 3, 3]


def test_work_longer_than_a_frame_lowers_the_effort_too() -> None:
    video = Video()
    video.play(3)
    assert video.play(1.5, work_s=0.05) == 1


def test_a_video_of_one_frame_a_second_is_noticed_as_soon() -> None:
    video = Video()
    video.play(3)
    assert video.play(4, rate=1, late_s=2.0) >= 1


def test_one_slow_frame_changes_nothing() -> None:
    video = Video()
    video.play(3)
    assert video.play(1 / 30, late_s=0.6, work_s=0.2) == 0
    assert video.play(20) == 0


def test_the_effort_climbs_back_slowly() -> None:
    video = Video()
    video.play(3)
    assert video.play(1.5, late_s=1.0) == 1
    assert video.play(8) == 1
    assert video.play(4) == 0


def test_a_climb_that_was_too_much_is_tried_again_only_after_twice_as_long() -> None:
    video = Video()
    video.play(3)
    assert video.play(1.5, late_s=1.0) == 1
    assert video.play(12) == 0
    assert video.play(1.5, late_s=1.0) == 1
    assert video.play(15) == 1
    assert video.play(7) == 0


def test_clocks_that_part_do_not_count_as_late() -> None:
    video = Video()
    for minute in range(30):  # 100 millionths, more than a quartz is off
        assert video.play(60, late_s=60 * minute * 1e-4) == 0


def test_time_stamps_that_begin_anew_do_not_count_as_late() -> None:
    video = Video()
    video.play(3)
    assert video.play(20, late_s=3600) == 0


def test_each_step_down_makes_the_page_wait_longer_within_bounds() -> None:
    waits = [effort.wait for effort in EFFORTS]
    assert waits[0] == 1
    assert waits == sorted(set(waits))
    assert waits[-1] <= 3, "figures older than 1.2 s would not belong to the face in the picture"
