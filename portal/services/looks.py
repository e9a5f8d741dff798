"""A page and its frame in one look at the database; the same look again while nothing was committed since.

A family's document and the live page that takes it over ask for the same rows a moment apart, and so does a window
that comes back. The database itself says whether anything was committed in between (portal/commits.py).
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from sqlmodel import Session

from portal import commits
from portal.actor import Actor
from portal.errors import NotFound
from portal.rows.shell import ShellView
from portal.services import shell
from portal.services.member_choices import choices
from portal.services.next_change import MINUTE, day_ends
from portal.services.scene import set_scene
from portal.services.topics import topics_of

Service = Callable[[Session, Actor, datetime, Mapping[str, str]], Any]
"""Reads one page's view; raises NotFound for what is not there, or not theirs."""
_MOST = 200
_LONGEST = 300
"""Characters of an address that is worth keeping; a family's own are shorter."""


class Look(NamedTuple):
    """One consistent look: the frame, the page, and what to follow so that both stay true."""

    shell: ShellView
    view: Any
    """None for what is not there, or not theirs."""
    topics: frozenset[str]
    changes_at: datetime
    """When it stops being true by the clock alone."""


class _Kept(NamedTuple):
    look: Look
    since: datetime
    until: datetime
    chosen: str


class Looks:
    """The last looks of this process, each as long as nothing was committed, pressed or struck since."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, _Kept] = OrderedDict()
        self._mark: tuple[int, int] | None = None
        self._lock = Lock()

    def at(
        self, db: Session, actor: Actor, now: datetime, service: Service, asked: Mapping[str, str]
    ) -> Look:
        """What `actor` sees now where `asked` leads; SignedOut when their login is over."""
        key = (service, actor, frozenset(asked.items()))
        # Taken before reading, so that what is committed meanwhile is read again.
        mark, chosen = commits.mark(), choices.last(actor.login_id, "")
        kept = self._known(mark, key)
        if kept and kept.chosen == chosen and kept.since <= now < kept.until:
            return kept.look
        look = _read(db, actor, now, service, asked)
        if sum(map(len, asked.values())) <= _LONGEST:
            # The frame says at which minute it was read.
            until = min(look.changes_at, now.replace(second=0, microsecond=0) + MINUTE)
            self._keep(mark, key, _Kept(look, now, until, chosen))
        return look

    def _known(self, mark: tuple[int, int] | None, key: Any) -> _Kept | None:
        with self._lock:
            if mark != self._mark:
                # None of it is true for sure any more, and whoever was erased is not remembered here.
                self._kept.clear()
                self._mark = mark
            return self._kept.get(key)

    def _keep(self, mark: tuple[int, int] | None, key: Any, kept: _Kept) -> None:
        with self._lock:
            if mark is None or mark != self._mark:
                return
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)


def _read(db: Session, actor: Actor, now: datetime, service: Service, asked: Mapping[str, str]) -> Look:
    around = shell.read(db, actor, now)
    try:
        view = service(db, actor, now, asked)
    except NotFound:
        view = None
    changes_at = getattr(view, "changes_at", None) or day_ends(set_scene(db, actor, now))
    return Look(around, view, topics_of(db, actor, now), changes_at)


looks = Looks()
"""This process's."""
