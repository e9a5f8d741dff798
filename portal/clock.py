"""The only source of now. Everything else is given an instant."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


def starting_at(instant: datetime) -> Clock:
    """A clock that shows `instant` (aware) now and runs on from there; for demos and tests."""
    if instant.tzinfo is None:
        raise ValueError("PORTAL_NOW needs an offset, such as 2026-03-12T14:10:00+01:00")
    begun = time.monotonic()
    return lambda: instant.astimezone(UTC) + timedelta(seconds=time.monotonic() - begun)


_clock: Clock = _system


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _clock()


def use(clock: Clock | None) -> None:
    """Set the process's clock; None is the system's."""
    global _clock  # noqa: PLW0603 - one clock a process, set once at its start
    _clock = clock or _system


def use_environment() -> None:
    """Start at PORTAL_NOW (ISO instant) where that is set; settings refuse it outside demo and tests."""
    said = os.environ.get("PORTAL_NOW", "").strip()
    use(starting_at(datetime.fromisoformat(said)) if said else None)
