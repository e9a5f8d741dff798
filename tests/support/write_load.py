"""Families that ask for sign-in messages without pause, and remember what the portal said yes to."""

import random
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread
from time import sleep
from urllib.parse import urlencode

from portal import db, routes
from portal.models.people import Guardian
from tests.factories import NOW

_PAUSE = 0.02
"""Seconds before somebody who got no answer asks again."""


def guardians(url: str, most: int) -> None:
    """Fill an open house with so many people who can be sent a message."""
    engine = db.bind(url)
    with db.unit_of_work() as session:
        session.add_all(
            Guardian(full_name=f"Guardian {number}", email=address(number), created_at=NOW)
            for number in range(most)
        )
    engine.dispose()


def address(number: int) -> str:
    """Where the message of this number goes: each asks once."""
    return f"guardian{number}@load.example"


@dataclass
class Load:
    """What was asked of the portal at `url`, and what it acknowledged."""

    url: str
    acknowledged: list[str] = field(default_factory=list)
    asked: int = 0
    refused: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _enough: Event = field(default_factory=Event)

    def run(self) -> None:
        """Ask and ask, until it is enough."""
        while not self._enough.is_set():
            number = next(self._numbers)
            self.asked += 1
            try:
                said = self._ask(address(number), number)
            except (OSError, ValueError):  # nobody answers: nothing was promised
                sleep(_PAUSE)
                continue
            if said == 200:
                self.acknowledged.append(address(number))
            else:
                self.refused.append(f"{said} for {address(number)}")

    def end(self) -> None:
        """It is enough."""
        self._enough.set()

    def _ask(self, email: str, number: int) -> int:
        # Twenty messages an hour go to one network address; everybody here has their own.
        home = f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
        headers = {"Origin": self.url, "Accept": "application/json", "X-Forwarded-For": home}
        form = urlencode({"email": email}).encode()
        request = urllib.request.Request(f"{self.url}{routes.AUTH_REQUEST}", form, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def load(url: str, threads: int = 3) -> Iterator[Load]:
    """Ask with so many at once while the block runs."""
    made = Load(url)
    asking = [Thread(target=made.run) for _ in range(threads)]
    for one in asking:
        one.start()
    try:
        yield made
    finally:
        made.end()
        for one in asking:
            one.join()


def moment(when: random.Random) -> None:
    """Wait until some moment that nobody chose."""
    sleep(when.uniform(0.1, 1.0))
