"""Doors of every kind, to see which ones the guard opens. `passed` tells who went through."""

from dataclasses import dataclass
from itertools import count
from threading import Event
from typing import Any, ClassVar

import reflex as rx

from portal.actor import Actor
from portal.state.base import PageState
from portal.state.guard import actor
from portal.state.policies import Policy, PublicId, allow


class Doors(rx.State):
    """What a careless page might have."""

    kept: str = ""
    _hidden: str = ""
    passed: ClassVar[list[tuple[str, Actor | None]]] = []

    @rx.event
    async def unmarked(self) -> None:
        """Somebody forgot to say for whom this is."""
        self.passed.append(("unmarked", None))

    @rx.event
    @allow(Policy.PUBLIC)
    async def open_to_all(self) -> None:
        """Anybody."""
        self.passed.append(("open_to_all", None))

    @rx.event
    @allow(Policy.GUARDIAN, who=PublicId)
    async def keep(self, who: str) -> None:
        """A guardian leaves something in the window."""
        self.kept = self._hidden = who
        self.passed.append(("keep", actor()))

    @rx.event
    @allow(Policy.GUARDIAN)
    async def onwards(self) -> Any:
        """Leads to a door that is not for guardians."""
        return type(self).for_owners

    @rx.event
    @allow(Policy.OWNER)
    async def for_owners(self) -> None:
        """The provider's owner only."""
        self.passed.append(("for_owners", actor()))

    @rx.event(background=True)
    @allow(Policy.GUARDIAN)
    async def behind(self) -> None:
        """Runs beside the window's other events."""
        self.passed.append(("behind", actor()))


@dataclass(frozen=True)
class Page:
    """What the diary shows."""

    page: int = 0


class Diary(PageState, rx.State):
    """A page that can be held up while it is read."""

    view: Page = Page()
    first_reads: ClassVar[Event] = Event()
    second_is_asked: ClassVar[Event] = Event()
    _numbers: ClassVar[Any] = count(1)

    @staticmethod
    def service(*_: Any) -> Page:
        """The first reading takes until somebody asks for a second."""
        number = next(Diary._numbers)
        if number == 1:
            Diary.first_reads.set()
            Diary.second_is_asked.wait(10)
        return Page(number)

    @classmethod
    def begin(cls) -> None:
        """A new story."""
        cls.first_reads.clear()
        cls.second_is_asked.clear()
        cls._numbers = count(1)
