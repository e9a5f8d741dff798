"""The consent record and the attendance statement, downloaded by whom they are about."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette

from portal import db, routes
from portal.actor import SYSTEM
from portal.http import downloads
from portal.http.cookies import SESSION
from portal.models.bookings import AttendanceStatus, Booking
from portal.models.commerce import ItemKind, PaymentMethod
from portal.services import consents, logins, ordering, payments_received
from portal.services.consents import NewConsent
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.http.conftest import Configure, StillClock
from tests.support.pdfs import text_of
from tests.support.stories import mark, shared_with_ruth

pytestmark = pytest.mark.anyio
TEXT = "We keep your names.\n\nYou may take this back at any time."


@dataclass
class Desk:
    """Nora Vale, whose daughter was at one of two sessions; somebody else; and an adult with a share."""

    vale: Household
    other: Household
    ruth_id: int
    statement: str
    app: httpx.AsyncClient

    async def get(self, guardian_id: int | None, path: str) -> httpx.Response:
        headers = {}
        if guardian_id is not None:
            with db.unit_of_work() as session:
                headers["Cookie"] = f"{SESSION}={logins.open_for_guardian(session, guardian_id, '', NOW)}"
        return await self.app.get(path, headers=headers)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def desk(fresh_db: str, configured: Configure, still_clock: StillClock) -> AsyncIterator[Desk]:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale, other = world.family("Vale"), world.family("Stone")
        juno = world.member(vale.family_id, "Juno", "Vale", birth_date=date(2019, 5, 31))
        course = world.course("Ballet Foundations", starts_on=TODAY - timedelta(days=14))
        booked = world.enrol(juno, course, NOW - timedelta(days=20))
        mark(world, booked.sessions[0].attendance_id, AttendanceStatus.ATTENDED)
        mark(world, booked.sessions[1].attendance_id, AttendanceStatus.MISSED)
        item = NewItem(ItemKind.BOOKING, "Ballet Foundations", 18600, booking_id=booked.booking_id)
        placed = ordering.place(
            session, SYSTEM, NewOrder(vale.family_id, [item], [DueDate(TODAY, TODAY)]), NOW
        )
        payments_received.receive(session, SYSTEM, placed.payment_ids[0], 18600, PaymentMethod.CARD, NOW)
        version = consents.publish(session, SYSTEM, NewConsent("gdpr", "Your data", "", TEXT, True, 1), NOW)
        for one in (vale, other):
            consents.answer(session, one.guardian_id, {version: True}, NOW)
        ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
        consents.answer(session, ruth.guardian_id or 0, {version: True}, NOW)
        public_id = session.execute(select(col(Booking.public_id))).scalar_one()
    transport = httpx.ASGITransport(Starlette(routes=downloads.ROUTES))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8300") as app:
        yield Desk(vale, other, ruth.guardian_id or 0, routes.attendance_statement(public_id), app)


async def test_a_consent_record_has_every_answer_with_the_text_as_it_was(desk: Desk) -> None:
    answer = await desk.get(desk.vale.guardian_id, routes.CONSENT_RECORD)

    assert answer.headers["content-disposition"] == 'inline; filename="consents.pdf"'
    found = text_of(answer.content)
    for said in (
        *("Consent record", "Nora Vale", desk.vale.email, "Your data"),
        *("Agreed on 12 March 2026, 14:10. Version 1, published 12 March 2026.", "We keep your names."),
        *("You may take this back at any time.", "Fingerprint of the text (SHA-256)"),
    ):
        assert said in found, said


async def test_a_consent_record_is_of_whoever_asks_and_of_nobody_else(desk: Desk) -> None:
    answer = await desk.get(desk.other.guardian_id, routes.CONSENT_RECORD)
    assert "Nora Stone" in text_of(answer.content)
    assert desk.vale.email not in text_of(answer.content)
    assert (await desk.get(None, routes.CONSENT_RECORD)).status_code == 303


async def test_a_statement_says_who_attended_what_and_what_was_paid(desk: Desk) -> None:
    answer = await desk.get(desk.vale.guardian_id, desk.statement)

    found = text_of(answer.content)
    for said in (
        *("Attendance statement", "Juno Vale", "Born 31 May 2019", "Ballet Foundations"),
        *("Attended 1 of 2 sessions until now.", "26 February 2026", "16:30 to 17:00", "Attended", "Missed"),
        *("Paid €186.00 in all.", "By card", "OT2001-1"),
    ):
        assert said in found, said
    assert "19 March 2026" not in found, "what is to come cannot be attested"


async def test_a_statement_is_the_familys_alone(desk: Desk) -> None:
    assert (await desk.get(desk.other.guardian_id, desk.statement)).status_code == 404
    assert (await desk.get(desk.ruth_id, desk.statement)).status_code == 404
    assert (await desk.get(None, desk.statement)).status_code == 303
    nothing = routes.attendance_statement("notthereatall")
    assert (await desk.get(desk.vale.guardian_id, nothing)).status_code == 404
