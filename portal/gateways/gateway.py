"""What every payment gateway promises. Called in a thread; nothing here knows our tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from portal.errors import PortalError


class GatewayAway(PortalError):
    """The gateway did not answer, or not in a way that can be used."""

    message_key = "checkout.gateway_away"


class GatewayRefused(PortalError):
    """The gateway will not give this back, now or later."""

    message_key = "refunds.gateway_refused"


class BadSignature(Exception):
    """A message that the gateway did not sign, or signed too long ago."""


class Standing(StrEnum):
    """Where a visit stands, as the gateway says now."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Asked:
    """What a family is to pay. `key` is our own id of it: asked twice with the same key, it is opened once."""

    key: str
    amount_minor: int
    currency: str
    words: str
    email: str
    back_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """The gateway's id of the visit, and where the family goes."""

    external_id: str
    url: str


@dataclass(frozen=True)
class Event:
    """A verified message: a reason to look, and nothing to believe. `external_id` names the visit, if any."""

    event_id: str
    kind: str
    external_id: str


@dataclass(frozen=True)
class Present:
    """A visit as it stands now: the only thing that is believed. Amounts only ever grow."""

    external_id: str
    key: str
    standing: Standing
    paid_minor: int = 0
    refunded_minor: int = 0
    currency: str = ""
    given: frozenset[str] = frozenset()
    """The keys of refunds asked of it that are in what was refunded."""


class Gateway(Protocol):
    """One way of paying online."""

    name: str
    pays_at: str
    """The origin of its payment page; empty for our own."""

    def least_minor(self, currency: str) -> int:
        """The smallest amount it can be asked for, in minor units."""

    def open(self, asked: Asked) -> Opened:
        """Begin a visit; GatewayAway when it cannot be."""

    def close(self, external_id: str) -> None:
        """End a visit that is no longer wanted; one that is over already stays as it is."""

    def verified(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """The message, if the gateway signed exactly these bytes lately; BadSignature otherwise."""

    def present(self, external_id: str) -> Present:
        """The visit as it stands now; GatewayAway when that cannot be known."""

    def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Give money back to where it came from; asked twice with the same key, once. GatewayRefused for a no."""
