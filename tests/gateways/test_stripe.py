"""Stripe's own package, its client pointed at a loopback endpoint: what it sends, what it is told, who signed."""

from dataclasses import replace

import pytest
from stripe._http_client import HTTPClient

from portal.gateways import GatewayAway, GatewayRefused, Present, Standing
from portal.gateways.stripe import StripeGateway
from tests.gateways.conftest import SECRET, WANTED
from tests.support.stripe_endpoint import SESSIONS, StripeEndpoint


def test_a_session_is_opened_with_the_servers_amount_and_our_id(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    opened = stripe.open(WANTED)

    (asked,) = endpoint.asked
    assert (asked.method, asked.path) == ("POST", SESSIONS)
    assert asked.headers["authorization"] == "Bearer sk_test_of_tests"
    assert asked.headers["idempotency-key"] == "open-ch2345"
    assert asked.fields == {
        "mode": "payment",
        "client_reference_id": "ch2345",
        "customer_email": "nora@vale.example",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "14800",
        "line_items[0][price_data][product_data][name]": "2 payments, Otterbrook",
        "metadata[checkout]": "ch2345",
        "payment_intent_data[metadata][checkout]": "ch2345",
        "success_url": WANTED.back_url,
        "cancel_url": WANTED.back_url,
        "expires_at": "1773323400",
    }
    assert (opened.external_id, opened.url) == (
        "cs_test_001",
        "https://checkout.stripe.com/c/pay/cs_test_001",
    )


def test_the_least_it_can_be_asked_for_is_what_stripe_publishes(stripe: StripeGateway) -> None:
    least = {currency: stripe.least_minor(currency) for currency in ("EUR", "GBP", "CZK", "JPY", "XAF")}

    assert least == {"EUR": 50, "GBP": 30, "CZK": 1500, "JPY": 50, "XAF": 1}


@pytest.mark.parametrize(
    ("currency", "asked"), [("RSD", 860_000), ("ISK", 860_000), ("JPY", 8600), ("CZK", 8600)]
)
def test_a_currency_without_a_smaller_coin_is_counted_as_stripe_counts_it(
    stripe: StripeGateway, endpoint: StripeEndpoint, currency: str, asked: int
) -> None:
    visit = stripe.open(replace(WANTED, amount_minor=8600, currency=currency)).external_id
    assert endpoint.sessions[visit]["amount_total"] == asked
    endpoint.pays(visit)
    stripe.refund(visit, 100, "r1")

    assert endpoint.refunds[0]["amount"] * 86 == asked
    present = stripe.present(visit)
    assert (present.paid_minor, present.refunded_minor, present.currency) == (8600, 100, currency)


def test_asked_twice_with_the_same_key_it_is_opened_once(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    assert stripe.open(WANTED) == stripe.open(WANTED)
    stripe.open(replace(WANTED, key="ch2346"))

    assert list(endpoint.sessions) == ["cs_test_001", "cs_test_002"]


def test_a_moment_of_trouble_is_tried_again_with_the_same_key(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    endpoint.once = 500

    stripe.open(WANTED)

    assert [one.headers["idempotency-key"] for one in endpoint.asked] == ["open-ch2345"] * 2
    assert len(endpoint.sessions) == 1


def test_a_visit_is_what_stripe_says_when_it_is_asked(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    visit = stripe.open(WANTED).external_id
    nothing_yet = Present(visit, "ch2345", Standing.OPEN, currency="EUR")
    assert stripe.present(visit) == nothing_yet

    endpoint.pays(visit, "processing")
    assert stripe.present(visit) == replace(nothing_yet, standing=Standing.PROCESSING)
    endpoint.pays(visit, "requires_payment_method")
    assert stripe.present(visit) == replace(nothing_yet, standing=Standing.EXPIRED)

    charge = endpoint.pays(visit)
    paid = replace(nothing_yet, standing=Standing.PAID, paid_minor=14800)
    assert stripe.present(visit) == paid
    charge["amount_refunded"] = 4800
    assert stripe.present(visit) == replace(paid, refunded_minor=4800)
    charge["disputed"] = True
    dispute = {"id": "du_1", "object": "dispute", "amount": 10000, "status": "needs_response"}
    endpoint.disputes.append(dispute)
    for status, gone in (("needs_response", 4800), ("won", 4800), ("lost", 14800)):
        dispute["status"] = status
        assert stripe.present(visit) == replace(paid, refunded_minor=gone)


def test_a_visit_nobody_wants_is_ended_and_one_that_is_over_stays_as_it_is(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    first, second = stripe.open(WANTED), stripe.open(replace(WANTED, key="ch2346"))
    endpoint.pays(second.external_id)

    for visit in (first, first, second):
        stripe.close(visit.external_id)

    assert stripe.present(first.external_id).standing is Standing.EXPIRED
    assert stripe.present(second.external_id).standing is Standing.PAID


def test_money_goes_back_once_for_each_key(stripe: StripeGateway, endpoint: StripeEndpoint) -> None:
    visit = stripe.open(WANTED).external_id
    endpoint.pays(visit)

    for key in ("r1", "r1", "r2"):
        stripe.refund(visit, 1000, key)

    assert [one["amount"] for one in endpoint.refunds] == [1000, 1000]
    assert endpoint.asked[-1].headers["idempotency-key"] == "refund-r2"
    now = stripe.present(visit)
    assert (now.refunded_minor, now.given) == (2000, frozenset({"r1", "r2"}))


def test_money_goes_back_once_though_stripe_has_forgotten_the_key_of_the_request(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    visit = stripe.open(WANTED).external_id
    endpoint.pays(visit)
    stripe.refund(visit, 1000, "r1")
    endpoint.kept.clear()

    stripe.refund(visit, 1000, "r1")

    assert stripe.present(visit).refunded_minor == 1000


def test_what_stripe_will_not_give_back_is_refused_and_not_trouble(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    visit = stripe.open(WANTED).external_id
    endpoint.pays(visit)
    stripe.refund(visit, 14000, "r1")

    with pytest.raises(GatewayRefused):
        stripe.refund(visit, 1000, "r2")

    assert stripe.present(visit).refunded_minor == 14000


@pytest.mark.parametrize("trouble", [400, 401, 402, 404, 429, 500, 503, "hang"])
def test_trouble_at_stripe_is_said_to_be_that(
    stripe: StripeGateway, endpoint: StripeEndpoint, trouble: int | str
) -> None:
    visit = stripe.open(WANTED).external_id
    endpoint.trouble = trouble

    for ask in (
        lambda: stripe.open(WANTED),
        lambda: stripe.present(visit),
        lambda: stripe.refund(visit, 1000, "r1"),
    ):
        with pytest.raises(GatewayAway):
            ask()
    assert endpoint.refunds == []


def test_nobody_listening_is_the_same(endpoint: StripeEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.01)
    nowhere = StripeGateway("sk_test_of_tests", SECRET, "http://127.0.0.1:9")

    for ask in (lambda: nowhere.open(WANTED), lambda: nowhere.close("cs_test_001")):
        with pytest.raises(GatewayAway):
            ask()
