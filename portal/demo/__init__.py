"""The demo provider: Otterbrook Classes, its families and their last months, made through the services."""

from collections.abc import Callable
from datetime import datetime

from portal.db import reading, unit_of_work
from portal.demo import post
from portal.demo.accounts import Accounts
from portal.demo.cast import Cast
from portal.demo.days import Days
from portal.demo.house import OWNER_EMAIL, open_house
from portal.demo.neighbours import Neighbours
from portal.demo.story import Story
from portal.demo.vale import Vales
from portal.demo.vale_money import ValeMoney
from portal.services import outbox, provider, staff
from portal.services.desk import Desk

STAFF_PASSWORD = "otter-demo-2026"  # noqa: S105 - a demo has nothing to hide
"""Public on purpose: it opens the demo's console and nothing else."""

__all__ = ["OWNER_EMAIL", "STAFF_PASSWORD", "is_the_demos", "make_demo"]


def is_the_demos() -> bool:
    """Whether what the database holds is the demo's, or nobody's yet."""
    with reading() as db:
        known = staff.emails(db)
        return OWNER_EMAIL in known or not (known or provider.is_set_up(db))


def make_demo(
    now: datetime, *, staff_password: str, hash_password: Callable[[str], str], desk: Desk = outbox.NOWHERE
) -> bool:
    """Make the demo provider around `now`; False, and nothing changed, when a provider is there already.

    One transaction: a demo that is stopped halfway leaves nothing.
    """
    with unit_of_work() as db:
        if provider.is_set_up(db):
            return False
        house = open_house(db, Days(now), staff_password, hash_password)
        story = Story(house)
        vales = Vales(house, story)
        vales.plan()
        ValeMoney(vales, story).plan()
        accounts = Accounts(house, story)
        Cast(house, story, accounts).plan()
        Neighbours(house, story, accounts).plan()
        story.run()
        post.deliver(db, desk, now)
    return True
