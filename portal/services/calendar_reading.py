"""What a private calendar link gives to whoever has it, and one session as a file. Nobody signs in for the first."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlmodel import Session, col

from portal.actor import Actor, ActorKind
from portal.documents import calendar_file
from portal.documents.calendar_file import Subscription
from portal.errors import NotFound
from portal.models.access import CalendarFeed
from portal.models.bookings import Attendance, Booking
from portal.models.people import Family, FamilyGuardian, Guardian
from portal.rules.calendars import KEPT
from portal.services.facts.calendar import entries
from portal.services.logins import token_hash
from portal.services.scene import Scene, set_scene

_LONG_AGO = timedelta(days=36500)


@dataclass(frozen=True)
class Handout:
    """A calendar's bytes, what names exactly these, and since when it is these."""

    feed_id: int
    body: bytes
    mark: str
    since: datetime
    is_new: bool
    """Nobody has been handed just these before."""


def read(db: Session, token: str, public_url: str, now: datetime) -> Handout:
    """Past sessions for a while and all to come, as its guardian may see them at this moment.

    NotFound for a link that is none, was ended, or whose guardian has left the family.
    """
    feed = _behind(db, token)
    actor = Actor(ActorKind.GUARDIAN, guardian_id=feed.guardian_id, family_id=feed.family_id)
    scene = set_scene(db, actor, now)
    wanted = () if feed.member_id is None else (col(Booking.member_id) == feed.member_id,)
    found = entries(db, scene, public_url, *wanted, since=now - KEPT)
    body = calendar_file.feed(found, _subscription(scene, feed))
    mark = hashlib.sha256(body).hexdigest()
    is_new = mark != feed.content_hash or feed.content_at is None
    since = now if is_new or feed.content_at is None else feed.content_at
    return Handout(feed.id or 0, body, mark, since, is_new)


def remember(db: Session, handed_out: Handout) -> None:
    """From now on it is since then; a look at it that finds the same says so."""
    of = update(CalendarFeed).where(col(CalendarFeed.id) == handed_out.feed_id)
    db.execute(of.values(content_hash=handed_out.mark, content_at=handed_out.since))


def one_session(db: Session, actor: Actor, attendance: str, public_url: str, now: datetime) -> bytes:
    """A file of one session (the attendance's public id), for whoever may see it; else NotFound."""
    return to_keep(db, actor, [attendance], public_url, now)


def to_keep(db: Session, actor: Actor, attendances: Collection[str], public_url: str, now: datetime) -> bytes:
    """A file of those of these sessions that the actor may see; NotFound for none."""
    scene = set_scene(db, actor, now)
    these = col(Attendance.public_id).in_(attendances)
    found = entries(db, scene, public_url, these, since=now - _LONG_AGO)
    if not found:
        raise NotFound
    return calendar_file.to_keep(found)


def _behind(db: Session, token: str) -> CalendarFeed:
    """The feed, while its guardian is there and still of the family it was made in."""
    still = and_(
        col(FamilyGuardian.guardian_id) == col(CalendarFeed.guardian_id),
        col(FamilyGuardian.family_id) == col(CalendarFeed.family_id),
    )
    query = (
        select(CalendarFeed, col(Family.id))
        .join(
            Guardian,
            and_(col(Guardian.id) == col(CalendarFeed.guardian_id), col(Guardian.erased_at).is_(None)),
        )
        .outerjoin(FamilyGuardian, still)
        .outerjoin(
            Family, and_(col(Family.id) == col(FamilyGuardian.family_id), col(Family.erased_at).is_(None))
        )
        .where(col(CalendarFeed.token_hash) == token_hash(token), col(CalendarFeed.revoked_at).is_(None))
    )
    found = db.execute(query).first()
    if found is None or found.CalendarFeed.family_id != found.id:
        raise NotFound
    feed: CalendarFeed = found.CalendarFeed
    return feed


def _subscription(scene: Scene, feed: CalendarFeed) -> Subscription:
    member = scene.members.get(feed.member_id or 0)
    short = scene.provider.short_name
    return Subscription(
        name=f"{short}: {member.first_name}" if member else short,
        zone=scene.provider.timezone,
        since=feed.created_at,
        alarm=timedelta(minutes=feed.alarm_minutes) if feed.alarm_minutes else None,
    )
