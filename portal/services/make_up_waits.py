"""The line for a make-up's place: "tell me when a place opens".

A place that becomes free is kept for the first in line whom it suits, until an instant; then for the next. Who
frees a place asks at once, in the same transaction, so that nobody is faster than the line; a job looks for the
rest. A session is always locked before an entry of the line.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlmodel import Session, col

from portal import changes
from portal.actor import Actor
from portal.db import touch
from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import Booking, OfferStatus
from portal.models.classes import ClassSession
from portal.models.offers import MakeUpWait, PlaceHold
from portal.rules.conditions import refuse_unless_all
from portal.rules.make_ups import closes_at, wants
from portal.services import holds, make_up_choices, make_up_sightings, offer_notes, places, provider
from portal.services.authority import provider_only
from portal.services.holds import Keeper
from portal.services.make_up_choices import Judged
from portal.services.places import NoPlaceLeft
from portal.services.storing import store
from portal.words import midnight

STANDING = (OfferStatus.WAITING, OfferStatus.OFFERED)


def join(db: Session, actor: Actor, make_up: str, wanted: str, now: datetime) -> None:
    """At the end of the line, for places that this filter lets through; asked for again, with the new filter."""
    asked = make_up_choices.asked_for(db, actor, make_up, now, locked=True)
    refuse_unless_all(asked.conditions)
    found = _of(db, asked.make_up.id or 0)
    if found is None:
        found = MakeUpWait(family_id=asked.make_up.family_id, make_up_id=asked.make_up.id or 0, joined_at=now)
    elif found.status == OfferStatus.OFFERED:
        return
    elif found.status != OfferStatus.WAITING:
        found.joined_at = now
    found.status, found.wanted, found.session_id = OfferStatus.WAITING, wanted, None
    store(db, found)


def leave(db: Session, make_up: MakeUp, *, taken: int | None = None) -> None:
    """Out of the line: the make-up is booked (for the session `taken`), gone, or not waited for any more."""
    found = _of(db, make_up.id or 0)
    if found is None or found.status not in STANDING:
        return
    accepted = found.status == OfferStatus.OFFERED and found.session_id == taken
    _answer(db, found, OfferStatus.ACCEPTED if accepted else OfferStatus.DECLINED)


def offered_session(db: Session, make_up_id: int) -> int | None:
    """The session in which a place is kept for this make-up."""
    offered = (col(MakeUpWait.make_up_id) == make_up_id, col(MakeUpWait.status) == OfferStatus.OFFERED)
    return db.execute(select(col(MakeUpWait.session_id)).where(*offered)).scalar()


def offer(db: Session, now: datetime, session_id: int | None = None) -> int:
    """Places that are free, in this session or in all, are kept for the first in line; how many.

    Without a line it costs one look.
    """
    line = _line(db, now)
    if not line:
        return 0
    where = () if session_id is None else (col(ClassSession.id) == session_id,)
    bookings = {make_up.booking_id for _, make_up in line}
    judged = make_up_choices.judged(db, now, col(Booking.id).in_(bookings), *where)
    asked = _offered_already(db)
    offered = 0
    for wait, make_up in line:
        for one in judged:
            pair = (make_up.booking_id, one.fact.session_id)
            wanted = _suits(one, wait, make_up) and pair not in asked
            if wanted and _keep(db, wait.id or 0, make_up, one, now):
                asked.add(pair)
                offered += 1
                break
    return offered


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Places that were kept and not taken go to the next in line, and so does what has become free; how many ended."""
    provider_only(actor)
    over = (col(MakeUpWait.status) == OfferStatus.OFFERED, col(MakeUpWait.expires_at) <= now)
    rows = db.execute(select(col(MakeUpWait.id), col(MakeUpWait.session_id)).where(*over)).all()
    places.lock(db, [session_id for _, session_id in rows])
    ids = [wait_id for wait_id, _ in rows]
    query = select(MakeUpWait).where(*over, col(MakeUpWait.id).in_(ids)).order_by(col(MakeUpWait.id))
    ended = db.execute(query.with_for_update().execution_options(populate_existing=True)).scalars().all()
    for wait in ended:
        _answer(db, wait, OfferStatus.EXPIRED)
    db.flush()
    make_up_sightings.sweep(db, now)
    offer(db, now)
    return len(ended)


def called_off(db: Session, session_id: int) -> None:
    """The session is not held: who was offered a place in it waits again, in the same place of the line."""
    offered = (col(MakeUpWait.session_id) == session_id, col(MakeUpWait.status) == OfferStatus.OFFERED)
    for wait in db.execute(select(MakeUpWait).where(*offered).with_for_update()).scalars().all():
        db.execute(delete(PlaceHold).where(col(PlaceHold.make_up_wait_id) == wait.id))
        wait.status, wait.session_id, wait.expires_at = OfferStatus.WAITING, None, None
    db.flush()


def _of(db: Session, make_up_id: int) -> MakeUpWait | None:
    of = select(MakeUpWait).where(col(MakeUpWait.make_up_id) == make_up_id).with_for_update()
    return db.execute(of.execution_options(populate_existing=True)).scalar()


def _line(db: Session, now: datetime) -> Sequence[tuple[MakeUpWait, MakeUp]]:
    today = provider.today(db, now)
    usable = (col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) >= today)
    rows = db.execute(
        select(MakeUpWait, MakeUp)
        .join(MakeUp, col(MakeUp.id) == col(MakeUpWait.make_up_id))
        .where(col(MakeUpWait.status) == OfferStatus.WAITING, *usable)
        .order_by(col(MakeUpWait.joined_at), col(MakeUpWait.id))
    ).all()
    return [(row[0], row[1]) for row in rows]


def _offered_already(db: Session) -> set[tuple[int, int]]:
    """Of two make-ups of one booking, one is offered a session."""
    rows = db.execute(
        select(col(MakeUp.booking_id), col(MakeUpWait.session_id))
        .join(MakeUp, col(MakeUp.id) == col(MakeUpWait.make_up_id))
        .where(col(MakeUpWait.status) == OfferStatus.OFFERED)
    ).all()
    return {(booking_id, session_id) for booking_id, session_id in rows}


def _suits(one: Judged, wait: MakeUpWait, make_up: MakeUp) -> bool:
    mine = one.fact.booking_id == make_up.booking_id and one.refused is None
    return mine and wants(wait.wanted, one.fact.day, one.fact.place_id)


def _keep(db: Session, wait_id: int, make_up: MakeUp, one: Judged, now: datetime) -> bool:
    """Take the place and say until when it is kept; False where somebody was faster."""
    places.lock(db, [one.fact.session_id])
    free = select(MakeUpWait).where(
        col(MakeUpWait.id) == wait_id, col(MakeUpWait.status) == OfferStatus.WAITING
    )
    wait = db.execute(
        free.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).scalar()
    if wait is None:
        return False
    try:
        places.take_for_make_up(db, one.fact.session_id)
    except NoPlaceLeft:
        return False
    until = _kept_until(db, make_up, one, now)
    wait.status, wait.session_id, wait.offered_at = OfferStatus.OFFERED, one.fact.session_id, now
    wait.expires_at = until
    holds.keep(db, Keeper(make_up_wait_id=wait.id), wait.family_id, [one.fact.session_id], now)
    make_up_sightings.seen(db, [make_up.id or 0], now)
    offer_notes.tell_of_make_up_place(db, wait, now)
    return True


def _kept_until(db: Session, make_up: MakeUp, one: Judged, now: datetime) -> datetime:
    """So many hours; never longer than the session, or the make-up, can be booked."""
    settings, zone = provider.get(db), provider.zone(db)
    ends = midnight(make_up.book_by + timedelta(days=1), zone)
    return min(now + timedelta(hours=settings.make_up_offer_hours), closes_at(one.fact.target), ends)


def _answer(db: Session, wait: MakeUpWait, status: OfferStatus) -> None:
    """Compare-and-set: of two who answer, one has answered. What was kept is free again."""
    stands = or_(col(MakeUpWait.status) == OfferStatus.WAITING, col(MakeUpWait.status) == OfferStatus.OFFERED)
    done = db.execute(update(MakeUpWait).where(col(MakeUpWait.id) == wait.id, stands).values(status=status))
    if cast("CursorResult[Any]", done).rowcount == 1:
        holds.let_go(db, Keeper(make_up_wait_id=wait.id))
        touch(db, changes.family(wait.family_id))
