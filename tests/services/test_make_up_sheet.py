"""The sheet in which a make-up is used: what it shows, what it leaves out, what it costs."""

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import SYSTEM
from portal.errors import NotFound, PortalError
from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.people import Member
from portal.services import (
    attendance,
    benefits,
    make_up_choices,
    make_up_sheet,
    make_up_why,
    replacing,
)
from tests.factories import NOW
from tests.support.places import public_id
from tests.support.queries import counted_queries
from tests.support.replaced import story


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
