"""The line for a make-up, and the places that open offers of every kind keep."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal.models.base import Table, check, instant, one_of, optional_reference, public_id, reference
from portal.models.bookings import OfferStatus

OF_ONE_OFFER = (
    "(case when trial_offer_id is null then 0 else 1 end)"
    " + (case when waiting_list_entry_id is null then 0 else 1 end)"
    " + (case when make_up_wait_id is null then 0 else 1 end) = 1"
)


class MakeUpWait(Table, table=True):
    """ "Tell me when a place opens", for one make-up: a place in the line, or the session that is offered."""

    __tablename__ = "make_up_wait"
    __table_args__ = (
        one_of("status", OfferStatus),
        check(
            "offered_names_it", "status <> 'offered' or (session_id is not null and expires_at is not null)"
        ),
        Index("ix_make_up_wait_status_joined_at", "status", "joined_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    family_id: int = reference("family.id")
    make_up_id: int = Field(foreign_key="make_up.id", unique=True)
    wanted: str = Field(default="any", max_length=16)
    """The filter it was asked for with: which days, or which place."""
    status: str = Field(default=OfferStatus.WAITING, max_length=12)
    joined_at: datetime = instant()
    session_id: int | None = optional_reference("class_session.id")
    offered_at: datetime | None = instant(default=None)
    expires_at: datetime | None = instant(default=None)


class PlaceHold(Table, table=True):
    """A place in one session that an open offer keeps: counted as taken, and sold to nobody else."""

    __tablename__ = "place_hold"
    __table_args__ = (
        UniqueConstraint("trial_offer_id", "session_id"),
        UniqueConstraint("waiting_list_entry_id", "session_id"),
        UniqueConstraint("make_up_wait_id"),
        check("of_one_offer", OF_ONE_OFFER),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = reference("family.id")
    session_id: int = reference("class_session.id")
    trial_offer_id: int | None = optional_reference("trial_offer.id", index=False)
    waiting_list_entry_id: int | None = optional_reference("waiting_list_entry.id", index=False)
    make_up_wait_id: int | None = optional_reference("make_up_wait.id", index=False)
    held_at: datetime = instant()
