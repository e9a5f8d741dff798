"""Being told something: two notes to tell, what waits because of them, and what a worker takes to send."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.messages import OutboxMessage
from portal.services import notify, outbox
from portal.services.desk import Desk
from tests.factories import NOW, Otterbrook

DESK = Desk("a key of the server", "https://portal.example")
SOON = NOW + timedelta(minutes=1)
TONIGHT = datetime.fromisoformat("2026-03-12T22:30:00+01:00")
MORNING = datetime.fromisoformat("2026-03-13T08:00:00+01:00")


def received(to: notify.Hearer, amount: str = "€62.00") -> Note:
    """Something that can wait until the morning."""
    return Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Ballet", "amount": amount})


def called_off(to: notify.Hearer) -> Note:
    """Something that cannot."""
    return Note(
        Kind.SESSION_CANCELLED,
        "/sessions",
        {"what": "Ballet", "member": "Mila", "day": "Thu", "time": "9:00"},
    )


def messages(world: Otterbrook) -> list[OutboxMessage]:
    """All there are, in the order they were told."""
    return list(world.db.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def lease(world: Otterbrook, now: datetime) -> list[outbox.Leased]:
    """What a worker takes at that moment."""
    return outbox.lease(world.db, now, 10, DESK)
