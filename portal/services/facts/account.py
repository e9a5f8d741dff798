"""Who is signed in: themselves, their families, what they switched and what they asked for, in one query."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from portal.errors import NotFound
from portal.models.messages import MessagePreference
from portal.models.people import Family, FamilyGuardian, FamilyRole, Guardian
from portal.models.privacy import ErasureRequest
from portal.services.consent_card import guardian_of
from portal.services.scene import Scene
from portal.services.visibility import of_family


@dataclass(frozen=True)
class AccountFacts:
    """A guardian's own rows; the lists are short, so that one query may multiply them."""

    guardian: Guardian
    families: tuple[tuple[Family, FamilyRole], ...]
    switched: tuple[MessagePreference, ...]
    erasure: ErasureRequest | None
    """What waits to be done, whether they asked for it or somebody for their family."""


def account_facts(db: Session, scene: Scene) -> AccountFacts:
    """One query; NotFound for somebody who is no guardian any more."""
    concerned = or_(
        col(ErasureRequest.guardian_id) == col(Guardian.id),
        of_family(ErasureRequest, scene.actor),
    )
    waits = (col(ErasureRequest.cancelled_at).is_(None), col(ErasureRequest.done_at).is_(None))
    rows = db.execute(
        select(Guardian, Family, col(FamilyGuardian.role), MessagePreference, ErasureRequest)
        .outerjoin(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
        .outerjoin(Family, col(Family.id) == col(FamilyGuardian.family_id))
        .outerjoin(MessagePreference, col(MessagePreference.guardian_id) == col(Guardian.id))
        .outerjoin(ErasureRequest, and_(concerned, *waits))
        .where(col(Guardian.id) == guardian_of(scene.actor))
        .order_by(col(Family.name), col(Family.id))
    ).all()
    if not rows:
        raise NotFound
    families = {family.id: (family, FamilyRole(role)) for _, family, role, *_ in rows if family is not None}
    switched = {one.id: one for *_, one, _ in rows if one is not None}
    return AccountFacts(rows[0][0], tuple(families.values()), tuple(switched.values()), rows[0][4])
