"""What every sheet does the same way: open with what is true now, act once, say why not, close."""

from collections.abc import Callable
from typing import Any, ClassVar

import reflex as rx

from portal.errors import PortalError
from portal.state.base import look, reload_page, words_of, write
from portal.state.policies import Policy, allow
from portal.state.toast import Toast


class SheetState(rx.State, mixin=True):
    """One sheet: `view` is what it asks about. A state of a sheet says `class X(SheetState, rx.State)`."""

    is_open: bool = False
    problem: str = ""
    view: Any
    outlives_reload: ClassVar[bool] = False
    """Only a sheet for which one leaves the page, to read a code, is still there when the page is opened again."""

    @rx.event
    @allow(Policy.GUARDIAN)
    def close(self) -> None:
        """Nothing was done."""
        self.is_open, self.problem = False, ""

    async def _open(self, service: Callable[..., Any], *arguments: Any) -> None:
        """Show `service(db, actor, *arguments, now)`; what cannot be asked any more is said in a toast instead.

        An open sheet closes then: the toast would stand behind it, out of reach.
        """
        try:
            self.view = await look(service, *arguments)
        except PortalError as refusal:
            self.is_open = False
            await self._toast(words_of(refusal))
            await reload_page(self)
            return
        self.is_open, self.problem = True, ""

    async def _do(self, service: Callable[..., Any], *arguments: Any) -> Any:
        """Do it and close; a refusal stays in the open sheet as `problem` and gives None.

        A second press of the same button comes to a closed sheet and does nothing.
        """
        if not self.is_open:
            return None
        done = None
        try:
            done = await write(service, *arguments)
            self.is_open, self.problem = False, ""
        except PortalError as refusal:
            self.problem = words_of(refusal)
        await reload_page(self)
        return done

    async def _look_again(self, service: Callable[..., Any], *arguments: Any) -> bool:
        """Show what is true now beside `problem`; whether that can still be asked."""
        try:
            self.view = await look(service, *arguments)
        except PortalError:
            return False
        return True

    async def _look_or_leave(self, service: Callable[..., Any], *arguments: Any) -> None:
        """The same; where it cannot be asked any more, leave."""
        if self.is_open and not await self._look_again(service, *arguments):
            await self._leave()

    async def _leave(self) -> None:
        """Nothing is left to press; the toast says why."""
        self.is_open = False
        await self._toast(self.problem)

    async def _toast(self, words: str, undo: Callable[..., Any] | None = None, *arguments: Any) -> None:
        """Say what was done, with the way back."""
        (await self.get_state(Toast))._say(words, undo, *arguments)  # noqa: SLF001 - a window's states are one house
