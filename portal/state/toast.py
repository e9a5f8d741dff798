"""The toast: what was just done, in a few words, with the way back where there is one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import reflex as rx

from portal import clock
from portal.errors import PortalError
from portal.state.base import reload_page, words_of, write
from portal.state.policies import Policy, allow

_READ_AFTER = timedelta(seconds=8)


class Toast(rx.State):
    """One at a time; the stylesheet lets it go after six seconds, unless it is pointed at or holds the focus."""

    words: str = ""
    can_undo: bool = False
    serial: int = 0
    """A new toast is a new element, so that its seconds begin again and it is read out."""
    _way_back: tuple[Callable[..., Any], tuple[Any, ...]] | None = None
    _said_at: datetime | None = None

    def _say(self, words: str, undo: Callable[..., Any] | None = None, *arguments: Any) -> None:
        """Show the words; `undo(db, actor, *arguments, now)` is the use case behind "Undo" and says new ones."""
        self.words, self.serial, self._said_at = words, self.serial + 1, clock.now()
        self._way_back = None if undo is None else (undo, arguments)
        self.can_undo = undo is not None

    @rx.event
    @allow(Policy.GUARDIAN)
    async def undo(self) -> None:
        """Take back what the toast tells of; what that is was kept here and is not the browser's to say."""
        if self._way_back is None:
            return
        service, arguments = self._way_back
        try:
            self._say(await write(service, *arguments))
        except PortalError as refusal:
            self._say(words_of(refusal))
        await reload_page(self)

    @rx.event
    @allow(Policy.PUBLIC)
    def arrive(self) -> None:
        """A page is opened: what was told a while ago has been read, and is not told again."""
        if self._said_at is None or clock.now() - self._said_at > _READ_AFTER:
            self.words, self.can_undo, self._way_back = "", False, None
