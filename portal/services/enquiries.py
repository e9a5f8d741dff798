"""Questions a family has sent, which are not bookings yet."""

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.bookings import Enquiry, EnquiryStatus
from portal.models.classes import Programme
from portal.rows.common import Chip, Face, LineItem
from portal.services.scene import Scene
from portal.services.visibility import of_family

MOST = 20


def rows(db: Session, scene: Scene) -> tuple[LineItem, ...]:
    """One query: those the provider has not closed; a parent who sent one is not left looking for it."""
    found = db.execute(
        select(Enquiry, col(Programme.name))
        .join(Programme, col(Programme.id) == col(Enquiry.programme_id))
        .where(of_family(Enquiry, scene.actor), col(Enquiry.status) != EnquiryStatus.CLOSED)
        .order_by(col(Enquiry.created_at).desc(), col(Enquiry.id).desc())
        .limit(MOST)
    ).all()
    return tuple(_enquiry(scene, enquiry, programme) for enquiry, programme in found)


def _enquiry(scene: Scene, enquiry: Enquiry, programme: str) -> LineItem:
    member = scene.members.get(enquiry.member_id) if enquiry.member_id is not None else None
    sent = f"sent {scene.calendar.date(scene.calendar.day(enquiry.created_at), scene.today)}"
    answered = enquiry.status == EnquiryStatus.ANSWERED
    return LineItem(
        member=member.public_id if member else "",
        face=member.face if member else Face(),
        icon="mail",
        title=programme,
        meta=(member.first_name, sent) if member else (sent.capitalize(),),
        chips=(
            Chip("good", "mail-check", "We have answered you by e-mail", bare=True)
            if answered
            else Chip("", "mail", "Your enquiry is with us", bare=True),
        ),
    )
