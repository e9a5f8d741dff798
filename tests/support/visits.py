"""Visits to the demo's gateway as they go on there, and the messages about them: known before they are sent."""

import json
from dataclasses import dataclass, field
from threading import Lock

from portal import db
from portal.gateways import Standing
from portal.gateways.demo import DemoGateway
from portal.models.benefits import CreditEntryKind
from portal.services import checkouts, credit
from portal.services.checkouts import Wanted
from portal.services.credit import Cause
from tests.factories import NOW, Otterbrook
from tests.support.being_told import DESK

CREDIT = 500
FATES = ("paid", "paid with credit", "refunded in part", "refunded", "failed")


class QuietGateway(DemoGateway):
    """It tells nobody: the messages are sent by the proof."""

    def _tell(self, external_id: str, kind: str, key: str) -> None:
        """Kept quiet."""


@dataclass(frozen=True)
class Outcome:
    """Everything that came of one visit, in minor units."""

    standing: str
    received: int = 0
    refunded: int = 0
    credit_used: int = 0
    balance: int = 0


@dataclass
class PlannedVisit:
    """One visit and what is to happen in it: on its way, then paid or failed, then perhaps refunded."""

    family_id: int
    external_id: str
    asked_minor: int
    fate: str
    stage: int = 0
    lock: Lock = field(default_factory=Lock)

    def reach(self, gateway: DemoGateway, stage: int) -> None:
        """What a message of this stage is about has happened at the gateway, before it is sent."""
        with self.lock:
            for at in range(self.stage, stage):
                self._happens(gateway, at)
            self.stage = max(self.stage, stage)

    def message(self, stage: int) -> bytes:
        said = {"id": f"evt_{self.external_id}_{stage}", "kind": f"stage {stage}", "visit": self.external_id}
        return json.dumps(said).encode()

    def outcome(self) -> Outcome:
        """What must come of it, counted without the portal."""
        if self.fate == "failed":
            return Outcome("expired")
        paid, with_credit = self.asked_minor, self.fate == "paid with credit"
        refunded = {"refunded in part": 1000, "refunded": paid}.get(self.fate, 0)
        return Outcome("paid", paid, refunded, CREDIT if with_credit else 0)

    def _happens(self, gateway: DemoGateway, at: int) -> None:
        if at == 0:
            gateway.decide(self.external_id, Standing.PROCESSING)
        elif at == 1:
            failed = self.fate == "failed"
            gateway.decide(self.external_id, Standing.EXPIRED if failed else Standing.PAID)
        elif self.outcome().refunded:
            gateway.refund(self.external_id, self.outcome().refunded, "once")


def planned(gateway: DemoGateway, so_many: int) -> list[PlannedVisit]:
    """Families with two payments each, all of them at the gateway's page; fates in turn."""
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        return [_at_the_page(world, gateway, number) for number in range(so_many)]


def _at_the_page(world: Otterbrook, gateway: DemoGateway, number: int) -> PlannedVisit:
    fate, family = FATES[number % len(FATES)], world.family("Vale")
    for amount in (6200 + number, 8600):
        world.order(family.family_id, amount)
    with_credit = fate == "paid with credit"
    if with_credit:
        credit.move(world.db, family.family_id, CreditEntryKind.PREPAID, CREDIT, Cause("Prepaid"), NOW)
    wanted = Wanted((checkouts.ALL,), with_credit)
    begun = checkouts.begin(world.db, family.guardian, wanted, "demo", DESK, NOW)
    assert begun.asked
    opened = gateway.open(begun.asked)
    checkouts.opened(world.db, begun.checkout, opened)
    return PlannedVisit(family.family_id, opened.external_id, begun.asked.amount_minor, fate)
