"""The other people the demo is shown with: each signs in at demo.example and stands for one situation."""

from datetime import datetime, timedelta

from portal.actor import SYSTEM
from portal.demo.accounts import Accounts, Habit
from portal.demo.house import House
from portal.demo.people import consent
from portal.demo.story import Story
from portal.demo.texts import NEWS, PHOTOS
from portal.models.people import FamilyRole
from portal.services import families
from portal.services.families import NewGuardian, NewMember

YEAR = timedelta(days=365.25)


class Cast:
    """Omar owes nothing; Alex has two homes; the Lindens are five children; Ida has none yet; Nina is new."""

    def __init__(self, house: House, story: Story, accounts: Accounts) -> None:
        self.house, self.story, self.accounts, self.days = house, story, accounts, house.days

    def plan(self) -> None:
        """They come before the neighbours, so that there is a place for them."""
        self.story.at(self.days.at(-69, 8), self._arrive)

    def _arrive(self, now: datetime) -> None:
        self._family("Haddad", "Omar Haddad", "omar@demo.example", {"Layla": ("primary", 6)}, now)
        self._family("Rivera", "Alex Rivera", "twohomes@demo.example", {"Lola": ("street", 11)}, now)
        self._family("Rivera-Lind", "Alex Rivera", "twohomes@demo.example", {"Max": ("stroke-3", 7)}, now)
        five = {
            "Ada": ("babies", 1),
            "Bruno": ("tots", 2),
            "Cora": ("waves-1", 4),
            "Dino": ("stroke-2", 8),
            "Elsa": ("french", 12),
        }
        self._family("Linden", "Greta Linden", "five@demo.example", five, now)
        self._family("Solheim", "Ida Solheim", "empty@demo.example", {}, now)
        self._family(
            "Novotná", "Nina Novotná", "new@demo.example", {"Ema": ("creative", 5)}, now, answers=False
        )

    def _family(
        self,
        name: str,
        guardian: str,
        email: str,
        children: dict[str, tuple[str, int]],
        now: datetime,
        *,
        answers: bool = True,
    ) -> None:
        """A family whose children, by name, attend a course at an age; all is paid."""
        db = self.house.db
        family_id = families.add_family(db, SYSTEM, name, now)
        guardian_id = families.add_guardian(
            db, SYSTEM, family_id, NewGuardian(guardian, email), now, FamilyRole.HOLDER
        )
        if answers:
            consent(self.house, guardian_id, now, {PHOTOS: True, NEWS: True})
        for first_name, (key, years) in children.items():
            born = (self.days.now - years * YEAR - timedelta(days=100)).date()
            member_id = families.add_member(db, SYSTEM, family_id, NewMember(first_name, name, born), now)
            booked = self.story.enrol(key, member_id, now)
            self.accounts.buy_course(family_id, guardian_id, member_id, key, booked, Habit.CARD, now)
