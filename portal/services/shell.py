"""What is around every page: the provider's brand, who looks, whose data can be chosen, what waits."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import SignedOut
from portal.models.access import LoginSession
from portal.models.commerce import Order, Payment
from portal.models.people import Family, FamilyGuardian, Guardian
from portal.rows.shell import FamilyChoice, Member, ShellView
from portal.services.brand import logo_address
from portal.services.facts.payments import waiting
from portal.services.member_choices import EVERYONE, choices
from portal.services.scene import Scene, set_scene


def read(session: Session, actor: Actor, now: datetime) -> ShellView:
    """One query beside the scene's."""
    scene = set_scene(session, actor, now)
    rows = session.execute(_who_looks(scene)).all()
    if not rows:
        raise SignedOut
    guardian, written, unpaid, *_ = rows[0]
    choice = choices.last(actor.login_id, written)
    members = tuple(Member(id=m.public_id, name=m.first_name, face=m.face) for m in scene.members.values())
    return ShellView(
        brand=scene.provider.short_name,
        logo=logo_address(scene.provider),
        initials=_initials(guardian.full_name),
        guardian=guardian.full_name,
        email=guardian.email,
        members=members,
        who=choice if any(choice == member.id for member in members) else EVERYONE,
        families=_families(rows, actor),
        unpaid=unpaid,
        updated_at=scene.calendar.time(now),
        help_url=scene.provider.help_url,
        policies_url=scene.provider.policies_url,
    )


def _who_looks(scene: Scene) -> Any:
    """The guardian with each family they belong to, the kept choice, and how many payments wait."""
    unpaid = (
        select(func.count())
        .select_from(Payment)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(waiting(scene))
        .scalar_subquery()
    )
    return (
        select(
            Guardian,
            col(LoginSession.member_choice),
            unpaid,
            col(Family.id),
            col(Family.public_id),
            col(Family.name),
        )
        .join(LoginSession, col(LoginSession.guardian_id) == col(Guardian.id))
        .outerjoin(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
        .outerjoin(Family, col(Family.id) == col(FamilyGuardian.family_id))
        .where(col(LoginSession.id) == scene.actor.login_id, col(Guardian.id) == scene.actor.guardian_id)
        .order_by(col(Family.name))
    )


def _families(rows: Any, actor: Actor) -> tuple[FamilyChoice, ...]:
    """Only worth showing when there is something to choose."""
    found = [_family(row, actor) for row in rows if row[3] is not None]
    return tuple(found) if len(found) > 1 else ()


def _family(row: Any, actor: Actor) -> FamilyChoice:
    _, _, _, family_id, public_id, name = row
    return FamilyChoice(id=public_id, name=name, current=family_id == actor.family_id)


def _initials(full_name: str) -> str:
    """ "Nora Vale" as "NV"."""
    words = full_name.split()
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else full_name[:2].upper()
