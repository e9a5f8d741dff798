"""Families, the provider and the clock do anything they may, in any order, on one small provider."""

from datetime import time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.models.benefits import CreditEntryKind, MakeUp, MakeUpStatus, Pass, PassKind
from portal.models.bookings import Attendance, AttendanceStatus, Booking, OfferStatus, OpenReason
from portal.models.classes import ClassSession, PassRule, ProgrammeKind
from portal.models.commerce import Payment, PaymentMethod
from portal.models.offers import MakeUpWait
from portal.models.people import Member
from portal.rows.visits import VisitSheet
from portal.rules.terms import CANCELLED
from portal.services import (
    attendance,
    cancelling,
    credit,
    drop_ins,
    endings,
    enrolment,
    make_up_booking,
    make_up_expiry,
    make_up_waits,
    make_ups,
    passes,
    payments_received,
    payments_returned,
    place_offers,
    timetable,
    trials,
    waiting_list,
    withdrawals,
)
from portal.services.credit import Cause
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.places import takes_offer
from tests.support.story import WHICH, House, Story

PROGRAMME: dict[str, Any] = {
    "make_ups": True,
    "make_up_for_missed": True,
    "make_up_group": "swim",
    "make_up_days": 9,
    "trial_offer_days": 3,
}
OFFERED = (OpenReason.TRIAL, OpenReason.WAITING_LIST)
WEEKS: dict[str, Any] = {"starts_on": TODAY, "ends_on": TODAY + timedelta(weeks=3)}


def open_house() -> House:
    """Made once and kept: everybody is somewhere, so that a short story already has something to give up."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale, bell = world.family("Vale", "Mila", "Theo"), world.family("Bell", "Juno")
        first, second, third = _swimming(world)
        pool = world.programme(
            kind=ProgrammeKind.DROP_IN, pass_rule=PassRule.BILLED, unit_price_minor=900, make_ups=False
        )
        open_swim = world.course("Open Swim", pool, capacity=3, **WEEKS, starts_local=time(15))
        for member_id, course_id in ((vale["Mila"], first), (bell["Juno"], first), (vale["Theo"], second)):
            world.enrol(member_id, course_id)
        enrolment.book_trial(session, SYSTEM, bell["Juno"], world.session_on(second), NOW)
        waiting_list.join(session, SYSTEM, vale["Theo"], first, NOW)
        until = TODAY + timedelta(days=10)
        new = NewPass(vale.family_id, PassKind.ENTRY, "Pool pass", TODAY, until, entries_total=2)
        passes.sell(session, SYSTEM, new, "Bought", NOW)
        return House((vale, bell), (first, second, third, open_swim))


def _swimming(world: Otterbrook) -> list[int]:
    swim = [world.programme(**PROGRAMME) for _ in range(2)]
    at = [(time(16, 30), time(17)), (time(18), time(19)), (time(9), time(10))]
    of_course = {"capacity": 2, "extra_make_up_places": 1, "price_minor": 9900, **WEEKS}
    return [
        world.course(f"Course {number}", swim[number % 2], starts_local=starts, ends_local=ends, **of_course)
        for number, (starts, ends) in enumerate(at)
    ]


class Ledgers(Story):
    """Bookings, make-ups, passes and visits, and the bills that come of them."""

    # The clock

    @rule(hours=st.sampled_from([20, 72, 5, 1, 130]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(hours=st.sampled_from([1, -1, -20]))
    def it_is_about_the_time_of_a_session(self, hours: int) -> None:
        """After the next one has begun, or before it: in time, or late."""
        coming = select(col(ClassSession.starts_at)).where(col(ClassSession.starts_at) > self.now)
        starts_at = self.db.execute(coming.order_by(col(ClassSession.starts_at)).limit(1)).scalar()
        if starts_at is not None:
            self.now = max(self.now, starts_at + timedelta(hours=hours))

    @rule()
    def the_house_does_its_jobs(self) -> None:
        for job in (
            make_up_expiry.expire,
            passes.expire,
            make_up_waits.expire,
            trials.expire,
            waiting_list.expire,
            endings.complete_ended,
        ):
            self.act(job, SYSTEM, self.now)

    # Bookings, trials, the line

    @rule(who=WHICH, course=st.integers(0, 2))
    def enrols(self, who: int, course: int) -> None:
        self.act(enrolment.book, SYSTEM, self.member(who)[1], self.courses[course], self.now)

    @rule(who=WHICH, which=WHICH)
    def tries(self, who: int, which: int) -> None:
        session = self.one(ClassSession, which, col(ClassSession.course_id).in_(self.courses[:3]))
        if session is not None:
            self.act(enrolment.book_trial, SYSTEM, self.member(who)[1], session.id, self.now)

    @rule(who=WHICH, course=st.integers(0, 2))
    def waits(self, who: int, course: int) -> None:
        self.act(waiting_list.join, SYSTEM, self.member(who)[1], self.courses[course], self.now)

    @rule(which=WHICH, takes=st.booleans())
    def answers_an_offer(self, which: int, takes: bool) -> None:
        booking = self.one(Booking, which, col(Booking.open_reason).in_(OFFERED))
        if booking is not None:
            how = takes_offer if takes else place_offers.decline
            self.act(how, self.guardian(booking.family_id), booking.public_id, self.now)

    @rule(which=WHICH)
    def leaves(self, which: int) -> None:
        booking = self.one(Booking, which)
        if booking is not None:
            self.act(withdrawals.withdraw, SYSTEM, booking.id, "Left", self.now)

    @rule(course=st.integers(0, 3), capacity=st.integers(0, 4))
    def grows_or_shrinks(self, course: int, capacity: int) -> None:
        self.act(timetable.change_capacity, SYSTEM, self.courses[course], capacity, self.now)

    # Sessions

    @rule(which=WHICH)
    def cannot_come(self, which: int) -> None:
        going = self.one(Attendance, which, col(Attendance.status) == AttendanceStatus.GOING)
        if going is not None:
            self.act(attendance.cancel, self.guardian(going.family_id), going.id, self.now)

    @rule(which=WHICH, how=st.sampled_from(["undo", "sign_back_up"]))
    def comes_after_all(self, which: int, how: str) -> None:
        off = self.one(Attendance, which, col(Attendance.status).in_(CANCELLED))
        if off is not None:
            actor = self.guardian(off.family_id)
            was = off.status
            done = self.act(getattr(cancelling, how), actor, off.public_id, self.now)
            if done is not None and how == "sign_back_up" and which % 3 == 0:
                self.act(cancelling.undo_sign_back_up, actor, off.public_id, was, self.now)

    @rule(which=WHICH, came=st.booleans())
    def the_register_is_taken(self, which: int, came: bool) -> None:
        going = select(col(Attendance.session_id)).where(col(Attendance.status) == AttendanceStatus.GOING)
        open_one = (col(ClassSession.starts_at) <= self.now, col(ClassSession.id).in_(going))
        held = self.one(ClassSession, which, *open_one)
        if held is not None:
            here = col(Attendance.session_id) == held.id
            ids = self.db.execute(select(col(Attendance.id)).where(here)).scalars().all()
            status = AttendanceStatus.ATTENDED if came else AttendanceStatus.MISSED
            self.act(attendance.register, SYSTEM, held.id, dict.fromkeys(ids, status), self.now)

    @rule(which=WHICH, amount=st.sampled_from([0, 1200]))
    def is_called_off(self, which: int, amount: int) -> None:
        comes = select(col(Attendance.session_id)).where(col(Attendance.status) == AttendanceStatus.GOING)
        lively = (col(ClassSession.starts_at) > self.now, col(ClassSession.id).in_(comes))
        coming = self.one(ClassSession, which, *lively)
        if coming is not None:
            self.act(attendance.call_off, SYSTEM, coming.id, "Pool closed", self.now, credit_minor=amount)

    # Make-ups

    @rule(which=WHICH, at=WHICH)
    def books_a_make_up(self, which: int, at: int) -> None:
        one = self.one(MakeUp, which, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
        session = self.one(ClassSession, at, col(ClassSession.starts_at) > self.now)
        if one is not None and session is not None:
            actor = self.guardian(one.family_id)
            self.act(make_up_booking.book, actor, one.public_id, session.public_id, self.now)

    @rule(which=WHICH)
    def waits_for_a_place(self, which: int) -> None:
        one = self.one(MakeUp, which, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
        if one is not None:
            self.act(make_up_waits.join, self.guardian(one.family_id), one.public_id, "any", self.now)

    @rule(which=WHICH)
    def takes_what_is_kept(self, which: int) -> None:
        kept = self.one(MakeUpWait, which, col(MakeUpWait.status) == OfferStatus.OFFERED)
        if kept is not None:
            make_up = self.db.get_one(MakeUp, kept.make_up_id)
            session = self.db.get_one(ClassSession, kept.session_id)
            actor = self.guardian(kept.family_id)
            self.act(make_up_booking.book, actor, make_up.public_id, session.public_id, self.now)

    @rule(which=WHICH)
    def is_granted_a_make_up(self, which: int) -> None:
        missed = self.one(Attendance, which, col(Attendance.status) != AttendanceStatus.GOING)
        given = select(col(MakeUp.earned_by_id))
        if missed is not None and missed.id not in self.db.execute(given).scalars().all():
            self.act(make_ups.grant, SYSTEM, missed.id, "Kindness", self.now)

    # Passes and visits

    @rule(family=st.integers(0, 1), entries=st.sampled_from([1, 2, None]), days=st.sampled_from([0, 7, 90]))
    def buys_a_pass(self, family: int, entries: int | None, days: int) -> None:
        kind = PassKind.ENTRY if entries else PassKind.PERMANENT
        until = TODAY + timedelta(days=days)
        home = self.families[family].family_id
        new = NewPass(home, kind, "Pool pass", TODAY, until, entries_total=entries)
        self.act(passes.sell, SYSTEM, new, "Bought", self.now)

    @rule(who=WHICH, at=WHICH, card=WHICH)
    def visits(self, who: int, at: int, card: int) -> None:
        home, member_id = self.member(who)
        to_come = (col(ClassSession.starts_at) > self.now, col(ClassSession.course_id) == self.courses[3])
        session = self.one(ClassSession, at, *to_come)
        owned = self.one(Pass, card, col(Pass.family_id) == home.family_id) if card % 4 < 3 else None
        if session is not None:
            by = owned.public_id if owned is not None else drop_ins.BILLED
            member = self.db.get_one(Member, member_id).public_id
            seen = VisitSheet(member=member, session=session.public_id, by=by, price_minor=900)
            self.act(drop_ins.book, home.guardian, seen, self.now)

    @rule(which=WHICH, change=st.sampled_from([-1, 1]))
    def is_corrected(self, which: int, change: int) -> None:
        card = self.one(Pass, which, col(Pass.entries_left).is_not(None))
        if card is not None:
            self.act(passes.correct, SYSTEM, card.id, change, "Counted again", self.now)

    # Money

    @rule(family=st.integers(0, 1), amount=st.integers(1, 5000))
    def pays_ahead(self, family: int, amount: int) -> None:
        home = self.families[family].family_id
        self.act(credit.move, home, CreditEntryKind.PREPAID, amount, Cause("Paid ahead"), self.now)

    @rule(which=WHICH, amount=st.sampled_from([1, 450, 900, 9900, 12000]))
    def pays(self, which: int, amount: int) -> None:
        asked = self.one(Payment, which)
        if asked is not None:
            self.act(payments_received.receive, SYSTEM, asked.id, amount, PaymentMethod.CARD, self.now)

    @rule(which=WHICH, amount=st.sampled_from([1, 450, 900, 9900]))
    def uses_credit(self, which: int, amount: int) -> None:
        asked = self.one(Payment, which)
        if asked is not None:
            actor = self.guardian(asked.family_id)
            self.act(payments_received.use_credit, actor, asked.id, amount, "Used", self.now)

    @rule(which=WHICH, amount=st.sampled_from([1, 900]))
    def is_refunded(self, which: int, amount: int) -> None:
        asked = self.one(Payment, which)
        if asked is not None:
            self.act(payments_returned.refund_to_credit, SYSTEM, asked.id, amount, "Refunded", self.now)
