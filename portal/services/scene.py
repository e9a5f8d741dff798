"""What every page needs before its own rows: who looks, when, in which zone, and the members they may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Row, ScalarSelect, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from portal import money
from portal.actor import Actor
from portal.models.access import LoginSession
from portal.models.bookings import Booking
from portal.models.commerce import Order, Payment
from portal.models.people import Family, FamilyGuardian, Guardian, Member
from portal.models.provider import Holiday, ProviderSettings
from portal.rows.common import Face
from portal.services.visibility import of_family, open_payments, visible_bookings
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
    birth_date: date | None = None

    @property
    def face(self) -> Face:
        """Initial, hue and shape."""
        return Face(initial=self.first_name[:1].upper(), tone=self.tone, name=self.first_name)


@dataclass(frozen=True)
class FamilyFact:
    """A family the adult who looks belongs to."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class Viewer:
    """The adult who looks: what the frame shows of them. Empty for staff and the house itself."""

    name: str
    email: str
    choice: str | None
    """The member chosen in this login, as it is written; None for nobody who is signed in."""
    asked_on: tuple[date, ...]
    """The days from which each open payment is asked for."""
    families: tuple[FamilyFact, ...]


@dataclass(frozen=True)
class Scene:
    """Set once a page; everything below it is told in this zone, at this instant, to this actor."""

    actor: Actor
    now: datetime
    calendar: Calendar
    provider: ProviderSettings
    viewer: Viewer
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
    """One query: the provider, who looks, and the members they may see; set once for all parts of one page."""
    set_already = db.info.get(_SCENE)
    if set_already is not None and (set_already.actor, set_already.now) == (actor, now):
        return set_already
    db.info[_SCENE] = scene = _read(db, actor, now)
    return scene


def _read(db: Session, actor: Actor, now: datetime) -> Scene:
    rows = db.execute(_query(actor, now)).all()
    provider, holidays, *_ = rows[0]
    members = {one.id: one for one in (_member(row.Member, actor) for row in rows if row.Member is not None)}
    told_by = calendar(provider.timezone, provider.locale)
    return Scene(actor, now, told_by, provider, _viewer(rows), members, frozenset(_days(holidays)))


def _query(actor: Actor, now: datetime) -> Select[*tuple[Any, ...]]:
    """A row for each member and family; a guardian has one or two of these and a few of those."""
    shared = select(col(Booking.member_id)).where(visible_bookings(actor, now))
    seen = or_(of_family(Member, actor), col(Member.id).in_(shared))
    return (
        select(
            ProviderSettings,
            _holidays().label("holidays"),
            Member,
            col(Guardian.full_name),
            col(Guardian.email),
            _choice(actor).label("choice"),
            _asked_on(actor, now).label("asked_on"),
            col(Family.id).label("family_id"),
            col(Family.public_id).label("family"),
            col(Family.name).label("family_name"),
        )
        .select_from(ProviderSettings)
        # The logo is served by itself; here its bytes would come once for each member.
        .options(defer(ProviderSettings.logo, raiseload=True))  # type: ignore[arg-type]
        .outerjoin(Guardian, col(Guardian.id) == actor.guardian_id)
        .outerjoin(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
        .outerjoin(Family, col(Family.id) == col(FamilyGuardian.family_id))
        .outerjoin(Member, and_(seen, col(Member.erased_at).is_(None)))
        .where(col(ProviderSettings.id) == 1)
        .order_by(col(Member.family_id), col(Member.position), col(Family.name))
    )


def _viewer(rows: Sequence[Row[Any]]) -> Viewer:
    of = {row.family_id: FamilyFact(row.family_id, row.family, row.family_name) for row in rows}
    families = tuple(one for family_id, one in of.items() if family_id is not None)
    first = rows[0]
    return Viewer(first.full_name or "", first.email or "", first.choice, _days(first.asked_on), families)


def _choice(actor: Actor) -> ScalarSelect[str]:
    login = (col(LoginSession.id) == actor.login_id, col(LoginSession.guardian_id) == actor.guardian_id)
    return select(col(LoginSession.member_choice)).where(*login).scalar_subquery()


def _asked_on(actor: Actor, now: datetime) -> ScalarSelect[str]:
    """In one value, as the holidays are: which of the days have come is told by the provider's calendar."""
    days = func.aggregate_strings(cast(Payment.requested_on, String), ",")
    unpaid = (
        select(days).join(Order, col(Order.id) == col(Payment.order_id)).where(*open_payments(actor, now))
    )
    return unpaid.scalar_subquery()


def _holidays() -> ScalarSelect[str]:
    """All of them in one value, because a query of their own would be one more for every page."""
    return select(func.aggregate_strings(cast(Holiday.day, String), ",")).scalar_subquery()


def _days(joined: str | None) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in (joined or "").split(",") if day)


def _member(row: Member, actor: Actor) -> MemberFact:
    tone = "adult" if row.is_adult else f"p{(row.position - 1) % SHAPES + 1}"
    return MemberFact(
        row.id or 0,
        row.public_id,
        row.first_name,
        tone,
        row.family_id,
        row.family_id == actor.family_id,
        row.birth_date,
    )
