from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.models.benefits import Pass, PassEntry, PassKind
from portal.models.bookings import Attendance, AttendanceStatus, Booking, DecidedBy
from portal.models.classes import ClassSession
from portal.models.commerce import OrderStatus
from portal.models.messages import OutboxMessage
from portal.models.people import Member
from portal.models.provider import LateCancellation
from portal.rows.visits import VisitSheet
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    check_in,
    drop_ins,
    passes,
    provider,
    visits,
    withdrawals,
)
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.pool import DAY, WEEK, Pool, billed, key


def test_a_family_chooses_a_session_and_an_entry_is_taken(pool: Pool) -> None:
    card = pool.sells(entries=3)

    assert pool.books(card) == "Mila comes to Open Swim on Thu 19 March, 16:30. 2 entries are left."
    assert pool.left(card) == 2
    assert pool.visit().decided_by == DecidedBy.GUARDIAN
    assert miscounted(pool.world.db) == {}


def test_cancelled_in_time_the_entry_comes_back_once_and_late_it_does_not(pool: Pool) -> None:
    card = pool.sells(entries=3)
    pool.books(card)
    pool.cancels()
    assert pool.left(card) == 3

    provider.save(pool.world.db, SYSTEM, {"late_cancellation": LateCancellation.ALLOWED}, NOW)
    pool.books(card)
    pool.cancels(at=WEEK)
    assert pool.left(card) == 2
    assert pool.visit().status == AttendanceStatus.CANCELLED_LATE


def test_who_is_too_young_is_told_by_the_sheet_and_refused_at_the_click(world: Otterbrook) -> None:
    pool = Pool(world, min_age_months=96)
    card = pool.sells(entries=3)
    born = date(TODAY.year - 8, TODAY.month, TODAY.day)
    for name, birth_date in (("Mila", born + 15 * DAY), ("Theo", born + 14 * DAY)):
        world.db.get_one(Member, pool.vale[name]).birth_date = birth_date
    seen = visits.sheet(world.db, pool.nora, card, pool.member("Mila"), "", NOW)
    reasons = [choice.reason for day in seen.days for choice in day.choices]
    assert (
        reasons[:2] == ["Mila will be too young for this class on that day. Please choose another one."] * 2
    )
    assert set(reasons[3:]) == {""}
    with pytest.raises(Unmet) as refused:
        pool.books(card, "Mila", weeks=2)
    assert key(refused) == "drop_ins.too_young"
    pool.books(card, "Theo", weeks=2)


def test_a_visit_that_was_cancelled_can_be_chosen_again(pool: Pool) -> None:
    card = pool.sells(entries=3)
    for _ in range(3):
        pool.books(card)
        pool.cancels()
    pool.books(card)
    told = pool.world.db.execute(select(col(OutboxMessage.kind))).scalars().all()

    assert told == ["session_booked"], "once a day, however often it is booked and cancelled"
    assert pool.left(card) == 2
    changes = pool.world.db.execute(select(col(PassEntry.change)).order_by(col(PassEntry.id))).scalars().all()
    assert list(changes) == [3, -1, 1, -1, 1, -1, 1, -1]
    assert miscounted(pool.world.db) == {}


def test_a_family_pass_lets_several_members_in_where_the_provider_allows_it(pool: Pool) -> None:
    card = pool.sells(entries=3)
    pool.books(card, "Mila")
    pool.books(card, "Theo")
    assert pool.left(card) == 1

    provider.save(pool.world.db, SYSTEM, {"shared_passes": False}, NOW)
    with pytest.raises(Unmet) as refused:
        pool.books(card, "Theo", weeks=2)
    assert key(refused) == "passes.not_shared"
    pool.books(card, "Mila", weeks=2)
    assert pool.left(card) == 0


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"paid": False}, "passes.unpaid"),
        ({"valid_until": TODAY + timedelta(days=6)}, "passes.expired"),
    ],
)
def test_a_pass_that_opens_nothing_says_why_and_takes_no_place(
    pool: Pool, terms: dict[str, Any], reason: str
) -> None:
    card = pool.sells(**terms)
    with pytest.raises(Unmet) as refused, pool.world.db.begin_nested():
        pool.books(card)

    assert key(refused) == reason
    assert miscounted(pool.world.db) == {}


def test_a_pass_is_good_for_a_session_on_its_last_day(pool: Pool) -> None:
    pool.books(pool.sells(valid_until=TODAY + WEEK))


def test_the_same_visit_is_not_booked_twice(pool: Pool) -> None:
    card = pool.sells()
    pool.books(card)
    with pytest.raises(Unmet) as refused:
        pool.books(card)
    assert key(refused) == "drop_ins.already_going"
    assert pool.left(card) == 2


def test_a_full_session_is_refused(pool: Pool) -> None:
    card = pool.sells()
    pool.books(card, "Mila")
    pool.books(card, "Theo")
    bell = pool.world.family("Bell", "Ruth")
    new = NewPass(bell.family_id, PassKind.ENTRY, "Pool pass", TODAY, entries_total=3)
    theirs = public_id(pool.world, Pass, passes.sell(pool.world.db, SYSTEM, new, "", NOW))
    ruth = public_id(pool.world, Member, bell["Ruth"])
    seen = VisitSheet(member=ruth, session=pool.session(1), by=theirs)
    with pytest.raises(Unmet) as refused:
        drop_ins.book(pool.world.db, bell.guardian, seen, NOW)
    assert key(refused) == "drop_ins.full"


@pytest.fixture
def stranger(pool: Pool) -> Household:
    return pool.world.family("Bell", "Ruth")


def test_nothing_of_another_family_can_be_named(pool: Pool, stranger: Household) -> None:
    card, db = pool.sells(), pool.world.db
    ruth = public_id(pool.world, Member, stranger["Ruth"])
    hostile = [
        (stranger.guardian, pool.member("Mila"), card),
        (stranger.guardian, ruth, card),
        (pool.nora, ruth, card),
        (Actor(stranger.guardian.kind, guardian_id=stranger.guardian_id), pool.member("Mila"), card),
    ]
    for actor, member, by in hostile:
        with pytest.raises(NotFound):
            drop_ins.book(db, actor, VisitSheet(member=member, session=pool.session(1), by=by), NOW)
    for opened_from in (card, "nothing"):
        with pytest.raises(NotFound):
            visits.sheet(db, stranger.guardian, opened_from, "", "", NOW)
    with pytest.raises(NotFound):
        check_in.show(db, stranger.guardian, card, NOW)
    assert pool.left(card) == 3


def test_an_ordinary_course_has_no_visits(pool: Pool) -> None:
    course = pool.world.course("Little Waves 2")
    session = public_id(pool.world, ClassSession, pool.world.session_on(course, TODAY + WEEK))
    seen = VisitSheet(member=pool.member("Mila"), session=session, by=pool.sells())
    with pytest.raises(Unmet) as refused:
        drop_ins.book(pool.world.db, pool.nora, seen, NOW)
    assert key(refused) == "drop_ins.not_a_drop_in"


def test_a_pass_that_is_over_has_it_in_its_history_once(pool: Pool) -> None:
    pool.sells(valid_until=TODAY)
    db = pool.world.db

    assert passes.expire(db, SYSTEM, NOW) == 0
    assert passes.expire(db, SYSTEM, NOW + timedelta(days=1)) == 1
    assert passes.expire(db, SYSTEM, NOW + timedelta(days=2)) == 0
    kinds = db.execute(select(col(PassEntry.kind), col(PassEntry.change))).all()
    assert [tuple(row) for row in kinds] == [("bought", 3), ("expired", 0)]


def test_a_session_that_is_called_off_gives_the_entry_back_and_takes_the_bill_back(world: Otterbrook) -> None:
    pool = billed(world)
    card = pool.sells(entries=3)
    pool.books(card, "Mila")
    pool.books(drop_ins.BILLED, "Theo")
    session_id = world.session_on(pool.course, TODAY + WEEK)
    attendance.call_off(world.db, SYSTEM, session_id, "Pool closed", NOW)

    assert pool.left(card) == 3
    assert pool.order()[0].status == OrderStatus.CANCELLED
    causes = world.db.execute(select(col(PassEntry.cause)).order_by(col(PassEntry.id))).scalars().all()
    assert causes[-1] == "Pool closed"


def test_a_visit_after_the_booking_has_ended_is_of_a_new_one(pool: Pool) -> None:
    card = pool.sells(entries=3)
    pool.books(card)
    withdrawals.withdraw(pool.world.db, SYSTEM, pool.visit().booking_id, "Moved away", NOW)
    assert pool.left(card) == 3
    pool.books(card)

    of = select(col(Attendance.status), col(Booking.status)).join(
        Booking, col(Booking.id) == col(Attendance.booking_id)
    )
    rows = pool.world.db.execute(of.order_by(col(Attendance.id))).all()
    assert [tuple(row) for row in rows] == [("cancelled", "cancelled"), ("going", "active")]
    assert pool.left(card) == 2
