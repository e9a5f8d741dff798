"""Which gateway the settings mean. A new one is a module here and a line below."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal.gateways.demo import DemoGateway
from portal.gateways.gateway import Gateway
from portal.gateways.stripe import StripeGateway
from portal.keyed import keyed_hash

DEMO_FOLDER = "demo-gateway"
"""Where, beside its data, a demo notes who has paid."""


@dataclass(frozen=True)
class Till:
    """What the settings say about paying online."""

    portal_url: str
    portal_secret: str = field(repr=False)
    data_dir: Path
    demo: bool
    stripe_secret_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    stripe_api_base: str | None = None


def _stripe(till: Till) -> Gateway | None:
    if not till.stripe_secret_key or not till.stripe_webhook_secret:
        return None
    return StripeGateway(till.stripe_secret_key, till.stripe_webhook_secret, till.stripe_api_base)


def _demo(till: Till) -> Gateway | None:
    """In a demo and nowhere else: with it anybody can say that they have paid."""
    if not till.demo:
        return None
    secret = keyed_hash(till.portal_secret, "demo-gateway", till.portal_url)
    return DemoGateway(till.data_dir / DEMO_FOLDER, secret, till.portal_url)


GATEWAYS: dict[str, Callable[[Till], Gateway | None]] = {"stripe": _stripe, "demo": _demo}
"""In the order in which one is chosen: a demo with Stripe's test keys pays at Stripe."""


def gateways_for(till: Till) -> dict[str, Gateway]:
    """Every gateway that is set up, by name; families pay at the first, and all are listened to."""
    made = {name: make(till) for name, make in GATEWAYS.items()}
    return {name: gateway for name, gateway in made.items() if gateway is not None}


_in_use: dict[str, Gateway] = {}


def use(gateways: dict[str, Gateway]) -> None:
    """From now on this process's families pay here; the server says so when it starts, tests say so themselves."""
    _in_use.clear()
    _in_use.update(gateways)


def least_minor(name: str, currency: str) -> int:
    """The least that the gateway of this name can be asked for; of one that is not in use, anything."""
    gateway = _in_use.get(name)
    return gateway.least_minor(currency) if gateway else 1


def chosen() -> str:
    """The name of the gateway where families go; empty where nobody can pay online."""
    return next(iter(_in_use), "")


def in_use() -> dict[str, Gateway]:
    """All that are listened to, by name. Empty where nobody can pay online."""
    return dict(_in_use)
