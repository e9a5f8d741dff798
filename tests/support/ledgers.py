"""What every ledger must be after everything that was done: read from the rows alone, without the services."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from portal.models.base import Table
from portal.models.benefits import (
    CreditEntry,
    CreditEntryKind,
    MakeUp,
    MakeUpEntry,
    MakeUpEntryKind,
    MakeUpStatus,
    Pass,
    PassEntry,
    PassEntryKind,
    VisitBill,
)
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    OfferStatus,
    TrialOffer,
    WaitingListEntry,
)
from portal.models.commerce import Order, OrderStatus, Payment, PaymentEvent, PaymentEventKind
from portal.models.offers import MakeUpWait, PlaceHold
from tests.support.places import miscounted

LEDGERS: tuple[type[Table], ...] = (PassEntry, MakeUpEntry, CreditEntry, PaymentEvent)
Rows = dict[type[Table], list[Row[Any]]]
_LEADS_TO = {
    MakeUpEntryKind.EARNED: MakeUpStatus.AVAILABLE,
    MakeUpEntryKind.BOOKED: MakeUpStatus.BOOKED,
    MakeUpEntryKind.RETURNED: MakeUpStatus.AVAILABLE,
    MakeUpEntryKind.EXTENDED: MakeUpStatus.AVAILABLE,
    MakeUpEntryKind.USED: MakeUpStatus.USED,
    MakeUpEntryKind.EXPIRED: MakeUpStatus.EXPIRED,
    MakeUpEntryKind.TAKEN_BACK: MakeUpStatus.TAKEN_BACK,
}
_FOLLOWS = {
    None: {MakeUpEntryKind.EARNED},
    MakeUpStatus.AVAILABLE: {
        MakeUpEntryKind.BOOKED,
        MakeUpEntryKind.EXPIRED,
        MakeUpEntryKind.EXTENDED,
        MakeUpEntryKind.TAKEN_BACK,
    },
    MakeUpStatus.BOOKED: {MakeUpEntryKind.RETURNED, MakeUpEntryKind.USED},
    MakeUpStatus.USED: {MakeUpEntryKind.BOOKED},
    MakeUpStatus.EXPIRED: {MakeUpEntryKind.EXTENDED},
    MakeUpStatus.TAKEN_BACK: {MakeUpEntryKind.EARNED},
}
"""What may come next; a used one is booked again when a late cancellation is taken back."""


_PAYS = {PassEntryKind.USED: 1, PassEntryKind.RETURNED: -1}


def rows(db: Session) -> Rows:
    """Every row of every ledger, in the order they were written."""
    return {table: _all(db, table) for table in LEDGERS}


def rewritten(before: Rows, after: Rows) -> list[str]:
    """Ledgers in which a row is gone, or says something else than it did: what was there is still their beginning."""
    return [table.__name__ for table in LEDGERS if after[table][: len(before[table])] != before[table]]


def faults(db: Session, found: Rows) -> list[str]:
    """Everything that does not add up, in words."""
    of_lines = [
        *_passes(db, found[PassEntry]),
        *_make_ups(db, found[MakeUpEntry]),
        *_credit(found[CreditEntry]),
    ]
    checks = (_visits, _guests, _money, _places, _holds)
    return [*of_lines, *(fault for check in checks for fault in check(db))]


def _all(db: Session, table: type[Table]) -> list[Row[Any]]:
    columns = table.__table__.columns  # type: ignore[attr-defined]
    return list(db.execute(select(*columns).order_by(columns.id)).all())


def _passes(db: Session, entries: list[Row[Any]]) -> Iterator[str]:
    """What is left is the sum of the movements, and each line says so."""
    lines = _by(entries, "pass_id")
    for card in _all(db, Pass):
        left = 0
        for entry in lines[card.id] if card.entries_left is not None else ():
            left += entry.change
            if entry.left_after != left or not 0 <= left <= card.entries_total:
                yield f"pass {card.id}: line {entry.id} says {entry.left_after}, the sum is {left}"
        if card.entries_left not in (None, left):
            yield f"pass {card.id}: {card.entries_left} left, the sum is {left}"


def _visits(db: Session) -> Iterator[str]:
    """A visit is paid once, with an entry or a bill; one that was cancelled in time or called off, not at all."""
    paid: Counter[int] = Counter()
    for entry in _all(db, PassEntry):
        if entry.attendance_id is not None:
            paid[entry.attendance_id] += _PAYS.get(entry.kind, 0)
    bills = select(col(VisitBill.attendance_id)).join(Order, col(Order.id) == col(VisitBill.order_id))
    paid.update(db.execute(bills.where(col(Order.status) == OrderStatus.STANDING)).scalars().all())
    visits = select(col(Attendance.id), col(Attendance.status)).where(
        col(Attendance.kind) == AttendanceKind.DROP_IN
    )
    for visit, status in db.execute(visits).all():
        if paid[visit] != (0 if status == AttendanceStatus.CANCELLED else 1):
            yield f"visit {visit} is {status}, and paid {paid[visit]} times"


def _make_ups(db: Session, entries: list[Row[Any]]) -> Iterator[str]:
    """Where each stands is what its lines say, one after the other."""
    lines = _by(entries, "make_up_id")
    for one in _all(db, MakeUp):
        stands: MakeUpStatus | None = None
        for entry in lines[one.id]:
            kind = MakeUpEntryKind(entry.kind)
            if kind not in _FOLLOWS[stands]:
                yield f"make-up {one.id}: {kind} after {stands}"
            stands = _LEADS_TO[kind]
        if one.status != stands:
            yield f"make-up {one.id}: is {one.status}, its lines say {stands}"


def _guests(db: Session) -> Iterator[str]:
    """A make-up that is booked has its place, and whoever comes with one has it booked."""
    booked = select(col(MakeUp.booked_as_id)).where(col(MakeUp.status) == MakeUpStatus.BOOKED)
    comes = (col(Attendance.kind) == AttendanceKind.MAKE_UP, col(Attendance.status) == AttendanceStatus.GOING)
    going = set(db.execute(select(col(Attendance.id)).where(*comes)).scalars())
    if going != set(db.execute(booked).scalars()):
        yield "make-ups that are booked are not those somebody comes with"


def _credit(entries: list[Row[Any]]) -> Iterator[str]:
    """No line is missing, each carries the balance after it, none is a debt."""
    for family_id, lines in _by(entries, "family_id").items():
        in_order = sorted(lines, key=lambda line: line.serial)
        if [line.serial for line in in_order] != list(range(1, len(lines) + 1)):
            yield f"credit of family {family_id}: a line is missing"
        balances = [0, *(line.balance_minor for line in in_order)]
        for (before, after), line in zip(pairwise(balances), in_order, strict=True):
            if before + line.change_minor != after or after < 0:
                yield f"credit of family {family_id}: line {line.serial} does not add up"


def _money(db: Session) -> Iterator[str]:
    """What came in is what was paid and what waits as credit; payments add up to their orders."""
    came = _sum(db, PaymentEvent.amount_minor, PaymentEvent.kind == PaymentEventKind.RECEIVED)
    given = (CreditEntryKind.PREPAID, CreditEntryKind.COMPENSATION)
    came += _sum(db, CreditEntry.change_minor, col(CreditEntry.kind).in_(given))
    kept = _sum(db, Payment.received_minor) - _sum(db, Payment.refunded_minor)
    waits = _sum(db, CreditEntry.change_minor)
    if came != kept + waits:
        yield f"{came} came in, {kept} was paid and {waits} waits as credit"
    parts = select(col(Payment.order_id), func.sum(col(Payment.amount_minor))).group_by(col(Payment.order_id))
    totals = dict(db.execute(select(col(Order.id), col(Order.total_minor))).all())
    for order_id, amount in db.execute(parts).all():
        if totals[order_id] != amount:
            yield f"order {order_id}: {totals[order_id]} in all, {amount} in its payments"


def _places(db: Session) -> Iterator[str]:
    for session_id, (taken, held) in miscounted(db).items():
        yield f"session {session_id}: {taken} places taken, {held} held"


def _holds(db: Session) -> Iterator[str]:
    """Places are kept for offers that wait for an answer, and for nothing else."""
    columns = (
        col(PlaceHold.id),
        col(TrialOffer.status),
        col(WaitingListEntry.status),
        col(MakeUpWait.status),
    )
    kept = (
        select(*columns)
        .outerjoin(TrialOffer, col(TrialOffer.id) == col(PlaceHold.trial_offer_id))
        .outerjoin(WaitingListEntry, col(WaitingListEntry.id) == col(PlaceHold.waiting_list_entry_id))
        .outerjoin(MakeUpWait, col(MakeUpWait.id) == col(PlaceHold.make_up_wait_id))
    )
    for hold_id, *offers in db.execute(kept).all():
        if OfferStatus.OFFERED not in offers:
            yield f"hold {hold_id} is for an offer that is over: {offers}"


def _sum(db: Session, column: Any, *where: Any) -> int:
    return int(db.execute(select(func.coalesce(func.sum(column), 0)).where(*where)).scalar_one())


def _by(found: list[Row[Any]], name: str) -> dict[int, list[Row[Any]]]:
    grouped: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in found:
        grouped[getattr(row, name)].append(row)
    return grouped
