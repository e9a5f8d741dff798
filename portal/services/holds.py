"""Places that an open offer keeps: taken like any other, so that nobody else is sold them.

What keeps them is a trial's offer, an entry of a waiting list, or the line for a make-up; a row for each session
says so. Whoever keeps or lets go the places of a course holds the lock of its row, so that two of them never wait
for each other in a circle; a make-up's one place is kept under the lock of its session.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from portal.errors import NotFound
from portal.models.classes import Course
from portal.models.offers import PlaceHold
from portal.services import places


@dataclass(frozen=True)
class Keeper:
    """The offer that keeps places: one of the three."""

    trial_offer_id: int | None = None
    waiting_list_entry_id: int | None = None
    make_up_wait_id: int | None = None

    def holds(self) -> Any:
        """The condition for its rows."""
        if self.trial_offer_id is not None:
            return col(PlaceHold.trial_offer_id) == self.trial_offer_id
        if self.make_up_wait_id is not None:
            return col(PlaceHold.make_up_wait_id) == self.make_up_wait_id
        return col(PlaceHold.waiting_list_entry_id) == self.waiting_list_entry_id


def lock_course(db: Session, course_id: int) -> Course:
    """The course's row, locked: offers of one course are made, taken and ended one after the other."""
    found = db.get(Course, course_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def keep(db: Session, keeper: Keeper, family_id: int, session_ids: Iterable[int], now: datetime) -> None:
    """Write down that places the caller has taken are kept for this offer."""
    for session_id in session_ids:
        db.add(PlaceHold(family_id=family_id, session_id=session_id, held_at=now, **asdict(keeper)))
    db.flush()


def let_go(db: Session, keeper: Keeper) -> None:
    """Every place the offer keeps is free again."""
    kept = list(db.execute(select(col(PlaceHold.session_id)).where(keeper.holds())).scalars())
    if kept:
        if keeper.make_up_wait_id is not None:
            places.give_back_make_up(db, kept[0])
        else:
            places.give_back(db, kept)
        db.execute(delete(PlaceHold).where(keeper.holds()))


def end_at(db: Session, session_id: int) -> None:
    """The session is called off: nothing is kept in it any more, and its counts are the caller's."""
    db.execute(delete(PlaceHold).where(col(PlaceHold.session_id) == session_id))
