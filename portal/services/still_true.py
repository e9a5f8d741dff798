"""Whether what a note tells is still so when it would be sent: nobody is reminded of what they have settled."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from portal.messages.kinds import REMINDERS, Kind
from portal.messages.notes import Note
from portal.models.benefits import MakeUp, MakeUpStatus, Pass
from portal.models.bookings import Attendance, AttendanceStatus, OfferStatus, TrialOffer, WaitingListEntry
from portal.models.classes import ClassSession, SessionStatus
from portal.models.commerce import Order, OrderStatus, Payment, PaymentStatus
from portal.models.offers import MakeUpWait
from portal.services import provider

Holds = Callable[[Session, str, datetime], bool]


def holds(db: Session, note: Note, now: datetime) -> bool:
    """True for what has happened and stays so; for a reminder or an offer, what the database says now."""
    of, _, public_id = note.about.partition(":")
    looks = _LOOKS.get(of)
    return looks(db, public_id, now) if looks and note.kind in _MAY_END else True


def _payment(db: Session, public_id: str, _now: datetime) -> bool:
    """Money is still to come for it."""
    return _there(
        db,
        select(col(Payment.id))
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(
            col(Payment.public_id) == public_id,
            col(Payment.status) == PaymentStatus.UNPAID,
            col(Payment.received_minor) < col(Payment.amount_minor),
            col(Order.status) == OrderStatus.STANDING,
        ),
    )


def _attendance(db: Session, public_id: str, now: datetime) -> bool:
    """They are still expected, and it has not begun."""
    return _there(
        db,
        select(col(Attendance.id))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .where(
            col(Attendance.public_id) == public_id,
            col(Attendance.status) == AttendanceStatus.GOING,
            col(ClassSession.status) == SessionStatus.SCHEDULED,
            col(ClassSession.starts_at) > now,
        ),
    )


def _make_up(db: Session, public_id: str, now: datetime) -> bool:
    """It can still be booked."""
    today = provider.today(db, now)
    usable = (col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) >= today)
    return _there(db, select(col(MakeUp.id)).where(col(MakeUp.public_id) == public_id, *usable))


def _pass(db: Session, public_id: str, now: datetime) -> bool:
    """It can still be used."""
    today = provider.today(db, now)
    left = col(Pass.entries_left).is_(None) | (col(Pass.entries_left) > 0)
    return _there(
        db, select(col(Pass.id)).where(col(Pass.public_id) == public_id, left, col(Pass.valid_until) >= today)
    )


def _trial_offer(db: Session, public_id: str, now: datetime) -> bool:
    """It waits for an answer."""
    open_now = (col(TrialOffer.status) == OfferStatus.OFFERED, col(TrialOffer.expires_at) > now)
    return _there(db, select(col(TrialOffer.id)).where(col(TrialOffer.public_id) == public_id, *open_now))


def _waiting(db: Session, public_id: str, now: datetime) -> bool:
    """The place is still kept for them."""
    entry = WaitingListEntry
    open_now = (col(entry.status) == OfferStatus.OFFERED, col(entry.offer_expires_at) > now)
    return _there(db, select(col(entry.id)).where(col(entry.public_id) == public_id, *open_now))


def _make_up_wait(db: Session, public_id: str, now: datetime) -> bool:
    """The place is still kept for them."""
    open_now = (col(MakeUpWait.status) == OfferStatus.OFFERED, col(MakeUpWait.expires_at) > now)
    return _there(db, select(col(MakeUpWait.id)).where(col(MakeUpWait.public_id) == public_id, *open_now))


def _there(db: Session, query: Select[int | None]) -> bool:
    return db.execute(query.limit(1)).first() is not None


_LOOKS: dict[str, Holds] = {
    "payment": _payment,
    "attendance": _attendance,
    "make_up": _make_up,
    "pass": _pass,
    "trial_offer": _trial_offer,
    "waiting": _waiting,
    "make_up_wait": _make_up_wait,
}
_OFFERS = {Kind.TRIAL_OFFER, Kind.WAITING_LIST_OFFER, Kind.MAKE_UP_OFFER}
_MAY_END = REMINDERS | _OFFERS | {Kind.SESSION_BOOKED}
