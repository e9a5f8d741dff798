"""Records to download: what somebody agreed to, and which sessions of a booking were attended."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.documents import record_pdf
from portal.documents.content import Party
from portal.documents.record_pdf import Columns, Part, Record
from portal.errors import NotFound
from portal.models.access import ConsentAnswer, ConsentVersion
from portal.models.bookings import AttendanceStatus, Booking
from portal.models.people import Guardian, Member
from portal.rules.terms import is_off, is_over
from portal.services import payment_words
from portal.services.consent_card import guardian_of, paragraphs
from portal.services.document_content import contact_of, seller_of
from portal.services.downloads import File
from portal.services.facts.bookings import Tick
from portal.services.facts.dashboard import Dashboard, dashboard
from portal.services.facts.sessions import SessionFact, sessions
from portal.services.scene import Scene, set_scene
from portal.words import counted, sentence

ATTENDED = {
    AttendanceStatus.ATTENDED: "Attended",
    AttendanceStatus.MISSED: "Missed",
    AttendanceStatus.GOING: "Not marked",
    AttendanceStatus.CANCELLED: "Cancelled",
    AttendanceStatus.CANCELLED_LATE: "Cancelled late",
}


def consents(db: Session, actor: Actor, _asked: str, now: datetime) -> File:
    """Every answer this guardian gave, newest first, each with the text as it was then."""
    scene = set_scene(db, actor, now)
    guardian = db.get_one(Guardian, guardian_of(actor))
    query = (
        select(ConsentVersion, ConsentAnswer)
        .join(ConsentAnswer, col(ConsentAnswer.consent_version_id) == col(ConsentVersion.id))
        .where(col(ConsentAnswer.guardian_id) == guardian.id)
        .order_by(col(ConsentAnswer.at).desc(), col(ConsentAnswer.id).desc())
    )
    answers = db.execute(query).all()
    about = Party(guardian.full_name or guardian.email, (guardian.email,) if guardian.full_name else ())
    facts = (("Made", _moment(scene, now)), ("Answers", str(len(answers))))
    parts = tuple(_answer(scene, version, answer) for version, answer in answers)
    return File("consents.pdf", record_pdf.pdf(_record(scene, "Consent record", about, facts, parts), now))


def attendance(db: Session, actor: Actor, booking_public_id: str, now: datetime) -> File:
    """For an employer or the tax office: who attended what and when, and what was paid. For the family alone."""
    scene = set_scene(db, actor, now)
    held = sessions(db, scene, col(Booking.public_id) == booking_public_id)
    ticks = (Tick(one.starts_at, one.ends_at, one.status, one.cancelled_by_provider) for one in held)
    found = dashboard(db, scene, booking_public_id, tuple(ticks))
    if found is None or not scene.members[found.booking.member_id].ours:
        raise NotFound
    over = [one for one in held if is_over(one, now)]
    member = db.get_one(Member, found.booking.member_id)
    born = (f"Born {scene.calendar.full_date(member.birth_date)}",) if member.birth_date else ()
    about = Party(f"{member.first_name} {member.last_name}".strip(), born)
    parts = (_sessions(scene, over), *_payments(scene, found))
    record = _record(scene, "Attendance statement", about, _facts(scene, found), parts)
    return File("attendance-statement.pdf", record_pdf.pdf(record, now))


def _record(
    scene: Scene, title: str, about: Party, facts: tuple[tuple[str, str], ...], parts: tuple[Part, ...]
) -> Record:
    settings = scene.provider
    language = settings.locale.replace("_", "-")
    return Record(title, language, seller_of(settings), about, facts, parts, contact_of(settings))


def _answer(scene: Scene, version: ConsentVersion, answer: ConsentAnswer) -> Part:
    did = "Agreed" if answer.given else "Said no"
    published = scene.calendar.full_date(scene.calendar.day(version.published_at))
    lead = f"{did} on {_moment(scene, answer.at)}. Version {version.version}, published {published}."
    sealed = f"Fingerprint of the text (SHA-256): {answer.text_hash}"
    return Part(version.title, lead, (*paragraphs(version.text), sealed))


def _facts(scene: Scene, found: Dashboard) -> tuple[tuple[str, str], ...]:
    of, day = found.booking, scene.calendar.full_date
    return (
        ("Class", of.title),
        ("From", day(of.starts_on)),
        ("To", day(of.ends_on)),
        ("Made", day(scene.today)),
    )


def _sessions(scene: Scene, over: Sequence[SessionFact]) -> Part:
    """Only what is over: what is to come cannot be attested."""
    attended = sum(one.status is AttendanceStatus.ATTENDED and not is_off(one) for one in over)
    lead = f"Attended {attended} of {counted(len(over), 'session', 'sessions')} until now."
    lines = [_session(scene, one) for one in over]
    return Part(
        "Sessions", lead, (), Columns(("Day", "Time", "Where", "Attendance"), lines, (46, 34, 58, 36))
    )


def _session(scene: Scene, one: SessionFact) -> tuple[str, ...]:
    day = scene.calendar.full_date(scene.calendar.day(one.starts_at))
    said = "Cancelled by us" if one.cancelled_by_provider else ATTENDED[one.status]
    return (day, scene.calendar.span(one.starts_at, one.ends_at), one.where(), said)


def _payments(scene: Scene, found: Dashboard) -> Iterator[Part]:
    """What came for it, without what went back."""
    paid = [one for one in found.payments if one.received_minor > one.refunded_minor]
    if not paid:
        return
    total = payment_words.sums(
        scene, ((one.received_minor - one.refunded_minor, one.currency) for one in paid)
    )
    lines = [
        (
            scene.calendar.full_date(scene.calendar.day(one.paid_at)) if one.paid_at else "In part",
            one.reference,
            sentence(payment_words.method(one.method)),
            scene.money(one.received_minor - one.refunded_minor, one.currency),
        )
        for one in paid
    ]
    head = ("Paid on", "Reference", "How", "Amount")
    yield Part("Payments", f"Paid {total} in all.", (), Columns(head, lines, (50, 44, 46, 34), 1))


def _moment(scene: Scene, at: datetime) -> str:
    return f"{scene.calendar.full_date(scene.calendar.day(at))}, {scene.calendar.time(at)}"
