"""Whether a make-up ever could have been booked: the first time a session with a place is seen for it is kept.

A make-up that expires without one is extended, so nothing that a family was shown may be forgotten: it is looked
for when the make-up is earned, when a place becomes free, at every sweep, and what a sheet shows is written down
by the next sweep.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from portal.models.benefits import MakeUp, MakeUpStatus
from portal.models.bookings import Booking
from portal.noticed import Noticed
from portal.services import make_up_choices

shown = Noticed()
"""Make-ups whose sheet showed a session to choose, since that was last written down."""
AT_A_TIME = 100


def look_for(db: Session, make_up: MakeUp, now: datetime) -> None:
    """Look now, for one make-up."""
    if make_up.place_seen_at is None and make_up_choices.open_count(db, make_up.booking_id, now).sessions:
        seen(db, [make_up.id or 0], now)


def sweep(db: Session, now: datetime) -> None:
    """Look for every available make-up that nothing was seen for yet, and write down what sheets have shown."""
    seen(db, shown.take(), now)
    unseen = (col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.place_seen_at).is_(None))
    rows = db.execute(select(col(MakeUp.id), col(MakeUp.booking_id)).where(*unseen)).all()
    for at in range(0, len(rows), AT_A_TIME):
        some = rows[at : at + AT_A_TIME]
        bookings = {booking_id for _, booking_id in some}
        judged = make_up_choices.judged(db, now, col(Booking.id).in_(bookings))
        open_for = {one.fact.booking_id for one in judged if one.refused is None}
        seen(db, [make_up_id for make_up_id, booking_id in some if booking_id in open_for], now)


def seen(db: Session, make_up_ids: Iterable[int], now: datetime) -> None:
    """A place was seen for them; no window has to know."""
    of = (col(MakeUp.id).in_(sorted(make_up_ids)), col(MakeUp.place_seen_at).is_(None))
    db.execute(update(MakeUp).where(*of).values(place_seen_at=now))
