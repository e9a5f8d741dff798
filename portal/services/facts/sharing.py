"""A booking as far as sharing goes: whose it is, who sees it already, how often it was shared lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor, ActorKind
from portal.errors import NotFound
from portal.messages.kinds import Kind
from portal.models.bookings import Booking, BookingStatus, Share
from portal.models.classes import Course
from portal.models.messages import OutboxMessage
from portal.models.people import FamilyGuardian, Guardian, Member
from portal.rules.sharing import INVITATIONS_WITHIN, SharedBooking, last_day
from portal.services.scene import Scene, set_scene
from portal.services.visibility import bookings_in_reach

OVER = (BookingStatus.COMPLETED, BookingStatus.CANCELLED)


@dataclass(frozen=True)
class Sharing:
    """One booking, and what the rule asks about it."""

    scene: Scene
    booking_id: int
    public_id: str
    title: str
    member: str
    sharer: str
    """The guardian who shares, else the provider."""
    rule: SharedBooking

    @property
    def path(self) -> str:
        """The booking's own page."""
        return routes.booking(self.public_id)


def words_until(scene: Scene, until: datetime | None) -> str:
    """The last day of a share, or nothing."""
    return scene.calendar.date(last_day(until, scene.calendar.zone), scene.today) if until else ""


def standing() -> ColumnElement[bool]:
    """Not taken back; perhaps over."""
    return col(Share.revoked_at).is_(None)


def shows_now(now: datetime) -> ColumnElement[bool]:
    """Neither taken back nor over."""
    return and_(standing(), or_(col(Share.until).is_(None), col(Share.until) > now))


def sharing(db: Session, actor: Actor, booking: str, now: datetime) -> Sharing:
    """Four queries beside the scene's one; NotFound for a booking the actor does not see."""
    scene = set_scene(db, actor, now)
    found = db.execute(
        select(Booking, col(Member.first_name), col(Course.name))
        .join(Member, col(Member.id) == col(Booking.member_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .where(col(Booking.public_id) == booking, bookings_in_reach(actor, now))
    ).first()
    if found is None:
        raise NotFound
    of, member, title = found
    sharer = scene.viewer.name or scene.provider.name
    return Sharing(scene, of.id, booking, title, member, sharer, _rule(db, scene, of))


def sharing_of_share(db: Session, actor: Actor, share: str, now: datetime) -> Sharing:
    """The same for the booking of a share, by the share's public id."""
    of = select(col(Booking.public_id)).join(Share, col(Share.booking_id) == col(Booking.id))
    booking = db.execute(of.where(col(Share.public_id) == share)).scalar()
    return sharing(db, actor, booking or "", now)


def _rule(db: Session, scene: Scene, of: Booking) -> SharedBooking:
    guardians = _guardians(db, of.family_id)
    by_family = scene.actor.kind is ActorKind.GUARDIAN
    own = [email for email, (guardian_id, _) in guardians.items() if guardian_id == scene.actor.guardian_id]
    return SharedBooking(
        ours=not by_family or of.family_id == scene.actor.family_id,
        provider=scene.provider.name,
        switched_on=scene.provider.sharing,
        over=of.status in OVER,
        today=scene.today,
        own_email=own[0] if by_family and own else "",
        guardians={email: name for email, (_, name) in guardians.items()},
        shared_with=_shared_with(db, of, scene.now),
        invited_lately=_invited_lately(db, of.family_id, scene.now),
    )


def _guardians(db: Session, family_id: int) -> dict[str, tuple[int, str]]:
    of = select(col(Guardian.email), col(Guardian.id), col(Guardian.full_name))
    joined = of.join(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
    rows = db.execute(joined.where(col(FamilyGuardian.family_id) == family_id))
    return {email: (guardian_id, name) for email, guardian_id, name in rows}


def _shared_with(db: Session, of: Booking, now: datetime) -> frozenset[str]:
    return frozenset(
        db.execute(select(col(Share.email)).where(col(Share.booking_id) == of.id, shows_now(now))).scalars()
    )


def _invited_lately(db: Session, family_id: int, now: datetime) -> int:
    lately = col(OutboxMessage.created_at) > now - INVITATIONS_WITHIN
    sent = (col(OutboxMessage.family_id) == family_id, col(OutboxMessage.kind) == Kind.BOOKING_SHARED, lately)
    return db.execute(select(func.count()).where(*sent)).scalar_one()
