"""The provider's own things: settings, staff, consent texts, programmes, courses and sessions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from importlib import resources

from sqlmodel import Session

from portal.actor import SYSTEM, StaffRole
from portal.demo import offer
from portal.demo.courses import CAMP, CAMP_CAPACITY, CAMP_FROM, CAMP_PRICE, TERMS, Meets
from portal.demo.days import ZONE, Days, minutes_after
from portal.demo.texts import CONSENTS
from portal.services import catalogue, consents, provider, staff, timetable, vouchers
from portal.services.vouchers import NewVoucher

OWNER_EMAIL = "staff@demo.example"
VOUCHER = "SPLASH5"
"""For whoever takes a place in the demo and has read that there is one."""
NINE_WEEKS = 63
FOUNDED = -920
"""Otterbrook opened its portal so many days ago."""


@dataclass
class House:
    """The demo as it is being built: where things are by the names the story uses."""

    db: Session
    days: Days
    courses: dict[str, int] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)
    consents: dict[str, int] = field(default_factory=dict)
    meets: dict[str, Meets] = field(default_factory=dict)
    enrolled: dict[str, int] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    """Guardians who have answered the consent card."""


def open_house(db: Session, days: Days, staff_password: str, hash_password: Callable[[str], str]) -> House:
    """Otterbrook with everything it offers, and nobody enrolled yet."""
    house = House(db, days)
    _settings(house)
    _staff(house, hash_password(staff_password))
    house.consents = {new.kind: consents.publish(db, SYSTEM, new, days.at(FOUNDED)) for new in CONSENTS}
    house.programmes = {new.name: catalogue.add_programme(db, SYSTEM, new) for new in offer.PROGRAMMES}
    places = {
        name: catalogue.add_place(db, SYSTEM, name, *rest, online=online)
        for name, *rest, online in offer.PLACES
    }
    teachers = {
        name.split()[0]: catalogue.add_instructor(db, SYSTEM, name, name.split()[0])
        for name in offer.INSTRUCTORS
    }
    _documents(house)
    vouchers.give_out(
        db, SYSTEM, NewVoucher(VOUCHER, "Splash voucher, €5.00", days.day(-7), amount_minor=500)
    )
    for middle, meetings in TERMS:
        term_id = _term(house, middle, meetings)
        for meets in meetings:
            new = _course(house, meets, places[meets.place], teachers[meets.instructor], term_id)
            house.meets[meets.key] = meets
            house.courses[meets.key] = timetable.add_course(db, SYSTEM, new)
    _camp(house, places[offer.STUDIO], teachers["Odile"])
    return house


def _settings(house: House) -> None:
    logo = resources.files("portal.demo").joinpath("wave.svg").read_bytes()
    changes: dict[str, object] = {
        "name": "Otterbrook Classes",
        "short_name": "Otterbrook",
        "brand_color": "#0e6e6e",
        "logo": logo,
        "logo_type": "image/svg+xml",
        "timezone": ZONE.key,
        "locale": "en_GB",
        "currency": "EUR",
        "country": "SK",
        "order_prefix": "OT",
        "legal_name": "Otterbrook Classes, o. z.",
        "company_id": "00 000 124",
        "address": "4 Quay Street, 811 01 Bratislava",
        "contact_email": "hello@otterbrook.example",
        "contact_phone": "+421 2 5550 0124",
        "website": "https://otterbrook.example/",
        "help_url": "https://otterbrook.example/help",
        "policies_url": "https://otterbrook.example/policies",
        "account_holder": "Otterbrook Classes",
        "iban": "SK3112000000198742637541",
        "bic": "TATRSKBX",
        "make_up_days": NINE_WEEKS,
    }
    provider.save(house.db, SYSTEM, changes, house.days.at(FOUNDED))


def _staff(house: House, password_hash: str) -> None:
    people = (
        ("Petra Hanák", OWNER_EMAIL, StaffRole.OWNER),
        ("Ines Marlow", "ines@otterbrook.example", StaffRole.MANAGER),
        ("Callum Reed", "callum@otterbrook.example", StaffRole.INSTRUCTOR),
    )
    for full_name, email, role in people:
        staff.add(house.db, SYSTEM, full_name, email, password_hash, role, house.days.at(FOUNDED))


def _documents(house: House) -> None:
    papers = (
        ("Little Waves 2", "Before your first swim", "https://otterbrook.example/first-swim"),
        ("Ballet Foundations", "Shoes and hair", "https://otterbrook.example/ballet-shoes"),
        ("Spanish Starters", "How to join a lesson", "https://otterbrook.example/join"),
    )
    for programme, title, url in papers:
        catalogue.add_document(house.db, SYSTEM, house.programmes[programme], title, url)


def _term(house: House, middle: int, meetings: tuple[Meets, ...]) -> int:
    first = min(meets.first for meets in meetings)
    last = max(meets.first + 7 * (meets.weeks - 1) for meets in meetings)
    days = house.days
    return catalogue.add_term(house.db, SYSTEM, days.season(middle), days.day(first), days.day(last))


def _course(
    house: House, meets: Meets, place_id: int, instructor_id: int, term_id: int
) -> timetable.NewCourse:
    days = house.days
    starts = minutes_after(days.first_class, meets.starts) if isinstance(meets.starts, int) else meets.starts
    return timetable.NewCourse(
        programme_id=house.programmes[meets.programme],
        place_id=place_id,
        name=meets.name,
        weekday=days.weekday(meets.first),
        starts_local=starts,
        ends_local=minutes_after(starts, meets.minutes),
        starts_on=days.day(meets.first),
        ends_on=days.day(meets.first + 7 * (meets.weeks - 1)),
        capacity=meets.capacity,
        price_minor=meets.price_minor,
        instructor_id=instructor_id,
        term_id=term_id,
        room=meets.room,
        livestream_url=meets.livestream_url,
    )


def _camp(house: House, place_id: int, instructor_id: int) -> None:
    monday = _next_monday(house.days.day(CAMP_FROM))
    new = timetable.NewCourse(
        programme_id=house.programmes["Dance Camp"],
        place_id=place_id,
        name=f"{house.days.season(CAMP_FROM).split()[0]} Dance Camp",
        weekday=0,
        starts_local=time(9),
        ends_local=time(15),
        starts_on=monday,
        ends_on=monday + timedelta(days=4),
        capacity=CAMP_CAPACITY,
        price_minor=CAMP_PRICE,
        instructor_id=instructor_id,
        room="studio 1",
        every_working_day=True,
    )
    house.courses[CAMP] = timetable.add_course(house.db, SYSTEM, new)


def _next_monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
