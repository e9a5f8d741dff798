"""The demo's past, in the order in which it happened: ledgers and numbers are as life would leave them."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from portal.actor import SYSTEM, Actor
from portal.demo.house import House
from portal.models.bookings import AttendanceStatus, OpenReason
from portal.services import attendance, endings, enrolment, make_up_expiry, passes
from portal.services.enrolment import Booked, Coming

Act = Callable[[datetime], None]
REGISTER_AFTER = timedelta(minutes=90)
FIRST_NIGHT, NIGHT = -180, 3


class Story:
    """Acts by instant. An act may add later ones; what would come after now has not happened."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._expected: dict[int, dict[int, AttendanceStatus]] = {}

    def at(self, when: datetime, act: Act) -> None:
        """This happens then."""
        heapq.heappush(self._acts, (when, next(self._order), act))

    def run(self) -> None:
        """Everything up to now, and what each night puts in order."""
        for offset in range(FIRST_NIGHT, 1):
            self.at(self.house.days.at(offset, NIGHT), self._put_in_order)
        while self._acts and self._acts[0][0] <= self.house.days.now:
            when, _, act = heapq.heappop(self._acts)
            act(when)

    def expect(self, booked: Booked) -> Booked:
        """The member comes to each of these sessions, unless told otherwise before."""
        for coming in booked.sessions:
            self.outcome(coming, AttendanceStatus.ATTENDED)
        return booked

    def enrol(self, key: str, member_id: int, now: datetime, waits_for: OpenReason | None = None) -> Booked:
        """A place in a course, and the member comes."""
        booked = enrolment.book(
            self.house.db, SYSTEM, member_id, self.house.courses[key], now, waits_for=waits_for
        )
        self.house.enrolled[key] = self.house.enrolled.get(key, 0) + 1
        return self.expect(booked)

    def outcome(self, coming: Coming, status: AttendanceStatus) -> None:
        """What the register of that session will say."""
        if coming.session_id not in self._expected:
            self._expected[coming.session_id] = {}
            self.at(coming.starts_at + REGISTER_AFTER, lambda now: self._register(coming.session_id, now))
        self._expected[coming.session_id][coming.attendance_id] = status

    def cancel(self, actor: Actor, coming: Coming, now: datetime) -> int | None:
        """The guardian cancels; the make-up it earned."""
        self._expected[coming.session_id].pop(coming.attendance_id, None)
        return attendance.cancel(self.house.db, actor, coming.attendance_id, now)

    def _put_in_order(self, now: datetime) -> None:
        endings.complete_ended(self.house.db, SYSTEM, now)
        make_up_expiry.expire(self.house.db, SYSTEM, now)
        passes.expire(self.house.db, SYSTEM, now)

    def _register(self, session_id: int, now: datetime) -> None:
        attendance.register(self.house.db, SYSTEM, session_id, self._expected[session_id], now)
