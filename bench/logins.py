"""Families that are signed in, so that each window of the load is a family of its own."""

import secrets
from pathlib import Path

from sqlmodel import col, select

from portal import clock, db
from portal.models.access import LoginSession
from portal.models.people import FamilyGuardian, Guardian, Member
from portal.rules.sign_in import LOGIN_LIFE
from portal.services.logins import token_hash


def sign_in_families(folder: Path, most: int) -> list[tuple[str, str]]:
    """For up to `most` guardians a login's token and the public id of a child they may choose."""
    engine, now, found = db.bind(f"sqlite:///{folder / 'portal.db'}"), clock.now(), []
    with db.unit_of_work() as session:
        wanted = (
            select(col(Guardian.id), col(FamilyGuardian.family_id))
            .join(FamilyGuardian, col(FamilyGuardian.guardian_id) == col(Guardian.id))
            .order_by(col(Guardian.id))
            .limit(most)
        )
        for guardian_id, family_id in session.exec(wanted).all():
            child = select(Member.public_id).where(col(Member.family_id) == family_id)
            token, member = secrets.token_urlsafe(16), session.exec(child).first()
            session.add(
                LoginSession(
                    token_hash=token_hash(token),
                    guardian_id=guardian_id,
                    family_id=family_id,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + LOGIN_LIFE,
                )
            )
            found.append((token, member or "all"))
    engine.dispose()
    return found
