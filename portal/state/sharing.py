"""Sharing a booking, changing what a share shows, stopping it, leaving it."""

from datetime import date
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field

from portal.rows.sharing import ShareSheet
from portal.rules.sharing import Invitation
from portal.services import share_sheet, shares
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class ShareForm(BaseModel):
    """The sheet's fields, as a browser sends them."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=254)] = ""
    full_name: Annotated[str, Field(max_length=160)] = ""
    can: Literal["see", "act"]
    last_day: date | Literal[""] = ""
    payments: Literal["yes", ""] = ""

    def invitation(self) -> Invitation:
        """What the rules ask about."""
        return Invitation(
            email=self.email,
            full_name=self.full_name.strip(),
            can_act=self.can == "act",
            sees_payments=bool(self.payments),
            last_day=self.last_day or None,
        )


class SharingState(SheetState, rx.State):
    """One sheet for all of it; what it is about was kept here when it was opened."""

    view: ShareSheet = ShareSheet()

    @rx.event
    @allow(Policy.FAMILY, booking=PublicId)
    async def share(self, booking: str) -> None:
        """Ask whom to share the booking with."""
        await self._open(share_sheet.of_booking, booking)

    @rx.event
    @allow(Policy.FAMILY, share=PublicId)
    async def edit(self, share: str) -> None:
        """Show what a share shows, to change it."""
        await self._open(share_sheet.of_share, share)

    @rx.event
    @allow(Policy.GUARDIAN, booking=PublicId)
    async def leave(self, booking: str) -> None:
        """Ask whoever it is shared with whether to see it no more."""
        await self._open(share_sheet.of_leaving, booking)

    @rx.event
    @allow(Policy.FAMILY, filled=ShareForm)
    async def save(self, filled: dict[str, Any]) -> None:
        """Invite, or change the share that the sheet was opened for."""
        invitation = ShareForm.model_validate(filled).invitation()
        if self.view.share:
            done = await self._do(shares.change, self.view.share, invitation)
        else:
            done = await self._do(shares.invite, self.view.booking, invitation)
        if done:
            await self._toast(done)

    @rx.event
    @allow(Policy.GUARDIAN)
    async def stop(self) -> None:
        """Take the share back, or leave it."""
        if self.view.leaving:
            done = await self._do(shares.leave, self.view.booking)
            if done:
                await self._toast(done)
            return
        share = self.view.share
        done = await self._do(shares.revoke, share)
        if done:
            await self._toast(done, shares.give_back, share)
