"""What the sharing sheet shows before anything is done."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound
from portal.models.bookings import Share
from portal.rows.sharing import ShareSheet
from portal.rules.conditions import refuse_unless_all
from portal.rules.sharing import can_share, last_day
from portal.services.authority import for_family
from portal.services.facts.sharing import Sharing, sharing, sharing_of_share, shows_now
from portal.services.visibility import live_share


def of_booking(db: Session, actor: Actor, booking: str, now: datetime) -> ShareSheet:
    """Nobody is named yet; refused where the booking cannot be shared."""
    known = sharing(db, actor, booking, now)
    refuse_unless_all(can_share(known.rule))
    return ShareSheet(
        booking=booking,
        title=f"Share {known.member}’s booking",
        why=f"{known.title}. Only this class, not your payments.",
        first_day=known.rule.today.isoformat(),
        go="Share this booking",
    )


def of_share(db: Session, actor: Actor, share: str, now: datetime) -> ShareSheet:
    """What a share shows now; NotFound when it is over, or another family's."""
    known = sharing_of_share(db, actor, share, now)
    found = db.execute(select(Share).where(col(Share.public_id) == share, shows_now(now))).scalar()
    if found is None:
        raise NotFound
    for_family(actor, found.family_id)
    until = last_day(found.until, known.scene.calendar.zone).isoformat() if found.until else ""
    return ShareSheet(
        booking=known.public_id,
        share=share,
        title=f"What {found.full_name or found.email} can see",
        why=f"{known.member}’s {known.title}",
        email=found.email,
        full_name=found.full_name,
        can_act=found.can_act,
        sees_payments=found.sees_payments,
        last_day=until,
        first_day=known.rule.today.isoformat(),
        more=bool(until or found.sees_payments or found.full_name),
        go="Save",
        stop="Stop sharing",
    )


def of_leaving(db: Session, actor: Actor, booking: str, now: datetime) -> ShareSheet:
    """Before whoever it is shared with leaves; NotFound when it is not shared with them."""
    known = sharing(db, actor, booking, now)
    if not _is_shared_with(db, actor, known, now):
        raise NotFound
    return ShareSheet(
        booking=booking,
        leaving=True,
        title=f"Stop seeing {known.title}?",
        why="You will not see it any more and hear nothing about it. The family can share it with you again.",
        stop="Stop seeing it",
    )


def _is_shared_with(db: Session, actor: Actor, known: Sharing, now: datetime) -> bool:
    mine = select(col(Share.id)).where(col(Share.booking_id) == known.booking_id, live_share(actor, now))
    return db.execute(mine).first() is not None
