"""What the provider offers: places, instructors, terms, programmes and what to read about them."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session

from portal.actor import Actor
from portal.models.classes import (
    Instructor,
    PassRule,
    Place,
    Programme,
    ProgrammeDocument,
    ProgrammeKind,
    Term,
)
from portal.models.provider import LateCancellation
from portal.services.authority import provider_only
from portal.services.storing import store


@dataclass(frozen=True)
class NewProgramme:
    """What is offered; an empty policy is the provider's own. Ages in months, prices in minor units."""

    name: str
    kind: ProgrammeKind = ProgrammeKind.COURSE
    icon: str = "sparkles"
    description: str = ""
    what_to_bring: str = ""
    min_age_months: int | None = None
    max_age_months: int | None = None
    make_up_group: str = ""
    unit_price_minor: int | None = None
    pass_rule: PassRule = PassRule.REQUIRED
    make_ups: bool | None = None
    make_up_for_missed: bool | None = None
    make_up_days: int | None = None
    make_up_closes_hours: int | None = None
    make_up_window_days: int | None = None
    notice_hours: int | None = None
    late_cancellation: LateCancellation | None = None
    late_text: str = ""
    sign_back_up_hours: int | None = None
    trial_offer_days: int | None = None


def add_place(
    db: Session, actor: Actor, name: str, address: str = "", map_url: str = "", *, online: bool = False
) -> int:
    """A place where classes meet; its id."""
    provider_only(actor)
    return store(db, Place(name=name, address=address, map_url=map_url, online=online))


def add_instructor(
    db: Session, actor: Actor, full_name: str, short_name: str, staff_id: int | None = None
) -> int:
    """Somebody who leads courses; the id."""
    provider_only(actor)
    return store(db, Instructor(full_name=full_name, short_name=short_name, staff_id=staff_id))


def add_term(db: Session, actor: Actor, name: str, starts_on: date, ends_on: date) -> int:
    """A season of courses; its id."""
    provider_only(actor)
    return store(db, Term(name=name, starts_on=starts_on, ends_on=ends_on))


def add_programme(db: Session, actor: Actor, new: NewProgramme) -> int:
    """A programme with its policies; its id."""
    provider_only(actor)
    return store(db, Programme(**asdict(new)))


def add_document(db: Session, actor: Actor, programme_id: int, title: str, url: str) -> int:
    """Something to read about a programme; its id."""
    provider_only(actor)
    return store(db, ProgrammeDocument(programme_id=programme_id, title=title, url=url))
