"""A family's prepaid money, as a ledger: every entry carries the balance after it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.errors import PortalError
from portal.models.benefits import CreditEntry, CreditEntryKind
from portal.services import families, provider


class NotEnoughCredit(PortalError):
    """The family's credit is less than that."""

    message_key = "credit.not_enough"


class OtherCurrency(PortalError):
    """Credit is in the provider's currency, and what is to pay is not."""

    message_key = "credit.other_currency"


@dataclass(frozen=True)
class Cause:
    """Why credit moved, and what the line links to."""

    words: str
    order_id: int | None = None
    payment_id: int | None = None
    session_id: int | None = None
    member_id: int | None = None


def balance(db: Session, family_id: int) -> int:
    """Minor units, after the newest entry."""
    return _newest(db, family_id)[1]


def held(db: Session, family_id: int) -> int:
    """The balance, which nobody else changes until the end of this transaction. For other services."""
    families.lock(db, family_id)
    return balance(db, family_id)


def move(
    db: Session, family_id: int, kind: CreditEntryKind, change_minor: int, cause: Cause, now: datetime
) -> int:
    """One entry, negative when credit is used; NotEnoughCredit rather than a debt. The new balance.

    For other services: whoever calls it has asked whether the actor may.
    """
    # The family's row is the ledger's lock: two writers come one after the other, serials have no gap.
    families.lock(db, family_id)
    serial, before = _newest(db, family_id)
    after = before + change_minor
    if after < 0:
        raise NotEnoughCredit(balance=before)
    db.add(
        CreditEntry(
            family_id=family_id,
            serial=serial + 1,
            kind=kind,
            change_minor=change_minor,
            balance_minor=after,
            currency=provider.get(db).currency,
            cause=cause.words,
            order_id=cause.order_id,
            payment_id=cause.payment_id,
            session_id=cause.session_id,
            member_id=cause.member_id,
            at=now,
        )
    )
    db.flush()
    return after


def _newest(db: Session, family_id: int) -> tuple[int, int]:
    row = db.execute(
        select(col(CreditEntry.serial), col(CreditEntry.balance_minor))
        .where(col(CreditEntry.family_id) == family_id)
        .order_by(col(CreditEntry.serial).desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, 0)
