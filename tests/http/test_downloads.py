"""Documents over HTTP: whose they are is read from the cookie, and from nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update
from sqlmodel import col
from starlette.applications import Starlette

from portal import db, routes
from portal.actor import SYSTEM
from portal.http import downloads
from portal.http.cookies import SESSION
from portal.models.bookings import Share
from portal.models.commerce import ItemKind
from portal.models.documents import Invoice
from portal.services import consents, logins, ordering, provider
from portal.services.consents import NewConsent
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.http.conftest import Configure, StillClock
from tests.support.pdfs import text_of
from tests.support.stories import shared_with_ruth

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    """A family with an invoice, another family, and an adult with a share that shows payments."""

    invoice: str
    vale: Household
    other: Household
    ruth_id: int
    app: httpx.AsyncClient

    async def get(self, guardian_id: int | None, path: str = "") -> httpx.Response:
        """As this guardian; signed out without one."""
        headers = {}
        if guardian_id is not None:
            with db.unit_of_work() as session:
                headers["Cookie"] = f"{SESSION}={logins.open_for_guardian(session, guardian_id, '', NOW)}"
        return await self.app.get(path or routes.document(self.invoice), headers=headers)


@pytest.fixture
async def desk(fresh_db: str, configured: Configure, still_clock: StillClock) -> AsyncIterator[Desk]:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale, other = world.family("Vale", "Mila"), world.family("Stone")
        booked = world.enrol(vale["Mila"], world.course())
        ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
        item = NewItem(ItemKind.BOOKING, "Little Waves 2", 12800, booking_id=booked.booking_id)
        ordering.place(session, SYSTEM, NewOrder(vale.family_id, [item], [DueDate(TODAY, TODAY)]), NOW)
        invoice = session.execute(select(col(Invoice.public_id))).scalar_one()
    transport = httpx.ASGITransport(Starlette(routes=downloads.ROUTES))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8300") as app:
        yield Desk(invoice, vale, other, ruth.guardian_id or 0, app)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_family_gets_its_invoice_under_a_clear_name_and_no_cache_keeps_it(desk: Desk) -> None:
    answer = await desk.get(desk.vale.guardian_id)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="invoice-INV-2026-0001.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert "INV-2026-0001" in text_of(answer.content)


async def test_it_is_the_same_file_each_time(desk: Desk) -> None:
    first, again = [await desk.get(desk.vale.guardian_id) for _ in range(2)]
    assert first.content == again.content


async def test_another_family_is_told_what_everybody_is_told_of_what_is_not_there(desk: Desk) -> None:
    theirs = await desk.get(desk.other.guardian_id)
    nobodys = await desk.get(desk.other.guardian_id, routes.document("notthereatall"))

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert theirs.headers == nobodys.headers


async def test_who_is_signed_out_is_asked_to_sign_in(desk: Desk) -> None:
    answer = await desk.get(None)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={routes.document(desk.invoice)}"
    assert answer.content == b""


async def test_who_has_consents_to_answer_answers_them_first(desk: Desk) -> None:
    with db.unit_of_work() as session:
        consents.publish(session, SYSTEM, NewConsent("gdpr", "Data", "", "Text", True, 1), NOW)
    answer = await desk.get(desk.vale.guardian_id)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/consent?next=")


async def test_a_cookie_of_nobody_opens_nothing(desk: Desk) -> None:
    answer = await desk.app.get(routes.document(desk.invoice), headers={"Cookie": f"{SESSION}=guessed"})
    assert answer.status_code == 303


async def test_a_share_with_payments_shows_it_until_it_is_taken_back(desk: Desk) -> None:
    assert (await desk.get(desk.ruth_id)).status_code == 200

    with db.unit_of_work() as session:
        session.execute(update(Share).values(revoked_at=NOW - timedelta(seconds=1)))
    assert (await desk.get(desk.ruth_id)).status_code == 404


async def test_a_share_without_payments_does_not(desk: Desk) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Share).values(sees_payments=False))
    assert (await desk.get(desk.ruth_id)).status_code == 404


async def test_a_provider_without_invoices_shows_none(desk: Desk) -> None:
    with db.unit_of_work() as session:
        provider.save(session, SYSTEM, {"invoices": False}, NOW)
    assert (await desk.get(desk.vale.guardian_id)).status_code == 404


async def test_a_database_that_is_away_is_said(desk: Desk) -> None:
    db.bind("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = await desk.app.get(routes.document(desk.invoice), headers={"Cookie": f"{SESSION}=any"})
    assert answer.status_code == 503
