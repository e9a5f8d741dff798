"""What Otterbrook offers: the programmes and the timetable, told in days around day 0 (days.py)."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from portal.models.classes import PassRule, ProgrammeKind
from portal.services.catalogue import NewProgramme

YEARS = 12


def _programme(
    name: str, icon: str, ages: tuple[int, int], what_to_bring: str, **policies: Any
) -> NewProgramme:
    youngest, oldest = ages[0] * YEARS, ages[1] * YEARS + YEARS - 1
    return NewProgramme(
        name=name,
        icon=icon,
        min_age_months=youngest,
        max_age_months=oldest,
        what_to_bring=what_to_bring,
        **policies,
    )


SWIM, DANCE, TALK = "Swimsuit, cap, towel", "Soft shoes, water bottle", "A pencil and a quiet corner"

PROGRAMMES = (
    _programme("Water Babies", "waves", (0, 2), "Swim nappy, two towels"),
    _programme("Little Waves 1", "waves", (3, 4), SWIM, make_up_group="Little Waves 1"),
    _programme(
        "Little Waves 2", "waves", (4, 6), SWIM, description="First strokes, floating and diving for rings."
    ),
    _programme("Little Waves 3", "waves", (5, 7), SWIM),
    _programme(
        "Stroke School", "waves", (6, 12), SWIM, description="Front crawl and backstroke, length by length."
    ),
    _programme(
        "Open Swim",
        "waves",
        (2, 15),
        SWIM,
        kind=ProgrammeKind.DROP_IN,
        pass_rule=PassRule.REQUIRED,
        unit_price_minor=900,
        make_ups=False,
    ),
    _programme("Ballet Primary", "music", (5, 8), DANCE),
    _programme("Ballet Foundations", "music", (8, 12), DANCE, make_ups=False, sign_back_up_hours=5),
    _programme("Creative Movement", "music", (3, 6), DANCE),
    _programme("Jazz", "music", (8, 14), DANCE),
    _programme("Street Dance", "music", (8, 15), DANCE),
    _programme("Dance Camp", "sun", (6, 12), "Lunch, sun cream, soft shoes", make_ups=False),
    _programme("Tumble Tots", "sparkles", (1, 3), "Bare feet"),
    _programme("Spanish Starters", "languages", (6, 10), TALK),
    _programme("French Talk", "languages", (8, 14), TALK),
)

PLACES = (
    ("Harbour Pool", "4 Quay Street", "https://www.openstreetmap.org/?mlat=48.1400&mlon=17.1100", False),
    ("Mill Street", "12 Mill Street", "https://www.openstreetmap.org/?mlat=48.1500&mlon=17.1200", False),
    ("Online", "", "", True),
)
INSTRUCTORS = (
    "Ines Marlow",
    "Callum Reed",
    "Marisol Vega",
    "Odile Laurent",
    "Žofia Kováčová",
    "Tomáš Blaho",
)
POOL, STUDIO, ONLINE = "Harbour Pool", "Mill Street", "Online"


@dataclass(frozen=True)
class Meets:
    """A course: `first` session in days from day 0, how many weeks, when, for how many, at which price.

    `starts` is a clock time, or minutes after the first class of day 0.
    """

    key: str
    name: str
    programme: str
    place: str
    room: str
    instructor: str
    first: int
    weeks: int
    starts: time | int
    minutes: int
    capacity: int
    price_minor: int
    keep_free: int = 0
    """Places that the neighbours leave, so that there is something to choose."""
    stream: str = field(default="")


def _at(hour: int, minute: int = 0) -> time:
    return time(hour, minute)


STREAM = "https://meet.otterbrook.example/"

THIS_TERM = (
    Meets("waves-1", "Little Waves 1", "Little Waves 1", POOL, "lane 2", "Ines", -63, 16, -60, 30, 8, 12800),
    Meets("waves-2", "Little Waves 2", "Little Waves 2", POOL, "lane 2", "Ines", -63, 16, 0, 30, 8, 14300, 1),
    Meets(
        "waves-2-sat",
        "Little Waves 2",
        "Little Waves 2",
        POOL,
        "lane 2",
        "Ines",
        -61,
        16,
        _at(9, 30),
        30,
        6,
        14300,
        3,
    ),
    Meets(
        "waves-2-late",
        "Little Waves 2",
        "Little Waves 2",
        POOL,
        "lane 1",
        "Callum",
        -61,
        16,
        _at(10, 15),
        30,
        6,
        14300,
        1,
    ),
    Meets(
        "waves-2-wed",
        "Little Waves 2",
        "Little Waves 2",
        POOL,
        "lane 2",
        "Ines",
        -64,
        16,
        _at(15, 45),
        30,
        6,
        14300,
        2,
    ),
    Meets(
        "stroke-1",
        "Stroke School 1",
        "Stroke School",
        POOL,
        "lane 4",
        "Callum",
        2,
        8,
        _at(9, 30),
        45,
        10,
        8600,
        2,
    ),
    Meets(
        "stroke-2", "Stroke School 2", "Stroke School", POOL, "lane 3", "Callum", -63, 16, 0, 45, 10, 15200
    ),
    Meets(
        "stroke-3", "Stroke School 3", "Stroke School", POOL, "lane 3", "Callum", -63, 16, 45, 45, 10, 15200
    ),
    Meets("open-sat", "Open Swim", "Open Swim", POOL, "", "Callum", -61, 30, _at(11), 60, 24, 0),
    Meets("open-sun", "Open Swim", "Open Swim", POOL, "", "Callum", -60, 30, _at(11), 60, 24, 0),
    Meets("babies", "Water Babies", "Water Babies", POOL, "warm pool", "Ines", -60, 16, _at(9), 30, 8, 12000),
    Meets(
        "primary", "Ballet Primary", "Ballet Primary", STUDIO, "studio 1", "Odile", -63, 16, 45, 60, 12, 16800
    ),
    Meets(
        "ballet",
        "Ballet Foundations",
        "Ballet Foundations",
        STUDIO,
        "studio 2",
        "Odile",
        -65,
        18,
        _at(17, 15),
        60,
        12,
        18600,
        2,
    ),
    Meets(
        "ballet-sat",
        "Ballet Foundations",
        "Ballet Foundations",
        STUDIO,
        "studio 1",
        "Odile",
        -61,
        18,
        _at(10),
        60,
        12,
        18600,
        2,
    ),
    Meets(
        "creative",
        "Creative Movement",
        "Creative Movement",
        STUDIO,
        "studio 2",
        "Žofia",
        -61,
        16,
        _at(10, 30),
        40,
        10,
        11200,
        2,
    ),
    Meets("jazz-taster", "Jazz Taster", "Jazz", STUDIO, "studio 1", "Žofia", -40, 8, _at(10), 60, 10, 900, 2),
    Meets("jazz", "Jazz Juniors", "Jazz", STUDIO, "studio 1", "Žofia", 11, 10, _at(16, 45), 60, 12, 11500, 3),
    Meets(
        "street",
        "Street Dance",
        "Street Dance",
        STUDIO,
        "studio 2",
        "Žofia",
        -59,
        16,
        _at(18),
        60,
        14,
        14400,
        1,
    ),
    Meets("tots", "Tumble Tots", "Tumble Tots", STUDIO, "studio 1", "Tomáš", -57, 16, _at(10), 40, 10, 9600),
    Meets(
        "spanish",
        "Spanish Starters",
        "Spanish Starters",
        ONLINE,
        "",
        "Marisol",
        -55,
        12,
        _at(17),
        45,
        8,
        12000,
        1,
        STREAM + "spanish-fri",
    ),
    Meets(
        "spanish-wed",
        "Spanish Starters",
        "Spanish Starters",
        ONLINE,
        "",
        "Marisol",
        -57,
        12,
        _at(17),
        45,
        8,
        12000,
        2,
        STREAM + "spanish-wed",
    ),
    Meets(
        "french",
        "French Talk",
        "French Talk",
        ONLINE,
        "",
        "Marisol",
        -63,
        16,
        90,
        45,
        8,
        13600,
        2,
        STREAM + "french",
    ),
)
LAST_TERM = (
    Meets(
        "waves-3-before",
        "Little Waves 3",
        "Little Waves 3",
        POOL,
        "lane 1",
        "Ines",
        -184,
        16,
        _at(16),
        30,
        8,
        13600,
    ),
    Meets(
        "primary-before",
        "Ballet Primary",
        "Ballet Primary",
        STUDIO,
        "studio 1",
        "Odile",
        -183,
        14,
        _at(16),
        60,
        12,
        15600,
    ),
    Meets(
        "stroke-before",
        "Stroke School 1",
        "Stroke School",
        POOL,
        "lane 3",
        "Callum",
        -187,
        15,
        _at(17),
        45,
        10,
        14800,
    ),
)
NEXT_TERM = (
    Meets(
        "stroke-2-next",
        "Stroke School 2",
        "Stroke School",
        POOL,
        "lane 3",
        "Callum",
        175,
        14,
        _at(16, 30),
        45,
        4,
        14000,
    ),
)
TERMS = (("last", -135, LAST_TERM), ("this", -10, THIS_TERM), ("next", 220, NEXT_TERM))
"""Name, a day in its middle, its courses."""

CAMP = "camp"
CAMP_FROM = 113
CAMP_CAPACITY = 16
CAMP_PRICE = 14500
