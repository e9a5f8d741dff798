"""Stripe Checkout, by Stripe's own package."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import stripe as stripe_package
from stripe import StripeClient

from portal import money
from portal.gateways.gateway import (
    Asked,
    BadSignature,
    Event,
    GatewayAway,
    GatewayRefused,
    Opened,
    Present,
    Standing,
)

TIMEOUT = 10
"""Seconds for one request; a family waits for two of them at most."""
TOLERANCE = 300
"""Seconds for which a signature counts."""
_OF_SESSION = "checkout.session."
_OF_CHARGE = "charge."
_LOST = "lost"
_NOT_GIVEN = ("failed", "canceled")
LEAST = {
    "AED": 200,
    "AUD": 50,
    "BGN": 100,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "CZK": 1500,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "INR": 50,
    "JPY": 50,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "NZD": 50,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "SGD": 50,
    "THB": 1000,
    "USD": 50,
}
"""What Stripe publishes (docs.stripe.com/currencies): below these it refuses a charge. Of others it says nothing."""
WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
"""Stripe counts these in whole units, and all others that have no smaller coin (RSD, ISK) in hundredths."""
Result = TypeVar("Result")


class StripeGateway:
    """Sessions of Stripe Checkout; our id travels as client reference and idempotency key."""

    name = "stripe"
    pays_at = "https://checkout.stripe.com"

    def __init__(self, secret_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        self._webhook_secret = webhook_secret
        http = stripe_package.RequestsClient(timeout=TIMEOUT)
        bases: Any = {"api": api_base} if api_base else None
        self._client = StripeClient(secret_key, http_client=http, base_addresses=bases, max_network_retries=1)

    def least_minor(self, currency: str) -> int:
        """As published."""
        return LEAST.get(currency, 1)

    def open(self, asked: Asked) -> Opened:
        """A session with one line: what is asked for. Amounts come from the server alone."""
        product: Any = {"name": asked.words}
        price: Any = {
            "currency": asked.currency.lower(),
            "unit_amount": asked.amount_minor * _units(asked.currency),
            "product_data": product,
        }
        params: Any = {
            "mode": "payment",
            "client_reference_id": asked.key,
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": {"checkout": asked.key},
            "payment_intent_data": {"metadata": {"checkout": asked.key}},
            "success_url": asked.back_url,
            "cancel_url": asked.back_url,
            "expires_at": int(asked.expires_at.timestamp()),
        }
        if asked.email:
            params["customer_email"] = asked.email
        options: Any = {"idempotency_key": f"open-{asked.key}"}
        session = _asked(lambda: self._client.v1.checkout.sessions.create(params, options))
        if not session.url:
            raise GatewayAway
        return Opened(session.id, session.url)

    def close(self, external_id: str) -> None:
        """Expire the session; Stripe refuses for one that is complete or expired, which is as well."""
        try:
            self._client.v1.checkout.sessions.expire(external_id)
        except stripe_package.InvalidRequestError:
            return
        except stripe_package.StripeError:
            raise GatewayAway from None

    def verified(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Stripe's own check on the raw body; it says in many ways that something is no signature or no event."""
        signature = headers.get("stripe-signature", "")
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret, TOLERANCE)
            event_id, kind, thing = str(event.id), str(event.type), event.data.object
        except (ValueError, TypeError, AttributeError, stripe_package.SignatureVerificationError):
            raise BadSignature from None
        return Event(event_id, kind, self._session_of(kind, thing))

    def present(self, external_id: str) -> Present:
        """The session with its charge, fetched now."""
        expand: Any = {"expand": ["payment_intent.latest_charge"]}
        session: Any = _asked(lambda: self._client.v1.checkout.sessions.retrieve(external_id, expand))
        charge: Any = getattr(session.payment_intent, "latest_charge", None)
        paid, units = session.payment_status == "paid", _units(session.currency)
        return Present(
            external_id=session.id,
            key=str(session.client_reference_id or ""),
            standing=_standing(session),
            paid_minor=int(session.amount_total or 0) // units if paid else 0,
            refunded_minor=self._gone(charge) // units if paid else 0,
            currency=str(session.currency or "").upper(),
            given=self._given(charge) if paid else frozenset(),
        )

    def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """A refund of the session's payment, named by our key: Stripe forgets those of requests after a day."""
        expand: Any = {"expand": ["payment_intent.latest_charge"]}
        session: Any = _asked(lambda: self._client.v1.checkout.sessions.retrieve(external_id, expand))
        intent: Any = session.payment_intent
        if key in self._given(getattr(intent, "latest_charge", None)):
            return
        params: Any = {
            "payment_intent": getattr(intent, "id", None),
            "amount": amount_minor * _units(session.currency),
            "metadata": {"refund": key},
        }
        _asked(lambda: self._refunded(params, key))

    def _refunded(self, params: Any, key: str) -> Any:
        try:
            return self._client.v1.refunds.create(params, {"idempotency_key": f"refund-{key}"})
        except stripe_package.InvalidRequestError:
            # Given back already, charged back, too long ago: it would say the same for ever.
            raise GatewayRefused from None

    def _given(self, charge: Any) -> frozenset[str]:
        """Our keys of what was given back of it."""
        if charge is None or isinstance(charge, str) or not charge.amount_refunded:
            return frozenset()
        params: Any = {"charge": charge.id, "limit": 100}
        found = _asked(lambda: self._client.v1.refunds.list(params))
        done = (one for one in found.data if one.status not in _NOT_GIVEN)
        return frozenset(key for one in done if (key := getattr(one.metadata, "refund", "")))

    def _gone(self, charge: Any) -> int:
        """What went back to the payer for good: refunds, and disputes that are lost. One that is open may be won."""
        if charge is None or isinstance(charge, str):
            return 0
        gone = int(charge.amount_refunded)
        if charge.disputed:
            params: Any = {"charge": charge.id, "limit": 10}
            disputes = _asked(lambda: self._client.v1.disputes.list(params))
            gone += sum(int(one.amount) for one in disputes.data if one.status == _LOST)
        return min(gone, int(charge.amount))

    def _session_of(self, kind: str, thing: Any) -> str:
        """The session an event is about; of a charge or its dispute, the one that made its payment."""
        if kind.startswith(_OF_SESSION):
            return str(thing.id)
        intent = getattr(thing, "payment_intent", None)
        if not kind.startswith(_OF_CHARGE) or not intent:
            return ""
        params: Any = {"payment_intent": intent, "limit": 1}
        found = _asked(lambda: self._client.v1.checkout.sessions.list(params))
        return str(found.data[0].id) if found.data else ""


def _units(currency: str | None) -> int:
    """How many of what Stripe counts in make one of our minor units."""
    named = (currency or "").upper()
    return 1 if not named or named in WHOLE or money.decimals(named) else 100


def _standing(session: Any) -> Standing:
    if session.payment_status in ("paid", "no_payment_required"):
        return Standing.PAID
    if session.status == "complete":
        # Money that comes later (a direct debit) may also fail to come.
        failed = getattr(session.payment_intent, "status", "") in ("requires_payment_method", "canceled")
        return Standing.EXPIRED if failed else Standing.PROCESSING
    return Standing.EXPIRED if session.status == "expired" else Standing.OPEN


def _asked(ask: Callable[[], Result]) -> Result:
    try:
        return ask()
    except stripe_package.StripeError:
        raise GatewayAway from None
