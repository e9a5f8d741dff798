"""Mila's and Theo's sessions, and the calendar links their mother makes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from portal.actor import Actor
from portal.models.people import Member
from portal.services import calendar_feeds, calendar_reading
from portal.services.enrolment import Booked
from tests.factories import NOW, Household, Otterbrook
from tests.support.strict_calendar import events, read

KEY = "a-key-of-tests-0123456789-abcdefghijklmn"
URL = "https://portal.otterbrook.example"


@dataclass
class Calendars:
    """Mila's and Theo's sessions, and the links their mother makes."""

    world: Otterbrook
    family: Household
    mila: Booked
    theo: Booked

    def made(self, choice: str = "all", actor: Actor | None = None) -> str:
        """The feed's public id."""
        who = actor or self.family.guardian
        calendar_feeds.make(self.world.db, who, choice, KEY, NOW)
        (found,) = (
            one for one in calendar_feeds.sheet(self.world.db, who, NOW).rows if one.card.whose == choice
        )
        return found.card.feed

    def token(self, feed: str, actor: Actor | None = None) -> str:
        path = calendar_feeds.address(self.world.db, actor or self.family.guardian, feed, KEY)
        return path.removeprefix("/calendar/").removesuffix(".ics")

    def told(self, token: str, at: datetime = NOW) -> dict[str, str]:
        """Start to status and summary, as a strict reader finds them."""
        found = events(read(calendar_reading.read(self.world.db, token, URL, at).body))
        return {
            f"{one.dtstart.value.astimezone(UTC):%Y-%m-%d}": f"{one.status.value} {one.summary.value}"
            for one in found
        }

    def of_member(self, name: str) -> str:
        return self.world.db.get_one(Member, self.family[name]).public_id
