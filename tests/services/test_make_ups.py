"""A make-up from the day it is earned: what it can be booked for, by whom, and how it ends."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from portal import db
from portal.actor import SYSTEM, Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceStatus, Booking, BookingStatus, Share
from portal.models.classes import ClassSession
from portal.models.people import Member
from portal.models.provider import MakeUpExpiry
from portal.rows.make_ups import MakeUpSheet
from portal.services import (
    attendance,
    benefits,
    make_up_choices,
    make_up_expiry,
    make_up_sheet,
    make_up_why,
    replacing,
    sessions,
    timetable,
)
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.queries import counted_queries
from tests.support.stories import shared_with_ruth

SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(weeks=1)
FRIDAY = date(2026, 3, 20)


@dataclass
class Story:
    """Mila of the Vales has a make-up; on Fridays there is another course of the programme."""

    world: Otterbrook
    vale: Household
    programme: int
    booking_id: int
    make_up_id: int
    fridays: int

    @property
    def nora(self) -> Actor:
        return self.vale.guardian

    @property
    def make_up(self) -> MakeUp:
        self.world.db.flush()
        self.world.db.expire_all()
        return self.world.db.get_one(MakeUp, self.make_up_id)

    @property
    def id(self) -> str:
        return public_id(self.world, MakeUp, self.make_up_id)

    def friday(self, weeks: int = 0) -> str:
        return public_id(self.world, ClassSession, self.world.session_on(self.fridays, FRIDAY + weeks * WEEK))

    def books(self, session: str = "", actor: Actor | None = None, now: datetime = NOW) -> str:
        return replacing.book(self.world.db, actor or self.nora, self.id, session or self.friday(), now)

    def sheet(self, wanted: str = "any", session: str = "", now: datetime = NOW) -> MakeUpSheet:
        self.world.db.info.pop("scene", None)
        return make_up_sheet.sheet(self.world.db, self.nora, self.id, wanted, session, now)

    def history(self) -> list[tuple[str, str]]:
        of = select(MakeUpEntry).where(col(MakeUpEntry.make_up_id) == self.make_up_id)
        rows = self.world.db.execute(of.order_by(col(MakeUpEntry.id))).scalars()
        return [(row.kind, row.cause) for row in rows]


def story(session: Session, *, capacity: int = 1, fridays: bool = True, **settings: object) -> Story:
    world = Otterbrook(session, settings=settings)
    vale, programme = world.family("Vale", "Mila", "Theo"), world.programme()
    course = world.course(programme_id=programme)
    booked = world.enrol(vale["Mila"], course)
    other = world.course("Fridays", programme, weekday=4, capacity=capacity) if fridays else 0
    earned = attendance.cancel(session, vale.guardian, booked.sessions[1].attendance_id, NOW)
    return Story(world, vale, programme, booked.booking_id, earned or 0, other)


@pytest.fixture
def session(fresh_db: str) -> object:
    with db.unit_of_work() as opened:
        yield opened


def refused(of: Story, session: str = "", actor: Actor | None = None, now: datetime = NOW) -> str:
    with pytest.raises(PortalError) as error, of.world.db.begin_nested():
        of.books(session, actor, now)
    return error.value.message_key


def test_the_sheet_shows_the_sessions_with_a_place_and_the_button_repeats_the_choice(
    session: Session,
) -> None:
    mila = story(session)
    asked = mila.sheet()
    assert asked.title == "Choose a make-up for Mila"
    assert asked.why == "Instead of Little Waves 2 on Thu 19 March. Book it by 18 May."
    assert [day.name for day in asked.days][:2] == ["Friday 13 March", "Friday 20 March"]
    assert asked.days[0].choices[0].chip.word == "1 place left"
    assert (asked.button, asked.nothing) == ("", "")
    assert mila.sheet(session=mila.friday()).button == "Book Fri 20 March, 16:30"


def test_a_filter_leaves_out_days_and_says_so_when_it_leaves_none(session: Session) -> None:
    mila = story(session)
    assert len(mila.sheet("weekdays").days) == len(mila.sheet().days)
    weekend = mila.sheet("weekends")
    assert weekend.days == ()
    assert weekend.nothing == "No session on weekends has room just now. Other days have."
    assert weekend.wait == "Tell me when a place opens"


def test_booking_takes_the_place_and_undoing_it_does_not_count_as_its_one_return(session: Session) -> None:
    mila = story(session)
    for _ in range(2):
        assert mila.books() == "Mila comes to Fridays on Fri 20 March, 16:30"
        assert (
            replacing.undo(session, mila.nora, mila.id, NOW + 29 * SECOND) == "Mila’s make-up is yours again"
        )
    mila.books()
    with pytest.raises(PortalError):
        replacing.undo(session, mila.nora, mila.id, NOW + 31 * SECOND)
    assert mila.make_up.status == MakeUpStatus.BOOKED
    booked_as = mila.make_up.booked_as_id or 0
    attendance.cancel(session, mila.nora, booked_as, NOW + WEEK // 2)
    assert mila.make_up.status == MakeUpStatus.AVAILABLE
    assert miscounted(session) == {}


def test_who_comes_second_is_told_and_keeps_the_make_up(session: Session) -> None:
    mila = story(session)
    bell = mila.world.family("Bell", "Ida")
    mila.world.enrol(bell["Ida"], mila.fridays)
    assert refused(mila) == "makeup.no_place"
    assert mila.make_up.status == MakeUpStatus.AVAILABLE


def test_an_extra_place_is_for_make_ups_and_in_the_other_mode_the_only_one(session: Session) -> None:
    mila = story(session, capacity=1)
    extra = mila.world.course("Extra", mila.programme, weekday=5, capacity=1, extra_make_up_places=1)
    only = mila.world.course(
        "Only", mila.programme, weekday=6, capacity=5, extra_make_up_places=1, extra_places_only=True
    )
    full = mila.world.family("Bell", "Ida")
    mila.world.enrol(full["Ida"], extra)
    of = col(Booking.id) == make_up_choices.asked_for(session, mila.nora, mila.id, NOW).make_up.booking_id
    free = {one.fact.title: one.fact.target.free for one in make_up_choices.judged(session, NOW, of)}
    assert free.keys() == {"Little Waves 2", "Fridays", "Extra", "Only"}
    assert (free["Fridays"], free["Extra"], free["Only"]) == (1, 1, 1)
    sunday = mila.world.session_on(only, date(2026, 3, 22))
    mila.books(public_id(mila.world, ClassSession, sunday))
    held = session.get_one(ClassSession, sunday)
    session.refresh(held)
    assert (held.taken, held.make_ups_taken) == (0, 1)
    attendance.cancel(session, mila.nora, mila.make_up.booked_as_id or 0, NOW)
    session.refresh(held)
    assert (held.taken, held.make_ups_taken) == (0, 0)


def test_the_provider_may_change_the_extra_places_but_not_below_what_is_taken(session: Session) -> None:
    mila = story(session, capacity=0)
    timetable.change_make_up_places(session, SYSTEM, mila.fridays, 1, None, NOW)
    mila.books()
    with pytest.raises(timetable.PlacesTaken), session.begin_nested():
        timetable.change_make_up_places(session, SYSTEM, mila.fridays, 0, None, NOW)


def test_it_is_too_late_two_hours_before_the_start_and_a_programme_may_say_otherwise(
    session: Session,
) -> None:
    mila = story(session)
    starts = session.get_one(ClassSession, mila.world.session_on(mila.fridays, FRIDAY)).starts_at
    limit = starts - timedelta(hours=2)
    assert refused(mila, now=limit + SECOND) == "makeup.too_close"
    assert refused(mila, now=limit) == "makeup.too_close"
    assert mila.books(now=limit - SECOND)


def test_a_member_is_not_in_two_places_at_a_time(session: Session) -> None:
    mila = story(session)
    clash = mila.world.course("Clash", weekday=4, starts_local=time(16, 59), ends_local=time(17, 30))
    mila.world.enrol(mila.vale["Mila"], clash)
    assert refused(mila) == "makeup.busy"


def test_a_session_that_begins_as_another_ends_is_no_clash(session: Session) -> None:
    mila = story(session)
    after = mila.world.course("After", weekday=4, starts_local=time(17), ends_local=time(17, 30))
    mila.world.enrol(mila.vale["Mila"], after)
    assert mila.books()


def test_its_own_cancelled_session_is_signed_back_up_to_not_booked(session: Session) -> None:
    mila = story(session)
    earned_by = session.get_one(Attendance, mila.make_up.earned_by_id)
    own = public_id(mila.world, ClassSession, earned_by.session_id)
    assert refused(mila, own) == "makeup.given_up"


def test_nobody_else_can_book_or_see_it(session: Session) -> None:
    mila = story(session)
    bell = mila.world.family("Bell", "Ida").guardian
    for act in (
        lambda: mila.books(actor=bell),
        lambda: replacing.undo(session, bell, mila.id, NOW),
        lambda: replacing.wait(session, bell, mila.id, "any", NOW),
        lambda: replacing.stop_waiting(session, bell, mila.id, NOW),
        lambda: replacing.take(session, bell, mila.id, NOW),
        lambda: replacing.decline(session, bell, mila.id, NOW),
        lambda: make_up_sheet.sheet(session, bell, mila.id, "any", "", NOW),
        lambda: make_up_choices.asked_for(session, bell, mila.id, NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert mila.history() == [("earned", "Cancelled in time")]


def test_ids_that_nobody_has_are_not_found(session: Session) -> None:
    mila = story(session)
    assert refused(mila, "nosuchsession") == "error.not_found"
    with pytest.raises(NotFound):
        replacing.book(session, mila.nora, "nosuchmakeup", mila.friday(), NOW)


def test_a_share_books_when_it_may_act_and_not_when_it_may_only_look(session: Session) -> None:
    mila = story(session)
    ruth = shared_with_ruth(mila.world, mila.vale, mila.booking_id)
    assert refused(mila, actor=ruth) == "sharing.view_only"
    session.execute(update(Share).values(can_act=True))
    assert mila.books(actor=ruth)


def test_it_lasts_so_many_days_from_the_session_it_replaces(session: Session) -> None:
    assert story(session).make_up.book_by == date(2026, 5, 18)


def test_it_may_last_until_the_end_of_the_course(session: Session) -> None:
    mila = story(session, make_up_expiry=MakeUpExpiry.END_OF_COURSE)
    last = date(2026, 4, 23)
    assert mila.make_up.book_by == last
    assert make_up_expiry.expire(session, SYSTEM, NOW + (last - TODAY)) == 0
    assert make_up_expiry.expire(session, SYSTEM, NOW + (last - TODAY) + DAY) == 1
    assert mila.history()[-1] == ("expired", "Not booked in time")


def test_so_many_are_carried_over_once_and_the_excess_expires(session: Session) -> None:
    mila = story(session, make_up_expiry=MakeUpExpiry.CARRY_OVER, make_up_carry_over=1, make_up_days=30)
    of = select(col(Attendance.id)).where(col(Attendance.status) == AttendanceStatus.GOING)
    going = session.execute(of.order_by(col(Attendance.id).desc())).scalars().first()
    attendance.cancel(session, mila.nora, going or 0, NOW)
    after = NOW + (date(2026, 4, 24) - TODAY)
    assert make_up_expiry.expire(session, SYSTEM, after) == 1
    kept, excess = session.execute(select(MakeUp).order_by(col(MakeUp.id))).scalars().all()
    assert (kept.status, kept.book_by) == (MakeUpStatus.AVAILABLE, date(2026, 5, 23))
    assert excess.status == MakeUpStatus.EXPIRED
    assert mila.history()[-1] == ("extended", make_up_expiry.CARRIED)
    causes = select(col(MakeUpEntry.cause)).where(col(MakeUpEntry.make_up_id) == excess.id)
    assert list(session.execute(causes).scalars())[-1] == make_up_expiry.TOO_MANY
    assert make_up_expiry.expire(session, SYSTEM, after + 30 * DAY) == 1
    assert mila.history()[-1] == ("expired", make_up_expiry.NOT_BOOKED)


def test_where_nothing_was_ever_open_it_lasts_longer_once_and_says_so(session: Session) -> None:
    mila = story(session, fridays=False)
    last = NOW + (date(2026, 5, 18) - TODAY)
    assert make_up_expiry.expire(session, SYSTEM, last + DAY) == 0
    assert (mila.make_up.status, mila.make_up.book_by) == (MakeUpStatus.AVAILABLE, date(2026, 7, 17))
    assert mila.history()[-1] == ("extended", make_up_expiry.NOTHING_WAS_OPEN)
    assert make_up_expiry.expire(session, SYSTEM, last + 62 * DAY) == 1
    assert mila.history()[-1][0] == "expired"


def test_a_place_that_was_seen_once_is_remembered_though_it_is_gone(session: Session) -> None:
    mila = story(session)
    bell = mila.world.family("Bell", "Ida")
    mila.world.enrol(bell["Ida"], mila.fridays)
    assert make_up_expiry.expire(session, SYSTEM, NOW + (date(2026, 5, 19) - TODAY)) == 1


def test_a_session_that_is_called_off_gives_the_make_up_back_with_time_to_use_it(session: Session) -> None:
    mila = story(session, make_up_days=1)
    mila.books()
    friday = mila.world.session_on(mila.fridays, FRIDAY)
    late = NOW + 8 * DAY - timedelta(hours=12)
    attendance.call_off(session, SYSTEM, friday, "Pool closed", late)
    assert mila.make_up.status == MakeUpStatus.AVAILABLE
    assert mila.make_up.book_by >= late.date()


def test_the_benefits_page_costs_the_same_however_many_make_ups_there_are(session: Session) -> None:
    mila = story(session)
    costs = []
    for _ in range(2):
        session.flush()
        session.info.pop("scene", None)
        with counted_queries() as sent:
            view = benefits.read(session, mila.nora, NOW)
        costs.append(len(sent))
        of = select(col(Attendance.id)).where(col(Attendance.status) == AttendanceStatus.GOING)
        for going in session.execute(of.order_by(col(Attendance.id).desc()).limit(3)).scalars().all():
            attendance.cancel(session, mila.nora, going, NOW)
    assert costs[0] == costs[1]
    nudge = view.make_ups.waiting[-1].nudge
    assert nudge.words == "It replaces Thu 19 March. Book it by 18 May; 6 sessions have room."
    assert (nudge.asks, nudge.press) == ("choose", "Choose a session")


def test_the_sheet_costs_the_same_however_many_sessions_there_are(session: Session) -> None:
    mila = story(session)
    costs = []
    for _ in range(2):
        session.flush()
        session.info.pop("scene", None)
        with counted_queries() as sent:
            make_up_sheet.sheet(session, mila.nora, mila.id, "any", "", NOW)
        costs.append(len(sent))
        mila.world.course("More", mila.programme, weekday=2)
    assert costs[0] == costs[1]


def test_the_provider_reads_rule_by_rule_why_there_is_none(session: Session) -> None:
    mila = story(session)
    member = public_id(mila.world, Member, mila.vale["Mila"])
    (answers,) = make_up_why.why(session, SYSTEM, member, mila.friday(), NOW)
    assert all(one.held for one in answers)
    mila.world.enrol(mila.world.family("Bell", "Ida")["Ida"], mila.fridays)
    (answers,) = make_up_why.why(session, SYSTEM, member, mila.friday(), NOW)
    assert [one.key for one in answers if not one.held] == ["makeup.no_place"]
    theo = public_id(mila.world, Member, mila.vale["Theo"])
    (none,) = make_up_why.why(session, SYSTEM, theo, mila.friday(), NOW)
    assert none[0].words.startswith("There is no make-up to book with.")
    with pytest.raises(PortalError):
        make_up_why.why(session, mila.nora, member, mila.friday(), NOW)


def test_a_make_up_outlives_its_booking_and_what_it_is_booked_for_can_still_be_cancelled(
    session: Session,
) -> None:
    mila = story(session, make_up_expiry=MakeUpExpiry.CARRY_OVER, make_up_carry_over=1)
    after = NOW + (date(2026, 4, 24) - TODAY)
    next_term = mila.world.course("Summer", mila.programme, starts_on=date(2026, 5, 1), capacity=1, weekday=4)
    make_up_expiry.expire(session, SYSTEM, after)
    session.execute(update(Booking).values(status=BookingStatus.COMPLETED))
    first = public_id(mila.world, ClassSession, mila.world.session_on(next_term, date(2026, 5, 1)))
    mila.books(first, now=after)
    session.info.pop("scene", None)
    coming = sessions.read(session, mila.nora, after, {})
    assert "Summer" in str(coming)
    attendance.cancel(session, mila.nora, mila.make_up.booked_as_id or 0, after)
    assert mila.make_up.status == MakeUpStatus.AVAILABLE
