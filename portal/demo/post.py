"""What the demo's families have been told by now: their messages lie in the demo inbox from the start."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from portal.actor import SYSTEM
from portal.models.messages import OutboxMessage
from portal.rules import delivery
from portal.services import demo_mail, notify, outbox, reminders
from portal.services.desk import Desk

_AT_ONCE = 500


def deliver(db: Session, desk: Desk, now: datetime) -> None:
    """Send what is to be told today into the inbox, as a worker would; what was told months ago has been read."""
    db.execute(delete(OutboxMessage).where(col(OutboxMessage.created_at) < now - delivery.LIFE))
    reminders.remind(db, SYSTEM, now)
    while leased := outbox.lease(db, now + notify.GATHER, _AT_ONCE, desk):
        for one in leased:
            demo_mail.keep(db, one.to_address, one.written, now)
            outbox.sent(db, one, f"log:{one.public_id}", now)
