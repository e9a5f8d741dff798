"""Voucher codes: given out by the provider, typed by families when they take a place."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.commerce import Voucher
from portal.services import provider
from portal.services.authority import provider_only
from portal.services.storing import store


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
    if db.execute(select(col(Voucher.id)).where(col(Voucher.code) == code)).first():
        raise VoucherTaken
    made = Voucher(**{**asdict(new), "code": code}, currency=provider.get(db).currency)
    return store(db, made)
