"""What a gateway tells over HTTP: believed when it is signed, looked into, and asked for again."""

from pathlib import Path

import pytest

from portal import routes
from portal.gateways import Standing
from portal.gateways.demo import DemoGateway
from tests.support.pay_desk import Till

pytestmark = pytest.mark.anyio


async def test_a_message_that_is_not_the_gateways_is_refused(till: Till) -> None:
    await till.nora.post(routes.PAY, data={"payments": "all"})
    visit = till.visits()[0].external_id or ""
    till.decided(visit, Standing.PAID)

    for forged in (b"", b"1.\xe9", b"9" * 40 + b"." + b"0" * 64):
        assert (await till.told(visit, signature=forged)).status_code == 400
    other = DemoGateway(Path(), "another secret", "").signed(b"{}")
    assert (await till.stranger.post(routes.WEBHOOK_DEMO, content=b"{}", headers=other)).status_code == 400
    assert till.stands() == [("unpaid", 0), ("unpaid", 0)]


async def test_a_message_that_cannot_be_looked_into_is_asked_for_again(till: Till) -> None:
    await till.nora.post(routes.PAY, data={"payments": "all"})
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
