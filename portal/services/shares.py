"""Another adult sees one booking: invited, changed, taken back, left."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import SYSTEM, Actor
from portal.errors import NotFound
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.bookings import Booking, Share
from portal.rules import contacts
from portal.rules.conditions import refuse_unless_all
from portal.rules.sharing import Invitation, can_be, can_invite, ends_at, last_day
from portal.services import audit, notify, provider
from portal.services.authority import for_family
from portal.services.facts.sharing import Sharing, sharing, sharing_of_share, standing
from portal.services.families import NewGuardian, known_guardian
from portal.services.notify import Hearer
from portal.services.storing import store
from portal.services.turns import take_turns
from portal.services.visibility import live_share


def share(
    db: Session,
    actor: Actor,
    booking_id: int,
    full_name: str,
    email: str,
    now: datetime,
    *,
    can_act: bool = False,
    sees_payments: bool = False,
    until: datetime | None = None,
) -> int:
    """The adult with this e-mail may see the booking; who already sees it, sees it so from now on. The share's id."""
    booking = db.get(Booking, booking_id)
    if booking is None:
        raise NotFound
    for_family(actor, booking.family_id)
    address = email.strip().lower()
    take_turns(db, f"share {booking_id}", f"guardian {address}")
    # The family names whom it invites; that an adult we did not know becomes known is the house's doing.
    guardian_id = known_guardian(db, SYSTEM, NewGuardian(full_name or address, address), now)
    made = _standing(db, booking_id, address) or Share(
        family_id=booking.family_id, booking_id=booking_id, email=address, created_at=now
    )
    made.guardian_id, made.full_name = guardian_id, contacts.name(full_name) or made.full_name
    made.can_act, made.sees_payments, made.until = can_act, sees_payments, until
    share_id = store(db, made)
    audit.note(db, actor, booking.family_id, "share.given", made.public_id, now)
    return share_id


def invite(db: Session, actor: Actor, booking: str, invitation: Invitation, now: datetime) -> str:
    """Share the booking (its public id) and write to who is invited, as one; what was done, in words."""
    known = sharing(db, actor, booking, now)
    refuse_unless_all(can_invite(known.rule, invitation))
    until = ends_at(invitation.last_day, provider.zone(db))
    share_id = share(
        db,
        actor,
        known.booking_id,
        invitation.full_name,
        invitation.email,
        now,
        can_act=invitation.can_act,
        sees_payments=invitation.sees_payments,
        until=until,
    )
    made = db.get_one(Share, share_id)
    _tell(db, made, known, now)
    return f"{_name(made)} can see {known.title} now. We have written to {made.email}."


def change(db: Session, actor: Actor, share: str, invitation: Invitation, now: datetime) -> str:
    """What a share (its public id) shows, from now on; whose it is stays. What was done, in words."""
    known, found = _own(db, actor, share, now)
    refuse_unless_all(can_be(known.rule, invitation))
    found.full_name, found.can_act = contacts.name(invitation.full_name), invitation.can_act
    found.sees_payments, found.until = (
        invitation.sees_payments,
        ends_at(invitation.last_day, provider.zone(db)),
    )
    store(db, found)
    audit.note(db, actor, found.family_id, "share.changed", found.public_id, now)
    return f"Changed what {_name(found)} can see."


def revoke(db: Session, actor: Actor, share: str, now: datetime) -> str:
    """Stop sharing (the share's public id), in every open window at once; what was done, in words."""
    known, found = _own(db, actor, share, now)
    _end(db, actor, found, "share.revoked", now)
    return f"{_name(found)} no longer sees {known.title}."


def give_back(db: Session, actor: Actor, share: str, now: datetime) -> str:
    """Undo that it was taken back, unless the address has been invited anew; what was done, in words."""
    known, found = _own(db, actor, share, now, revoked=True)
    again = replace(known.rule, invited_lately=0)
    refuse_unless_all(can_invite(again, Invitation(found.email)))
    if _standing(db, found.booking_id, found.email) is None:
        found.revoked_at = None
        store(db, found)
        audit.note(db, actor, found.family_id, "share.given", found.public_id, now)
    return f"{_name(found)} sees {known.title} again."


def leave(db: Session, actor: Actor, booking: str, now: datetime) -> str:
    """Whoever it is shared with wants to see it no more; what was done, in words."""
    known = sharing(db, actor, booking, now)
    mine = select(Share).where(col(Share.booking_id) == known.booking_id, live_share(actor, now))
    found = db.execute(mine.with_for_update()).scalars().all()
    if not found:
        raise NotFound
    for one in found:
        _end(db, actor, one, "share.left", now)
    return f"You no longer see {known.title}."


def _standing(db: Session, booking_id: int, email: str) -> Share | None:
    """The one share of this address that was not taken back, perhaps over."""
    of = (col(Share.booking_id) == booking_id, col(Share.email) == email, standing())
    return db.execute(select(Share).where(*of)).scalar()


def _own(
    db: Session, actor: Actor, share: str, now: datetime, *, revoked: bool = False
) -> tuple[Sharing, Share]:
    """A share of the actor's own family, locked, with its booking; NotFound for anybody else's."""
    known = sharing_of_share(db, actor, share, now)
    found = db.execute(select(Share).where(col(Share.public_id) == share).with_for_update()).scalar_one()
    for_family(actor, found.family_id)
    if (found.revoked_at is not None) != revoked:
        raise NotFound
    return known, found


def _end(db: Session, actor: Actor, found: Share, action: str, now: datetime) -> None:
    found.revoked_at = now
    store(db, found)
    audit.note(db, actor, found.family_id, action, found.public_id, now)


def _tell(db: Session, made: Share, known: Sharing, now: datetime) -> None:
    """In the transaction of the sharing: whoever is invited hears of it, or nobody was invited."""
    zone = known.scene.calendar.zone

    def note(hearer: Hearer) -> Note:
        said_by = Spoken(hearer.locale, zone)
        until = said_by.date(last_day(made.until, zone), known.rule.today) if made.until else ""
        said = {"by": known.sharer, "member": known.member, "what": known.title, "until": until}
        said["act"] = "yes" if made.can_act else ""
        return Note(Kind.BOOKING_SHARED, known.path, said, f"share:{made.public_id}")

    if made.guardian_id is not None:
        notify.tell_guardian(db, made.guardian_id, made.family_id, note, now)


def _name(made: Share) -> str:
    """As the family calls them; who an address belongs to is not told to who only knows the address."""
    return made.full_name or made.email
