from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from portal import db
from portal.actor import Actor, ActorKind
from portal.demo import OWNER_EMAIL, STAFF_PASSWORD, make_demo
from portal.demo.days import ZONE, Days
from portal.models.access import ConsentAnswer
from portal.models.benefits import CreditEntry, MakeUp, MakeUpStatus, Pass, PassEntry
from portal.models.bookings import (
    Attendance,
    AttendanceStatus,
    Booking,
    BookingStatus,
    Enquiry,
    OpenReason,
    Share,
    TrialOffer,
    WaitingListEntry,
)
from portal.models.classes import ClassSession, Course, Place
from portal.models.commerce import Order, OrderItem, OrderStatus, Payment
from portal.models.discounts import OrderDiscount
from portal.models.messages import DemoMail, MessageStatus, OutboxMessage
from portal.models.offers import PlaceHold
from portal.models.people import Family, FamilyGuardian, Guardian, Staff
from portal.models.provider import ProviderSettings
from portal.rules.payments import PaymentState, state
from portal.services import home
from tests.factories import NOW, TODAY
from tests.support.databases import SQLiteFiles, fresh


def make(now: datetime = NOW) -> bool:
    return make_demo(now, staff_password=STAFF_PASSWORD, hash_password=lambda password: f"hash of {password}")


@pytest.fixture(scope="module")
def made(sqlite_files: SQLiteFiles) -> str:
    """One demo for all tests that only look."""
    url = fresh(sqlite_files)
    db.bind(url)
    assert make()
    return url


@pytest.fixture
def demo(made: str) -> Iterator[Session]:
    engine = db.bind(made)
    with db.reading() as session:
        yield session
    engine.dispose()


def guardian(demo: Session, email: str) -> Actor:
    found = demo.execute(select(col(Guardian.id)).where(col(Guardian.email) == email)).scalar_one()
    families = select(col(FamilyGuardian.family_id)).where(col(FamilyGuardian.guardian_id) == found)
    return Actor(ActorKind.GUARDIAN, guardian_id=found, family_id=demo.execute(families).scalars().first())


def count(demo: Session, table: type) -> int:
    return demo.execute(select(func.count()).select_from(table)).scalar_one()


def today_is(payment: Payment) -> PaymentState:
    open_minor = payment.amount_minor - payment.received_minor
    return state(payment.status, open_minor, payment.requested_on, payment.due_on, TODAY)


def owed(demo: Session, family_id: int | None) -> dict[PaymentState, int]:
    rows = select(Payment).join(Order, col(Order.id) == col(Payment.order_id))
    standing = rows.where(col(Payment.family_id) == family_id, col(Order.status) == OrderStatus.STANDING)
    sums: dict[PaymentState, int] = {}
    for payment in demo.execute(standing).scalars():
        found = today_is(payment)
        sums[found] = sums.get(found, 0) + payment.amount_minor - payment.received_minor
    return sums


def test_the_demo_is_lifelike(demo: Session) -> None:
    assert count(demo, Family) >= 120
    assert count(demo, Course) >= 14
    assert count(demo, ClassSession) >= 300
    assert count(demo, WaitingListEntry) >= 5
    settings = demo.get_one(ProviderSettings, 1)
    assert (settings.name, settings.timezone, settings.currency) == (
        "Otterbrook Classes",
        "Europe/Bratislava",
        "EUR",
    )
    assert settings.logo is not None


def test_every_state_of_a_payment_is_somewhere(demo: Session) -> None:
    rows = demo.execute(select(Payment)).scalars()
    assert {today_is(row) for row in rows} == set(PaymentState)


def test_nora_has_148_to_pay_of_which_62_are_overdue(demo: Session) -> None:
    sums = owed(demo, guardian(demo, "nora@demo.example").family_id)
    assert (sums[PaymentState.OVERDUE], sums[PaymentState.DUE]) == (6200, 8600)
    assert (sums[PaymentState.UPCOMING], sums[PaymentState.PROCESSING]) == (6200, 900)


def test_noras_home_says_what_the_design_says(demo: Session) -> None:
    view = home.read(demo, guardian(demo, "nora@demo.example"), NOW, {})
    assert (view.due.total, view.due.chip.word) == ("€148.00", "Overdue by 6 days")
    ticket = view.tickets[0]
    assert (ticket.eyebrow, ticket.starts, ticket.title) == ("Next up for Mila", "16:30", "Little Waves 2")
    assert ticket.countdown == "Starts in 2 h 20 min"
    rows = [(row.title, row.meta[0]) for row in view.coming_up[0].rows]
    assert rows == [
        ("Spanish Starters", "17:00"),
        ("Stroke School 1", "09:30"),
        ("Open Swim", "11:00"),
        ("Ballet Foundations", "17:15"),
    ]
    terms = [row.term.caption for row in view.bookings if row.term.caption]
    assert {"9 of 16 done", "8 of 12 done", "10 of 18 done"} <= set(terms)
    assert {tile.figure for tile in view.tiles if tile.whose == "all"} == {"1", "2", "€20.00", "10%"}


def test_noras_benefits_are_those_of_the_design(demo: Session) -> None:
    nora = guardian(demo, "nora@demo.example")
    passes = demo.execute(select(Pass).where(col(Pass.family_id) == nora.family_id)).scalars().all()
    assert {one.name: (one.entries_left, one.entries_total) for one in passes} == {
        "Open Swim pass": (6, 10),
        "Studio practice": (None, None),
        "Toddler gym": (1, 5),
    }
    make_ups = demo.execute(select(MakeUp).where(col(MakeUp.family_id) == nora.family_id)).scalars().all()
    assert sorted(one.status for one in make_ups) == sorted(
        [MakeUpStatus.AVAILABLE, MakeUpStatus.BOOKED, MakeUpStatus.USED, MakeUpStatus.EXPIRED]
    )
    credit = select(col(CreditEntry.change_minor), col(CreditEntry.balance_minor)).where(
        col(CreditEntry.family_id) == nora.family_id
    )
    found = [tuple(row) for row in demo.execute(credit.order_by(col(CreditEntry.serial)))]
    assert found == [(4000, 4000), (-2400, 1600), (1200, 2800), (-800, 2000)]


def test_nora_has_a_cancelled_session_ahead_with_free_places_and_a_livestream(demo: Session) -> None:
    nora = guardian(demo, "nora@demo.example")
    ahead = (
        select(Attendance, ClassSession, Place)
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .where(col(Attendance.family_id) == nora.family_id, col(ClassSession.starts_at) > NOW)
    )
    rows = demo.execute(ahead).all()
    off = [session for one, session, _ in rows if one.status == AttendanceStatus.CANCELLED]
    assert [session.capacity - session.taken > 0 for session in off] == [True]
    assert any(place.online and session.livestream_url for _, session, place in rows)


def test_noras_open_bookings_wait_for_different_things(demo: Session) -> None:
    nora = guardian(demo, "nora@demo.example")
    rows = select(Booking).where(col(Booking.family_id) == nora.family_id)
    bookings = demo.execute(rows).scalars().all()
    reasons = [one.open_reason for one in bookings if one.status == BookingStatus.OPEN]
    assert set(reasons) == {OpenReason.TRIAL, OpenReason.CONFIRMATION, OpenReason.WAITING_LIST}
    assert sum(one.status == BookingStatus.COMPLETED for one in bookings) == 2
    offer = demo.execute(select(TrialOffer).where(col(TrialOffer.family_id) == nora.family_id)).scalar_one()
    assert offer.expires_at > NOW
    waiting = select(WaitingListEntry).where(col(WaitingListEntry.family_id) == nora.family_id)
    assert demo.execute(waiting).scalar_one().position == 3
    assert demo.execute(select(Enquiry).where(col(Enquiry.family_id) == nora.family_id)).scalar_one()


def test_the_others_of_the_cast_stand_for_their_situations(demo: Session) -> None:
    nora, sam = guardian(demo, "nora@demo.example"), guardian(demo, "sam@demo.example")
    assert sam.family_id == nora.family_id
    ruth = guardian(demo, "ruth@demo.example")
    assert ruth.family_id is None
    share = demo.execute(select(Share).where(col(Share.guardian_id) == ruth.guardian_id)).scalar_one()
    assert (share.can_act, share.sees_payments) == (False, False)
    omar = guardian(demo, "omar@demo.example")
    assert omar.family_id != nora.family_id
    assert sum(owed(demo, omar.family_id).values()) == 0
    assert (
        demo.execute(select(Staff).where(col(Staff.email) == OWNER_EMAIL))
        .scalar_one()
        .password_hash.startswith("hash")
    )
    homes = guardian(demo, "twohomes@demo.example").guardian_id
    links = select(func.count()).where(col(FamilyGuardian.guardian_id) == homes)
    assert demo.execute(links).scalar_one() == 2


def test_everybody_has_answered_the_consents_but_the_newest_guardian(demo: Session) -> None:
    answered = select(col(ConsentAnswer.guardian_id))
    rest = select(col(Guardian.email)).where(col(Guardian.id).not_in(answered))
    assert demo.execute(rest).scalars().all() == ["new@demo.example"]


def test_every_ledger_adds_up(demo: Session) -> None:
    for balance, family in demo.execute(_newest_balances()):
        changes = select(func.sum(col(CreditEntry.change_minor))).where(col(CreditEntry.family_id) == family)
        assert demo.execute(changes).scalar_one() == balance
    for one in demo.execute(select(Pass)).scalars():
        moved = select(func.sum(col(PassEntry.change))).where(col(PassEntry.pass_id) == one.id)
        assert demo.execute(moved).scalar_one() == (one.entries_left or 0)


def _newest_balances() -> Select[int, int]:
    newest = select(col(CreditEntry.family_id), func.max(col(CreditEntry.serial)).label("serial"))
    last = newest.group_by(col(CreditEntry.family_id)).subquery()
    return select(col(CreditEntry.balance_minor), col(CreditEntry.family_id)).join(
        last, (last.c.family_id == CreditEntry.family_id) & (last.c.serial == CreditEntry.serial)
    )


def test_every_order_is_its_lines_less_its_discounts_and_its_payments_add_up(demo: Session) -> None:
    def sums(column: object, table: type) -> dict[int, int]:
        rows = select(table.order_id, func.sum(column)).group_by(table.order_id)  # type: ignore[attr-defined]
        return dict(demo.execute(rows).all())

    lines, off = sums(OrderItem.total_minor, OrderItem), sums(OrderDiscount.amount_minor, OrderDiscount)
    due = sums(Payment.amount_minor, Payment)
    for order in demo.execute(select(Order)).scalars():
        assert order.id is not None
        assert order.total_minor == lines[order.id] - off.get(order.id, 0) == due[order.id]


def test_places_taken_are_the_children_who_come_and_what_an_offer_keeps(demo: Session) -> None:
    holding = (AttendanceStatus.GOING, AttendanceStatus.ATTENDED, AttendanceStatus.MISSED)
    held = select(col(Attendance.session_id), func.count()).where(col(Attendance.status).in_(holding))
    counts = Counter(dict(demo.execute(held.group_by(col(Attendance.session_id))).all()))
    counts.update(demo.execute(select(col(PlaceHold.session_id))).scalars())
    for session in demo.execute(select(ClassSession)).scalars():
        assert session.taken + session.make_ups_taken == counts[session.id or 0]


def test_nothing_in_the_demo_happened_after_now(demo: Session) -> None:
    for column in (
        Order.created_at,
        CreditEntry.at,
        PassEntry.at,
        Attendance.decided_at,
        Payment.paid_at,
        Booking.created_at,
    ):
        assert demo.execute(select(func.max(column))).scalar_one() <= NOW


@pytest.mark.usefixtures("few_neighbours")
def test_a_second_demo_is_not_made(fresh_db: str) -> None:
    assert make()
    assert not make(NOW + timedelta(days=30))
    with db.reading() as demo:
        assert count(demo, ProviderSettings) == 1
        assert owed(demo, guardian(demo, "nora@demo.example").family_id)[PaymentState.OVERDUE] == 6200


MOMENTS = [
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the night in which summer time begins
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the hour that comes twice
    datetime(2028, 2, 29, 18, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
    datetime(2026, 7, 15, 16, 29, tzinfo=UTC),
]


@pytest.mark.usefixtures("few_neighbours")
@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_the_demo_is_true_whenever_it_is_made(sqlite_files: SQLiteFiles, now: datetime) -> None:
    db.bind(fresh(sqlite_files))
    make(now)
    with db.reading() as demo:
        view = home.read(demo, guardian(demo, "nora@demo.example"), now, {})
    assert (view.due.total, view.due.chip.word) == ("€148.00", "Overdue by 6 days")
    assert view.tickets[0].eyebrow == "Next up for Mila"
    assert view.coming_up[0].rows[0].title == "Spanish Starters"


@pytest.mark.parametrize("hour", range(24))
def test_the_next_class_is_a_couple_of_hours_away_or_on_another_day(hour: int) -> None:
    days = Days(datetime(2026, 3, 12, hour, 10, tzinfo=ZONE).astimezone(UTC))
    starts = datetime.combine(days.zero, days.first_class, tzinfo=ZONE)
    ahead = starts - days.now
    assert timedelta(hours=2) <= ahead <= timedelta(hours=22)
    if 6 <= hour <= 17:
        assert ahead <= timedelta(hours=3)
    assert days.zero in (date(2026, 3, 12), date(2026, 3, 13))


def test_what_the_families_were_told_lies_in_the_inbox_and_nothing_waits_to_be_sent(demo: Session) -> None:
    fates = set(demo.execute(select(col(OutboxMessage.status))).scalars())
    subjects = demo.execute(select(col(DemoMail.subject))).scalars().all()

    assert fates == {MessageStatus.SENT, MessageStatus.TOGETHER}
    assert subjects
    assert len(set(subjects)) > 10
