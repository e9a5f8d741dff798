"""What was issued, and what it says."""

from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.documents import content as contents
from portal.documents.content import Content
from portal.models.commerce import PaymentMethod
from portal.models.documents import Invoice
from portal.services import payments_received, payments_returned, provider
from portal.services.ordering import Placed
from tests.factories import NOW, Otterbrook


def setting(world: Otterbrook, **changes: object) -> None:
    provider.save(world.db, SYSTEM, changes, NOW)


def issued(world: Otterbrook) -> list[tuple[str, str, int]]:
    """Kind, number and total of each document, in the order they were issued."""
    world.db.flush()
    rows = world.db.execute(select(Invoice).order_by(col(Invoice.id))).scalars()
    return [(row.kind, f"{row.series}-{row.serial}", row.total_minor) for row in rows]


def content(world: Otterbrook, kind: str) -> Content:
    """What the newest document of this kind says."""
    newest = select(Invoice).where(col(Invoice.kind) == kind).order_by(col(Invoice.id).desc()).limit(1)
    return contents.from_json(world.db.execute(newest).scalar_one().content)


def receive(world: Otterbrook, placed: Placed, amount: int, part: int = 1) -> None:
    payment_id = placed.payment_ids[part - 1]
    payments_received.receive(world.db, SYSTEM, payment_id, amount, PaymentMethod.CARD, NOW)


def refund(world: Otterbrook, placed: Placed, amount: int) -> None:
    payments_returned.refund_to_credit(world.db, SYSTEM, placed.payment_ids[0], amount, "Given back", NOW)
