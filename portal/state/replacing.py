"""Choosing a session for a make-up, and the line for a place, from every page that shows make-ups."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from portal.errors import PortalError
from portal.rows.make_ups import MakeUpSheet
from portal.rules.make_ups import ANY_DAY
from portal.services import make_up_sheet, replacing
from portal.state.base import reload_page, words_of, write
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class MakeUpState(SheetState, rx.State):
    """The sheet shows sessions with their places; what is pressed is what was shown."""

    view: MakeUpSheet = MakeUpSheet()

    @rx.event
    @allow(Policy.GUARDIAN, make_up=PublicId)
    async def choose(self, make_up: str) -> None:
        """Open it."""
        await self._open(make_up_sheet.sheet, make_up, ANY_DAY, "")

    @rx.event
    @allow(Policy.GUARDIAN, wanted=PublicId)
    async def narrow(self, wanted: str) -> None:
        """Only some days, or one place."""
        await self._open(make_up_sheet.sheet, self.view.make_up, wanted, self.view.session)

    @rx.event
    @allow(Policy.GUARDIAN, session=PublicId)
    async def pick(self, session: str) -> None:
        """This one, as it stands now."""
        await self._open(make_up_sheet.sheet, self.view.make_up, self.view.wanted, session)

    @rx.event
    @allow(Policy.GUARDIAN)
    async def book(self) -> None:
        """Take the place; who comes too late is told, and sees what is left."""
        asked = self.view
        done = await self._do(replacing.book, asked.make_up, asked.session)
        if done:
            await self._toast(done, replacing.undo, asked.make_up)
        else:
            await self._look_or_leave(make_up_sheet.sheet, asked.make_up, asked.wanted, asked.session)

    @rx.event
    @allow(Policy.GUARDIAN)
    async def wait(self) -> None:
        """Into the line, for what the filter lets through."""
        asked = self.view
        if done := await self._do(replacing.wait, asked.make_up, asked.wanted):
            await self._toast(done, replacing.stop_waiting, asked.make_up)

    @rx.event
    @allow(Policy.GUARDIAN)
    async def stop(self) -> None:
        """Out of the line."""
        if done := await self._do(replacing.stop_waiting, self.view.make_up):
            await self._toast(done)

    @rx.event
    @allow(Policy.GUARDIAN, make_up=PublicId)
    async def wait_for(self, make_up: str) -> None:
        """Into the line without looking, for any day."""
        await self._say(replacing.wait, make_up, ANY_DAY, undo=replacing.stop_waiting)

    @rx.event
    @allow(Policy.GUARDIAN, make_up=PublicId)
    async def take(self, make_up: str) -> None:
        """Book the place that is kept."""
        await self._say(replacing.take, make_up, undo=replacing.undo)

    @rx.event
    @allow(Policy.GUARDIAN, make_up=PublicId)
    async def decline(self, make_up: str) -> None:
        """Give it to the next in line."""
        await self._say(replacing.decline, make_up)

    async def _say(
        self, service: Callable[..., Any], make_up: str, *more: str, undo: Callable[..., Any] | None = None
    ) -> None:
        try:
            done = await write(service, make_up, *more)
            await self._toast(done, undo, *([make_up] if undo else ()))
        except PortalError as refusal:
            await self._toast(words_of(refusal))
        await reload_page(self)
