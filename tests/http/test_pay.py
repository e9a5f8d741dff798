"""Paying over HTTP: the form, the way to the gateway and back, and what a gateway may tell."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from portal import db, routes
from portal.actor import SYSTEM
from portal.gateways import Asked, GatewayAway, Opened, Present, Standing, registry
from portal.gateways.demo import SIGNATURE, DemoGateway
from portal.http import demo_pay, gateway_webhooks, pay
from portal.models.benefits import CreditEntryKind
from portal.models.checkouts import Checkout
from portal.models.commerce import Payment
from portal.services import credit, logins, provider
from portal.services.credit import Cause
from tests.factories import NOW, Household, Otterbrook
from tests.http.conftest import OURS, Configure, StillClock
from tests.support.windows import COOKIE

pytestmark = pytest.mark.anyio
ALL = {"payments": "all"}


class AwayGateway(DemoGateway):
    """One that does not answer while `away`."""

    away = False

    def open(self, asked: Asked) -> Opened:
        if self.away:
            raise GatewayAway
        return super().open(asked)

    def present(self, external_id: str) -> Present:
        if self.away:
            raise GatewayAway
        return super().present(external_id)


@dataclass
class Till:
    """The routes of paying, the family Vale with €62.00 and €86.00 to pay, and the gateway."""

    gateway: AwayGateway
    nora: httpx.AsyncClient
    stranger: httpx.AsyncClient
    family: Household
    payments: list[str]

    def stands(self) -> list[tuple[str, int]]:
        with db.reading() as session:
            found = session.exec(select(Payment).order_by(col(Payment.id))).all()
            return [(one.status, one.received_minor) for one in found]

    def visits(self) -> list[Checkout]:
        with db.reading() as session:
            return list(session.exec(select(Checkout).order_by(col(Checkout.id))).all())

    def credit(self, amount: int) -> None:
        with db.unit_of_work() as session:
            cause = Cause("Prepaid")
            credit.move(session, self.family.family_id, CreditEntryKind.PREPAID, amount, cause, NOW)

    def decided(self, external_id: str, standing: Standing) -> None:
        """Something happened at the gateway, and its message did not come through."""
        with suppress(GatewayAway):
            self.gateway.decide(external_id, standing)

    async def told(
        self, external_id: str, event_id: str = "evt_1", signature: bytes | None = None
    ) -> httpx.Response:
        body = f'{{"id": "{event_id}", "kind": "paid", "visit": "{external_id}"}}'.encode()
        by_it = self.gateway.signed(body)[SIGNATURE].encode() if signature is None else signature
        headers = {SIGNATURE.encode(): by_it}
        return await self.stranger.post(routes.WEBHOOK_DEMO, content=body, headers=headers)


@pytest.fixture
async def till(
    fresh_db: str, configured: Configure, still_clock: StillClock, tmp_path: Path
) -> AsyncIterator[Till]:
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


async def test_the_form_leads_to_the_gateway_and_its_message_pays(till: Till) -> None:
    sent = await till.nora.post(routes.PAY, data=ALL)

    (visit,) = till.visits()
    assert (sent.status_code, sent.headers["location"]) == (303, f"{routes.DEMO_PAY}/{visit.external_id}")
    assert sent.headers["cache-control"] == "no-store"
    page = await till.nora.get(sent.headers["location"])
    assert (page.status_code, "€148.00" in page.text) == (200, True)
    assert till.stands() == [("unpaid", 0), ("unpaid", 0)]

    till.decided(visit.external_id or "", Standing.PAID)
    for event_id in ("evt_1", "evt_1", "evt_2"):
        assert (await till.told(visit.external_id or "", event_id)).status_code == 204

    assert till.stands() == [("paid", 6200), ("paid", 8600)]


async def test_one_payment_is_paid_alone_and_pressing_twice_is_one_visit(till: Till) -> None:
    sent = [await till.nora.post(routes.PAY, data={"payments": till.payments[1]}) for _ in range(2)]

    assert sent[0].headers["location"] == sent[1].headers["location"]
    assert [visit.amount_minor for visit in till.visits()] == [8600]


async def test_an_amount_in_the_form_is_not_read(till: Till) -> None:
    await till.nora.post(
        routes.PAY, data={**ALL, "amount": "1", "amount_minor": "1", "credit_minor": "14799"}
    )

    assert [(visit.amount_minor, visit.credit_minor) for visit in till.visits()] == [(14800, 0)]


async def test_credit_pays_a_part_or_everything(till: Till) -> None:
    till.credit(7000)

    await till.nora.post(routes.PAY, data={**ALL, "credit": "yes"})
    assert [(visit.amount_minor, visit.credit_minor) for visit in till.visits()] == [(7800, 7000)]
    sent = await till.nora.post(routes.PAY, data={"payments": till.payments[0], "credit": "yes"})

    assert sent.headers["location"] == routes.PAYMENTS
    assert till.stands() == [("paid", 6200), ("unpaid", 0)]
    assert till.visits()[0].status == "expired"
    assert till.gateway.present(till.visits()[0].external_id or "").standing is Standing.EXPIRED


async def test_a_refusal_is_said_on_the_payments_page(till: Till) -> None:
    with db.unit_of_work() as session:
        provider.save(session, SYSTEM, {"online_payment": False}, NOW)
    switched_off = await till.nora.post(routes.PAY, data=ALL)
    unknown = await till.nora.post(routes.PAY, data={"payments": f"{till.payments[0]} p2345"})
    nothing = await till.nora.post(routes.PAY, data={})

    assert switched_off.headers["location"] == f"{routes.PAYMENTS}?problem=checkout.not_offered"
    for sent in (unknown, nothing):
        assert sent.status_code == 303
        assert sent.headers["location"].startswith(f"{routes.PAYMENTS}?problem=")
    assert till.visits() == []


async def test_where_no_gateway_is_set_up_nobody_is_sent_anywhere(till: Till) -> None:
    registry.use({})

    sent = await till.nora.post(routes.PAY, data=ALL)

    assert sent.headers["location"] == f"{routes.PAYMENTS}?problem=checkout.not_ready"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://thief.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_a_form_of_another_site_is_refused(till: Till, headers: dict[str, str]) -> None:
    sent = await till.nora.post(routes.PAY, data=ALL, headers=headers)

    assert sent.headers["location"].startswith(f"{routes.PAYMENTS}?problem=")
    assert till.visits() == []


async def test_who_is_signed_out_signs_in_first(till: Till) -> None:
    sent = await till.stranger.post(routes.PAY, data=ALL, headers=OURS)

    assert (sent.status_code, sent.headers["location"]) == (303, f"{routes.LOGIN}?next=%2Fpayments")
    assert till.visits() == []


async def test_a_gateway_that_is_away_is_said_and_nothing_is_paid(till: Till) -> None:
    till.credit(2000)
    till.gateway.away = True
    sent = await till.nora.post(routes.PAY, data={**ALL, "credit": "yes"})

    assert sent.headers["location"] == f"{routes.PAYMENTS}?problem=checkout.gateway_away"
    assert till.stands() == [("unpaid", 0), ("unpaid", 0)]
    with db.reading() as session:
        assert credit.balance(session, till.family.family_id) == 2000
    till.gateway.away = False
    again = await till.nora.post(routes.PAY, data={**ALL, "credit": "yes"})
    assert again.headers["location"].startswith(routes.DEMO_PAY)
    assert [(visit.status, visit.credit_minor) for visit in till.visits()] == [
        ("expired", 2000),
        ("open", 2000),
    ]


async def test_a_message_that_is_not_the_gateways_is_refused(till: Till) -> None:
    await till.nora.post(routes.PAY, data=ALL)
    visit = till.visits()[0].external_id or ""
    till.decided(visit, Standing.PAID)

    for forged in (b"", b"1.\xe9", b"9" * 40 + b"." + b"0" * 64):
        assert (await till.told(visit, signature=forged)).status_code == 400
    other = DemoGateway(Path(), "another secret", "").signed(b"{}")
    assert (await till.stranger.post(routes.WEBHOOK_DEMO, content=b"{}", headers=other)).status_code == 400
    assert till.stands() == [("unpaid", 0), ("unpaid", 0)]


async def test_a_message_that_cannot_be_looked_into_is_asked_for_again(till: Till) -> None:
    await till.nora.post(routes.PAY, data=ALL)
    visit = till.visits()[0].external_id or ""
    till.decided(visit, Standing.PAID)

    till.gateway.away = True
    assert (await till.told(visit)).status_code == 503
    assert till.stands() == [("unpaid", 0), ("unpaid", 0)]
    till.gateway.away = False
    assert (await till.told(visit)).status_code == 204

    assert till.stands() == [("paid", 6200), ("paid", 8600)]


async def test_a_gateway_that_is_not_set_up_is_not_listened_to(till: Till) -> None:
    assert (await till.stranger.post(routes.WEBHOOK_STRIPE, content=b"{}")).status_code == 404


async def test_a_message_without_end_is_not_read(till: Till) -> None:
    endless = b" " * (600 * 1024)

    sent = await till.stranger.post(
        routes.WEBHOOK_DEMO, content=endless, headers=till.gateway.signed(endless)
    )

    assert sent.status_code == 413


async def test_the_demos_page_leads_back_and_is_there_in_a_demo_alone(
    till: Till, configured: Configure
) -> None:
    sent = await till.nora.post(routes.PAY, data=ALL)
    where = sent.headers["location"]
    back = f"{OURS['Origin']}{routes.checkout(till.visits()[0].public_id)}"

    unheard = await till.nora.post(where, data={"choice": "pay"})
    assert unheard.status_code == 502
    looked = await till.nora.get(where)
    assert (looked.status_code, looked.headers["location"]) == (303, back)
    assert (await till.nora.get(f"{routes.DEMO_PAY}/demo_{'0' * 32}")).status_code == 404
    mail = {"MAIL_URL": "smtp://mail.example", "MAIL_FROM": "hello@portal.example"}
    configured(PORTAL_DEMO="0", PORTAL_URL="https://portal.example", **mail)
    for answer in (await till.nora.get(where), await till.nora.post(where, data={"choice": "pay"})):
        assert answer.status_code == 404
