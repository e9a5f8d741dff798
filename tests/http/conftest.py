"""The sign-in routes on a real application, spoken to over ASGI, with a clock that stands still."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from portal import clock, db, settings
from portal.channels import LogSender
from portal.gateways import registry
from portal.http import auth, consent, demo_inbox, demo_pay, gateway_webhooks, health, pay
from portal.http.link_page import LinkPage
from portal.jobs import deliver, keep_for_demo
from portal.models.commerce import Payment
from portal.rows.login import LoginView
from portal.services import demo_mail, logins, outbox
from portal.services.demo_mail import Mail
from tests.factories import NOW, Household, Otterbrook
from tests.support.pay_desk import AwayGateway, Till
from tests.support.windows import COOKIE

OURS = {"Origin": "http://localhost:8300"}
SECRET = "a-secret-of-tests-0123456789-abcdefghij"


@dataclass
class StillClock:
    """Time that passes when a test says so."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def still_clock() -> Iterator[StillClock]:
    made = StillClock()
    clock.use(made)
    yield made
    clock.use(None)


Configure = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """configured(PORTAL_URL=...): the settings of this process; a demo unless said otherwise."""

    def configure(**values: str) -> None:
        for name, value in {
            "PORTAL_DEMO": "1",
            "PORTAL_URL": OURS["Origin"],
            "PORTAL_SECRET": SECRET,
            **values,
        }.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    configure()
    yield configure
    settings.current.cache_clear()


@dataclass
class Portal:
    """The portal's routes; `family` is Nora Vale's."""

    app: Starlette
    family: Household
    clock: StillClock
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A browser with cookies of its own, on our own pages."""
        transport = httpx.ASGITransport(self.app, client=("192.0.2.7", 50000))
        origin = settings.current().portal_url
        client = httpx.AsyncClient(
            transport=transport, base_url=origin, headers={"Origin": origin, **headers}
        )
        self.clients.append(client)
        return client

    def newest_mail(self, to_address: str = "") -> Mail:
        """Send what waits in the outbox, as a worker would, and read the newest message."""
        with db.unit_of_work() as session:
            leased = outbox.lease(session, clock.now(), 100)
        for one in leased:
            deliver(LogSender(keep_for_demo), one)
        with db.reading() as session:
            return demo_mail.newest(session, to_address)[0]


@pytest.fixture
async def portal(fresh_db: str, configured: Configure, still_clock: StillClock) -> AsyncIterator[Portal]:
    with db.unit_of_work() as session:
        family = Otterbrook(session).family(email="nora@vale.example")
    link_page = LinkPage(_drawn)
    routes = [*auth.ROUTES, *consent.ROUTES, *demo_inbox.ROUTES, *health.ROUTES, *link_page.routes()]
    made = Portal(Starlette(routes=routes), family, still_clock)
    yield made
    for client in made.clients:
        await client.aclose()


def _drawn(view: LoginView) -> str:
    return f'<form data-step="{view.step}"><input name="token" value="{view.token}"></form>'


@pytest.fixture
async def till(
    fresh_db: str, configured: Configure, still_clock: StillClock, tmp_path: Path
) -> AsyncIterator[Till]:
    """The routes of paying, the Vales who owe two payments, and the demo's gateway."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale = world.family("Vale", "Mila")
        for amount in (6200, 8600):
            world.order(vale.family_id, amount)
        payments = list(session.exec(select(Payment.public_id).order_by(col(Payment.id))).all())
        login = logins.open_for_guardian(session, vale.guardian_id, "", NOW)
    gateway = AwayGateway(tmp_path, "a secret of tests", "http://127.0.0.1:9")
    registry.use({"demo": gateway})
    app = Starlette(routes=[*pay.ROUTES, *gateway_webhooks.ROUTES, *demo_pay.ROUTES])
    transport, url = httpx.ASGITransport(app), OURS["Origin"]
    async with (
        httpx.AsyncClient(transport=transport, base_url=url, headers=OURS, cookies={COOKIE: login}) as nora,
        httpx.AsyncClient(transport=transport, base_url=url) as stranger,
    ):
        yield Till(gateway, nora, stranger, vale, payments)
    registry.use({})
