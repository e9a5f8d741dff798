"""Stripe's own package and a loopback endpoint it speaks to."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from stripe._http_client import HTTPClient

from portal.gateways import Asked
from portal.gateways import stripe as adapter
from portal.gateways.stripe import StripeGateway
from tests.support.stripe_endpoint import StripeEndpoint, stripe_endpoint

SECRET = "whsec_of_tests"
WANTED = Asked(
    key="ch2345",
    amount_minor=14800,
    currency="EUR",
    words="2 payments, Otterbrook",
    email="nora@vale.example",
    back_url="https://portal.example/payments?checkout=ch2345",
    expires_at=datetime(2026, 3, 12, 13, 50, tzinfo=UTC),
)


@pytest.fixture
def endpoint() -> Iterator[StripeEndpoint]:
    """Stripe on this machine alone."""
    with stripe_endpoint() as listening:
        yield listening


@pytest.fixture
def stripe(endpoint: StripeEndpoint, monkeypatch: pytest.MonkeyPatch) -> StripeGateway:
    """The adapter as in use, but for its patience."""
    monkeypatch.setattr(adapter, "TIMEOUT", 0.3)
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.01)
    return StripeGateway("sk_test_of_tests", SECRET, endpoint.url)
