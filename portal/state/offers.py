"""Taking a place that is kept for the family, or giving it up."""

from typing import Any

import reflex as rx

from portal import routes
from portal.rows.offers import OfferSheet
from portal.services import place_offers
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class OfferState(SheetState, rx.State):
    """One sheet for the offer after a trial and for a place from a waiting list."""

    view: OfferSheet = OfferSheet()

    @rx.event
    @allow(Policy.FAMILY, booking=PublicId)
    async def see(self, booking: str) -> None:
        """What is offered, for how much, until when."""
        await self._open(place_offers.sheet, booking)

    @rx.event
    @allow(Policy.FAMILY)
    async def accept(self) -> Any:
        """Take it, and go to the booking that has it."""
        here = self.view.booking
        done = await self._do(place_offers.accept, here)
        if done is None:
            return None
        await self._toast(done.words)
        return None if done.booking == here else rx.redirect(routes.booking(done.booking))

    @rx.event
    @allow(Policy.FAMILY)
    async def decline(self) -> None:
        """Give it up."""
        done = await self._do(place_offers.decline, self.view.booking)
        if done is not None:
            await self._toast(done.words)
