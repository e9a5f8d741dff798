"""Courses and their dated sessions: made from local time and zone, without holidays; changed one by one."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import NotFound, PortalError
from portal.models.classes import ClassSession, Course
from portal.models.provider import Holiday, ProviderSettings
from portal.rules.schedule import length, meeting, weekly, working_days
from portal.services import provider, session_notes, waiting_list
from portal.services.authority import provider_only
from portal.services.holds import lock_course
from portal.services.storing import store


class EndsBeforeItStarts(PortalError):
    """A course ends after it starts, on the clock and in the calendar."""

    message_key = "timetable.ends_before_it_starts"


class PlacesTaken(PortalError):
    """A course cannot become smaller than what is taken in it."""

    message_key = "timetable.places_taken"


@dataclass(frozen=True)
class NewCourse:
    """A programme at a place, weekday (Monday 0) and local time between two days; price in minor units.

    `every_working_day` makes a camp: it meets Monday to Friday instead of once a week.
    """

    programme_id: int
    place_id: int
    name: str
    weekday: int
    starts_local: time
    ends_local: time
    starts_on: date
    ends_on: date
    capacity: int
    price_minor: int = 0
    instructor_id: int | None = None
    term_id: int | None = None
    room: str = ""
    extra_make_up_places: int | None = None
    extra_places_only: bool | None = None
    livestream_url: str = ""
    every_working_day: bool = False


def add_holiday(db: Session, actor: Actor, day: date, name: str) -> None:
    """A day without classes; courses made from now on leave it out."""
    provider_only(actor)
    db.add(Holiday(day=day, name=name))
    db.flush()


def add_course(db: Session, actor: Actor, new: NewCourse) -> int:
    """The course and all its sessions; the course's id."""
    provider_only(actor)
    if new.starts_on > new.ends_on or length(new.starts_local, new.ends_local).total_seconds() <= 0:
        raise EndsBeforeItStarts(name=new.name)
    settings = provider.get(db)
    course = _course(new, settings)
    course_id = store(db, course)
    extra = settings.extra_make_up_places if new.extra_make_up_places is None else new.extra_make_up_places
    only = settings.extra_places_only if new.extra_places_only is None else new.extra_places_only
    db.add_all(_session(course, day, extra, only=only) for day in _days(db, new))
    db.flush()
    return course_id


def change_session(
    db: Session,
    actor: Actor,
    session_id: int,
    note: str,
    now: datetime,
    *,
    room: str | None = None,
    instructor_id: int | None = None,
) -> None:
    """One session in another room or with somebody else; families read the note, and are written to."""
    provider_only(actor)
    session = db.get(ClassSession, session_id, with_for_update=True)
    if session is None:
        raise NotFound
    was = session.room if room not in (None, session.room) else ""
    session.room = session.room if room is None else room
    session.instructor_id = instructor_id or session.instructor_id
    session.change_note = note
    session.sequence += 1
    db.flush()
    session_notes.tell_changed(db, session, was, now)


def change_capacity(db: Session, actor: Actor, course_id: int, capacity: int, now: datetime) -> None:
    """So many places in every session to come; more of them go to the line, fewer than are taken is refused."""
    provider_only(actor)
    course = lock_course(db, course_id)
    to_come = (col(ClassSession.course_id) == course_id, col(ClassSession.starts_at) > now)
    held = select(ClassSession).where(*to_come).order_by(col(ClassSession.id)).with_for_update()
    sessions = db.execute(held.execution_options(populate_existing=True)).scalars().all()
    if any(session.taken > capacity for session in sessions):
        raise PlacesTaken
    course.capacity = capacity
    for session in sessions:
        session.capacity = capacity
    db.flush()
    waiting_list.offer_places(db, course_id, now)


def change_make_up_places(
    db: Session, actor: Actor, course_id: int, extra: int | None, only: bool | None, now: datetime
) -> None:
    """Extra make-up places of a course, and whether guests take only those; None is as the provider says.

    It holds for every session to come; fewer than are taken is refused.
    """
    provider_only(actor)
    settings, course = provider.get(db), lock_course(db, course_id)
    course.extra_make_up_places, course.extra_places_only = extra, only
    to_come = (col(ClassSession.course_id) == course_id, col(ClassSession.starts_at) > now)
    held = select(ClassSession).where(*to_come).order_by(col(ClassSession.id)).with_for_update()
    for session in db.execute(held.execution_options(populate_existing=True)).scalars().all():
        session.make_up_places = settings.extra_make_up_places if extra is None else extra
        session.extra_places_only = settings.extra_places_only if only is None else only
        if session.make_ups_taken > session.make_up_places:
            raise PlacesTaken
    db.flush()


def session_on(db: Session, course_id: int, day: date) -> int:
    """The course's session on a day of the provider's calendar; NotFound when it does not meet."""
    zone = provider.zone(db)
    rows = db.execute(
        select(col(ClassSession.id), col(ClassSession.starts_at)).where(
            col(ClassSession.course_id) == course_id
        )
    ).all()
    for session_id, starts_at in rows:
        if starts_at.astimezone(zone).date() == day:
            return int(session_id)
    raise NotFound


def _days(db: Session, new: NewCourse) -> list[date]:
    off = provider.days_off(db)
    if new.every_working_day:
        return working_days(new.starts_on, new.ends_on, off)
    return weekly(new.starts_on, new.ends_on, new.weekday, off)


def _course(new: NewCourse, settings: ProviderSettings) -> Course:
    return Course(
        programme_id=new.programme_id,
        place_id=new.place_id,
        instructor_id=new.instructor_id,
        term_id=new.term_id,
        name=new.name,
        room=new.room,
        weekday=new.weekday,
        starts_local=new.starts_local,
        ends_local=new.ends_local,
        timezone=settings.timezone,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        capacity=new.capacity,
        extra_make_up_places=new.extra_make_up_places,
        extra_places_only=new.extra_places_only,
        price_minor=new.price_minor,
        currency=settings.currency,
        livestream_url=new.livestream_url,
    )


def _session(course: Course, day: date, extra_places: int, *, only: bool) -> ClassSession:
    when = meeting(day, course.starts_local, course.ends_local, ZoneInfo(course.timezone))
    return ClassSession(
        course_id=course.id or 0,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        place_id=course.place_id,
        instructor_id=course.instructor_id,
        room=course.room,
        capacity=course.capacity,
        make_up_places=extra_places,
        extra_places_only=only,
        livestream_url=course.livestream_url,
    )
