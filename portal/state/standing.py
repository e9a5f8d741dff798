"""Who is behind a login, for every event: read from the database, unless it says that nothing was committed since.

A revoked login is a commit, by this process or another, so it is refused at its very next event.
"""

import asyncio
from typing import NamedTuple

from portal import clock, commits
from portal.actor import Actor
from portal.db import reading
from portal.services.acting import Standing, standing_behind

_MOST = 10_000


class _Known(NamedTuple):
    mark: tuple[int, int]
    standing: Standing


_known: dict[str, _Known] = {}


async def who_is(hashed_token: str) -> Actor | None:
    """The actor behind a login token's hash; None for nobody. DatabaseUnavailable when it cannot be told."""
    if not hashed_token:
        return None
    mark = commits.mark()
    known = _known.get(hashed_token)
    if known is not None and known.mark == mark and clock.now() < known.standing.until:
        return known.standing.actor
    found = await asyncio.to_thread(_read, hashed_token)
    _keep(hashed_token, mark, found)
    return found.actor if found else None


def _keep(hashed_token: str, mark: tuple[int, int] | None, found: Standing | None) -> None:
    if len(_known) >= _MOST:
        _known.clear()
    if found is None or mark is None:
        _known.pop(hashed_token, None)
    else:
        # The mark is older than the reading, so whatever came in between is read again.
        _known[hashed_token] = _Known(mark, found)


def _read(hashed_token: str) -> Standing | None:
    """In a thread."""
    with reading() as db:
        return standing_behind(db, hashed_token, clock.now())
