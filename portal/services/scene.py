"""What every page needs before its own rows: who looks, when, in which zone, and the members they may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from sqlalchemy import ScalarSelect, String, and_, cast, func, or_, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from portal import money
from portal.actor import Actor
from portal.models.bookings import Booking
from portal.models.people import Guardian, Member
from portal.models.provider import Holiday, ProviderSettings
from portal.rows.common import Face
from portal.services.visibility import of_family, visible_bookings
from portal.words import Calendar, calendar

_SCENE = "scene"
SHAPES = 6
"""Hues and shapes of the design; a seventh member shares the first one's, and keeps its own initial."""


class _OfMember(Protocol):
    @property
    def member_id(self) -> int: ...


Theirs = TypeVar("Theirs", bound=_OfMember)


@dataclass(frozen=True)
class MemberFact:
    """A member as the screens know them."""

    id: int
    public_id: str
    first_name: str
    tone: str
    family_id: int
    ours: bool
    """Of the family itself, not seen through a share."""

    @property
    def face(self) -> Face:
        """Initial, hue and shape."""
        return Face(initial=self.first_name[:1].upper(), tone=self.tone, name=self.first_name)


@dataclass(frozen=True)
class Scene:
    """Set once a page; everything below it is told in this zone, at this instant, to this actor."""

    actor: Actor
    now: datetime
    calendar: Calendar
    provider: ProviderSettings
    guardian: str
    """The full name of the adult who looks."""
    members: dict[int, MemberFact]
    days_off: frozenset[date] = frozenset()
    """The provider's holidays."""

    @property
    def today(self) -> date:
        """The provider's calendar day."""
        return self.calendar.day(self.now)

    @property
    def family(self) -> list[MemberFact]:
        """The family's own members, in their order."""
        return [member for member in self.members.values() if member.ours]

    @property
    def choices(self) -> list[MemberFact | None]:
        """Everyone (None), then each member: what the member switcher offers."""
        return [None, *self.members.values()]

    def money(self, amount_minor: int, currency: str | None = None) -> str:
        """An amount in the provider's language."""
        return money.show(amount_minor, currency or self.provider.currency, self.provider.locale)


def whose(member: MemberFact | None) -> str:
    """The member's public id, or "all" for everyone."""
    return "all" if member is None else member.public_id


def of_choice(facts: Iterable[Theirs], member: MemberFact | None) -> list[Theirs]:
    """Those that a choice of the member switcher shows: everyone's for None."""
    return [fact for fact in facts if member is None or fact.member_id == member.id]


def set_scene(db: Session, actor: Actor, now: datetime) -> Scene:
    """One query: the provider, and the members this actor may see; set once for all parts of one page."""
    set_already = db.info.get(_SCENE)
    if set_already is not None and (set_already.actor, set_already.now) == (actor, now):
        return set_already
    db.info[_SCENE] = scene = _read(db, actor, now)
    return scene


def _read(db: Session, actor: Actor, now: datetime) -> Scene:
    shared = select(col(Booking.member_id)).where(visible_bookings(actor, now))
    seen = or_(of_family(Member, actor), col(Member.id).in_(shared))
    rows = db.execute(
        select(ProviderSettings, col(Guardian.full_name), Member, _holidays())
        .select_from(ProviderSettings)
        # The logo is served by itself; here its bytes would come once for each member.
        .options(defer(ProviderSettings.logo, raiseload=True))  # type: ignore[arg-type]
        .outerjoin(Guardian, col(Guardian.id) == actor.guardian_id)
        .outerjoin(Member, and_(seen, col(Member.erased_at).is_(None)))
        .where(col(ProviderSettings.id) == 1)
        .order_by(col(Member.family_id), col(Member.position))
    ).all()
    provider, guardian, _, holidays = rows[0]
    members = {fact.id: fact for fact in (_member(row[2], actor) for row in rows if row[2] is not None)}
    days_off = frozenset(date.fromisoformat(day) for day in (holidays or "").split(",") if day)
    told_by = calendar(provider.timezone, provider.locale)
    return Scene(actor, now, told_by, provider, guardian or "", members, days_off)


def _holidays() -> ScalarSelect[str]:
    """All of them in one value, because a query of their own would be one more for every page."""
    return select(func.aggregate_strings(cast(Holiday.day, String), ",")).scalar_subquery()


def _member(row: Member, actor: Actor) -> MemberFact:
    tone = "adult" if row.is_adult else f"p{(row.position - 1) % SHAPES + 1}"
    return MemberFact(
        row.id or 0, row.public_id, row.first_name, tone, row.family_id, row.family_id == actor.family_id
    )
