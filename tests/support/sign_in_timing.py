"""How long a request for a message takes, for e-mails that are known and for ones that are not."""

from dataclasses import replace
from statistics import median
from time import perf_counter

from portal import db
from portal.services import sign_in
from portal.services.sign_in import Desk, Visitor
from tests.factories import NOW, Otterbrook

DESK = Desk(key="k" * 40, public_url="https://portal.example")
VISITOR = Visitor(address="", browser="this browser")


def gap_of_medians(each: int) -> float:
    """Milliseconds between the medians of `each` requests for known and for unknown e-mails, in turn."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        known = [world.family(email=f"known{number}@vale.example").email for number in range(each)]
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number, email in enumerate(known):
        for is_known, address in ((True, email), (False, f"other{number}@vale.example")):
            taken[is_known].append(_seconds(address, number))
    return abs(median(taken[True]) - median(taken[False])) * 1000


def _seconds(email: str, number: int) -> float:
    visitor = replace(VISITOR, address=f"192.0.2.{number // 5}/{number}")
    begun = perf_counter()
    sign_in.request(DESK, visitor, email, "", NOW)
    return perf_counter() - begun
