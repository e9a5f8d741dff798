"""Families, their guardians and members."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.messages.texts import language
from portal.models.people import Family, FamilyGuardian, FamilyRole, Guardian, Member
from portal.rules import contacts
from portal.services import provider
from portal.services.authority import provider_only
from portal.services.storing import store


class BadEmail(PortalError):
    """It cannot be an e-mail address."""

    message_key = "families.bad_email"


class AlreadyInFamily(PortalError):
    """The guardian belongs to the family already."""

    message_key = "families.already_in_family"


@dataclass(frozen=True)
class NewGuardian:
    """An adult who will sign in with this e-mail."""

    full_name: str
    email: str
    phone: str = ""
    locale: str = ""
    """The language of their messages; without one, the provider's."""


@dataclass(frozen=True)
class NewMember:
    """Somebody who attends classes."""

    first_name: str
    last_name: str = ""
    birth_date: date | None = None
    is_adult: bool = False
    health_note: str = ""


def add_family(
    db: Session, actor: Actor, name: str, now: datetime, *, billing: tuple[str, str] = ("", "")
) -> int:
    """A household; `billing` is the name and address for its documents. Its id."""
    provider_only(actor)
    family = Family(
        name=contacts.name(name), billing_name=billing[0], billing_address=billing[1], created_at=now
    )
    return store(db, family)


def known_guardian(db: Session, actor: Actor, new: NewGuardian, now: datetime) -> int:
    """The guardian with this e-mail, as they are; added when nobody has it. The id."""
    provider_only(actor)
    address = contacts.email(new.email)
    if address is None:
        raise BadEmail(email=new.email)
    found = db.execute(select(col(Guardian.id)).where(col(Guardian.email) == address)).scalar()
    if found is not None:
        return found
    guardian = Guardian(
        full_name=contacts.name(new.full_name),
        email=address,
        phone=new.phone,
        locale=new.locale or language(provider.get(db).locale),
        created_at=now,
    )
    return store(db, guardian)


def add_guardian(
    db: Session,
    actor: Actor,
    family_id: int,
    new: NewGuardian,
    now: datetime,
    role: FamilyRole = FamilyRole.ADULT,
) -> int:
    """The guardian joins the family; a guardian of another family belongs to both. The id."""
    guardian_id = known_guardian(db, actor, new, now)
    lock(db, family_id)
    both = (col(FamilyGuardian.family_id) == family_id, col(FamilyGuardian.guardian_id) == guardian_id)
    if db.execute(select(col(FamilyGuardian.id)).where(*both)).first():
        raise AlreadyInFamily(email=new.email)
    db.add(FamilyGuardian(family_id=family_id, guardian_id=guardian_id, role=role))
    db.flush()
    return guardian_id


def add_member(db: Session, actor: Actor, family_id: int, new: NewMember, now: datetime) -> int:
    """The member takes the next position in the family, which gives hue and shape for good. The id."""
    provider_only(actor)
    lock(db, family_id)
    taken = set(db.execute(select(col(Member.position)).where(col(Member.family_id) == family_id)).scalars())
    member = Member(
        family_id=family_id,
        position=next(at for at in range(1, len(taken) + 2) if at not in taken),
        first_name=contacts.name(new.first_name),
        last_name=contacts.name(new.last_name),
        birth_date=new.birth_date,
        is_adult=new.is_adult,
        health_note=new.health_note,
        created_at=now,
    )
    return store(db, member)


def lock(db: Session, family_id: int) -> None:
    """Two who add to one family at once come one after the other; NotFound where there is none."""
    row = select(col(Family.id)).where(col(Family.id) == family_id).with_for_update()
    if db.execute(row).scalar() is None:
        raise NotFound
