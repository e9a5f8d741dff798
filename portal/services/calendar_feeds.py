"""Private calendar links of a guardian: made, changed, ended, shown. Whoever has the link sees the sessions.

The secret in a link is computed from the server's key and the feed's id, so it can be shown again; the database
holds its hash only, which opens nothing (docs/decisions/calendar-links.md).
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.keyed import keyed_hash
from portal.models.access import CalendarFeed
from portal.rows.calendar_feeds import CalendarCard, FeedRow, FeedsSheet, Reminder
from portal.rows.common import Face
from portal.rules.calendars import ADDRESS_OF, REMINDERS, reminder_words
from portal.services.logins import token_hash
from portal.services.scene import MemberFact, Scene, set_scene, whose
from portal.services.storing import store
from portal.services.turns import take_turns

NO_REMINDER = "No reminder"
_EVERYONE = Face("", "adult", "Everyone")


class LinkLost(PortalError):
    """The server's key is another one than when the link was made: it works on, and cannot be shown again."""

    message_key = "calendar.link_lost"


def make(db: Session, actor: Actor, choice: str, key: str, now: datetime) -> str:
    """A link for this choice of the member switcher, unless there is one; what is true now, in words."""
    scene = set_scene(db, actor, now)
    member = _chosen(scene, choice)
    take_turns(db, f"calendar {actor.guardian_id}")
    of = col(CalendarFeed.member_id) == member.id if member else col(CalendarFeed.member_id).is_(None)
    if db.execute(select(CalendarFeed).where(*_own(actor), of)).first() is None:
        _new(db, actor, member.id if member else None, None, key, now)
    return "Your private link is ready."


def renew(db: Session, actor: Actor, feed: str, key: str, now: datetime) -> str:
    """A new link in the place of this one, which stops working; what was done, in words."""
    old = _one(db, actor, feed)
    old.revoked_at = now
    store(db, old)
    _new(db, actor, old.member_id, old.alarm_minutes, key, now)
    return "The new link is ready. The old one has stopped working."


def revoke(db: Session, actor: Actor, feed: str, now: datetime) -> str:
    """The link stops working; what was done, in words."""
    old = _one(db, actor, feed)
    old.revoked_at = now
    store(db, old)
    return "That link has stopped working."


def give_back(db: Session, actor: Actor, feed: str, _now: datetime) -> str:
    """Undo that it was ended, unless there is another one by now; what is true now, in words."""
    *mine, _ended = _own(actor)
    found = db.execute(select(CalendarFeed).where(col(CalendarFeed.public_id) == feed, *mine)).scalar()
    if found is None:
        raise NotFound
    if found.member_id not in _live(db, actor):
        found.revoked_at = None
        store(db, found)
    return "The link works again."


def remind(db: Session, actor: Actor, feed: str, minutes: int, _now: datetime) -> str:
    """Whether a reminder rings and when, 0 for none; calendars hear of it when they look again."""
    found = _one(db, actor, feed)
    found.alarm_minutes = minutes if minutes in REMINDERS else None
    store(db, found)
    return f"Your calendar reminds you {reminder_words(minutes)}." if found.alarm_minutes else "No reminders."


def address(db: Session, actor: Actor, feed: str, key: str) -> str:
    """The path of a link of the actor's own; LinkLost when the key has changed since."""
    found = _one(db, actor, feed)
    token = _token(key, found)
    if token_hash(token) != found.token_hash:
        raise LinkLost
    return routes.calendar(token)


def cards(db: Session, scene: Scene) -> tuple[CalendarCard, ...]:
    """One query: a card for each choice of the member switcher."""
    found = _live(db, scene.actor)
    return tuple(_card(whose(choice), found.get(choice.id if choice else None)) for choice in scene.choices)


def sheet(db: Session, actor: Actor, now: datetime) -> FeedsSheet:
    """The same with what can be changed."""
    scene = set_scene(db, actor, now)
    found = _live(db, actor)
    return FeedsSheet(
        tuple(_row(scene, choice, found.get(choice.id if choice else None)) for choice in scene.choices)
    )


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """The guardian's own links of the family whose portal is open."""
    family = (
        col(CalendarFeed.family_id).is_(None)
        if actor.family_id is None
        else col(CalendarFeed.family_id) == actor.family_id
    )
    return (
        col(CalendarFeed.guardian_id) == actor.guardian_id,
        family,
        col(CalendarFeed.revoked_at).is_(None),
    )


def _live(db: Session, actor: Actor) -> dict[int | None, CalendarFeed]:
    """By member."""
    return {feed.member_id: feed for feed in db.execute(select(CalendarFeed).where(*_own(actor))).scalars()}


def _one(db: Session, actor: Actor, feed: str) -> CalendarFeed:
    found = db.execute(select(CalendarFeed).where(col(CalendarFeed.public_id) == feed, *_own(actor))).scalar()
    if found is None:
        raise NotFound
    return found


def _new(
    db: Session, actor: Actor, member_id: int | None, alarm: int | None, key: str, now: datetime
) -> None:
    made = CalendarFeed(
        family_id=actor.family_id,
        guardian_id=actor.guardian_id or 0,
        member_id=member_id,
        token_hash="",
        alarm_minutes=alarm,
        created_at=now,
    )
    made.token_hash = token_hash(_token(key, made))
    store(db, made)


def _token(key: str, feed: CalendarFeed) -> str:
    """256 bits that only the server's key gives."""
    return keyed_hash(key, ADDRESS_OF, feed.public_id)


def _chosen(scene: Scene, choice: str) -> MemberFact | None:
    found = [member for member in scene.choices if whose(member) == choice]
    if not found:
        raise NotFound
    return found[0]


def _card(choice: str, feed: CalendarFeed | None) -> CalendarCard:
    if feed is None:
        return CalendarCard(choice)
    shown = routes.calendar_feed(feed.public_id)
    return CalendarCard(choice, feed.public_id, f"{shown}/subscribe", f"{shown}/address")


def _row(scene: Scene, choice: MemberFact | None, feed: CalendarFeed | None) -> FeedRow:
    face = choice.face if choice else _EVERYONE
    row = FeedRow(_card(whose(choice), feed), face.name, face, "No link yet")
    if feed is None:
        return row
    made = scene.calendar.date(scene.calendar.day(feed.created_at), scene.today)
    reminds = f", reminds you {reminder_words(feed.alarm_minutes)}" if feed.alarm_minutes else ""
    reminders = tuple(
        Reminder(minutes or 0, reminder_words(minutes) or NO_REMINDER, minutes == feed.alarm_minutes)
        for minutes in (None, *REMINDERS)
    )
    return replace(row, told=f"Made {made}{reminds}", reminders=reminders)
