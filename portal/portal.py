"""The composition root: pages, HTTP routes and what runs for the life of the process. Nobody imports it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import reflex as rx
from starlette.applications import Starlette

from portal import clock, db, routes
from portal.http import health
from portal.settings import current


@asynccontextmanager
async def open_house() -> AsyncIterator[None]:
    """The clock and the database, opened when the server starts and not when the front end is built."""
    clock.use_environment()
    db.bind(current().database_url)
    yield
    db.engine().dispose()


class Visits(rx.State):
    """Holds the first page until the portal has its own."""

    count: int = 0

    @rx.event
    def add(self) -> None:
        """Count one."""
        self.count += 1


def _index() -> rx.Component:
    return rx.el.main(rx.el.h1("Family Portal"), rx.el.button("Add", on_click=Visits.add), rx.el.output(Visits.count))


app = rx.App(api_transformer=[Starlette(routes=[*health.ROUTES])], html_lang="en-GB")
app.register_lifespan_task(open_house)
app.add_page(_index, route=routes.HOME, title="Family Portal")
