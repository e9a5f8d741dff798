"""Erasing what is known of a family: asked for, waited for, cancelled or done.

What the law makes a provider keep (orders, payments, the ledgers behind them, money that came to the bank, the
answers to consents, the audit log) stays without a name; an issued document alone stays as it was. Everything else
about people is removed.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.access import CalendarFeed, LoginChallenge, LoginFailure, LoginSession
from portal.models.banking import BankLine
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import Attendance, AttendanceStatus, Booking, BookingStatus, Enquiry, Share
from portal.models.classes import ClassSession, SessionStatus
from portal.models.commerce import Order, OrderStatus, Payment, PaymentEvent, PaymentStatus
from portal.models.messages import DemoMail, MessagePreference, OutboxMessage
from portal.models.people import Family, FamilyGuardian, FamilyRole, Guardian, Member
from portal.models.privacy import EmailChange, ErasureRequest
from portal.rules.conditions import refuse_unless_all
from portal.rules.erasure import can_ask, due
from portal.services import audit, make_up_waits, withdrawals
from portal.services.authority import provider_only
from portal.services.consent_card import guardian_of
from portal.services.storing import store
from portal.services.turns import take_turns
from portal.services.visibility import of_family

ERASED = "Erased"


def ask(db: Session, actor: Actor, now: datetime) -> None:
    """Ask for erasure: of the family, by who holds its account; of oneself alone, by any other adult.

    Of the family's adults, who also belongs to another family leaves this one and is known there as before.
    """
    guardian_id = guardian_of(actor)
    take_turns(db, f"erasure {guardian_id}")
    family_id = actor.family_id if _holds(db, guardian_id, actor.family_id) else None
    refuse_unless_all(
        can_ask(
            asked_already=open_request(db, actor) is not None,
            holds_another=family_id is None and _holds_any(db, guardian_id),
            owes=family_id is not None and _owes(db, family_id),
            coming_until=_coming_until(db, family_id, now),
        )
    )
    asked = ErasureRequest(guardian_id=guardian_id, family_id=family_id, asked_at=now, due_at=due(now))
    store(db, asked)
    audit.note(db, actor, actor.family_id, "erasure.asked", asked.public_id, now)


def cancel(db: Session, actor: Actor, now: datetime) -> None:
    """Take it back, by whoever it concerns, while there is time."""
    found = open_request(db, actor)
    if found is None or found.due_at <= now:
        raise NotFound
    found.cancelled_at = now
    store(db, found)
    audit.note(db, actor, actor.family_id, "erasure.cancelled", found.public_id, now)


def open_request(db: Session, actor: Actor) -> ErasureRequest | None:
    """What is asked for and not done: by this guardian, or for the family they have open."""
    own = col(ErasureRequest.guardian_id) == guardian_of(actor)
    concerned = own | of_family(ErasureRequest, actor)
    waits = (col(ErasureRequest.cancelled_at).is_(None), col(ErasureRequest.done_at).is_(None))
    return db.execute(select(ErasureRequest).where(concerned, *waits).with_for_update()).scalars().first()


def erase_due(db: Session, actor: Actor, now: datetime) -> int:
    """Do what has waited long enough; how many."""
    provider_only(actor)
    waiting = (
        col(ErasureRequest.due_at) <= now,
        col(ErasureRequest.cancelled_at).is_(None),
        col(ErasureRequest.done_at).is_(None),
    )
    found = db.execute(select(ErasureRequest).where(*waiting).with_for_update()).scalars().all()
    for request in found:
        _erase(db, actor, request, now)
    return len(found)


def _erase(db: Session, actor: Actor, request: ErasureRequest, now: datetime) -> None:
    guardians = {request.guardian_id}
    if request.family_id is not None:
        guardians = _only_here(db, request.family_id)
        _end_what_waits(db, actor, request.family_id, now)
        _erase_family(db, request.family_id, now)
    for guardian_id in sorted(guardians):
        _erase_guardian(db, guardian_id, now)
    request.done_at = now
    store(db, request)
    audit.note(db, actor, request.family_id, "erasure.done", request.public_id, now)


def _end_what_waits(db: Session, actor: Actor, family_id: int, now: datetime) -> None:
    """No line keeps a place for who is gone."""
    waits = (col(Booking.family_id) == family_id, col(Booking.status) == BookingStatus.OPEN)
    for booking_id in db.execute(select(col(Booking.id)).where(*waits).order_by(col(Booking.id))).scalars():
        withdrawals.withdraw(db, actor, booking_id or 0, "", now)
    of = (col(MakeUp.family_id) == family_id, col(MakeUp.status) == MakeUpStatus.AVAILABLE)
    for make_up in db.execute(select(MakeUp).where(*of).order_by(col(MakeUp.id))).scalars().all():
        make_up_waits.leave(db, make_up)


def _erase_family(db: Session, family_id: int, now: datetime) -> None:
    of = {"name": ERASED, "billing_name": "", "billing_address": "", "erased_at": now}
    db.execute(update(Family).where(col(Family.id) == family_id).values(**of))
    members = {
        "first_name": ERASED,
        "last_name": "",
        "birth_date": None,
        "health_note": "",
        "erased_at": now,
    }
    db.execute(update(Member).where(col(Member.family_id) == family_id).values(**members))
    words = {"note": "", "reason": ""}
    db.execute(update(Attendance).where(col(Attendance.family_id) == family_id).values(**words))
    db.execute(update(Booking).where(col(Booking.family_id) == family_id).values(cancel_note=""))
    db.execute(update(PaymentEvent).where(col(PaymentEvent.family_id) == family_id).values(note=""))
    sent_with = update(OutboxMessage).where(col(OutboxMessage.family_id) == family_id)
    db.execute(sent_with.values(sent_with=None))
    for table in (Enquiry, OutboxMessage, CalendarFeed, FamilyGuardian):
        db.execute(delete(table).where(col(table.family_id) == family_id))
    hidden = {"email": "", "full_name": "", "guardian_id": None, "revoked_at": now}
    db.execute(update(Share).where(col(Share.family_id) == family_id).values(**hidden))
    # A document that was issued keeps its buyer: the law has us keep it as it was.
    names = {"buyer_name": "", "buyer_address": "", "buyer_company_id": "", "buyer_vat_id": ""}
    db.execute(update(Order).where(col(Order.family_id) == family_id).values(**names))
    # What says that a statement is known already is `identity`, a hash.
    payer = {"payer_name": "", "payer_iban": "", "symbol": "", "message": ""}
    db.execute(update(BankLine).where(col(BankLine.family_id) == family_id).values(**payer))


def _erase_guardian(db: Session, guardian_id: int, now: datetime) -> None:
    guardian = db.get_one(Guardian, guardian_id)
    email = guardian.email
    mine = {"guardian_id": guardian_id}
    db.execute(update(OutboxMessage).filter_by(**mine).values(sent_with=None))
    for table in (LoginSession, MessagePreference, OutboxMessage, EmailChange, CalendarFeed, FamilyGuardian):
        db.execute(delete(table).filter_by(**mine))
    db.execute(delete(LoginChallenge).where(col(LoginChallenge.email) == email))
    db.execute(delete(LoginFailure).where(col(LoginFailure.email) == email))
    db.execute(delete(DemoMail).where(col(DemoMail.to_address) == email))
    shares = {"email": "", "full_name": "", "guardian_id": None, "revoked_at": now}
    db.execute(update(Share).where(col(Share.guardian_id) == guardian_id).values(**shares))
    guardian.full_name, guardian.phone = ERASED, ""
    # The column is unique, and no letter ever leaves for a name under .invalid.
    guardian.email = f"{guardian.public_id}@erased.invalid"
    guardian.erased_at = now
    store(db, guardian)


def _holds(db: Session, guardian_id: int, family_id: int | None) -> bool:
    mine = (col(FamilyGuardian.guardian_id) == guardian_id, col(FamilyGuardian.family_id) == family_id)
    return db.execute(select(col(FamilyGuardian.role)).where(*mine)).scalar() == FamilyRole.HOLDER


def _holds_any(db: Session, guardian_id: int) -> bool:
    held = (col(FamilyGuardian.guardian_id) == guardian_id, col(FamilyGuardian.role) == FamilyRole.HOLDER)
    return db.execute(select(col(FamilyGuardian.id)).where(*held).limit(1)).first() is not None


def _only_here(db: Session, family_id: int) -> set[int]:
    """The family's adults who belong to no other."""
    here = select(col(FamilyGuardian.guardian_id)).where(col(FamilyGuardian.family_id) == family_id)
    elsewhere = select(col(FamilyGuardian.guardian_id)).where(col(FamilyGuardian.family_id) != family_id)
    both = col(FamilyGuardian.guardian_id).in_(here), col(FamilyGuardian.guardian_id).not_in(elsewhere)
    return set(db.execute(select(col(FamilyGuardian.guardian_id)).where(*both)).scalars())


def _owes(db: Session, family_id: int) -> bool:
    owed = (
        col(Payment.family_id) == family_id,
        col(Payment.status).in_((PaymentStatus.UNPAID, PaymentStatus.PROCESSING)),
        col(Payment.received_minor) < col(Payment.amount_minor),
        col(Order.status) == OrderStatus.STANDING,
    )
    joined = select(col(Payment.id)).join(Order, col(Order.id) == col(Payment.order_id))
    return db.execute(joined.where(*owed).limit(1)).first() is not None


def _coming_until(db: Session, family_id: int | None, now: datetime) -> datetime | None:
    """The last session that a member is still expected at."""
    query = select(func.max(ClassSession.starts_at)).join(
        Attendance, col(Attendance.session_id) == col(ClassSession.id)
    )
    expected = (
        col(Attendance.family_id) == family_id,
        col(Attendance.status) == AttendanceStatus.GOING,
        col(ClassSession.status) == SessionStatus.SCHEDULED,
        col(ClassSession.starts_at) > now,
    )
    return db.execute(query.where(*expected)).scalar()
