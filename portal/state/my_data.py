"""Changing one's e-mail address, and asking that everything be erased."""

import asyncio
from typing import Annotated, Any, ClassVar

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field

from portal import clock
from portal.errors import PortalError
from portal.services import email_change, erasure
from portal.services.desk import Desk
from portal.services.email_change import Codes
from portal.settings import current
from portal.state.base import reload_page, words_of
from portal.state.guard import actor
from portal.state.policies import Policy, allow
from portal.state.sheet import SheetState


class EmailForm(BaseModel):
    """The first step's field."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=254)]


class CodesForm(BaseModel):
    """The second step's fields."""

    model_config = ConfigDict(extra="forbid")

    old_code: Annotated[str, Field(max_length=20)]
    new_code: Annotated[str, Field(max_length=20)]


class EmailChangeState(SheetState, rx.State):
    """One sheet in two steps; `view` is the new address once both have been written to."""

    view: str = ""
    outlives_reload: ClassVar[bool] = True

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def start(self) -> None:
        """Ask for the new address."""
        self.view, self.problem, self.is_open = "", "", True

    @rx.event
    @allow(Policy.SIGNED_IN)
    def close(self) -> None:
        """Nothing is changed."""
        self.is_open, self.problem = False, ""

    @rx.event
    @allow(Policy.SIGNED_IN, filled=EmailForm)
    async def ask(self, filled: dict[str, Any]) -> None:
        """Send a code to each address."""
        form = EmailForm.model_validate(filled)
        self.view = await self._try(email_change.ask, form.email) or ""

    @rx.event
    @allow(Policy.SIGNED_IN, filled=CodesForm)
    async def confirm(self, filled: dict[str, Any]) -> None:
        """Use the new address from now on."""
        form = CodesForm.model_validate(filled)
        email = await self._try(email_change.confirm, Codes(form.old_code, form.new_code))
        if email:
            self.is_open = False
            await self._toast(f"You sign in as {email} from now on.")
            await reload_page(self)

    async def _try(self, service: Any, given: Any) -> str | None:
        """The use case, which opens its own transactions, in a thread; None when it was refused."""
        self.problem = ""
        desk = Desk(current().portal_secret, current().portal_url)
        try:
            return str(await asyncio.to_thread(service, desk, actor(), given, clock.now()))
        except PortalError as refusal:
            self.problem = words_of(refusal)
            return None


class ErasureState(SheetState, rx.State):
    """Asks once more before anything is asked for."""

    view: str = ""

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def start(self) -> None:
        """Say what will be erased, and when."""
        self.is_open, self.problem = True, ""

    @rx.event
    @allow(Policy.SIGNED_IN)
    def close(self) -> None:
        """Nothing was asked for."""
        self.is_open, self.problem = False, ""

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def ask(self) -> None:
        """Ask for it."""
        await self._do(erasure.ask)
