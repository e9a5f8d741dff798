"""What every state does the same way: who, call, tell, reload."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

import reflex as rx
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from portal import clock, i18n, routes
from portal.actor import Actor
from portal.changes import acting_window
from portal.db import reading, transact
from portal.errors import PortalError
from portal.rows.shell import ShellView
from portal.services.looks import Look, looks
from portal.services.member_choices import choices
from portal.state.guard import actor
from portal.state.live import hub
from portal.state.policies import Policy, PublicId, allow

_log = logging.getLogger(__name__)


class Shell(rx.State):
    """What is around every page; a page's load fills it together with its own rows."""

    view: ShellView = ShellView()

    @rx.event
    @allow(Policy.GUARDIAN, who=PublicId)
    def choose(self, who: str) -> None:
        """Keep the chosen member with the login session; the browser has already filtered by itself."""
        choices.note(actor().login_id or 0, who, acting_window.get())


class PageState(rx.State, mixin=True):
    """One page: `view` is what it shows, `service` reads it as `service(db, actor, now, asked)`.

    `status` is loading, ready, missing (not there, or not theirs) or error (it never could be read). A page
    that was read once stays ready with its last rows when reading it again goes wrong; `problem` says so.
    A window's events run one after another, so the last load asked for is the last one shown.
    """

    status: str = "loading"
    problem: str = ""
    path: str = ""
    """The address these rows are of: another booking's page waits for its own."""
    view: Any
    service: ClassVar[Callable[..., Any]]

    @rx.event
    @allow(Policy.GUARDIAN)
    async def load(self) -> None:
        """Read the page, and again whenever the live hub hints that something of it changed."""
        await self._read_again()

    async def _read_again(self) -> None:
        """Read the page of the address this window is at."""
        await self._look_again()
        self.path = self.router.url.path

    async def _look_again(self) -> None:
        """What the page shows stays while reading goes wrong."""
        frame = await self.get_state(Shell)
        since = hub.mark()
        try:
            found = await read(type(self).service, asked_of(self))
        except PortalError as refusal:
            self._tell(refusal)
            return
        except Exception:  # noqa: BLE001 - an error raised here would leave the window without a word
            _log.exception("%s could not be read", type(self).__name__)
            self._tell(PortalError())
            return
        window = self.router.session.client_token
        ask = format_event_handler(type(self).event_handlers["load"])
        hub.follow(window, found.topics, ask, since, found.changes_at)
        if found.shell != frame.view:
            frame.view = found.shell
        if found.view is None:
            # Perhaps it was theirs until now: nothing of it stays in the window.
            self.reset()
            self.status = "missing"
            return
        if found.view != self.view:
            self.view = found.view
        self.status, self.problem = "ready", ""

    async def _act(self, service: Callable[..., Any], *arguments: Any) -> None:
        """Do one thing, show what is true now, and if it was refused say why."""
        refused: PortalError | None = None
        try:
            await write(service, *arguments)
        except PortalError as refusal:
            refused = refusal
        await self._read_again()
        if refused is not None:
            self.problem = words_of(refused)

    def _tell(self, refusal: PortalError) -> None:
        """A refusal in the page's own words; what is shown stays."""
        self.problem = words_of(refusal)
        self.status = "ready" if self.status == "ready" else "error"


def asked_of(state: Any) -> dict[str, str]:
    """The page's parameters and query, as the client says them: never authority."""
    url = state.router.url
    return dict(url.query_parameters) | (routes.parameters(state.router.route_id, url.path) or {})


async def read(service: Callable[..., Any], asked: Mapping[str, str]) -> Look:
    """The frame and the page in one look at the database, in a thread."""
    return await asyncio.to_thread(_read, service, actor(), asked)


async def write(service: Callable[..., Any], *arguments: Any) -> Any:
    """One use case in one transaction, in a thread, as this event's actor. The handler reloads its page."""
    return await asyncio.to_thread(partial(_write, service, actor(), arguments))


async def look(service: Callable[..., Any], *arguments: Any) -> Any:
    """One look at the database for a part of a page, in a thread, as this event's actor."""
    return await asyncio.to_thread(partial(_look, service, actor(), arguments))


async def reload_page(state: rx.State) -> None:
    """Read again the page this window shows; for what is done in a sheet or a toast over it."""
    ask = hub.asks(state.router.session.client_token)
    if ask:
        page: Any = await state.get_state(RegistrationContext.get().event_handlers[ask].states[0])
        await page._read_again()  # noqa: SLF001 - every page's own way to read itself


def words_of(refusal: PortalError) -> str:
    """A refusal in the words of a family."""
    return i18n.say(refusal.message_key, refusal.values)


def _read(service: Callable[..., Any], who: Actor, asked: Mapping[str, str]) -> Look:
    with reading() as db:
        return looks.at(db, who, clock.now(), service, asked)


def _look(service: Callable[..., Any], who: Actor, arguments: tuple[Any, ...]) -> Any:
    with reading() as db:
        return service(db, who, *arguments, clock.now())


def _write(service: Callable[..., Any], who: Actor, arguments: tuple[Any, ...]) -> Any:
    return transact(lambda db: service(db, who, *arguments, clock.now()))
