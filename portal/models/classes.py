"""What is offered: programmes, courses, their sessions, where and by whom."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from portal.models.base import ProviderTable, check, instant, one_of, optional_reference, public_id, reference


class ProgrammeKind(StrEnum):
    """How a programme is attended."""

    COURSE = "course"
    DROP_IN = "drop_in"


class PassRule(StrEnum):
    """What a drop-in without a valid pass meets."""

    REQUIRED = "required"
    BILLED = "billed"


class SessionStatus(StrEnum):
    """What the provider says of a session; past and now come from the clock."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Place(ProviderTable, table=True):
    """Where classes meet."""

    __tablename__ = "place"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    address: str = Field(default="", max_length=300)
    map_url: str = Field(default="", max_length=500)
    online: bool = False


class Instructor(ProviderTable, table=True):
    """Who leads a course, as families know them."""

    __tablename__ = "instructor"

    id: int | None = Field(default=None, primary_key=True)
    full_name: str = Field(max_length=160, unique=True)
    short_name: str = Field(max_length=60)
    staff_id: int | None = optional_reference("staff.id")


class Term(ProviderTable, table=True):
    """A season of courses: "Spring 2026"."""

    __tablename__ = "term"
    __table_args__ = (check("in_order", "starts_on <= ends_on"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    starts_on: date
    ends_on: date


class Programme(ProviderTable, table=True):
    """What is offered, with its policies; an empty policy is the provider's."""

    __tablename__ = "programme"
    __table_args__ = (one_of("kind", ProgrammeKind), one_of("pass_rule", PassRule))

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    name: str = Field(max_length=120, unique=True)
    kind: str = Field(default=ProgrammeKind.COURSE, max_length=12)
    icon: str = Field(default="sparkles", max_length=40)
    description: str = Field(default="", max_length=2000)
    what_to_bring: str = Field(default="", max_length=500)
    min_age_months: int | None = None
    max_age_months: int | None = None
    make_up_group: str = Field(default="", max_length=60)
    unit_price_minor: int | None = None
    pass_rule: str = Field(default=PassRule.REQUIRED, max_length=12)
    make_ups: bool | None = None
    make_up_for_missed: bool | None = None
    make_up_days: int | None = None
    make_up_closes_hours: int | None = None
    make_up_window_days: int | None = None
    notice_hours: int | None = None
    late_cancellation: str | None = Field(default=None, max_length=12)
    late_text: str = Field(default="", max_length=500)
    sign_back_up_hours: int | None = None
    trial_offer_days: int | None = None


class ProgrammeDocument(ProviderTable, table=True):
    """Something to read about a programme."""

    __tablename__ = "programme_document"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = reference("programme.id")
    title: str = Field(max_length=160)
    url: str = Field(max_length=500)


class Course(ProviderTable, table=True):
    """A programme at a place, weekday (Monday 0) and local time over a term, with a capacity and an instructor."""

    __tablename__ = "course"
    __table_args__ = (
        check("weekday_known", "weekday between 0 and 6"),
        check("capacity_positive", "capacity >= 0"),
        check("in_order", "starts_on <= ends_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    programme_id: int = reference("programme.id")
    place_id: int = reference("place.id")
    instructor_id: int | None = optional_reference("instructor.id")
    term_id: int | None = optional_reference("term.id")
    name: str = Field(max_length=120, index=True)
    room: str = Field(default="", max_length=60)
    weekday: int
    starts_local: time
    ends_local: time
    timezone: str = Field(max_length=60)
    starts_on: date
    ends_on: date
    capacity: int
    extra_make_up_places: int | None = None
    extra_places_only: bool | None = None
    price_minor: int = 0
    currency: str = Field(default="EUR", max_length=3)
    livestream_url: str = Field(default="", max_length=500)


class ClassSession(ProviderTable, table=True):
    """One dated meeting of a course. `taken` counts the places held, `make_ups_taken` the extra make-up places."""

    __tablename__ = "class_session"
    __table_args__ = (
        UniqueConstraint("course_id", "starts_at"),
        one_of("status", SessionStatus),
        check("in_order", "starts_at < ends_at"),
        check("places_not_oversold", "taken between 0 and capacity"),
        check("make_up_places_not_oversold", "make_ups_taken between 0 and make_up_places"),
        Index("ix_class_session_starts_at", "starts_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = public_id()
    course_id: int = reference("course.id", index=False)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    place_id: int = reference("place.id", index=False)
    instructor_id: int | None = optional_reference("instructor.id", index=False)
    room: str = Field(default="", max_length=60)
    status: str = Field(default=SessionStatus.SCHEDULED, max_length=12)
    change_note: str = Field(default="", max_length=200)
    capacity: int
    make_up_places: int = 0
    extra_places_only: bool = False
    taken: int = 0
    make_ups_taken: int = 0
    livestream_url: str = Field(default="", max_length=500)
    sequence: int = 0
