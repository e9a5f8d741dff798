"""Passes: sold, used, given back, corrected. Every movement is a row; the count cannot go below zero."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, ScalarSelect, select, update
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.benefits import Pass, PassEntry, PassEntryKind, PassKind
from portal.models.people import Member
from portal.rules.conditions import refuse_unless_all
from portal.rules.passes import PassTerms, Visit, opens
from portal.services import provider
from portal.services.authority import provider_only
from portal.services.storing import store


class OutOfRange(PortalError):
    """A pass has between none and all of its entries left."""

    message_key = "passes.out_of_range"


@dataclass(frozen=True)
class NewPass:
    """A pass as sold; no total means no count, no member means the whole family."""

    family_id: int
    kind: PassKind
    name: str
    valid_from: date
    valid_until: date | None = None
    entries_total: int | None = None
    member_id: int | None = None
    programme_id: int | None = None
    order_item_id: int | None = None
    icon: str = "ticket"
    paid: bool = True


def sell(db: Session, actor: Actor, new: NewPass, cause: str, now: datetime) -> int:
    """The pass with all its entries; its id."""
    provider_only(actor)
    sold = Pass(**asdict(new), entries_left=new.entries_total, created_at=now)
    pass_id = store(db, sold)
    _write(db, pass_id, PassEntryKind.BOUGHT, new.entries_total or 0, cause, now, member_id=new.member_id)
    return pass_id


def terms(found: Pass, used_by: int | None) -> PassTerms:
    """A pass as its policy sees it; `used_by` is who used it first."""
    return PassTerms(
        id=found.public_id,
        member_id=found.member_id,
        programme_id=found.programme_id,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        entries_left=found.entries_left,
        paid=found.paid,
        used_by=used_by,
    )


def first_user() -> ScalarSelect[int]:
    """Beside a pass in a query: the member who used it first."""
    return (
        select(col(PassEntry.member_id))
        .where(col(PassEntry.pass_id) == col(Pass.id), col(PassEntry.kind) == PassEntryKind.USED)
        .order_by(col(PassEntry.id))
        .limit(1)
        .correlate(Pass)
        .scalar_subquery()
    )


def use(
    db: Session, pass_id: int, visit: Visit, attendance_id: int | None, cause: str, now: datetime
) -> None:
    """One entry for a visit; refused by the first condition of the pass that does not hold."""
    found = _locked(db, pass_id)
    if not _in_family(db, visit.member_id, found.family_id):
        raise NotFound
    used_by = db.execute(select(first_user()).select_from(Pass).where(col(Pass.id) == pass_id)).scalar()
    refuse_unless_all(opens(terms(found, used_by), visit, shared=provider.get(db).shared_passes))
    change = 0 if found.entries_left is None else -1
    _move(db, pass_id, change)
    who = {"member_id": visit.member_id, "attendance_id": attendance_id}
    _write(db, pass_id, PassEntryKind.USED, change, cause, now, **who)


def expire(db: Session, actor: Actor, now: datetime) -> int:
    """Passes whose last day is past have it in their history, once; how many. What was left stays to be read."""
    provider_only(actor)
    today = provider.today(db, now)
    told = select(col(PassEntry.pass_id)).where(col(PassEntry.kind) == PassEntryKind.EXPIRED)
    over = select(Pass).where(col(Pass.valid_until) < today, col(Pass.id).not_in(told))
    found = db.execute(over.order_by(col(Pass.id)).with_for_update()).scalars().all()
    # Another worker may have told while this one waited for the locks.
    since = set(db.execute(told.where(col(PassEntry.pass_id).in_([one.id for one in found]))).scalars())
    ended = [one for one in found if one.id not in since]
    for one in ended:
        _write(db, one.id or 0, PassEntryKind.EXPIRED, 0, "", now, member_id=one.member_id)
    return len(ended)


def give_back(
    db: Session, pass_id: int, member_id: int, attendance_id: int, cause: str, now: datetime
) -> None:
    """The entry of a visit that is not made."""
    change = 0 if _locked(db, pass_id).entries_left is None else 1
    _move(db, pass_id, change)
    _write(
        db,
        pass_id,
        PassEntryKind.RETURNED,
        change,
        cause,
        now,
        member_id=member_id,
        attendance_id=attendance_id,
    )


def correct(db: Session, actor: Actor, pass_id: int, change: int, cause: str, now: datetime) -> None:
    """The provider sets a count right, and says why."""
    provider_only(actor)
    _locked(db, pass_id)
    _move(db, pass_id, change)
    _write(db, pass_id, PassEntryKind.CORRECTED, change, cause, now)


def _in_family(db: Session, member_id: int, family_id: int) -> bool:
    both = (col(Member.id) == member_id, col(Member.family_id) == family_id)
    return db.execute(select(col(Member.id)).where(*both)).first() is not None


def _locked(db: Session, pass_id: int) -> Pass:
    statement = select(Pass).where(col(Pass.id) == pass_id).with_for_update()
    found = db.execute(statement.execution_options(populate_existing=True)).scalar()
    if found is None:
        raise NotFound
    return found


def _move(db: Session, pass_id: int, change: int) -> None:
    """Compare-and-set: no pass goes below none or above all."""
    if not change:
        return
    left = col(Pass.entries_left) + change
    moved = update(Pass).where(col(Pass.id) == pass_id, left >= 0, left <= col(Pass.entries_total))
    done = db.execute(moved.values(entries_left=left).execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise OutOfRange


def _write(
    db: Session,
    pass_id: int,
    kind: PassEntryKind,
    change: int,
    cause: str,
    now: datetime,
    *,
    member_id: int | None = None,
    attendance_id: int | None = None,
) -> None:
    family_id, left = db.execute(
        select(col(Pass.family_id), col(Pass.entries_left)).where(col(Pass.id) == pass_id)
    ).one()
    db.add(
        PassEntry(
            family_id=family_id,
            pass_id=pass_id,
            member_id=member_id,
            attendance_id=attendance_id,
            kind=kind,
            change=change,
            left_after=left or 0,
            cause=cause,
            at=now,
        )
    )
    db.flush()
