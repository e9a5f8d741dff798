"""Voucher codes: given out by the provider, typed by families when they take a place."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.discounts import Voucher
from portal.models.people import AuditEntry
from portal.rules.conditions import refuse_unless_all
from portal.rules.vouchers import GUESSES, can_guess
from portal.services import audit, provider
from portal.services.authority import provider_only
from portal.services.storing import store
from portal.services.turns import take_turns
from portal.words import calendar

_UNKNOWN = "voucher.unknown"
_ROUND_UP = timedelta(seconds=59)
"""A time is told in minutes, and must not be too early."""


class VoucherTaken(PortalError):
    """The code stands for something already."""

    message_key = "vouchers.taken"


@dataclass(frozen=True)
class NewVoucher:
    """Basis points or minor units off; no uses means no limit."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None = None
    percent_basis_points: int | None = None
    amount_minor: int | None = None
    max_uses: int | None = None


def give_out(db: Session, actor: Actor, new: NewVoucher) -> int:
    """The voucher, ready to be typed; case and spaces around do not matter. Its id."""
    provider_only(actor)
    code = new.code.strip().upper()
    if _is_given_out(db, code):
        raise VoucherTaken
    made = Voucher(**{**asdict(new), "code": code}, currency=provider.get(db).currency)
    return store(db, made)


def typed(db: Session, actor: Actor, code: str, now: datetime) -> None:
    """Count a code that stands for nothing against the guardian who typed it; refused after too many, right or not.

    Counted in the audit log: all workers see one number, and a restart forgets nothing. What the code does is
    another question, asked after it.
    """
    take_turns(db, f"voucher codes of {actor.guardian_id}")
    settings = provider.get(db)
    zoned = calendar(settings.timezone, settings.locale)
    refuse_unless_all(can_guess(_guessed(db, actor), now, lambda at: zoned.time(at + _ROUND_UP)))
    if not _is_given_out(db, code.strip().upper()):
        audit.note(db, actor, actor.family_id, _UNKNOWN, "", now)


def _is_given_out(db: Session, code: str) -> bool:
    return db.execute(select(col(Voucher.id)).where(col(Voucher.code) == code)).first() is not None


def _guessed(db: Session, actor: Actor) -> list[datetime]:
    """When the newest guesses were made, the newest first: as many as count."""
    mine = (col(AuditEntry.guardian_id) == actor.guardian_id, col(AuditEntry.action) == _UNKNOWN)
    newest = select(col(AuditEntry.at)).where(*mine).order_by(col(AuditEntry.at).desc())
    return list(db.execute(newest.limit(GUESSES)).scalars())
