"""What is around every page, and the chosen member."""

import reflex as rx

from portal.rows.shell import ShellView
from portal.services import shell
from portal.state.base import PortalState
from portal.state.policies import Policy, PublicId, allow


class Shell(PortalState):
    """The frame's values; every page's load fills them together with its own."""

    view: ShellView = ShellView()

    @rx.event
    @allow(Policy.GUARDIAN, who=PublicId)
    async def choose(self, who: str) -> None:
        """Keep the chosen member with the login session; the browser has already filtered by itself."""
        await self._write(shell.choose_member, who)
