"""Taking a place that is kept for the family, or giving it up."""

from dataclasses import replace
from typing import Annotated, Any

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field

from portal import routes
from portal.errors import PortalError
from portal.rows.offers import OfferSheet
from portal.services import place_offers, vouchers
from portal.state.base import look, words_of, write
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class CodeForm(BaseModel):
    """A voucher code, as a browser sends it."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=40)] = ""


class OfferState(SheetState, rx.State):
    """One sheet for the offer after a trial and for a place from a waiting list."""

    view: OfferSheet = OfferSheet()

    @rx.event
    @allow(Policy.FAMILY, booking=PublicId)
    async def see(self, booking: str) -> None:
        """What is offered, for how much, until when."""
        await self._open(place_offers.sheet, booking, "")

    @rx.event
    @allow(Policy.FAMILY, filled=CodeForm)
    async def use_code(self, filled: dict[str, Any]) -> None:
        """The price with this code, or without one; what does not fit is said beside it."""
        code = CodeForm.model_validate(filled).code.strip()
        try:
            if code:
                await write(vouchers.typed, code)
            self.view = await look(place_offers.sheet, self.view.booking, code)
        except PortalError as refusal:
            self.view = replace(self.view, code_error=words_of(refusal))
        self.problem = ""

    @rx.event
    @allow(Policy.FAMILY)
    async def accept(self) -> Any:
        """Take it for the price that was shown, and go to the booking that has it; refused, show what is true now."""
        seen = self.view
        here = seen.booking
        done = await self._do(place_offers.accept, seen)
        if done is None:
            await self._show_price(here, seen.code)
            return None
        await self._toast(done.words)
        return None if done.booking == here else rx.redirect(routes.booking(done.booking))

    async def _show_price(self, booking: str, code: str) -> None:
        """What is true now beside `problem`. The code itself may be what no longer fits: then without it."""
        if not self.is_open:
            return
        shown = [
            await self._look_again(place_offers.sheet, booking, one) for one in dict.fromkeys(("", code))
        ]
        if not any(shown):
            await self._leave()

    @rx.event
    @allow(Policy.FAMILY)
    async def decline(self) -> None:
        """Give it up."""
        done = await self._do(place_offers.decline, self.view.booking)
        if done is not None:
            await self._toast(done.words)
