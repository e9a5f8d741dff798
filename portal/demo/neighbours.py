"""The other families: enough of them that courses are full, lines form and search has something to find."""

import unicodedata
from datetime import datetime, timedelta
from functools import partial
from random import Random

from portal.actor import SYSTEM, Actor, ActorKind
from portal.demo import courses, names, offer
from portal.demo.accounts import Accounts, Habit
from portal.demo.house import House
from portal.demo.people import consent
from portal.demo.story import Story
from portal.demo.texts import NEWS, PHOTOS
from portal.models.benefits import PassKind
from portal.models.bookings import AttendanceStatus
from portal.models.commerce import ItemKind
from portal.models.people import FamilyRole, Member
from portal.services import drop_ins, enrolment, families, passes, timetable, waiting_list
from portal.services.enrolment import Coming, CourseFull
from portal.services.families import NewGuardian, NewMember
from portal.services.new_orders import NewItem
from portal.services.passes import NewPass

FAMILIES = 124
SIZES = ((1, 45), (2, 40), (3, 12), (4, 3))
HABITS = (
    (Habit.CARD, 50), (Habit.TRANSFER, 18), (Habit.INSTALMENTS, 14), (Habit.LATE, 6), (Habit.PART, 3),
    (Habit.TOO_MUCH, 3), (Habit.REFUNDED, 2), (Habit.CANCELLED, 2), (Habit.ANNOUNCED, 2),
)  # fmt: skip
LONGEST_LINE = 3
AHEAD_OF_THEO = 2
"""Who wait for next term's Stroke School 2 before him."""
MISSED, CANCELLED = 0.05, 0.04
SUNDAYS = range(-46, 11, 7)
"""When Open Swim meets, in days from day 0."""
POOL_PASS = 7500
SWIMMERS = offer.ages("Open Swim")


class Neighbours:
    """Seeded: the same families with the same children every time, on other dates."""

    def __init__(self, house: House, story: Story, accounts: Accounts) -> None:
        self.house, self.story, self.accounts, self.db = house, story, accounts, house.db
        self.days, self.random = house.days, Random(1240)  # noqa: S311 - the same families every time, no secret
        self.lines: dict[str, int] = {}
        self.reserved = 0

    def plan(self) -> None:
        """They joined over the years; most enrol as the term begins, some in its middle."""
        for at in range(FAMILIES):
            early = self.days.at(self.random.randint(-900, -191), self.random.randint(8, 19))
            self.story.at(early, partial(self._join, at))

    def _join(self, at: int, now: datetime) -> None:
        surname = names.SURNAMES[at % len(names.SURNAMES)]
        adult = self.random.choice(names.ADULTS)
        family_id = families.add_family(self.db, SYSTEM, surname, now)
        new = NewGuardian(
            f"{adult} {surname}", f"{_ascii(adult)}.{_ascii(surname)}{at}@families.example", _phone(at)
        )
        guardian_id = families.add_guardian(self.db, SYSTEM, family_id, new, now, FamilyRole.HOLDER)
        consent(self.house, guardian_id, now, {PHOTOS: self._chance(0.7), NEWS: self._chance(0.4)})
        actor = Actor(ActorKind.GUARDIAN, guardian_id=guardian_id, family_id=family_id)
        sizes, weights = zip(*SIZES, strict=True)
        first_names = self.random.sample(names.CHILDREN, self.random.choices(sizes, weights)[0])
        members = [self._child(actor, name, surname, now) for name in first_names]
        if self._chance(0.25):
            self.story.at(self._when(-50, -5), lambda later: self._buy_pool_pass(actor, members, later))

    def _child(self, actor: Actor, first_name: str, surname: str, now: datetime) -> int:
        months = self.random.randint(12, 13 * 12)
        born = (self.days.now - timedelta(days=months * 30.44)).date()
        note = self.random.choice(names.HEALTH_NOTES) if self._chance(0.08) else ""
        new = NewMember(first_name, surname, born, health_note=note)
        member_id = families.add_member(self.db, SYSTEM, actor.family_id or 0, new, now)
        before = [meets for meets in courses.LAST_TERM if self._suits(meets, months - 6)]
        if before and self._chance(0.7):
            self._enrol_later(actor, member_id, self.random.choice(before), self._when(-190, -188))
        wished = [
            meets
            for meets in courses.THIS_TERM
            if self._suits(meets, months) and meets.price_minor > POOL_PASS
        ]
        self.random.shuffle(wished)
        for meets in wished[: 2 if self._chance(0.35) else 1]:
            earliest = max(min(meets.first - 9, -12), -68)
            latest = earliest + 4 if self._chance(0.7) else -8
            self._enrol_later(actor, member_id, meets, self._when(earliest, latest))
        next_term = courses.NEXT_TERM[0]
        if self.reserved < next_term.capacity + AHEAD_OF_THEO and self._suits(next_term, months):
            self.reserved += 1
            self._enrol_later(actor, member_id, next_term, self.days.at(-20, 9, self.reserved))
        return member_id

    def _suits(self, meets: courses.Meets, months: int) -> bool:
        programme = next(new for new in offer.PROGRAMMES if new.name == meets.programme)
        return (programme.min_age_months or 0) <= months <= (programme.max_age_months or 999)

    def _enrol_later(self, actor: Actor, member_id: int, meets: courses.Meets, when: datetime) -> None:
        self.story.at(when, lambda now: self._enrol(actor, member_id, meets, now))

    def _enrol(self, actor: Actor, member_id: int, meets: courses.Meets, now: datetime) -> None:
        """A place while there is one for neighbours, else the line while it is short."""
        taken = self.house.enrolled.get(meets.key, 0)
        if taken >= meets.capacity - meets.keep_free:
            self._wait(member_id, meets, now)
            return
        try:
            booked = self.story.enrol(meets.key, member_id, now)
        except CourseFull:
            self._wait(member_id, meets, now)
            return
        for coming in booked.sessions:
            self._live(actor, coming)
        habit = self.random.choices(*zip(*HABITS, strict=True))[0]
        guardian_id = actor.guardian_id or 0
        self.accounts.buy_course(actor.family_id or 0, guardian_id, member_id, meets.key, booked, habit, now)

    def _wait(self, member_id: int, meets: courses.Meets, now: datetime) -> None:
        if meets.keep_free or self.lines.get(meets.key, 0) >= LONGEST_LINE:
            return
        waiting_list.join(self.db, SYSTEM, member_id, self.house.courses[meets.key], now)
        self.lines[meets.key] = self.lines.get(meets.key, 0) + 1

    def _live(self, actor: Actor, coming: Coming) -> None:
        """Most come; some miss it, some say so in time, a few late."""
        if self._chance(MISSED):
            self.story.outcome(coming, AttendanceStatus.MISSED)
        elif self._chance(CANCELLED):
            before = timedelta(hours=3) if self._chance(0.2) else timedelta(hours=30)
            self.story.at(coming.starts_at - before, lambda now: self._cancel(actor, coming, now))

    def _cancel(self, actor: Actor, coming: Coming, now: datetime) -> None:
        self.story.cancel(actor, coming, now)

    def _buy_pool_pass(self, actor: Actor, members: list[int], now: datetime) -> None:
        item = NewItem(ItemKind.PASS, "Open Swim pass", POOL_PASS, detail="10 entries, whole family")
        placed = self.accounts.buy(actor.family_id or 0, actor.guardian_id or 0, [item], Habit.CARD, now)
        until = self.days.month_end(110)
        new = NewPass(
            actor.family_id or 0,
            PassKind.ENTRY,
            "Open Swim pass",
            self.days.money_day(-60),
            until,
            entries_total=10,
            order_item_id=placed.item_ids[0],
            icon="waves",
            programme_id=self.house.programmes["Open Swim"],
        )
        pass_id = passes.sell(self.db, SYSTEM, new, "Bought", now)
        for offset in self.random.sample(SUNDAYS, 4):
            key, day = self.random.choice((("open-sun", offset), ("open-sat", offset - 1)))
            member_id, when = self.random.choice(members), self.days.at(offset - 3, 19)
            if when > now:
                self.story.at(when, partial(self._swim, pass_id, member_id, key, day))

    def _swim(self, pass_id: int, member_id: int, key: str, offset: int, now: datetime) -> None:
        """Whoever is too young yet stays at home."""
        day = self.days.day(offset)
        if not SWIMMERS.old_enough(self.db.get_one(Member, member_id).birth_date, day):
            return
        session_id = timetable.session_on(self.db, self.house.courses[key], day)
        visit = drop_ins.visit(self.db, SYSTEM, member_id, session_id, pass_id, now)
        self.story.expect(enrolment.Booked(0, (visit,)))

    def _when(self, first: int, last: int) -> datetime:
        return self.days.at(
            self.random.randint(first, last), self.random.randint(8, 20), self.random.randint(0, 59)
        )

    def _chance(self, of: float) -> bool:
        return self.random.random() < of


def _ascii(name: str) -> str:
    """The letters an e-mail address takes: "Ștefănescu" as "stefanescu"."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum())


_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "ı": "i"})


def _phone(at: int) -> str:
    return f"+421 900 {at:03d} {(at * 37) % 1000:03d}"
