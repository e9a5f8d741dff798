"""The line for a full course: joined at its end, and offered what becomes free from its beginning.

A freed place is one in every session to come: of a booking that ended, or of a larger course. It is kept for the
first in line until an instant, then for the next. One session that somebody cannot come to frees no place here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlmodel import Session, col

from portal import changes
from portal.actor import Actor
from portal.db import touch
from portal.errors import NotFound
from portal.models.bookings import (
    AttendanceKind,
    Booking,
    BookingStatus,
    OfferStatus,
    OpenReason,
    WaitingListEntry,
)
from portal.models.classes import Course
from portal.rules.conditions import Condition, refuse_unless_all
from portal.rules.trials import Offer
from portal.rules.waiting_list import can_decline, can_leave, can_take, kept_until
from portal.services import enrolment, family_orders, holds, offer_notes, place_prices, provider
from portal.services.authority import provider_only
from portal.services.enrolment import CourseFull
from portal.services.facts.kept_places import kept_for
from portal.services.family_orders import PLACE, Terms
from portal.services.holds import Keeper
from portal.services.storing import store
from portal.services.visibility import of_family

NOT_TAKEN = "The place we kept was not taken in time."
COURSE_OVER = "The course is over, and no place became free."
DECLINED = "You did not want the place any more."
LEFT = "You left the waiting list."


def join(db: Session, actor: Actor, member_id: int, course_id: int, now: datetime) -> int:
    """An open booking without places, last in the course's line; its id."""
    provider_only(actor)
    member = enrolment.member_of(db, member_id)
    enrolment.refuse_second(db, member_id, course_id)
    course = holds.lock_course(db, course_id)
    booking = Booking(
        family_id=member.family_id,
        member_id=member_id,
        course_id=course_id,
        status=BookingStatus.OPEN,
        open_reason=OpenReason.WAITING_LIST,
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        created_at=now,
    )
    booking_id = store(db, booking)
    of_course = col(WaitingListEntry.course_id) == course_id
    last = db.execute(select(func.max(WaitingListEntry.position)).where(of_course)).scalar()
    db.add(
        WaitingListEntry(
            family_id=member.family_id,
            booking_id=booking_id,
            course_id=course_id,
            position=(last or 0) + 1,
            joined_at=now,
        )
    )
    db.flush()
    return booking_id


def offer_places(db: Session, course_id: int, now: datetime) -> int:
    """Every place that is free in all sessions to come is kept for the next in line; how many were offered.

    For other services, once they have freed places; a course without a line costs one look.
    """
    holds.lock_course(db, course_id)
    offered = 0
    while (first := _first_in_line(db, course_id)) is not None:
        slots = enrolment.to_come(db, course_id, now)
        if not slots:
            break
        try:
            enrolment.take_all(db, course_id, slots)
        except CourseFull:
            break
        hours = provider.get(db).waiting_offer_hours
        until = kept_until(now, hours, slots[-1][1])
        first.status, first.offered_at, first.offer_expires_at = OfferStatus.OFFERED, now, until
        keeper = Keeper(waiting_list_entry_id=first.id)
        holds.keep(db, keeper, first.family_id, [slot[0] for slot in slots], now)
        offer_notes.tell_of_free_place(db, first, now)
        offered += 1
    return offered


def find(db: Session, actor: Actor, booking: str) -> tuple[WaitingListEntry, Booking]:
    """The family's place in a line, and its booking; NotFound when there is none."""
    found = db.execute(
        select(WaitingListEntry, Booking)
        .join(Booking, col(Booking.id) == col(WaitingListEntry.booking_id))
        .where(col(Booking.public_id) == booking, of_family(Booking, actor))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _locked(db: Session, actor: Actor, booking: str) -> tuple[WaitingListEntry, Booking]:
    """The same as it stays, once whoever changes the line of its course has done so."""
    holds.lock_course(db, find(db, actor, booking)[0].course_id)
    return find(db, actor, booking)


def as_offer(entry: WaitingListEntry) -> Offer:
    """An entry as its policy sees it; while it waits, nothing is offered."""
    return Offer(OfferStatus(entry.status), entry.offer_expires_at or entry.joined_at - timedelta(seconds=1))


def accept(db: Session, actor: Actor, booking: str, now: datetime, terms: Terms = PLACE) -> str:
    """Take the place that is kept: the booking is active, and its order is placed. Its public id.

    Refused when it costs more than was shown.
    """
    entry, waiting = _locked(db, actor, booking)
    slots = enrolment.to_come(db, entry.course_id, now)
    refuse_unless_all(can_take(as_offer(entry), sessions_to_come=len(slots), now=now))
    kept = kept_for(db, waiting.id or 0, now)
    if kept is None:  # a place without a price is not one for nothing
        raise NotFound
    _answer(db, entry, OfferStatus.ACCEPTED)
    enrolment.take_all(db, entry.course_id, slots)
    waiting.status, waiting.open_reason = BookingStatus.ACTIVE, ""
    waiting.starts_on, waiting.ends_on = slots[0][2], slots[-1][2]
    enrolment.write_booking(db, actor, waiting, AttendanceKind.REGULAR, slots, now)
    item = place_prices.item(db, kept, waiting.id)
    family_orders.order(db, actor, waiting.family_id, item, now, terms)
    return waiting.public_id


def decline(db: Session, actor: Actor, booking: str, now: datetime) -> str:
    """Give the place to the next in line; the booking's public id."""
    entry, waiting = _given_up(db, actor, booking, can_decline, DECLINED, now)
    offer_places(db, entry.course_id, now)
    return waiting.public_id


def leave(db: Session, actor: Actor, booking: str, now: datetime) -> None:
    """Wait no more: whoever waits behind is one place further."""
    _given_up(db, actor, booking, can_leave, LEFT, now)


def _given_up(
    db: Session, actor: Actor, booking: str, may: Callable[..., list[Condition]], words: str, now: datetime
) -> tuple[WaitingListEntry, Booking]:
    entry, waiting = _locked(db, actor, booking)
    refuse_unless_all(may(as_offer(entry), now=now))
    _answer(db, entry, OfferStatus.DECLINED)
    _leave(waiting, words, now)
    db.flush()
    return entry, waiting


def withdraw(db: Session, booking_id: int) -> None:
    """A booking that ends has no place in a line, nor one that is kept. For other services."""
    entry = db.execute(
        select(WaitingListEntry).where(
            col(WaitingListEntry.booking_id) == booking_id,
            col(WaitingListEntry.status).in_((OfferStatus.WAITING, OfferStatus.OFFERED)),
        )
    ).scalar()
    if entry is not None:
        _answer(db, entry, OfferStatus.DECLINED)


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Places that were kept and not taken go to the next in line; how many."""
    provider_only(actor)
    over = (
        col(WaitingListEntry.status) == OfferStatus.OFFERED,
        col(WaitingListEntry.offer_expires_at) <= now,
    )
    courses = db.execute(select(col(WaitingListEntry.course_id)).where(*over).distinct()).scalars()
    ended = 0
    for course_id in sorted(courses):
        holds.lock_course(db, course_id)
        of_course = select(WaitingListEntry).where(*over, col(WaitingListEntry.course_id) == course_id)
        for entry in db.execute(of_course.execution_options(populate_existing=True)).scalars().all():
            _answer(db, entry, OfferStatus.EXPIRED)
            _leave(db.get_one(Booking, entry.booking_id), NOT_TAKEN, now)
            ended += 1
        db.flush()
        offer_places(db, course_id, now)
    return ended


def close(db: Session, now: datetime) -> int:
    """Nobody waits any more for a course that is over; how many did. For other services."""
    today = provider.today(db, now)
    waits = (col(WaitingListEntry.status) == OfferStatus.WAITING, col(Course.ends_on) < today)
    of = select(WaitingListEntry).join(Course, col(Course.id) == col(WaitingListEntry.course_id))
    locked = of.where(*waits).order_by(col(WaitingListEntry.id)).with_for_update(of=WaitingListEntry)
    over = db.execute(locked.execution_options(populate_existing=True)).scalars().all()
    for entry in over:
        _answer(db, entry, OfferStatus.EXPIRED)
        _leave(db.get_one(Booking, entry.booking_id), COURSE_OVER, now)
    db.flush()
    return len(over)


def _first_in_line(db: Session, course_id: int) -> WaitingListEntry | None:
    waiting = (
        col(WaitingListEntry.course_id) == course_id,
        col(WaitingListEntry.status) == OfferStatus.WAITING,
    )
    line = select(WaitingListEntry).where(*waiting).order_by(col(WaitingListEntry.position)).limit(1)
    return db.execute(line).scalar()


def _answer(db: Session, entry: WaitingListEntry, status: OfferStatus) -> None:
    """Compare-and-set: of two who answer, one has answered. What was kept is free again."""
    waits = (col(WaitingListEntry.id) == entry.id, col(WaitingListEntry.status) == entry.status)
    done = db.execute(update(WaitingListEntry).where(*waits).values(status=status))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise NotFound
    db.refresh(entry)
    touch(db, changes.EVERYONE)  # whoever waits behind is one place further
    holds.let_go(db, Keeper(waiting_list_entry_id=entry.id))


def _leave(booking: Booking, note: str, now: datetime) -> None:
    booking.status, booking.open_reason = BookingStatus.CANCELLED, ""
    booking.cancelled_at, booking.cancel_note = now, note
