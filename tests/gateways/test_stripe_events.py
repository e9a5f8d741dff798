"""Stripe's events: which visit each is about, and what is not believed."""

import time

import pytest

from portal.gateways import BadSignature, Event
from portal.gateways import stripe as adapter
from portal.gateways.stripe import StripeGateway
from tests.gateways.conftest import SECRET, WANTED
from tests.support.stripe_endpoint import StripeEndpoint, event, signature


@pytest.mark.parametrize(
    "outcome", ["completed", "async_payment_succeeded", "async_payment_failed", "expired"]
)
def test_an_event_of_a_session_names_it(
    stripe: StripeGateway, endpoint: StripeEndpoint, outcome: str
) -> None:
    visit = stripe.open(WANTED).external_id
    body = event(f"checkout.session.{outcome}", endpoint.sessions[visit], "evt_7")

    told = stripe.verified(body, signature(body, SECRET))

    assert told == Event("evt_7", f"checkout.session.{outcome}", visit)


def test_an_event_of_a_charge_or_its_dispute_leads_to_the_session(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    visit = stripe.open(WANTED).external_id
    charge = endpoint.pays(visit)
    dispute = {"id": "du_1", "object": "dispute", "charge": charge["id"], "amount": 14800}
    dispute["payment_intent"] = charge["payment_intent"]

    for kind, thing in (("charge.refunded", charge), ("charge.dispute.created", dispute)):
        body = event(kind, thing)
        assert stripe.verified(body, signature(body, SECRET)) == Event("evt_1", kind, visit)


def test_an_event_about_something_else_names_no_visit(
    stripe: StripeGateway, endpoint: StripeEndpoint
) -> None:
    elsewhere = {"id": "ch_9", "object": "charge", "payment_intent": "pi_of_another_shop"}
    without = {"id": "ch_9", "object": "charge", "payment_intent": None}
    customer = {"id": "cus_1", "object": "customer"}
    for kind, thing in (
        ("charge.refunded", elsewhere),
        ("charge.refunded", without),
        ("customer.created", customer),
    ):
        body = event(kind, thing)
        assert stripe.verified(body, signature(body, SECRET)).external_id == ""


def test_what_stripe_did_not_sign_lately_is_not_believed(stripe: StripeGateway) -> None:
    body = event("checkout.session.completed", {"id": "cs_test_001", "object": "checkout.session"})
    good = signature(body, SECRET)
    now = int(time.time())
    forged = [
        (body.replace(b"cs_test_001", b"cs_test_002"), good),
        (body + b" ", good),
        (body, signature(body, "whsec_of_others")),
        (body, signature(body, SECRET, now - adapter.TOLERANCE - 5)),
        (body, {"stripe-signature": good["stripe-signature"].replace("v1=", "v0=")}),
        (body, {"stripe-signature": f"t={now},v1=é"}),
        (body, {"stripe-signature": f"t=soon,{good['stripe-signature'].partition(',')[2]}"}),
        (body, {"stripe-signature": "nonsense"}),
        (body, {}),
    ]

    stripe.verified(body, good)
    for said, headers in forged:
        with pytest.raises(BadSignature):
            stripe.verified(said, headers)


def test_what_is_signed_and_cannot_be_read_is_not_believed_either(stripe: StripeGateway) -> None:
    for body in (b"", b"{", b"[]", b"{}", b"null", b"\xff", b'{"object": "event"}'):
        with pytest.raises(BadSignature):
            stripe.verified(body, signature(body, SECRET))
