"""What a tick of the term strip means, and how the term is counted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.models.bookings import AttendanceStatus
from portal.rules.terms import TickKind, progress, ticks

NOW = datetime(2026, 3, 12, 13, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Lesson:
    ends_at: datetime
    status: AttendanceStatus = AttendanceStatus.GOING
    cancelled_by_provider: bool = False


def lesson(
    days: float, status: AttendanceStatus = AttendanceStatus.GOING, *, called_off: bool = False
) -> Lesson:
    """A lesson that ends so many days from now."""
    return Lesson(NOW + timedelta(days=days), status, called_off)


PAST_AND_FUTURE = (
    lesson(-21, AttendanceStatus.ATTENDED),
    lesson(-14, AttendanceStatus.CANCELLED),
    lesson(-7, AttendanceStatus.MISSED),
    lesson(-6, called_off=True),
    lesson(-1),
    lesson(7, AttendanceStatus.CANCELLED),
    lesson(14),
    lesson(21),
)


def test_each_session_gets_the_tick_of_what_became_of_it() -> None:
    assert ticks(PAST_AND_FUTURE, NOW) == ("did", "off", "miss", "off", "did", "off", "next", "")


def test_the_next_one_is_the_first_that_the_member_is_still_expected_at() -> None:
    assert ticks([lesson(1, AttendanceStatus.CANCELLED), lesson(8), lesson(15)], NOW) == ("off", "next", "")


def test_a_running_session_is_the_next_one() -> None:
    assert ticks([lesson(0.01)], NOW) == (TickKind.NEXT,)


def test_a_session_that_ends_now_is_done() -> None:
    assert ticks([lesson(0)], NOW) == (TickKind.DID,)


def test_a_past_session_that_nobody_marked_is_done_but_not_attended() -> None:
    told = progress([lesson(-1), lesson(-8, AttendanceStatus.ATTENDED)], NOW)
    assert (told.done, told.attended, told.unmarked) == (2, 1, 1)


def test_done_is_attended_missed_cancelled_and_unmarked_together() -> None:
    told = progress(PAST_AND_FUTURE, NOW)
    assert told.done == told.attended + told.missed + told.cancelled + told.unmarked == 5


def test_a_session_cancelled_ahead_is_not_done() -> None:
    told = progress(PAST_AND_FUTURE, NOW)
    assert (told.cancelled, told.cancelled_ahead, told.to_come) == (2, 1, 1)


def test_a_late_cancellation_is_a_cancellation() -> None:
    assert ticks([lesson(-1, AttendanceStatus.CANCELLED_LATE)], NOW) == (TickKind.OFF,)


def test_a_session_called_off_by_the_provider_was_not_missed() -> None:
    told = progress([lesson(-1, AttendanceStatus.MISSED, called_off=True)], NOW)
    assert (told.missed, told.cancelled) == (0, 1)


def test_a_booking_without_sessions_has_nothing_to_count() -> None:
    assert ticks([], NOW) == ()
    assert progress([], NOW).to_come == 0
