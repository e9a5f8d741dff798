"""Until when a make-up is good: days, the end of the course, carried over, extended once."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import SYSTEM
from portal.models.benefits import MakeUp, MakeUpEntry, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.provider import MakeUpExpiry
from portal.services import (
    attendance,
    make_up_expiry,
)
from tests.factories import NOW, TODAY
from tests.support.replaced import DAY, FRIDAY, story


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
