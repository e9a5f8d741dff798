"""What every ledger must be after everything that was done: read from the rows alone, without the services."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
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
)
from portal.models.bookings import (
    Attendance,
    AttendanceKind,
    AttendanceStatus,
    OfferStatus,
    TrialOffer,
    WaitingListEntry,
)
from portal.models.commerce import Order, Payment, PaymentEvent, PaymentEventKind
from portal.models.offers import PlaceHold
from tests.support.places import miscounted

LEDGERS: tuple[type[Table], ...] = (PassEntry, MakeUpEntry, CreditEntry, PaymentEvent)
Rows = dict[tuple[str, int], tuple[Any, ...]]
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


def rows(db: Session) -> Rows:
    """Every row of every ledger."""
    found: Rows = {}
    for table in LEDGERS:
        columns = table.__table__.columns  # type: ignore[attr-defined]
        for row in db.execute(select(*columns)).all():
            found[table.__name__, row.id] = tuple(row)
    return found


def rewritten(before: Rows, after: Rows) -> list[tuple[str, int]]:
    """Rows that are gone or say something else than they did."""
    return [key for key, row in before.items() if after.get(key) != row]


def faults(db: Session) -> list[str]:
    """Everything that does not add up, in words."""
    checks = (_passes, _visits, _make_ups, _credit, _money, _places, _holds)
    return [fault for check in checks for fault in check(db)]


def _passes(db: Session) -> Iterator[str]:
    """What is left is the sum of the movements, and each line says so."""
    lines = defaultdict(list)
    for entry in db.execute(select(PassEntry).order_by(col(PassEntry.id))).scalars():
        lines[entry.pass_id].append(entry)
    for card in db.execute(select(Pass).where(col(Pass.entries_left).is_not(None))).scalars():
        left = 0
        for entry in lines[card.id or 0]:
            left += entry.change
            if entry.left_after != left or not 0 <= left <= (card.entries_total or 0):
                yield f"pass {card.id}: line {entry.id} says {entry.left_after}, the sum is {left}"
        if card.entries_left != left:
            yield f"pass {card.id}: {card.entries_left} left, the sum is {left}"


def _visits(db: Session) -> Iterator[str]:
    """A visit takes one entry of its pass; cancelled in time, none."""
    taken = (
        select(col(PassEntry.attendance_id), col(Attendance.status), func.sum(col(PassEntry.change)))
        .join(Attendance, col(Attendance.id) == col(PassEntry.attendance_id))
        .join(Pass, col(Pass.id) == col(PassEntry.pass_id))
        .where(col(Pass.entries_left).is_not(None))
        .group_by(col(PassEntry.attendance_id), col(Attendance.status))
    )
    for visit, status, change in db.execute(taken).all():
        if change != (0 if status == AttendanceStatus.CANCELLED else -1):
            yield f"visit {visit} is {status}, and {-change} entries were taken for it"


def _make_ups(db: Session) -> Iterator[str]:
    """Where each stands is what its lines say, one after the other; a booked one has its place."""
    lines = defaultdict(list)
    for entry in db.execute(select(MakeUpEntry).order_by(col(MakeUpEntry.id))).scalars():
        lines[entry.make_up_id].append(entry)
    for one in db.execute(select(MakeUp)).scalars():
        stands: MakeUpStatus | None = None
        for entry in lines[one.id or 0]:
            kind = MakeUpEntryKind(entry.kind)
            if kind not in _FOLLOWS[stands]:
                yield f"make-up {one.id}: {kind} after {stands}"
            stands = _LEADS_TO[kind]
        if one.status != stands:
            yield f"make-up {one.id}: is {one.status}, its lines say {stands}"
    booked = select(col(MakeUp.booked_as_id)).where(col(MakeUp.status) == MakeUpStatus.BOOKED)
    comes = (col(Attendance.kind) == AttendanceKind.MAKE_UP, col(Attendance.status) == AttendanceStatus.GOING)
    going = set(db.execute(select(col(Attendance.id)).where(*comes)).scalars())
    if going != set(db.execute(booked).scalars()):
        yield "make-ups that are booked are not those somebody comes with"


def _credit(db: Session) -> Iterator[str]:
    """No line is missing, each carries the balance after it, none is a debt."""
    by_family = defaultdict(list)
    for entry in db.execute(select(CreditEntry).order_by(col(CreditEntry.serial))).scalars():
        by_family[entry.family_id].append(entry)
    for family_id, entries in by_family.items():
        if [entry.serial for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"credit of family {family_id}: a line is missing"
        balances = [0, *(entry.balance_minor for entry in entries)]
        for (before, after), entry in zip(pairwise(balances), entries, strict=True):
            if before + entry.change_minor != after or after < 0:
                yield f"credit of family {family_id}: line {entry.serial} does not add up"


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
    columns = (col(PlaceHold.id), col(TrialOffer.status), col(WaitingListEntry.status))
    kept = (
        select(*columns)
        .outerjoin(TrialOffer, col(TrialOffer.id) == col(PlaceHold.trial_offer_id))
        .outerjoin(WaitingListEntry, col(WaitingListEntry.id) == col(PlaceHold.waiting_list_entry_id))
    )
    for hold_id, trial, waiting in db.execute(kept).all():
        if OfferStatus.OFFERED not in (trial, waiting):
            yield f"hold {hold_id} is for an offer that is {trial or waiting}"


def _sum(db: Session, column: Any, *where: Any) -> int:
    return int(db.execute(select(func.coalesce(func.sum(column), 0)).where(*where)).scalar_one())
