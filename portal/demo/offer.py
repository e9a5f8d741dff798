"""What Otterbrook offers: its programmes, where they meet and who leads them."""

from typing import Any

from portal.models.classes import PassRule, ProgrammeKind
from portal.rules.ages import Ages
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
    _programme("Studio practice", "music", (8, 15), DANCE, kind=ProgrammeKind.DROP_IN, make_ups=False),
    _programme("Ballet Primary", "music", (5, 8), DANCE),
    _programme("Ballet Foundations", "music", (8, 12), DANCE, make_ups=False, sign_back_up_hours=5),
    _programme("Creative Movement", "music", (3, 6), DANCE),
    _programme("Jazz", "music", (8, 14), DANCE, trial_offer_days=0),
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


def ages(programme: str) -> Ages:
    """For whom this one is."""
    found = next(new for new in PROGRAMMES if new.name == programme)
    return Ages(found.min_age_months, found.max_age_months)
