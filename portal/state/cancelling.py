""" "Can't come" and "Sign back up", from any page that shows sessions."""

import reflex as rx

from portal.errors import PortalError
from portal.rows.cancelling import CancelSheet
from portal.services import cancelling
from portal.state.base import reload_page, words_of, write
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class CancelState(SheetState, rx.State):
    """The sheet that tells what cancelling leads to; nothing else is done than what it told."""

    view: CancelSheet = CancelSheet()
    reason: str = ""

    @rx.event
    @allow(Policy.GUARDIAN, attendance=PublicId)
    async def ask(self, attendance: str) -> None:
        """Open the sheet of one session."""
        self.reason = ""
        await self._open(cancelling.preview, attendance)

    @rx.event
    @allow(Policy.GUARDIAN, reason=PublicId)
    def because(self, reason: str) -> None:
        """Say why, or no longer."""
        known = reason in {one.key for one in self.view.reasons}
        self.reason = reason if known and reason != self.reason else ""

    @rx.event
    @allow(Policy.GUARDIAN)
    async def confirm(self) -> None:
        """Give the place up as told; where that has changed meanwhile, tell it again."""
        of = self.view.attendance
        done = await self._do(cancelling.cancel, of, self.view.outcome, self.reason)
        if done is not None:
            await self._toast(done.words, cancelling.undo, of)
        else:
            await self._look_or_leave(cancelling.preview, of)

    @rx.event
    @allow(Policy.GUARDIAN, attendance=PublicId)
    async def sign_back_up(self, attendance: str) -> None:
        """The member comes after all."""
        try:
            done = await write(cancelling.sign_back_up, attendance)
            await self._toast(done.words, cancelling.undo_sign_back_up, attendance, done.was)
        except PortalError as refusal:
            await self._toast(words_of(refusal))
        await reload_page(self)
