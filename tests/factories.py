"""Builders for small worlds, made through the services. A test names only what it is about.

world = Otterbrook(db)                     a provider, a pool, a programme
vale = world.family("Vale", "Mila", "Theo")
course = world.course("Little Waves", capacity=1)
booked = world.enrol(vale["Mila"], course)
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from portal.actor import SYSTEM, Actor, ActorKind, StaffRole
from portal.models.commerce import ItemKind
from portal.services import catalogue, enrolment, families, ordering, provider, staff, timetable
from portal.services.catalogue import NewProgramme
from portal.services.enrolment import Booked
from portal.services.families import NewGuardian, NewMember
from portal.services.new_orders import DueDate, NewItem, NewOrder
from portal.services.ordering import Placed
from portal.services.timetable import NewCourse

NOW = datetime(2026, 3, 12, 13, 10, tzinfo=UTC)
"""Thursday 12 March 2026, 14:10 in Bratislava: the moment the design is drawn at."""
TODAY = date(2026, 3, 12)
_numbers = count(1)


@dataclass(frozen=True)
class Household:
    """A family with one guardian; members by first name."""

    family_id: int
    guardian_id: int
    email: str
    members: dict[str, int]

    def __getitem__(self, first_name: str) -> int:
        """The member's id."""
        return self.members[first_name]

    @property
    def guardian(self) -> Actor:
        """The guardian with this family's portal open."""
        return Actor(ActorKind.GUARDIAN, guardian_id=self.guardian_id, family_id=self.family_id)


@dataclass
class Otterbrook:
    """A provider in Bratislava with one pool; what a test needs is added with defaults."""

    db: Session
    now: datetime = NOW
    settings: dict[str, object] = field(default_factory=dict)
    place_id: int = 0

    def __post_init__(self) -> None:
        """Set the provider up, unless this database has one."""
        if not provider.is_set_up(self.db):
            named = {"name": "Otterbrook Classes", "short_name": "Otterbrook"}
            provider.save(self.db, SYSTEM, {**named, **self.settings}, self.now)
        self.place_id = catalogue.add_place(
            self.db, SYSTEM, f"Harbour Pool {next(_numbers)}", "4 Quay Street"
        )

    def family(self, name: str = "Vale", *first_names: str, email: str = "") -> Household:
        """A family with its holder and these members."""
        address = email or f"{name.lower()}{next(_numbers)}@families.example"
        family_id = families.add_family(self.db, SYSTEM, name, self.now)
        holder = NewGuardian(f"Nora {name}", address)
        guardian_id = families.add_guardian(self.db, SYSTEM, family_id, holder, self.now)
        members = {first: self.member(family_id, first, name) for first in first_names}
        return Household(family_id, guardian_id, address, members)

    def member(self, family_id: int, first_name: str, last_name: str = "", **details: Any) -> int:
        """One more member."""
        return families.add_member(
            self.db, SYSTEM, family_id, NewMember(first_name, last_name, **details), self.now
        )

    def programme(self, name: str = "", **policies: Any) -> int:
        """A programme; without policies, the provider's hold."""
        return catalogue.add_programme(
            self.db, SYSTEM, NewProgramme(name or f"Programme {next(_numbers)}", **policies)
        )

    def course(self, name: str = "Little Waves 2", programme_id: int | None = None, **details: Any) -> int:
        """Eight weeks from a week ago, on the weekday of now at 16:30, eight places; details change that."""
        starts_on = details.pop("starts_on", self.now.date() - timedelta(days=7))
        values = {
            "weekday": self.now.weekday(),
            "starts_local": time(16, 30),
            "ends_local": time(17),
            "starts_on": starts_on,
            "ends_on": starts_on + timedelta(weeks=7),
            "capacity": 8,
            "price_minor": 12800,
            **details,
        }
        of = programme_id or self.programme()
        return timetable.add_course(
            self.db, SYSTEM, NewCourse(programme_id=of, place_id=self.place_id, name=name, **values)
        )

    def session_on(self, course_id: int, day: date = TODAY) -> int:
        """The course's session of that day."""
        return timetable.session_on(self.db, course_id, day)

    def enrol(self, member_id: int, course_id: int, now: datetime | None = None, **details: Any) -> Booked:
        """A full booking."""
        return enrolment.book(self.db, SYSTEM, member_id, course_id, now or self.now, **details)

    def order(
        self, family_id: int, *amounts: int, due: tuple[date, ...] = (TODAY,), **details: Any
    ) -> Placed:
        """An order of one line for each amount, asked for at once and due on each of these days."""
        items = [
            NewItem(ItemKind.GOODS, f"Thing {at}", amount)
            for at, amount in enumerate(amounts or (6200,), start=1)
        ]
        dates = [DueDate(min(day, TODAY), day) for day in due]
        return ordering.place(self.db, SYSTEM, NewOrder(family_id, items, dates, **details), self.now)

    def staff(self, role: StaffRole = StaffRole.OWNER) -> Actor:
        """Somebody of the provider."""
        email = f"staff{next(_numbers)}@otterbrook.example"
        staff_id = staff.add(self.db, SYSTEM, "Petra Hanák", email, "no hash", role, self.now)
        return Actor(ActorKind.STAFF, staff_id=staff_id, staff_role=role)
