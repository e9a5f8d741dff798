"""When what a page says stops being true by the clock alone: an open window asks again at that instant."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from portal.rules import livestream
from portal.services.facts.sessions import SessionFact
from portal.services.scene import Scene
from portal.words import midnight

MINUTE = timedelta(minutes=1)
GREETINGS = (4, 12, 18)
"""The hours at which Calendar.greeting changes."""


def day_ends(scene: Scene) -> datetime:
    """Midnight at the provider's, when "today", "in 6 days" and "overdue by 2 days" change on every page."""
    return midnight(scene.today + timedelta(days=1), scene.calendar.zone)


def next_change(
    scene: Scene, shown: Iterable[SessionFact], counted_down: Iterable[SessionFact] = ()
) -> datetime:
    """The first instant after now at which one of these sessions reads differently, or the day does."""
    ends = day_ends(scene)
    found = [ends, *_greetings(scene)]
    for fact in shown:
        if fact.starts_at < ends or fact.attending.limit < ends:
            found.extend(_moments(scene, fact))
    found.extend(_next_minute(scene, fact) for fact in counted_down if scene.now < fact.starts_at < ends)
    return min(at for at in found if at > scene.now)


def _greetings(scene: Scene) -> Iterator[datetime]:
    start = scene.calendar.local(scene.now).replace(minute=0, second=0, microsecond=0)
    return (start.replace(hour=hour) for hour in GREETINGS)


def _moments(scene: Scene, fact: SessionFact) -> Iterator[datetime]:
    """It can be joined, it can no longer be cancelled or taken back, it starts, it is over."""
    yield livestream.opens_at(fact.starts_at, scene.provider.livestream_opens_minutes)
    # The limit itself is still in time (Attending.is_late), and so is its last instant.
    yield fact.attending.limit + timedelta(microseconds=1)
    yield fact.attending.sign_back_up_until
    yield fact.starts_at
    yield fact.ends_at


def _next_minute(scene: Scene, fact: SessionFact) -> datetime:
    """ "Starts in 2 h 20 min" becomes "2 h 19 min" with whole minutes left."""
    minutes = -(-(fact.starts_at - scene.now) // MINUTE) - 1
    return fact.starts_at - minutes * MINUTE
