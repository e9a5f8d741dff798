""" "Can't come" and back: what it leads to, doing it, undoing it, signing back up. By public ids, from any page."""

from datetime import datetime

from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.bookings import Attendance, AttendanceStatus
from portal.rows.cancelling import CancelSheet, Done
from portal.rules.attending import can_cancel, can_sign_back_up, can_undo, can_undo_sign_back_up
from portal.rules.conditions import Unmet, first_unmet, refuse_unless_all
from portal.rules.outcomes import Outcome, PaidWith, outcome
from portal.services import (
    attendance,
    audit,
    cancel_words,
    make_up_booking,
    make_up_choices,
    make_ups,
    provider,
    visit_bills,
)
from portal.services.cancel_words import Gain
from portal.services.facts.attending import Found, locked
from portal.services.facts.sessions import sessions
from portal.services.make_up_booking import Behind
from portal.services.scene import set_scene
from portal.words import Calendar, calendar

TOO_LATE = "cancel.too_late"


class OutcomeChanged(PortalError):
    """What was told before confirming is not what would happen now."""

    message_key = "cancel.outcome_changed"


def preview(db: Session, actor: Actor, public_id: str, now: datetime) -> CancelSheet:
    """What cancelling now leads to. Refused where the place is not theirs to give up; too late is told in the sheet."""
    scene = set_scene(db, actor, now)
    found = sessions(db, scene, col(Attendance.public_id) == public_id)
    if not found:
        raise NotFound
    fact = found[0]
    unmet = first_unmet(can_cancel(fact.attending, now))
    if unmet is not None and unmet.message_key != TOO_LATE:
        raise Unmet(unmet)
    used = make_up_booking.behind(db, fact.attendance_id)
    leads_to = outcome(fact.attending, _paid_with(db, fact.attendance_id, bool(fact.entry_of), used), now)
    earned = make_ups.book_by_if_earned(db, db.get_one(Attendance, fact.attendance_id))
    book_by = used.book_by if used else earned
    gain = Gain(book_by, make_up_choices.open_count(db, fact.booking_id, now).places) if book_by else None
    return cancel_words.sheet(scene, fact, leads_to, gain, unmet)


def cancel(db: Session, actor: Actor, public_id: str, told: str, reason: str, now: datetime) -> Done:
    """Give the place up, if that leads to what was told (an Outcome); `reason` is an AbsenceReason or empty."""
    found = _found(db, actor, public_id, now)
    refuse_unless_all(can_cancel(found.attending, now))
    leads_to = _outcome(db, found, now)
    if leads_to != told:
        raise OutcomeChanged
    attendance.give_up(db, actor, found, now, late=found.attending.is_late(now), reason=reason)
    _note(db, actor, found, "attendance.cancelled", now)
    return Done(cancel_words.done(found, leads_to, _calendar(db), now))


def undo(db: Session, actor: Actor, public_id: str, now: datetime) -> str:
    """The cancellation of a moment ago never was: the place, the make-up and the pass are as before."""
    found = _found(db, actor, public_id, now)
    refuse_unless_all(can_undo(found.attending, now))
    attendance.come_after_all(db, actor, found, now, "Cancellation undone")
    _note(db, actor, found, "attendance.cancel_undone", now)
    return cancel_words.kept(found, _calendar(db), now)


def sign_back_up(db: Session, actor: Actor, public_id: str, now: datetime) -> Done:
    """Take the cancelled place again; the make-up it had given goes back."""
    found = _found(db, actor, public_id, now)
    refuse_unless_all(can_sign_back_up(found.attending, now))
    was = found.row.attendance.status
    attendance.come_after_all(db, actor, found, now, "Signed back up")
    _note(db, actor, found, "attendance.signed_back_up", now)
    return Done(cancel_words.back_in(found, _calendar(db), now), was)


def undo_sign_back_up(db: Session, actor: Actor, public_id: str, was: str, now: datetime) -> str:
    """Cancelled again as it `was` (a status), with what that had given, although the limit may be over by now."""
    found = _found(db, actor, public_id, now)
    refuse_unless_all(can_undo_sign_back_up(found.attending, now))
    late = was == AttendanceStatus.CANCELLED_LATE
    attendance.give_up(db, actor, found, now, late=late, cause="Signing back up undone")
    _note(db, actor, found, "attendance.sign_back_up_undone", now)
    return cancel_words.off_again(found, _calendar(db), now)


def _found(db: Session, actor: Actor, public_id: str, now: datetime) -> Found:
    return locked(db, actor, col(Attendance.public_id) == public_id, now)


def _outcome(db: Session, found: Found, now: datetime) -> Outcome:
    attendance_id = found.row.attendance.id or 0
    used = make_up_booking.behind(db, attendance_id)
    return outcome(found.attending, _paid_with(db, attendance_id, found.row.card is not None, used), now)


def _paid_with(db: Session, attendance_id: int, entry: bool, make_up: Behind | None) -> PaidWith:
    return PaidWith(
        entry=entry,
        bill=visit_bills.stands(db, attendance_id),
        make_up_again=make_up is not None and make_up.given_back,
    )


def _note(db: Session, actor: Actor, found: Found, action: str, now: datetime) -> None:
    of = found.row.attendance
    audit.note(db, actor, of.family_id, action, of.public_id, now)


def _calendar(db: Session) -> Calendar:
    settings = provider.get(db)
    return calendar(settings.timezone, settings.locale)
