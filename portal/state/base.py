"""What every state does the same way: who, call, tell, reload."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import reflex as rx


from portal import clock
from portal.db import reading, unit_of_work
from portal.errors import NotFound, PortalError
from portal.rows.shell import ShellView
from portal.services import shell
from portal.state.guard import actor
from portal.state.policies import Policy, PublicId, allow


class Shell(rx.State):
    """What is around every page; a page's load fills it together with its own rows."""

    view: ShellView = ShellView()

    @rx.event
    @allow(Policy.GUARDIAN, who=PublicId)
    async def choose(self, who: str) -> None:
        """Keep the chosen member with the login session; the browser has already filtered by itself."""
        await write(shell.choose_member, who)


class PageState(rx.State, mixin=True):
    """One page: `view` is what it shows, `service` reads it as `service(db, actor, now, asked)`."""

    status: str = "loading"
    problem: str = ""
    service: ClassVar[Callable[..., Any]]

    @rx.event
    @allow(Policy.GUARDIAN)
    async def load(self) -> None:
        """Read the page again."""
        await self._read_again()

    async def _read_again(self) -> None:
        """What the page shows stays while reading goes wrong."""
        frame = await self.get_state(Shell)
        try:
            frame.view, self.view = await read(type(self).service, asked_of(self))
            self.status, self.problem = "ready", ""
        except NotFound:
            self.status = "missing"
        except PortalError as refusal:
            self.status, self.problem = "failed", refusal.message_key


def asked_of(state: Any) -> dict[str, str]:
    """The page's parameters and query, as the client says them: never authority."""
    return {key: str(value) for key, value in state.router.page.params.items()}


async def read(service: Callable[..., Any], asked: Mapping[str, str]) -> tuple[ShellView, Any]:
    """The frame and the page in one look at the database, in a thread."""
    return await rx.run_in_thread(partial(_read, service, actor(), asked))


async def write(service: Callable[..., Any], *arguments: Any) -> Any:
    """One use case in one transaction, in a thread, as the actor of this event."""
    return await rx.run_in_thread(partial(_write, service, actor(), arguments))


def _read(service: Callable[..., Any], who: Any, asked: Mapping[str, str]) -> tuple[ShellView, Any]:
    now = clock.now()
    with reading() as db:
        return shell.read(db, who, now), service(db, who, now, asked)


def _write(service: Callable[..., Any], who: Any, arguments: tuple[Any, ...]) -> Any:
    with unit_of_work() as db:
        return service(db, who, *arguments, clock.now())


