"""The audit log: who did what, when. Rows are only ever added."""

from datetime import datetime

from sqlmodel import Session

from portal.actor import Actor
from portal.models.people import AuditEntry
from portal.services.storing import store


def note(
    db: Session,
    actor: Actor,
    family_id: int | None,
    action: str,
    subject: str,
    now: datetime,
    detail: str = "",
) -> int:
    """Write down an act in the transaction that does it; `subject` is a public id. The row's id."""
    entry = AuditEntry(
        at=now,
        actor_kind=actor.kind,
        guardian_id=actor.guardian_id,
        staff_id=actor.staff_id,
        family_id=family_id,
        action=action,
        subject=subject,
        detail=detail,
    )
    return store(db, entry)
