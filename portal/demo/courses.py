"""Otterbrook's timetable, told in days around day 0 (days.py)."""

from dataclasses import dataclass
from datetime import time
from functools import partial

from portal.demo.offer import ONLINE, POOL, STUDIO

STREAMS = "https://meet.otterbrook.example/"


@dataclass(frozen=True)
class Meets:
    """A course: `first` session in days from day 0, how many weeks, when, for how many, at which price.

    `starts` is a clock time, or minutes after the first class of day 0.
    """

    key: str
    name: str
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
    of: str = ""
    """The programme, where the course has another name."""
    place: str = POOL
    stream: str = ""

    @property
    def programme(self) -> str:
        """The programme's name."""
        return self.of or self.name

    @property
    def livestream_url(self) -> str:
        """Where the course is streamed, if it is."""
        return f"{STREAMS}{self.stream}" if self.stream else ""


_swim = partial(Meets, place=POOL)
_dance = partial(Meets, place=STUDIO)
_talk = partial(Meets, place=ONLINE)

THIS_TERM = (
    _swim("waves-1", "Little Waves 1", "lane 2", "Ines", -63, 16, -60, 30, 8, 12800),
    _swim("waves-2", "Little Waves 2", "lane 2", "Ines", -63, 16, 0, 30, 8, 14300, 1),
    _swim("waves-2-sat", "Little Waves 2", "lane 2", "Ines", -61, 16, time(9, 30), 30, 6, 14300, 3),
    _swim("waves-2-late", "Little Waves 2", "lane 1", "Callum", -61, 16, time(10, 15), 30, 6, 14300, 1),
    _swim("waves-2-wed", "Little Waves 2", "lane 2", "Ines", -64, 16, time(15, 45), 30, 6, 14300, 2),
    _swim(
        "stroke-1",
        "Stroke School 1",
        "lane 4",
        "Callum",
        2,
        8,
        time(9, 30),
        45,
        10,
        8600,
        2,
        of="Stroke School",
    ),
    _swim("stroke-2", "Stroke School 2", "lane 3", "Callum", -63, 16, 0, 45, 10, 15200, of="Stroke School"),
    _swim("stroke-3", "Stroke School 3", "lane 3", "Callum", -63, 16, 45, 45, 10, 15200, of="Stroke School"),
    _swim("open-sat", "Open Swim", "", "Callum", -61, 30, time(11), 60, 24, 0),
    _swim("open-sun", "Open Swim", "", "Callum", -60, 30, time(11), 60, 24, 0),
    _swim("babies", "Water Babies", "warm pool", "Ines", -60, 16, time(9), 30, 8, 12000),
    _dance("primary", "Ballet Primary", "studio 1", "Odile", -63, 16, 45, 60, 12, 16800),
    _dance("ballet", "Ballet Foundations", "studio 2", "Odile", -65, 18, time(17, 15), 60, 12, 18600, 2),
    _dance("ballet-sat", "Ballet Foundations", "studio 1", "Odile", -61, 18, time(10), 60, 12, 18600, 2),
    _dance("creative", "Creative Movement", "studio 2", "Žofia", -61, 16, time(10, 30), 40, 10, 11200, 2),
    _dance("jazz-taster", "Jazz Taster", "studio 1", "Žofia", -40, 8, time(10), 60, 10, 900, 2, of="Jazz"),
    _dance("jazz", "Jazz Juniors", "studio 1", "Žofia", 11, 10, time(16, 45), 60, 12, 11500, 3, of="Jazz"),
    _dance("street", "Street Dance", "studio 2", "Žofia", -59, 16, time(18), 60, 14, 14400, 1),
    _dance("studio", "Studio practice", "studio 2", "Odile", -58, 30, time(15), 60, 12, 0),
    _dance("tots", "Tumble Tots", "studio 1", "Tomáš", -57, 16, time(10), 40, 10, 9600),
    _talk(
        "spanish", "Spanish Starters", "", "Marisol", -55, 12, time(17), 45, 8, 12000, 1, stream="spanish-fri"
    ),
    _talk(
        "spanish-wed",
        "Spanish Starters",
        "",
        "Marisol",
        -57,
        12,
        time(17),
        45,
        8,
        12000,
        2,
        stream="spanish-wed",
    ),
    _talk("french", "French Talk", "", "Marisol", -63, 16, 90, 45, 8, 13600, 2, stream="french"),
)
LAST_TERM = (
    _swim("waves-3-before", "Little Waves 3", "lane 1", "Ines", -184, 16, time(16), 30, 8, 13600),
    _dance("primary-before", "Ballet Primary", "studio 1", "Odile", -183, 14, time(16), 60, 12, 15600),
    _swim(
        "stroke-before",
        "Stroke School 1",
        "lane 3",
        "Callum",
        -187,
        15,
        time(17),
        45,
        10,
        14800,
        of="Stroke School",
    ),
)
NEXT_TERM = (
    _swim(
        "stroke-2-next",
        "Stroke School 2",
        "lane 3",
        "Callum",
        175,
        14,
        time(16, 30),
        45,
        4,
        14000,
        of="Stroke School",
    ),
)
TERMS = ((-135, LAST_TERM), (-10, THIS_TERM), (220, NEXT_TERM))
"""A day in the middle of each term, which names it, and its courses."""

CAMP = "camp"
CAMP_FROM = 113
CAMP_CAPACITY = 16
CAMP_PRICE = 14500
