"""Paying over HTTP: the form, the way to the gateway and back, and what a gateway may tell."""

from pathlib import Path

import pytest

from portal import db, routes
from portal.actor import SYSTEM
from portal.gateways import Asked, Opened, Standing, registry
from portal.services import checkouts, credit, provider
from portal.services.checkouts import Wanted
from portal.services.desk import Desk
from tests.factories import NOW
from tests.http.conftest import OURS, Configure
from tests.support.pay_desk import AwayGateway, Till

pytestmark = pytest.mark.anyio
ALL = {"payments": "all"}


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


async def test_a_visit_begun_at_the_gateway_of_yesterday_is_ended_there(till: Till, tmp_path: Path) -> None:
    await till.nora.post(routes.PAY, data=ALL)
    before = till.visits()[0].external_id or ""
    # The provider has changed to another gateway; the old one is still listened to.
    today = AwayGateway(tmp_path / "today", "another secret", "http://127.0.0.1:9")
    today.name = "today"
    registry.use({"today": today, "demo": till.gateway})

    sent = await till.nora.post(routes.PAY, data=ALL)

    old, new = till.visits()
    assert [(one.gateway, one.status) for one in (old, new)] == [("demo", "expired"), ("today", "open")]
    assert sent.headers["location"].endswith(new.external_id or "-")
    assert till.gateway.present(before).standing is Standing.EXPIRED
    registry.use({"today": today})
    assert (await till.nora.post(routes.PAY, data={"payments": till.payments[0]})).status_code == 303


async def test_of_two_windows_that_press_at_once_one_leads_on_and_the_other_page_is_closed(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, opens = Wanted((checkouts.ALL,)), till.gateway.open

    def while_another_window_presses(asked: Asked) -> Opened:
        monkeypatch.setattr(till.gateway, "open", opens)
        with db.unit_of_work() as session:
            checkouts.begin(session, till.family.guardian, everything, "demo", Desk(), NOW)
        return opens(asked)

    monkeypatch.setattr(till.gateway, "open", while_another_window_presses)
    sent = await till.nora.post(routes.PAY, data=ALL)

    assert sent.headers["location"] == f"{routes.PAYMENTS}?problem=checkout.begun_elsewhere"
    first, second = till.visits()
    assert (first.status, second.status) == ("expired", "open")
    assert till.gateway.present(first.external_id or "").standing is Standing.EXPIRED


@pytest.mark.parametrize(
    ("shown", "leads_on"), [("14799", False), ("14800", True), ("99999", True), ("-1", True), ("€", True)]
)
async def test_no_more_is_paid_than_the_page_had_shown(till: Till, shown: str, leads_on: bool) -> None:
    till.credit(20000)
    sent = await till.nora.post(routes.PAY, data={**ALL, "credit": "yes", "shown": shown})

    assert sent.headers["location"] == (
        routes.PAYMENTS if leads_on else f"{routes.PAYMENTS}?problem=checkout.dearer"
    )
    assert till.stands() == ([("paid", 6200), ("paid", 8600)] if leads_on else [("unpaid", 0)] * 2)
