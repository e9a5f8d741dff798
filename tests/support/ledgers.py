"""What the ledgers of benefits must be after everything that was done: read from the rows alone."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from portal.models.benefits import (
    CreditEntry,
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
from portal.models.commerce import Order, OrderStatus
from portal.models.offers import MakeUpWait, PlaceHold
from tests.support.books import Books
from tests.support.places import miscounted_in

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


def faults(books: Books) -> list[str]:
    """Everything that does not add up, in words."""
    checks = (_passes, _make_ups, _credit, _visits, _guests, _places, _holds)
    return [fault for check in checks for fault in check(books)]


def _passes(books: Books) -> Iterator[str]:
    """What is left is the sum of the movements, and each line says so."""
    lines = books.by(PassEntry, "pass_id")
    for card in books[Pass]:
        left = 0
        for entry in lines[card.id] if card.entries_left is not None else ():
            left += entry.change
            if entry.left_after != left or not 0 <= left <= card.entries_total:
                yield f"pass {card.id}: line {entry.id} says {entry.left_after}, the sum is {left}"
        if card.entries_left not in (None, left):
            yield f"pass {card.id}: {card.entries_left} left, the sum is {left}"


def _visits(books: Books) -> Iterator[str]:
    """A visit is paid once, with an entry or a bill; one that was cancelled in time or called off, not at all."""
    paid: Counter[int] = Counter()
    for entry in books[PassEntry]:
        if entry.attendance_id is not None:
            paid[entry.attendance_id] += _PAYS.get(entry.kind, 0)
    orders = books.by_id(Order)
    paid.update(
        bill.attendance_id
        for bill in books[VisitBill]
        if orders[bill.order_id].status == OrderStatus.STANDING
    )
    for visit in books[Attendance]:
        due = 0 if visit.status == AttendanceStatus.CANCELLED else 1
        if visit.kind == AttendanceKind.DROP_IN and paid[visit.id] != due:
            yield f"visit {visit.id} is {visit.status}, and paid {paid[visit.id]} times"


def _make_ups(books: Books) -> Iterator[str]:
    """Where each stands is what its lines say, one after the other."""
    lines = books.by(MakeUpEntry, "make_up_id")
    for one in books[MakeUp]:
        stands: MakeUpStatus | None = None
        for entry in lines[one.id]:
            kind = MakeUpEntryKind(entry.kind)
            if kind not in _FOLLOWS[stands]:
                yield f"make-up {one.id}: {kind} after {stands}"
            stands = _LEADS_TO[kind]
        if one.status != stands:
            yield f"make-up {one.id}: is {one.status}, its lines say {stands}"


def _guests(books: Books) -> Iterator[str]:
    """A make-up that is booked has its place, and whoever comes with one has it booked."""
    booked = {one.booked_as_id for one in books[MakeUp] if one.status == MakeUpStatus.BOOKED}
    going = {
        one.id
        for one in books[Attendance]
        if one.kind == AttendanceKind.MAKE_UP and one.status == AttendanceStatus.GOING
    }
    if going != booked:
        yield "make-ups that are booked are not those somebody comes with"


def _credit(books: Books) -> Iterator[str]:
    """No line is missing, each carries the balance after it, none is a debt."""
    for family_id, lines in books.by(CreditEntry, "family_id").items():
        in_order = sorted(lines, key=lambda line: line.serial)
        if [line.serial for line in in_order] != list(range(1, len(lines) + 1)):
            yield f"credit of family {family_id}: a line is missing"
        balances = [0, *(line.balance_minor for line in in_order)]
        for (before, after), line in zip(pairwise(balances), in_order, strict=True):
            if before + line.change_minor != after or after < 0:
                yield f"credit of family {family_id}: line {line.serial} does not add up"


def _places(books: Books) -> Iterator[str]:
    for session_id, (taken, held) in miscounted_in(books).items():
        yield f"session {session_id}: {taken} places taken, {held} held"


def _holds(books: Books) -> Iterator[str]:
    """Places are kept for offers that wait for an answer, and for nothing else."""
    keepers = {
        "trial_offer_id": books.by_id(TrialOffer),
        "waiting_list_entry_id": books.by_id(WaitingListEntry),
        "make_up_wait_id": books.by_id(MakeUpWait),
    }
    for hold in books[PlaceHold]:
        offers = [found[getattr(hold, name)].status for name, found in keepers.items() if getattr(hold, name)]
        if OfferStatus.OFFERED not in offers:
            yield f"hold {hold.id} is for an offer that is over: {offers}"
