"""Another buyer for an order, until its invoice is issued."""

from typing import Annotated, Any

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field

from portal.rows.buyers import BuyerSheet
from portal.rules.buyers import Buyer
from portal.services import buyers
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class BuyerForm(BaseModel):
    """The sheet's fields, as a browser sends them."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=160)] = ""
    address: Annotated[str, Field(max_length=300)] = ""
    company_id: Annotated[str, Field(max_length=40)] = ""
    vat_id: Annotated[str, Field(max_length=40)] = ""


class BuyerState(SheetState, rx.State):
    """The sheet; which order it is about was kept here when it was opened."""

    view: BuyerSheet = BuyerSheet()

    @rx.event
    @allow(Policy.FAMILY, order=PublicId)
    async def ask(self, order: str) -> None:
        """Show who the order is invoiced to, to change it."""
        await self._open(buyers.sheet, order)

    @rx.event
    @allow(Policy.FAMILY, filled=BuyerForm)
    async def save(self, filled: dict[str, Any]) -> None:
        """Invoice it to somebody else."""
        form = BuyerForm.model_validate(filled)
        buyer = Buyer(form.name, form.address, form.company_id, form.vat_id)
        done = await self._do(buyers.switch, self.view.order, buyer)
        if done:
            await self._toast(done)
