"""Leaving a waiting list."""

import reflex as rx

from portal.rows.waiting import LeaveSheet
from portal.services import leaving_lines
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class WaitingState(SheetState, rx.State):
    """The question, and its answer."""

    view: LeaveSheet = LeaveSheet()

    @rx.event
    @allow(Policy.FAMILY, booking=PublicId)
    async def ask(self, booking: str) -> None:
        """Ask whether to give up this place in the line."""
        await self._open(leaving_lines.sheet, booking)

    @rx.event
    @allow(Policy.FAMILY)
    async def leave(self) -> None:
        """Give it up."""
        done = await self._do(leaving_lines.leave, self.view.booking)
        if done:
            await self._toast(done)
