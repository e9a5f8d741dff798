"""What the house reminds of by itself. Looked for again and again; each is told once, whoever looks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.messages.formats import Spoken
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.benefits import MakeUp, MakeUpStatus, Pass
from portal.models.bookings import Attendance, AttendanceStatus, Booking
from portal.models.classes import ClassSession, Course, Place, SessionStatus
from portal.models.commerce import Order, OrderStatus, Payment, PaymentStatus
from portal.models.people import Member
from portal.rules import reminders as rule
from portal.rules.reminders import PaymentOccasion
from portal.services import make_up_choices, notify, provider
from portal.services.authority import provider_only

_PAYMENT_KINDS = {
    PaymentOccasion.UPCOMING: Kind.PAYMENT_UPCOMING,
    PaymentOccasion.DUE: Kind.PAYMENT_DUE,
    PaymentOccasion.OVERDUE: Kind.PAYMENT_OVERDUE,
    PaymentOccasion.OVERDUE_AGAIN: Kind.PAYMENT_OVERDUE,
}


def remind(db: Session, actor: Actor, now: datetime) -> None:
    """Everything there is to remind of at this hour."""
    provider_only(actor)
    zone = provider.zone(db)
    for look in (_payments, _sessions, _make_ups, _passes):
        look(db, zone, now)


def _payments(db: Session, zone: ZoneInfo, now: datetime) -> None:
    today = now.astimezone(zone).date()
    query = (
        select(Payment)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .where(
            col(Payment.status) == PaymentStatus.UNPAID,
            col(Payment.received_minor) < col(Payment.amount_minor),
            col(Order.status) == OrderStatus.STANDING,
            col(Payment.requested_on) <= today + rule.ANNOUNCED,
            col(Payment.due_on) >= today - rule.OVERDUE_AGAIN - rule.STALE - timedelta(days=1),
        )
    )
    for payment in db.execute(query.order_by(col(Payment.id))).scalars():
        occasion = rule.payment_occasion(payment.requested_on, payment.due_on, today)
        if occasion is not None:
            once = f"payment_{occasion}:{payment.public_id}"
            notify.tell_family(db, payment.family_id, _of_payment(payment, occasion, zone), now, once)


def _of_payment(payment: Payment, occasion: PaymentOccasion, zone: ZoneInfo) -> notify.Telling:
    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        values = {
            "what": payment.label,
            "amount": said.amount(payment.amount_minor - payment.received_minor, payment.currency),
            "asked": said.date(payment.requested_on),
            "due": said.date(payment.due_on),
        }
        about = f"payment:{payment.public_id}"
        return Note(_PAYMENT_KINDS[occasion], routes.payment(payment.public_id), values, about)

    return telling


def _sessions(db: Session, zone: ZoneInfo, now: datetime) -> None:
    """Those of tomorrow, and those of today that nobody was told of while nothing ran."""
    query = (
        select(Attendance, ClassSession, col(Course.name), col(Member.first_name), col(Place.name))
        .join(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
        .join(Course, col(Course.id) == col(ClassSession.course_id))
        .join(Place, col(Place.id) == col(ClassSession.place_id))
        .join(Member, col(Member.id) == col(Attendance.member_id))
        .where(
            col(Attendance.status) == AttendanceStatus.GOING,
            col(ClassSession.status) == SessionStatus.SCHEDULED,
            col(ClassSession.starts_at) > now,
            col(ClassSession.starts_at) < now + timedelta(days=2),
        )
    )
    for attendance, session, *names in db.execute(query.order_by(col(Attendance.id))):
        begins, ends = rule.session_window(session.starts_at, zone)
        if begins <= now < ends:
            telling = _of_session(attendance, session, names, zone)
            once = f"session_tomorrow:{attendance.public_id}:{session.starts_at:%Y%m%d%H%M}"
            notify.tell_about_booking(db, attendance.family_id, attendance.booking_id, telling, now, once)


def _of_session(
    attendance: Attendance, session: ClassSession, names: list[str], zone: ZoneInfo
) -> notify.Telling:
    course, member, place = names

    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        values = {"member": member, "what": course, "place": place}
        when = {"day": said.day(session.starts_at), "time": said.time(session.starts_at)}
        about = f"attendance:{attendance.public_id}"
        return Note(Kind.SESSION_TOMORROW, routes.SESSIONS, {**values, **when}, about)

    return telling


def _make_ups(db: Session, zone: ZoneInfo, now: datetime) -> None:
    today = now.astimezone(zone).date()
    query = _with_class(
        select(MakeUp, col(Member.first_name), col(Course.name), col(ClassSession.starts_at)).where(
            col(MakeUp.status) == MakeUpStatus.AVAILABLE, col(MakeUp.book_by) >= today
        )
    )
    for row in db.execute(query.order_by(col(MakeUp.id))):
        make_up = row[0]
        for kind in _make_up_kinds(make_up, today, now):
            telling = _of_make_up(db, row, kind, zone, now)
            notify.tell_about_booking(
                db, make_up.family_id, make_up.booking_id, telling, now, f"{kind}:{make_up.public_id}"
            )


def _with_class(
    query: Select[MakeUp, str, str, datetime],
) -> Select[MakeUp, str, str, datetime]:
    return (
        query.join(Member, col(Member.id) == col(MakeUp.member_id))
        .join(Booking, col(Booking.id) == col(MakeUp.booking_id))
        .join(Course, col(Course.id) == col(Booking.course_id))
        .outerjoin(Attendance, col(Attendance.id) == col(MakeUp.earned_by_id))
        .outerjoin(ClassSession, col(ClassSession.id) == col(Attendance.session_id))
    )


def _make_up_kinds(make_up: MakeUp, today: date, now: datetime) -> list[Kind]:
    new = now < make_up.created_at + rule.STALE
    ending = rule.ends_soon(make_up.book_by, today, rule.MAKE_UP_ENDS)
    return [Kind.MAKE_UP_EXPIRING] if ending else [Kind.MAKE_UP_AVAILABLE] if new else []


def _of_make_up(
    db: Session, row: Row[MakeUp, str, str, datetime], kind: Kind, zone: ZoneInfo, now: datetime
) -> notify.Telling:
    make_up, member, course, missed = row

    def telling(to: notify.Hearer) -> Note:
        said = Spoken(to.locale, zone)
        fit = make_up_choices.open_count(db, make_up.booking_id, now).sessions
        values = {
            "member": member,
            "what": course,
            "day": said.day(missed) if missed else "",
            "book_by": said.date(make_up.book_by),
            "places": str(fit or ""),
        }
        return Note(kind, routes.BENEFITS, values, f"make_up:{make_up.public_id}")

    return telling


def _passes(db: Session, zone: ZoneInfo, now: datetime) -> None:
    today = now.astimezone(zone).date()
    left = col(Pass.entries_left).is_(None) | (col(Pass.entries_left) > 0)
    ending = (col(Pass.valid_until) >= today, col(Pass.valid_until) <= today + rule.PASS_ENDS)
    for found in db.execute(select(Pass).where(left, *ending).order_by(col(Pass.id))).scalars():
        once = f"pass_expiring:{found.public_id}:{found.valid_until}"
        notify.tell_family(db, found.family_id, _of_pass(found, zone), now, once)


def _of_pass(found: Pass, zone: ZoneInfo) -> notify.Telling:
    def telling(to: notify.Hearer) -> Note:
        until = Spoken(to.locale, zone).date(found.valid_until) if found.valid_until else ""
        left = "" if found.entries_left is None else str(found.entries_left)
        values = {"what": found.name, "left": left, "until": until}
        return Note(Kind.PASS_EXPIRING, routes.BENEFITS, values, f"pass:{found.public_id}")

    return telling
