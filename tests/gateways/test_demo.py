"""The demo's gateway: what it keeps, what it signs, and that it exists in a demo only."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from portal import routes
from portal.gateways import Asked, BadSignature, Event, GatewayAway, GatewayRefused, Present, Standing
from portal.gateways.demo import SIGNATURE, TOLERANCE, DemoGateway
from portal.gateways.registry import Till, gateways_for
from portal.gateways.stripe import StripeGateway
from tests.factories import NOW

PORTAL = "https://portal.example"
WANTED = Asked(
    "ch2345", 14800, "EUR", "2 payments", "nora@vale.example", f"{PORTAL}/payments", NOW + timedelta(hours=1)
)
BODY = b'{"id": "evt_1", "kind": "paid", "visit": "demo_1"}'
Told = list[tuple[bytes, dict[str, str]]]


@pytest.fixture
def gateway(tmp_path: Path) -> DemoGateway:
    return DemoGateway(tmp_path / "visits", "a secret", PORTAL)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the portal was told: bodies and headers."""
    heard: Told = []

    def post(url: str, *, content: bytes, headers: dict[str, str], timeout: float) -> httpx.Response:
        heard.append((content, headers))
        return httpx.Response(204, request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx, "post", post)
    return heard


def test_a_visit_lives_from_its_opening_to_its_refund(gateway: DemoGateway, told: Told) -> None:
    opened = gateway.open(WANTED)
    visit = opened.external_id
    still_open = Present(visit, "ch2345", Standing.OPEN, currency="EUR")
    assert opened.url == f"{routes.DEMO_PAY}/{visit}"
    assert gateway.present(visit) == still_open

    assert gateway.on_their_way() == []
    gateway.decide(visit, Standing.PROCESSING)
    assert [one.external_id for one in gateway.on_their_way()] == [visit]
    assert gateway.present(visit) == replace(still_open, standing=Standing.PROCESSING)
    gateway.decide(visit, Standing.PAID)
    paid = replace(still_open, standing=Standing.PAID, paid_minor=14800)
    assert gateway.present(visit) == paid
    assert gateway.on_their_way() == []
    for key, amount in (("r1", 10000), ("r1", 10000), ("r2", 4800)):
        gateway.refund(visit, amount, key)
    assert gateway.present(visit) == replace(paid, refunded_minor=14800, given=frozenset({"r1", "r2"}))
    with pytest.raises(GatewayRefused):
        gateway.refund(visit, 1, "r3")

    events = [gateway.verified(body, headers) for body, headers in told]
    assert [one.kind for one in events] == ["processing", "paid", "refunded", "refunded", "refunded"]
    assert {one.external_id for one in events} == {visit}
    assert len({one.event_id for one in events}) == 4


def test_asked_twice_with_the_same_key_it_is_opened_once(
    gateway: DemoGateway, told: Told, tmp_path: Path
) -> None:
    first = gateway.open(WANTED)
    gateway.decide(first.external_id, Standing.PAID)

    assert gateway.open(replace(WANTED, amount_minor=1)) == first
    assert gateway.present(first.external_id).paid_minor == 14800
    assert gateway.open(replace(WANTED, key="ch2346")).external_id != first.external_id
    assert len(list((tmp_path / "visits").iterdir())) == 2


def test_asked_twice_with_the_same_key_it_is_refunded_once(
    gateway: DemoGateway, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = gateway.open(WANTED).external_id
    gateway.decide(visit, Standing.PAID)

    with monkeypatch.context() as away:
        away.setattr(httpx, "post", _nobody_hears)
        with pytest.raises(GatewayAway):
            gateway.refund(visit, 5000, "r1")
    gateway.refund(visit, 5000, "r1")

    assert gateway.present(visit).refunded_minor == 5000
    assert [gateway.verified(*one).kind for one in told] == ["paid", "refunded"]
    gateway.refund(visit, 4000, "r2")
    assert gateway.present(visit).refunded_minor == 9000


def _nobody_hears(url: str, **_said: object) -> httpx.Response:
    raise httpx.ConnectError(url)


@pytest.mark.parametrize("ended", [Standing.PAID, Standing.EXPIRED])
def test_what_has_ended_stays_as_it_is(gateway: DemoGateway, told: Told, ended: Standing) -> None:
    visit = gateway.open(WANTED).external_id
    gateway.decide(visit, ended)

    for other in Standing:
        gateway.decide(visit, other)
    gateway.close(visit)

    assert gateway.present(visit).standing is ended


def test_a_visit_nobody_wants_is_ended(gateway: DemoGateway) -> None:
    visit = gateway.open(WANTED).external_id

    gateway.close(visit)
    gateway.close("demo_of_nobody")

    assert gateway.present(visit).standing is Standing.EXPIRED


def test_what_was_never_opened_or_never_paid_is_refused(gateway: DemoGateway) -> None:
    visit = gateway.open(WANTED).external_id

    for unknown in ("demo_" + "0" * 32, "../../etc/passwd", ""):
        assert gateway.visit(unknown) is None
        assert gateway.decide(unknown, Standing.PAID) is None
        with pytest.raises(GatewayAway):
            gateway.present(unknown)
    with pytest.raises(GatewayAway):
        gateway.refund(visit, 100, "r1")


def test_a_portal_that_does_not_answer_is_said(tmp_path: Path) -> None:
    alone = DemoGateway(tmp_path, "a secret", "http://127.0.0.1:9")
    visit = alone.open(WANTED).external_id

    with pytest.raises(GatewayAway):
        alone.decide(visit, Standing.PAID)

    assert alone.present(visit).standing is Standing.PAID


def test_its_signature_holds_for_these_bytes_and_five_minutes(gateway: DemoGateway, tmp_path: Path) -> None:
    now = int(time.time())
    good = gateway.signed(BODY)
    other = DemoGateway(tmp_path, "another secret", PORTAL).signed(BODY)
    stamp, _, signature = good[SIGNATURE].partition(".")
    forged = [
        (BODY.replace(b"demo_1", b"demo_2"), good),
        (BODY + b" ", good),
        (BODY, other),
        (BODY, gateway.signed(BODY, now - TOLERANCE - 5)),
        (BODY, gateway.signed(BODY, now + TOLERANCE + 5)),
        (BODY, {SIGNATURE: f"{int(stamp) + 1}.{signature}"}),
        (BODY, {SIGNATURE: f"²{stamp}.{signature}"}),
        (BODY, {SIGNATURE: f"{'9' * 5000}.{signature}"}),
        (BODY, {SIGNATURE: f"{stamp}.é"}),
        (BODY, {SIGNATURE: signature}),
        (BODY, {}),
    ]

    assert gateway.verified(BODY, good) == Event("evt_1", "paid", "demo_1")
    assert gateway.verified(BODY, gateway.signed(BODY, now - TOLERANCE + 5))
    for body, headers in forged:
        with pytest.raises(BadSignature):
            gateway.verified(body, headers)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"null", b"\xff"])
def test_what_is_signed_and_cannot_be_read_is_not_believed(gateway: DemoGateway, body: bytes) -> None:
    with pytest.raises(BadSignature):
        gateway.verified(body, gateway.signed(body))


TillOf = Callable[..., Till]


@pytest.fixture
def till(tmp_path: Path) -> TillOf:
    def made(*, demo: bool, stripe: bool = False) -> Till:
        keys = ("sk_test_1", "whsec_1") if stripe else (None, None)
        return Till(PORTAL, "a secret of the portal", tmp_path, demo, *keys)

    return made


def test_the_demos_gateway_is_there_in_a_demo_alone(till: TillOf) -> None:
    assert list(gateways_for(till(demo=True))) == ["demo"]
    assert gateways_for(till(demo=False)) == {}
    assert list(gateways_for(till(demo=False, stripe=True))) == ["stripe"]


def test_with_stripes_keys_a_demo_pays_at_stripe_first(till: TillOf) -> None:
    found = gateways_for(till(demo=True, stripe=True))

    assert list(found) == ["stripe", "demo"]
    assert isinstance(found["stripe"], StripeGateway)


def test_half_of_stripes_keys_are_no_gateway(till: TillOf) -> None:
    assert gateways_for(replace(till(demo=False, stripe=True), stripe_webhook_secret=None)) == {}
    assert gateways_for(replace(till(demo=False, stripe=True), stripe_secret_key=None)) == {}


def test_every_portal_has_a_secret_of_its_own(till: TillOf) -> None:
    ours = gateways_for(till(demo=True))["demo"]
    theirs = gateways_for(replace(till(demo=True), portal_secret="a secret of another portal"))["demo"]
    assert isinstance(theirs, DemoGateway)

    with pytest.raises(BadSignature):
        ours.verified(BODY, theirs.signed(BODY))


def test_no_secret_is_in_what_is_printed_of_the_till(till: TillOf) -> None:
    printed = repr(till(demo=True, stripe=True))

    assert not [secret for secret in ("sk_test", "whsec", "a secret") if secret in printed]
