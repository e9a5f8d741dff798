"""What a gateway tells, in copies, out of order, to workers that die: one ledger comes of it, to the cent."""

import os
import random
import signal
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from sqlmodel import col, func, select

from portal import db, routes
from portal.gateways.demo import DemoGateway
from portal.keyed import keyed_hash
from portal.models.benefits import CreditEntry
from portal.models.checkouts import Checkout
from portal.models.commerce import GatewayEvent, Payment, PaymentEvent, PaymentEventKind
from tests.factories import NOW
from tests.support.databases import Cluster, fresh
from tests.support.portal_server import PortalServer, workers
from tests.support.processes import free_port
from tests.support.proofs import rounds
from tests.support.visits import Outcome, PlannedVisit, QuietGateway, planned

VISITS = rounds(5, 100)
STAGES, COPIES, SENDERS = (1, 2, 3), 3, 8
PATIENCE = 60
"""Seconds for which a message that is not answered is sent again."""
SECRET = "a-secret-of-the-proof-0123456789-abcdef"
Message = tuple[PlannedVisit, int]


@dataclass
class Post:
    """Sends messages over HTTP until each is answered 204; `killed` is a worker's end, halfway."""

    server: PortalServer
    gateway: DemoGateway
    client: httpx.Client
    kill_after: int
    answered: int = 0
    unanswered: int = 0
    killed: int = 0

    def send(self, message: Message) -> None:
        visit, stage = message
        visit.reach(self.gateway, stage)
        body = visit.message(stage)
        deadline = monotonic() + PATIENCE
        while not self._taken_in(body):
            self.unanswered += 1
            assert monotonic() < deadline, self.server.log()[-2000:]
            sleep(0.05)  # as a gateway waits before it sends again
        self.answered += 1
        if self.answered >= self.kill_after and not self.killed:
            self.killed = workers(self.server)[0]
            os.kill(self.killed, signal.SIGKILL)

    def _taken_in(self, body: bytes) -> bool:
        try:
            said = self.client.post(
                f"{self.server.url}{routes.WEBHOOK_DEMO}", content=body, headers=self.gateway.signed(body)
            )
        except httpx.HTTPError:
            return False
        return said.status_code == 204


def quiet_gateway(folder: Path, url: str) -> QuietGateway:
    """The servers' own gateway: the same secret, the same records."""
    return QuietGateway(folder / "demo-gateway", keyed_hash(SECRET, "demo-gateway", url), url)


def two_workers(folder: Path, port: int, database: str, redis: str) -> PortalServer:
    """The portal that is told."""
    return PortalServer.start(
        folder,
        PORT=str(port),
        PORTAL_URL=f"http://localhost:{port}",
        PORTAL_SECRET=SECRET,
        PORTAL_NOW=NOW.isoformat(),
        DATABASE_URL=database,
        REDIS_URL=redis,
        WORKERS="2",
    )


def outcomes(visits: Sequence[PlannedVisit]) -> list[Outcome]:
    """What came of each, read from the rows alone."""
    with db.reading() as session:
        moved: dict[tuple[int, str], int] = defaultdict(int)
        for event in session.exec(select(PaymentEvent)):
            moved[event.family_id, event.kind] += event.amount_minor
        balance: dict[int, int] = defaultdict(int)
        for entry in session.exec(select(CreditEntry)):
            balance[entry.family_id] += entry.change_minor
        standing = {one.family_id: str(one.status) for one in session.exec(select(Checkout))}
    return [
        Outcome(
            standing[one.family_id],
            moved[one.family_id, PaymentEventKind.RECEIVED],
            moved[one.family_id, PaymentEventKind.REFUNDED],
            moved[one.family_id, PaymentEventKind.CREDIT_USED],
            balance[one.family_id],
        )
        for one in visits
    ]


def payments_that_differ_from_their_events() -> list[int]:
    came = (PaymentEventKind.RECEIVED, PaymentEventKind.CREDIT_USED)
    with db.reading() as session:
        sums: dict[tuple[int, bool], int] = defaultdict(int)
        for event in session.exec(select(PaymentEvent)):
            if event.kind in (*came, PaymentEventKind.REFUNDED):
                sums[event.payment_id, event.kind in came] += event.amount_minor
        return [
            one.id or 0
            for one in session.exec(select(Payment))
            if (one.received_minor, one.refunded_minor) != (sums[one.id or 0, True], sums[one.id or 0, False])
        ]


@pytest.mark.proof
def test_three_copies_of_everything_in_any_order_with_a_worker_killed_are_one_ledger(
    built_frontend: None, postgres_cluster: Cluster, redis_url: str, tmp_path: Path
) -> None:
    database, port = fresh(postgres_cluster), free_port()
    db.bind(database)
    gateway = quiet_gateway(tmp_path, f"http://localhost:{port}")
    visits = planned(gateway, VISITS)
    messages = [(visit, stage) for visit in visits for stage in STAGES] * COPIES
    random.Random(4).shuffle(messages)
    server = two_workers(tmp_path, port, database, redis_url)
    begun = monotonic()
    try:
        with httpx.Client(timeout=15) as client, ThreadPoolExecutor(SENDERS) as senders:
            post = Post(server, gateway, client, kill_after=len(messages) // 2)
            list(senders.map(post.send, messages))
    finally:
        server.stop()

    took = monotonic() - begun
    with db.reading() as session:
        told = session.exec(select(func.count(col(GatewayEvent.id)))).one()
    found = outcomes(visits)
    print(
        f"{told} events in {len(messages)} messages, {post.unanswered} sent again, worker {post.killed} killed, "
        f"{took:.1f} s: {len(found)} visits, {sum(one.received for one in found)} received, "
        f"{sum(one.refunded for one in found)} refunded, {sum(one.balance for one in found)} credited twice"
    )
    assert post.killed
    assert told == len(visits) * len(STAGES)
    assert found == [visit.outcome() for visit in visits]
    assert payments_that_differ_from_their_events() == []
    db.engine().dispose()
