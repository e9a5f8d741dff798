"""Discounts of a family or a member."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session

from portal.actor import Actor
from portal.models.discounts import Discount, DiscountKind
from portal.services import provider
from portal.services.authority import provider_only
from portal.services.storing import store


@dataclass(frozen=True)
class NewDiscount:
    """Basis points or minor units off; no member means the whole family, no uses means no limit."""

    family_id: int
    kind: DiscountKind
    name: str
    valid_from: date
    valid_until: date | None = None
    percent_basis_points: int | None = None
    amount_minor: int | None = None
    member_id: int | None = None
    detail: str = ""
    automatic: bool = False
    uses_left: int | None = None


def grant(db: Session, actor: Actor, new: NewDiscount, now: datetime) -> int:
    """The discount, ready to be used in an order; its id."""
    provider_only(actor)
    granted = Discount(**asdict(new), currency=provider.get(db).currency, created_at=now)
    return store(db, granted)
