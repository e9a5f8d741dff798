"""The sign-in page where no document brought it: the session ended while the portal was open."""

import asyncio
from datetime import datetime

import reflex as rx

from portal import clock
from portal.db import reading
from portal.rows.login import LoginView
from portal.services import login_page
from portal.settings import current
from portal.state.base import asked_of
from portal.state.guard import browser
from portal.state.policies import Policy, allow


class LoginState(rx.State):
    """One step of signing in; the forms are native."""

    view: LoginView = LoginView()

    @rx.event
    @allow(Policy.PUBLIC)
    async def load(self) -> None:
        """Read the step this browser is at; nothing here is about a family."""
        visitor = login_page.Visitor(demo=current().portal_demo, hashed=browser())
        self.view = await asyncio.to_thread(_read, visitor, clock.now(), asked_of(self))


def _read(visitor: login_page.Visitor, now: datetime, asked: dict[str, str]) -> LoginView:
    with reading() as db:
        return login_page.read(db, visitor, now, asked)
