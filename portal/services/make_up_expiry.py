"""Make-ups whose last day is past: extended once where nothing could be booked, carried over, or expired."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.benefits import MakeUp, MakeUpEntryKind, MakeUpStatus
from portal.models.bookings import Booking
from portal.models.classes import Course, Programme
from portal.models.provider import MakeUpExpiry, ProviderSettings
from portal.services import make_up_sightings, make_up_waits, make_ups, provider
from portal.services.authority import provider_only

NOTHING_WAS_OPEN = "No session with a place ever came up, so it lasts longer"
CARRIED = "Carried over to the next term"
TOO_MANY = "More were left at the end of the term than can be carried over"
NOT_BOOKED = "Not booked in time"


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Every available make-up whose last day is past is extended, carried over or expired; how many expired."""
    provider_only(actor)
    make_up_sightings.sweep(db, now)
    settings, today = provider.get(db), provider.today(db, now)
    over = (col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) < today)
    query = (
        select(MakeUp, Programme)
        .join(Booking, col(Booking.id) == col(MakeUp.booking_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .join(Programme, col(Programme.id) == col(Course.programme_id))
        .where(*over)
        .order_by(col(MakeUp.id))
        .with_for_update(of=MakeUp)
        .execution_options(populate_existing=True)
    )
    kept: Counter[int] = Counter()
    return sum(_end(db, settings, one, programme, kept, now) for one, programme in db.execute(query).all())


def _end(
    db: Session,
    settings: ProviderSettings,
    one: MakeUp,
    programme: Programme,
    kept: Counter[int],
    now: datetime,
) -> bool:
    """True when it expired; `kept` counts each member's that were carried over."""
    if one.place_seen_at is None and one.extended_at is None:
        one.extended_at = now
        return _lasts_longer(db, settings, one, programme, NOTHING_WAS_OPEN, now)
    carries = settings.make_up_expiry == MakeUpExpiry.CARRY_OVER and one.carried_at is None
    if carries and kept[one.member_id] < settings.make_up_carry_over:
        kept[one.member_id] += 1
        one.carried_at = now
        return _lasts_longer(db, settings, one, programme, CARRIED, now)
    one.status = MakeUpStatus.EXPIRED
    make_up_waits.leave(db, one)
    make_ups.write(db, one, MakeUpEntryKind.EXPIRED, TOO_MANY if carries else NOT_BOOKED, now, None)
    return True


def _lasts_longer(
    db: Session, settings: ProviderSettings, one: MakeUp, programme: Programme, cause: str, now: datetime
) -> bool:
    """As long again as a make-up of its programme lasts, from what was its last day."""
    one.book_by = one.book_by + make_ups.valid_for(settings, programme)
    make_ups.write(db, one, MakeUpEntryKind.EXTENDED, cause, now, None)
    return False
