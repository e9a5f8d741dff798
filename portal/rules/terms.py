"""How far a booking is: what each session of its term counts as, at an instant.

A session that is over and was never marked counts as done, so that "9 of 16 done" follows the calendar and
not the register; it never counts as attended, because nobody has said so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from portal.models.bookings import AttendanceStatus


class TickKind(StrEnum):
    """What a tick looks like; the values are the stylesheet's classes."""

    DID = "did"
    OFF = "off"
    MISS = "miss"
    NEXT = "next"
    REST = ""


class Meeting(Protocol):
    """What the rule looks at: one session of the term, as this booking has it."""

    @property
    def ends_at(self) -> datetime:
        """Aware."""

    @property
    def status(self) -> AttendanceStatus:
        """As marked, or GOING."""

    @property
    def cancelled_by_provider(self) -> bool:
        """The session does not take place for anybody."""


@dataclass(frozen=True)
class Progress:
    """A term in numbers. `done` is what is over, whatever became of it."""

    total: int
    done: int
    attended: int
    missed: int
    cancelled: int
    cancelled_ahead: int
    """Still to come, and already cancelled: not part of `done`."""
    unmarked: int
    to_come: int
    """Still expected, the next one not counted."""


CANCELLED = frozenset({AttendanceStatus.CANCELLED, AttendanceStatus.CANCELLED_LATE})


def is_off(meeting: Meeting) -> bool:
    """The member is not expected: cancelled, by whomever."""
    return meeting.cancelled_by_provider or meeting.status in CANCELLED


def is_over(meeting: Meeting, now: datetime) -> bool:
    """It has ended, or was marked before its end."""
    return meeting.ends_at <= now or meeting.status in (AttendanceStatus.ATTENDED, AttendanceStatus.MISSED)


def ticks(meetings: Sequence[Meeting], now: datetime) -> tuple[TickKind, ...]:
    """One tick for each session, in order; NEXT is the first one the member is still expected at."""
    plain = [_tick(meeting, now) for meeting in meetings]
    if TickKind.REST in plain:
        plain[plain.index(TickKind.REST)] = TickKind.NEXT
    return tuple(plain)


def progress(meetings: Sequence[Meeting], now: datetime) -> Progress:
    """The numbers under the strip: `done` is attended, missed, cancelled and unmarked together."""
    over = [meeting for meeting in meetings if is_over(meeting, now)]
    ahead = [meeting for meeting in meetings if not is_over(meeting, now)]
    held = [meeting for meeting in over if not is_off(meeting)]
    return Progress(
        total=len(meetings),
        done=len(over),
        attended=_with(held, AttendanceStatus.ATTENDED),
        missed=_with(held, AttendanceStatus.MISSED),
        cancelled=len(over) - len(held),
        cancelled_ahead=sum(is_off(meeting) for meeting in ahead),
        unmarked=_with(held, AttendanceStatus.GOING),
        to_come=max(0, sum(not is_off(meeting) for meeting in ahead) - 1),
    )


def _tick(meeting: Meeting, now: datetime) -> TickKind:
    if is_off(meeting):
        return TickKind.OFF
    if meeting.status is AttendanceStatus.MISSED:
        return TickKind.MISS
    return TickKind.DID if is_over(meeting, now) else TickKind.REST


def _with(meetings: Iterable[Meeting], status: AttendanceStatus) -> int:
    return sum(meeting.status is status for meeting in meetings)
