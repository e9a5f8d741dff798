"""Paying online: one Protocol, and a gateway for each way of it."""

from portal.gateways.gateway import (
    Asked,
    BadSignature,
    Event,
    Gateway,
    GatewayAway,
    GatewayRefused,
    Opened,
    Present,
    Standing,
)

__all__ = [
    "Asked",
    "BadSignature",
    "Event",
    "Gateway",
    "GatewayAway",
    "GatewayRefused",
    "Opened",
    "Present",
    "Standing",
]
