"""What happens at a session: the register, a member who can't come, a session the provider calls off."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from portal import changes
from portal.actor import Actor
from portal.db import touch
from portal.errors import NotFound, PortalError
from portal.models.benefits import CreditEntryKind, PassEntry, PassEntryKind
from portal.models.bookings import AbsenceReason, Attendance, AttendanceKind, AttendanceStatus, DecidedBy
from portal.models.classes import ClassSession, SessionStatus
from portal.rules.attending import can_cancel
from portal.rules.conditions import refuse_unless_all
from portal.rules.passes import Visit
from portal.services import (
    credit,
    holds,
    make_up_booking,
    make_up_waits,
    make_ups,
    passes,
    places,
    provider,
    session_notes,
    trials,
    visit_bills,
)
from portal.services.authority import decided_by, provider_only
from portal.services.facts.attending import Found, locked

PRESENCE = frozenset({AttendanceStatus.ATTENDED, AttendanceStatus.MISSED})
NO_NOTICE = "No notice, so no make-up"


class NotStarted(PortalError):
    """The register opens when the session starts."""

    message_key = "attendance.not_started"


class TooLate(PortalError):
    """The session has been called off before."""

    message_key = "attendance.too_late"


def register(
    db: Session, actor: Actor, session_id: int, present: Mapping[int, AttendanceStatus], now: datetime
) -> None:
    """Who came: attendance ids of one session to attended or missed. Cancelled places stay cancelled."""
    provider_only(actor)
    session = db.get(ClassSession, session_id)
    if session is None:
        raise NotFound
    if now < session.starts_at:
        raise NotStarted
    for status in sorted(PRESENCE):
        ids = sorted(key for key, value in present.items() if value is status)
        here = (
            col(Attendance.id).in_(ids),
            col(Attendance.session_id) == session_id,
            col(Attendance.status).in_((AttendanceStatus.GOING, *PRESENCE)),
        )
        unexcused = status is AttendanceStatus.MISSED and not make_ups.given_for_missed(db, session)
        _decide(db, here, status, decided_by(actor), now, NO_NOTICE if unexcused else "")
    make_ups.take_back_for_attended(db, session, now)
    make_ups.earn_for_missed(db, session, now)
    make_ups.use(db, sorted(present), now)
    trials.offer_after(db, session_id, now)


def cancel(db: Session, actor: Actor, attendance_id: int, now: datetime) -> int | None:
    """The member can't come; the id of the make-up that gives, if any."""
    found = locked(db, actor, col(Attendance.id) == attendance_id, now)
    refuse_unless_all(can_cancel(found.attending, now))
    return give_up(db, actor, found, now, late=found.attending.is_late(now))


def give_up(
    db: Session,
    actor: Actor,
    found: Found,
    now: datetime,
    *,
    late: bool,
    reason: str = "",
    cause: str = "Cancelled in time",
) -> int | None:
    """The place is free; in time, the pass's entry comes back or a make-up is earned, whose id this is.

    The caller has checked that it may be. `reason` is an AbsenceReason, for the provider's eyes.
    """
    given_up, attendance_id = found.row.attendance, found.row.attendance.id or 0
    given_up.status = AttendanceStatus.CANCELLED_LATE if late else AttendanceStatus.CANCELLED
    given_up.decided_by, given_up.decided_at = decided_by(actor), now
    given_up.reason = AbsenceReason(reason) if reason else ""
    db.flush()
    if given_up.kind == AttendanceKind.MAKE_UP:
        places.give_back_make_up(db, given_up.session_id)
        make_up_booking.give_up(db, attendance_id, now, late=late, cause=cause)
        make_up_waits.offer(db, now, given_up.session_id)
        return None
    places.give_back(db, [given_up.session_id])
    make_up_waits.offer(db, now, given_up.session_id)
    if late:
        return None
    return_payment(db, given_up, cause, now)
    return make_ups.earn(db, given_up, cause, now)


def come_after_all(db: Session, actor: Actor, found: Found, now: datetime, cause: str) -> None:
    """The cancelled place is taken again, for what cancelling it gave; the caller has checked that it may be."""
    again, card, was = found.row.attendance, found.row.card, found.row.attendance.status
    again.status, again.decided_by, again.decided_at = AttendanceStatus.GOING, decided_by(actor), now
    again.reason = again.note = ""
    db.flush()
    attendance_id = again.id or 0
    if again.kind == AttendanceKind.MAKE_UP:
        places.take_for_make_up(db, again.session_id)
        make_up_booking.book_again(db, attendance_id, cause, now)
        return
    places.take(db, [again.session_id])
    make_ups.take_back(db, attendance_id, cause, now)
    if card is not None and was == AttendanceStatus.CANCELLED:
        day = found.row.session.starts_at.astimezone(provider.zone(db)).date()
        visit = Visit(again.member_id, found.row.programme.id or 0, day)
        passes.use(db, card.id or 0, visit, attendance_id, found.course, now)
    visit_bills.renew(db, actor, again, now)


def call_off(
    db: Session, actor: Actor, session_id: int, note: str, now: datetime, *, credit_minor: int = 0
) -> None:
    """The provider cancels a session: every place ends, and what was used for one comes back.

    Each family gets so much credit for each member.
    """
    provider_only(actor)
    session = db.get(ClassSession, session_id, with_for_update=True, populate_existing=True)
    if session is None:
        raise NotFound
    if session.status == SessionStatus.CANCELLED:
        raise TooLate
    going = _going(db, session_id)
    ids = (col(Attendance.id).in_([one.id for one in going]),)
    _decide(db, ids, AttendanceStatus.CANCELLED, DecidedBy.PROVIDER, now)
    session.status, session.change_note = SessionStatus.CANCELLED, note
    session.taken, session.make_ups_taken, session.sequence = 0, 0, session.sequence + 1
    db.flush()
    holds.end_at(db, session_id)
    make_up_waits.called_off(db, session_id)
    make_up_booking.called_off(db, [one.id or 0 for one in going], now)
    for one in going:
        return_payment(db, one, note, now)
    for one in going if credit_minor else ():
        cause = credit.Cause(note, session_id=session_id, member_id=one.member_id)
        credit.move(db, one.family_id, CreditEntryKind.COMPENSATION, credit_minor, cause, now)
    session_notes.tell_called_off(db, session, going, credit_minor, now)


def return_payment(db: Session, visit: Attendance, cause: str, now: datetime) -> None:
    """What paid for a visit that is not made: the pass's entry, or its bill. For other services."""
    last = (
        select(PassEntry)
        .where(col(PassEntry.attendance_id) == visit.id)
        .order_by(col(PassEntry.id).desc())
        .limit(1)
    )
    entry = db.execute(last).scalar()
    if entry is not None and entry.kind == PassEntryKind.USED:
        passes.give_back(db, entry.pass_id, visit.member_id, visit.id or 0, cause, now)
    visit_bills.take_back(db, visit.id or 0, cause, now)


def _going(db: Session, session_id: int) -> list[Attendance]:
    here = (col(Attendance.session_id) == session_id, col(Attendance.status) == AttendanceStatus.GOING)
    return list(db.execute(select(Attendance).where(*here).order_by(col(Attendance.family_id))).scalars())


def _decide(
    db: Session,
    where: tuple[object, ...],
    status: AttendanceStatus,
    by: DecidedBy,
    now: datetime,
    note: str = "",
) -> None:
    """Many rows at once; their families are told."""
    families = db.execute(select(col(Attendance.family_id)).where(*where).distinct()).scalars().all()  # type: ignore[arg-type]
    values = {"status": status, "decided_by": by, "decided_at": now, "note": note}
    db.execute(update(Attendance).where(*where).values(values))  # type: ignore[arg-type]
    touch(db, *(changes.family(family_id) for family_id in families))
