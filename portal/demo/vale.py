"""The Vale family, as the design draws them: Nora and Sam with Mila, Theo and Juno. Their classes."""

from datetime import datetime, timedelta

from portal.actor import SYSTEM, Actor, ActorKind
from portal.demo import courses
from portal.demo.house import House
from portal.demo.people import consent
from portal.demo.story import Story
from portal.demo.texts import NEWS, PHOTOS
from portal.models.benefits import MakeUp
from portal.models.bookings import AttendanceStatus, OpenReason
from portal.models.classes import ClassSession
from portal.models.people import FamilyRole
from portal.services import (
    attendance,
    enrolment,
    families,
    make_up_booking,
    make_ups,
    shares,
    timetable,
    trials,
    waiting_list,
)
from portal.services.enrolment import Booked
from portal.services.families import NewGuardian, NewMember

POOL_CLOSED_CREDIT = 1200
TRIAL_OFFER = 9900


class Vales:
    """Who they are, and their bookings by a name, filled in as the story goes."""

    def __init__(self, house: House, story: Story) -> None:
        self.house, self.story, self.db, self.days = house, story, house.db, house.days
        self.family_id = self.nora_id = 0
        self.members: dict[str, int] = {}
        self.booked: dict[str, Booked] = {}

    @property
    def nora(self) -> Actor:
        """Nora at her portal."""
        return Actor(ActorKind.GUARDIAN, guardian_id=self.nora_id, family_id=self.family_id)

    def plan(self) -> None:
        """Their days, in the order of the story."""
        diary = (
            (-900, self._move_in),
            (-190, self._last_term),
            (-68, self._spring),
            (-60, self._share),
            (-24, self._jazz_trial),
            (-12, self._camp),
            (-10, self._wait_for_stroke_2),
            (-4, self._creative_trial),
            (-3, self._stroke),
            (-2, self._enquire),
        )
        for offset, act in diary:
            self.story.at(self.days.at(offset, 9), act)

    def _move_in(self, now: datetime) -> None:
        self.family_id = families.add_family(
            self.db, SYSTEM, "Vale", now, billing=("Nora Vale", "7 Lantern Row, 811 03 Bratislava")
        )
        people = (
            (NewGuardian("Nora Vale", "nora@demo.example", "+421 900 555 220"), FamilyRole.HOLDER),
            (NewGuardian("Sam Vale", "sam@demo.example", "+421 900 555 221"), FamilyRole.ADULT),
        )
        ids = [families.add_guardian(self.db, SYSTEM, self.family_id, new, now, role) for new, role in people]
        self.nora_id = ids[0]
        for guardian_id in ids:
            consent(self.house, guardian_id, now, {PHOTOS: True, NEWS: False})
        for name, days_old, note in (("Mila", 1775, ""), ("Theo", 2833, "Nut allergy"), ("Juno", 3908, "")):
            born = self.days.money_day(-days_old)
            new = NewMember(name, "Vale", born, health_note=note)
            self.members[name] = families.add_member(self.db, SYSTEM, self.family_id, new, now)

    def _book(self, key: str, name: str, now: datetime, waits_for: OpenReason | None = None) -> Booked:
        self.booked[key] = self.story.enrol(key, self.members[name], now, waits_for)
        return self.booked[key]

    def _last_term(self, now: datetime) -> None:
        self._book("waves-3-before", "Theo", now)
        self._book("primary-before", "Juno", now)
        self._cancel("waves-3-before", -128, days_before=3)

    def _spring(self, now: datetime) -> None:
        self._book("waves-2", "Mila", now)
        self._book("ballet", "Juno", now)
        spanish = self._book("spanish", "Theo", now)
        self.story.outcome(spanish.on(self.days.day(-6)), AttendanceStatus.MISSED)
        self._swimming()
        self._ballet()
        self._cancel("spanish", -48, days_before=3, then=self._spanish_make_up)

    def _swimming(self) -> None:
        """The pool closes, a session is cancelled in time, the lane changes."""
        closed = self.booked["waves-2"].on(self.days.day(-35))
        self.story.at(
            closed.starts_at - timedelta(hours=5),
            lambda now: attendance.call_off(
                self.db, SYSTEM, closed.session_id, "Pool closed", now, credit_minor=POOL_CLOSED_CREDIT
            ),
        )
        self._cancel("waves-2", -14, days_before=2)
        lane = self.booked["waves-2"].on(self.days.day(14))
        self.story.at(
            self.days.at(-1),
            lambda now: timetable.change_session(
                self.db, SYSTEM, lane.session_id, "Lane changed", now, room="lane 1"
            ),
        )

    def _ballet(self) -> None:
        """One session with a make-up that Odile granted, and one she may still sign back up for."""
        self._cancel("ballet", -9, days_before=2, then=self._ballet_make_up)
        self._cancel("ballet", 5, days_before=8)

    def _cancel(self, key: str, offset: int, *, days_before: int, then: object = None) -> None:
        """Nora cancels the session of that day; `then` is told the attendance and the make-up it earned."""
        coming = self.booked[key].on(self.days.day(offset))

        def act(now: datetime) -> None:
            earned = self.story.cancel(self.nora, coming, now)
            if callable(then):
                then(coming.attendance_id, earned, now)

        self.story.at(min(coming.starts_at - timedelta(days=days_before, hours=1), self.days.at(-3, 8)), act)

    def _spanish_make_up(self, _attendance_id: int, make_up_id: int, now: datetime) -> None:
        self._replace(make_up_id, "spanish-wed", -43, now)

    def _ballet_make_up(self, attendance_id: int, _none: None, now: datetime) -> None:
        make_up_id = make_ups.grant(self.db, SYSTEM, attendance_id, "Granted by Odile", now)
        self._replace(make_up_id, "ballet-sat", 9, now)

    def _replace(self, make_up_id: int, key: str, offset: int, now: datetime) -> None:
        day = self.days.day(offset)
        session_id = timetable.session_on(self.db, self.house.courses[key], day)
        make_up, session = self.db.get_one(MakeUp, make_up_id), self.db.get_one(ClassSession, session_id)
        coming = make_up_booking.book(self.db, self.nora, make_up.public_id, session.public_id, now)
        self.story.outcome(coming, AttendanceStatus.ATTENDED)

    def _share(self, now: datetime) -> None:
        booking_id = self.booked["waves-2"].booking_id
        shares.share(self.db, self.nora, booking_id, "Ruth Bell", "ruth@demo.example", now)
        ruth = families.known_guardian(self.db, SYSTEM, NewGuardian("Ruth Bell", "ruth@demo.example"), now)
        consent(self.house, ruth, now, {PHOTOS: False, NEWS: False})

    def _trial(self, key: str, offset: int, name: str, now: datetime) -> None:
        session_id = timetable.session_on(self.db, self.house.courses[key], self.days.day(offset))
        booked = enrolment.book_trial(self.db, SYSTEM, self.members[name], session_id, now)
        self.booked[key] = self.story.expect(booked)

    def _jazz_trial(self, now: datetime) -> None:
        self._trial("jazz-taster", -19, "Juno", now)
        tried = self.booked["jazz-taster"].sessions[0]
        self.story.at(tried.starts_at + timedelta(hours=26), self._jazz_offer)

    def _jazz_offer(self, now: datetime) -> None:
        booking_id, course_id = self.booked["jazz-taster"].booking_id, self.house.courses["jazz"]
        trials.offer(self.db, SYSTEM, booking_id, course_id, TRIAL_OFFER, self.days.at(9, 18), now)

    def _creative_trial(self, now: datetime) -> None:
        self._trial("creative", 9, "Mila", now)

    def _camp(self, now: datetime) -> None:
        self._book(courses.CAMP, "Juno", now, OpenReason.CONFIRMATION)

    def _wait_for_stroke_2(self, now: datetime) -> None:
        waiting_list.join(self.db, SYSTEM, self.members["Theo"], self.house.courses["stroke-2-next"], now)

    def _stroke(self, now: datetime) -> None:
        self._book("stroke-1", "Theo", now)

    def _enquire(self, now: datetime) -> None:
        text = "Juno would love to try street dance. Is there a place on Mondays, and may she watch first?"
        programme_id = self.house.programmes["Street Dance"]
        trials.enquire(self.db, self.nora, self.family_id, programme_id, text, now, self.members["Juno"])
