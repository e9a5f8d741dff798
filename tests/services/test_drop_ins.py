from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import Pass, PassEntry, PassKind, VisitBill
from portal.models.bookings import Attendance, AttendanceStatus, Booking, DecidedBy
from portal.models.classes import ClassSession, PassRule, Programme, ProgrammeKind
from portal.models.commerce import Order, OrderStatus, Payment, PaymentMethod, PaymentStatus
from portal.models.people import Member
from portal.models.provider import LateCancellation
from portal.rows.visits import VisitSheet
from portal.rules.conditions import Unmet
from portal.services import (
    attendance,
    check_in,
    credit,
    drop_ins,
    passes,
    payments_received,
    provider,
    refunds,
    visits,
    withdrawals,
)
from portal.services.passes import NewPass
from portal.services.refunds import Back
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.places import miscounted, public_id
from tests.support.queries import counted_queries

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


class Pool:
    """The Vales, a drop-in programme, and what they may pay with."""

    def __init__(self, world: Otterbrook, **programme: object) -> None:
        policies = {"kind": ProgrammeKind.DROP_IN, "unit_price_minor": 900, "make_ups": False, **programme}
        self.world, self.vale = world, world.family("Vale", "Mila", "Theo")
        self.programme = world.programme("Open Swim", **policies)
        self.course = world.course("Open Swim", self.programme, capacity=2)

    @property
    def nora(self) -> Actor:
        return self.vale.guardian

    def member(self, name: str) -> str:
        return public_id(self.world, Member, self.vale[name])

    def session(self, weeks: int = 0) -> str:
        return public_id(self.world, ClassSession, self.world.session_on(self.course, TODAY + weeks * WEEK))

    def sells(self, entries: int | None = 3, **terms: object) -> str:
        kind = PassKind.ENTRY if entries else PassKind.PERMANENT
        new = NewPass(self.vale.family_id, kind, "Pool pass", TODAY, entries_total=entries, **terms)  # type: ignore[arg-type]
        return public_id(self.world, Pass, passes.sell(self.world.db, SYSTEM, new, "Bought", NOW))

    def books(self, by: str, name: str = "Mila", weeks: int = 1, actor: Actor | None = None) -> str:
        who, when = self.member(name), self.session(weeks)
        return drop_ins.book(self.world.db, actor or self.nora, who, when, by, NOW)

    def chosen(self, opened_from: str) -> str:
        """Whom the sheet begins with."""
        seen = visits.sheet(self.world.db, self.nora, opened_from, "", "", NOW)
        return next(member.name for member in seen.members if member.chosen)

    def left(self, pass_id: str) -> int | None:
        found = select(Pass).where(col(Pass.public_id) == pass_id).execution_options(populate_existing=True)
        return self.world.db.execute(found).scalar_one().entries_left

    def visit(self, name: str = "Mila") -> Attendance:
        of = select(Attendance).where(col(Attendance.member_id) == self.vale[name])
        return self.world.db.execute(of.execution_options(populate_existing=True)).scalar_one()

    def cancels(self, name: str = "Mila", at: timedelta = timedelta()) -> None:
        attendance.cancel(self.world.db, self.nora, self.visit(name).id or 0, NOW + at)

    def order(self) -> tuple[Order, Payment]:
        orders = select(Order, Payment).join(Payment, col(Payment.order_id) == col(Order.id))
        row = self.world.db.execute(orders.execution_options(populate_existing=True)).one()
        return row[0], row[1]


@pytest.fixture
def pool(world: Otterbrook) -> Pool:
    return Pool(world)


def key(refused: "pytest.ExceptionInfo[Unmet]") -> str:
    return refused.value.message_key


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


def test_the_sheet_begins_with_the_first_who_may_come(world: Otterbrook) -> None:
    pool = Pool(world)
    programme = public_id(world, Programme, pool.programme)
    assert pool.chosen(programme) == "Mila"
    pool.sells(entries=3, member_id=pool.vale["Theo"])
    assert pool.chosen(programme) == "Theo"


def test_a_visit_that_was_cancelled_can_be_chosen_again(pool: Pool) -> None:
    card = pool.sells(entries=3)
    for _ in range(3):
        pool.books(card)
        pool.cancels()
    pool.books(card)

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
    with pytest.raises(Unmet) as refused:
        drop_ins.book(
            pool.world.db,
            bell.guardian,
            public_id(pool.world, Member, bell["Ruth"]),
            pool.session(1),
            theirs,
            NOW,
        )
    assert key(refused) == "drop_ins.full"


def test_where_a_pass_is_required_a_visit_is_never_billed(pool: Pool) -> None:
    with pytest.raises(Unmet) as refused:
        pool.books(drop_ins.BILLED)
    assert key(refused) == "drop_ins.pass_required"


def billed(world: Otterbrook) -> Pool:
    return Pool(world, pass_rule=PassRule.BILLED)


def test_where_the_programme_bills_a_visit_without_a_pass_is_an_order(world: Otterbrook) -> None:
    pool = billed(world)

    words = pool.books(drop_ins.BILLED)

    order, payment = pool.order()
    assert words.endswith("You find what to pay under Payments.")
    assert (order.total_minor, order.guardian_id) == (900, pool.vale.guardian_id)
    assert (payment.amount_minor, payment.due_on) == (900, TODAY + timedelta(days=10))


def test_a_billed_visit_cancelled_in_time_need_not_be_paid(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    pool.cancels()

    order, payment = pool.order()
    assert (order.status, payment.status) == (OrderStatus.CANCELLED, PaymentStatus.VOID)


def test_a_billed_visit_that_was_paid_becomes_credit(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    payment_id = pool.order()[1].id or 0
    payments_received.receive(world.db, SYSTEM, payment_id, 900, PaymentMethod.CARD, NOW)
    pool.cancels()

    assert credit.balance(world.db, pool.vale.family_id) == 900
    assert pool.order()[1].status == PaymentStatus.REFUNDED


def test_a_billed_visit_whose_card_is_being_refunded_can_be_cancelled(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    payment_id = pool.order()[1].id or 0
    payments_received.receive(world.db, SYSTEM, payment_id, 900, PaymentMethod.CARD, NOW)
    refunds.give_back(world.db, SYSTEM, payment_id, 400, Back.PAYER, "Cold water", NOW)
    pool.cancels()

    assert credit.balance(world.db, pool.vale.family_id) == 500
    assert [one.amount_minor for one in refunds.unsettled(world.db, NOW)] == [400]


def test_a_billed_visit_cancelled_late_is_still_to_pay(world: Otterbrook) -> None:
    pool = billed(world)
    pool.books(drop_ins.BILLED)
    pool.cancels(at=WEEK)

    assert pool.order()[1].status == PaymentStatus.UNPAID
    assert len(world.db.execute(select(VisitBill)).all()) == 1


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
            drop_ins.book(db, actor, member, pool.session(1), by, NOW)
    for opened_from in (card, "nothing"):
        with pytest.raises(NotFound):
            visits.sheet(db, stranger.guardian, opened_from, "", "", NOW)
    with pytest.raises(NotFound):
        check_in.show(db, stranger.guardian, card, NOW)
    assert pool.left(card) == 3


def test_an_ordinary_course_has_no_visits(pool: Pool) -> None:
    course = pool.world.course("Little Waves 2")
    session = public_id(pool.world, ClassSession, pool.world.session_on(course, TODAY + WEEK))
    with pytest.raises(Unmet) as refused:
        drop_ins.book(pool.world.db, pool.nora, pool.member("Mila"), session, pool.sells(), NOW)
    assert key(refused) == "drop_ins.not_a_drop_in"


def look(pool: Pool, opened_from: str, member: str = "", session: str = "") -> VisitSheet:
    pool.world.db.flush()
    return visits.sheet(pool.world.db, pool.nora, opened_from, member, session, NOW)


def test_the_sheet_tells_what_a_choice_costs_before_it_is_made(pool: Pool) -> None:
    card = pool.sells(entries=3)
    seen = look(pool, card, pool.member("Theo"), pool.session(1))

    assert (seen.title, seen.by, seen.member) == ("Come to Open Swim", card, pool.member("Theo"))
    assert seen.button == "Book Thu 19 March, 16:30"
    assert seen.terms == (
        "One entry of Pool pass. 2 entries are left after it. Cancel in time and it comes back."
    )
    assert [member.name for member in seen.members] == ["Mila", "Theo"]


def test_what_the_sheet_refuses_the_click_refuses_for_the_same_reason(pool: Pool) -> None:
    card = pool.sells(entries=2)
    pool.books(card, "Mila")
    pool.books(card, "Theo")
    choices = [choice for day in look(pool, card).days for choice in day.choices]

    assert choices[1].reason == "There is a place for this visit already. You find it under Sessions."
    assert choices[2].reason == "Every entry of this pass has been used. Please ask us for a new one."
    for weeks, reason in ((1, "drop_ins.already_going"), (2, "passes.used_up")):
        with pytest.raises(Unmet) as refused:
            pool.books(card, "Mila", weeks)
        assert key(refused) == reason


def test_a_family_without_a_pass_is_told_so_once(pool: Pool) -> None:
    programme = public_id(pool.world, Programme, pool.programme)
    seen = look(pool, programme)

    assert seen.notice == "You need a pass for these sessions, and there is none yet. Please ask us for one."
    assert all(choice.reason for day in seen.days for choice in day.choices)


def test_a_choice_that_has_become_impossible_is_no_choice(pool: Pool) -> None:
    card = pool.sells(entries=1)
    pool.books(card)
    seen = look(pool, card, pool.member("Mila"), pool.session(1))

    assert (seen.session, seen.button) == ("", "")


def test_where_the_programme_bills_the_price_is_on_the_button(world: Otterbrook) -> None:
    pool = billed(world)
    seen = look(pool, public_id(world, Programme, pool.programme), session=pool.session(1))

    assert (seen.by, seen.button) == ("billed", "Book Thu 19 March, 16:30 for €9.00")
    assert seen.terms == "€9.00, to pay by 22 March. Cancel in time and it need not be paid."


def test_a_pass_of_one_member_is_chosen_for_nobody_else(pool: Pool) -> None:
    card = pool.sells(member_id=pool.vale["Theo"])
    seen = look(pool, card)

    assert (seen.member, seen.members) == (pool.member("Theo"), ())
    assert seen.why == "Choose when Theo comes."


def test_a_sheet_costs_as_many_queries_for_many_sessions_and_passes_as_for_few(pool: Pool) -> None:
    card = pool.sells()

    def cost() -> int:
        pool.world.db.flush()
        pool.world.db.expunge_all()
        pool.world.db.info.clear()
        with counted_queries() as sent:
            look(pool, card)
        return len(sent)

    few = cost()
    for _ in range(4):
        pool.sells()
        pool.world.course("Open Swim", pool.programme)
    assert cost() == few <= 8


def test_a_pass_is_shown_at_the_desk_as_a_code_that_names_it_alone(pool: Pool) -> None:
    card = pool.sells(entries=3)
    shown = check_in.show(pool.world.db, pool.nora, card, NOW)

    assert (shown.title, shown.left) == ("Pool pass", "3 entries left")
    assert shown.picture.startswith("<svg")
    pass_id = check_in.find(pool.world.db, SYSTEM, f" {card.upper()} ")
    assert public_id(pool.world, Pass, pass_id) == card
    with pytest.raises(PortalError):
        check_in.find(pool.world.db, pool.nora, card)


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
