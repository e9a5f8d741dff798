"""How long a request for a message takes, for e-mails that are known and for ones that are not."""

from dataclasses import replace
from itertools import count
from statistics import median
from time import perf_counter

from portal import db
from portal.services import sign_in
from portal.services.desk import Desk
from portal.services.sign_in import Visitor
from tests.factories import NOW, Otterbrook

DESK = Desk(key="k" * 40, public_url="https://portal.example")
VISITOR = Visitor(address="", browser="this browser")


_rounds = count()


def gap_of_medians(each: int) -> float:
    """Milliseconds between the medians of `each` requests for known and for unknown e-mails, in turn."""
    mark = f"{next(_rounds)}.example"
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        for number in range(each):
            world.family(email=f"known{number}@{mark}")
    taken: dict[str, list[float]] = {"known": [], "other": []}
    for number in range(each):
        for kind, seconds in taken.items():
            seconds.append(_seconds(f"{kind}{number}@{mark}", number))
    return abs(median(taken["known"]) - median(taken["other"])) * 1000


def smallest_gap(each: int, rounds: int = 3) -> float:
    """The smallest of several gaps: a leak is in every round, a busy machine in some."""
    return min(gap_of_medians(each) for _ in range(rounds))


def _seconds(email: str, number: int) -> float:
    visitor = replace(VISITOR, address=f"{number}")
    begun = perf_counter()
    sign_in.request(DESK, visitor, email, "", NOW)
    return perf_counter() - begun
