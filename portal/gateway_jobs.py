"""What a worker asks the gateways: how visits ended that nobody told of, and to give back what staff decided."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlmodel import Session

from portal.actor import SYSTEM
from portal.db import reading, transact
from portal.errors import PortalError
from portal.gateways import Event, Gateway, GatewayAway, Present, registry
from portal.services import (
    checkout_ends,
    checkout_events,
    refunds,
)
from portal.services.refunds import RefundAtGateway

_log = logging.getLogger(__name__)


def ask_gateways(now: datetime) -> None:
    """How visits ended that nobody has told us of: a message may be lost, and money is never. In a thread."""
    with reading() as db:
        waiting = checkout_ends.unheard_of(db, now)
    for name, external_id in waiting:
        gateway = registry.in_use().get(name)
        if gateway is None:
            continue
        with suppress(GatewayAway):
            _look(gateway, external_id, now)


def send_refunds(now: datetime) -> None:
    """Ask the gateways to give back what staff have decided, again until they have said so. In a thread."""
    with reading() as db:
        asked = refunds.unsettled(db, now)
        ways = [(one, refunds.paid_through(db, one.payment_id, one.amount_minor)) for one in asked]
    for one, way in ways:
        gateway = registry.in_use().get(way[0]) if way else None
        if gateway is None or way is None:
            _log.error("a refund waits for a gateway that is not set up")
            continue
        try:
            refunds.send(_refund_at(gateway, way[1]), SYSTEM, one, now)
            # The message that says so may be lost.
            _look(gateway, way[1], now, one.key)
        except PortalError as trouble:
            _log.warning("a refund was not taken by %s: %s", way[0], trouble.message_key)


def _refund_at(gateway: Gateway, external_id: str) -> RefundAtGateway:
    return lambda asked: gateway.refund(external_id, asked.amount_minor, asked.key)


def _look(gateway: Gateway, external_id: str, now: datetime, about: str = "") -> None:
    present = gateway.present(external_id)
    event = Event(f"asked:{external_id}:{now:%Y%m%d%H%M}:{about}"[:120], "asked", external_id)
    transact(partial(_take_in, gateway.name, event, present, now))


def _take_in(name: str, event: Event, present: Present, now: datetime, db: Session) -> bool:
    return checkout_events.take_in(db, name, event, present, now)
