"""Private calendar links: made, changed, ended. The links themselves are never in here."""

from collections.abc import Callable
from typing import Any, Literal

import reflex as rx

from portal.errors import PortalError
from portal.rows.calendar_feeds import FeedsSheet
from portal.services import calendar_feeds
from portal.settings import current
from portal.state.base import reload_page, words_of, write
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState

Minutes = Literal[0, 30, 120, 1440]


class CalendarState(SheetState, rx.State):
    """The sheet stays open while something is changed: what follows is to use the link."""

    view: FeedsSheet = FeedsSheet()

    @rx.event
    @allow(Policy.GUARDIAN)
    async def manage(self) -> None:
        """Show every link there is and may be."""
        await self._open(calendar_feeds.sheet)

    @rx.event
    @allow(Policy.GUARDIAN, whose=PublicId)
    async def make(self, whose: str) -> None:
        """A link for everyone's sessions or one member's."""
        await self._change(calendar_feeds.make, whose, current().portal_secret)

    @rx.event
    @allow(Policy.GUARDIAN, feed=PublicId)
    async def renew(self, feed: str) -> None:
        """A new link in the place of one that may be in wrong hands."""
        await self._change(calendar_feeds.renew, feed, current().portal_secret)

    @rx.event
    @allow(Policy.GUARDIAN, feed=PublicId, minutes=Minutes)
    async def remind(self, feed: str, minutes: int) -> None:
        """When the calendar reminds."""
        await self._change(calendar_feeds.remind, feed, minutes)

    @rx.event
    @allow(Policy.GUARDIAN, feed=PublicId)
    async def stop(self, feed: str) -> None:
        """End a link."""
        done = await self._do(calendar_feeds.revoke, feed)
        if done:
            await self._toast(done, calendar_feeds.give_back, feed)

    async def _change(self, service: Callable[..., Any], *arguments: Any) -> None:
        """Do it, and show what is true now with what was done."""
        try:
            await write(service, *arguments)
        except PortalError as refusal:
            self.problem = words_of(refusal)
            return
        await self._open(calendar_feeds.sheet)
        await reload_page(self)
