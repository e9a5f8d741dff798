"""A pass shown at the desk: a code that names it and nothing else."""

from datetime import datetime

import segno
from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.documents import qr
from portal.errors import NotFound
from portal.models.benefits import Pass
from portal.rows.visits import CheckIn
from portal.services.authority import provider_only
from portal.services.benefit_words import STANDINGS, holder, pass_until, standing
from portal.services.facts.benefits import pass_fact
from portal.services.scene import set_scene
from portal.services.visibility import of_family
from portal.words import counted


def show(db: Session, actor: Actor, public_id: str, now: datetime) -> CheckIn:
    """The family's own pass; its code says which pass it is, and only the desk can do anything with that."""
    scene = set_scene(db, actor, now)
    theirs = select(Pass).where(col(Pass.public_id) == public_id, of_family(Pass, actor))
    found = db.execute(theirs).scalar()
    if found is None:
        raise NotFound
    fact = pass_fact(found)
    left = (
        "Unlimited" if fact.entries_left is None else counted(fact.entries_left, "entry left", "entries left")
    )
    return CheckIn(
        title=fact.name,
        why=f"Show this at the desk{f', for {holder(scene, fact.member_id)}' if fact.member_id else ''}.",
        picture=qr.svg(segno.make_qr(found.public_id.upper(), error="m")),
        label=f"QR code of {fact.name}",
        standing=STANDINGS[standing(scene, fact)],
        left=" ".join(part for part in (left, pass_until(scene, fact)) if part),
    )


def find(db: Session, actor: Actor, code: str) -> int:
    """The pass a code at the desk is of; its id. NotFound for anything else."""
    provider_only(actor)
    found = db.execute(select(col(Pass.id)).where(col(Pass.public_id) == code.strip().lower())).scalar()
    if found is None:
        raise NotFound
    return int(found)
