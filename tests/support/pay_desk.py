"""Paying over HTTP: the routes, a family with something to pay, and a gateway that may not answer."""

from contextlib import suppress
from dataclasses import dataclass

import httpx
from sqlmodel import col, select

from portal import db, routes
from portal.gateways import Asked, GatewayAway, Opened, Present, Standing
from portal.gateways.demo import SIGNATURE, DemoGateway
from portal.models.benefits import CreditEntryKind
from portal.models.checkouts import Checkout
from portal.models.commerce import Payment
from portal.services import credit
from portal.services.credit import Cause
from tests.factories import NOW, Household


class AwayGateway(DemoGateway):
    """One that does not answer while `away`."""

    away = False

    def open(self, asked: Asked) -> Opened:
        if self.away:
            raise GatewayAway
        return super().open(asked)

    def present(self, external_id: str) -> Present:
        if self.away:
            raise GatewayAway
        return super().present(external_id)


@dataclass
class Till:
    """The routes of paying, the family Vale with €62.00 and €86.00 to pay, and the gateway."""

    gateway: AwayGateway
    nora: httpx.AsyncClient
    stranger: httpx.AsyncClient
    family: Household
    payments: list[str]

    def stands(self) -> list[tuple[str, int]]:
        with db.reading() as session:
            found = session.exec(select(Payment).order_by(col(Payment.id))).all()
            return [(one.status, one.received_minor) for one in found]

    def visits(self) -> list[Checkout]:
        with db.reading() as session:
            return list(session.exec(select(Checkout).order_by(col(Checkout.id))).all())

    def credit(self, amount: int) -> None:
        with db.unit_of_work() as session:
            cause = Cause("Prepaid")
            credit.move(session, self.family.family_id, CreditEntryKind.PREPAID, amount, cause, NOW)

    def decided(self, external_id: str, standing: Standing) -> None:
        """Something happened at the gateway, and its message did not come through."""
        with suppress(GatewayAway):
            self.gateway.decide(external_id, standing)

    async def told(
        self, external_id: str, event_id: str = "evt_1", signature: bytes | None = None
    ) -> httpx.Response:
        body = f'{{"id": "{event_id}", "kind": "paid", "visit": "{external_id}"}}'.encode()
        by_it = self.gateway.signed(body)[SIGNATURE].encode() if signature is None else signature
        headers = {SIGNATURE.encode(): by_it}
        return await self.stranger.post(routes.WEBHOOK_DEMO, content=body, headers=headers)
