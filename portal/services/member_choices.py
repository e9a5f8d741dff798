"""The chosen member, kept with the login session a moment after the press.

The browser has filtered by itself before the server hears of it, and a thumb that goes through five children
presses five times: only the last choice of each login is written, those of all logins together. Until then it is
known here. An end of the process before that loses a choice, nothing else.
"""

from threading import Lock
from typing import NamedTuple

from sqlalchemy import bindparam, update
from sqlmodel import col

from portal import changes
from portal.db import unit_of_work
from portal.models.access import LoginSession

EVERYONE = "all"


class Choice(NamedTuple):
    """Who was chosen (a member's public id, or everyone), and the window it was chosen in."""

    who: str
    window: str


class Choices:
    """The choices of this process that are not written yet, by login session."""

    def __init__(self) -> None:
        self._waiting: dict[int, Choice] = {}
        self._lock = Lock()

    def note(self, login_id: int, who: str, window: str) -> None:
        """Chosen just now."""
        with self._lock:
            self._waiting[login_id] = Choice(who, window)

    def last(self, login_id: int | None, written: str) -> str:
        """What this login chose last: what waits, else what is `written`. Whoever shows it checks that it may."""
        waits = self._waiting.get(login_id or 0)
        return waits.who if waits else written or EVERYONE

    def waiting(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._waiting)

    def write(self) -> None:
        """Write what waits, in one transaction, and tell the logins' other windows."""
        with self._lock:
            taken = dict(self._waiting)
        if not taken:
            return
        _write(taken)
        with self._lock:
            # Only now, so that at no instant neither this nor the database knows.
            for login_id, choice in taken.items():
                if self._waiting.get(login_id) is choice:
                    del self._waiting[login_id]
        for login_id, choice in taken.items():
            changes.acting_window.set(choice.window)
            changes.announce({changes.login(login_id)})


def _write(taken: dict[int, Choice]) -> None:
    chosen = update(LoginSession).where(col(LoginSession.id) == bindparam("login"))
    rows = [
        {"login": login_id, "member": "" if choice.who == EVERYONE else choice.who}
        for login_id, choice in taken.items()
    ]
    with unit_of_work() as db:
        db.connection().execute(chosen.values(member_choice=bindparam("member")), rows)


choices = Choices()
"""This process's."""
