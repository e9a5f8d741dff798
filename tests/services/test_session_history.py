"""Past sessions: what became of each, counted, by kind, and nobody else's."""

from datetime import date, timedelta

from portal.actor import SYSTEM
from portal.models.bookings import AttendanceStatus
from portal.services import attendance, sessions
from portal.services.facts.attendance import PastKind
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.agendas import LONG_AGO, NEXT_WEEK, page
from tests.support.stories import mark, shared_with_ruth


def test_the_history_says_what_became_of_each_session(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    course = world.course(starts_on=TODAY - timedelta(weeks=5))
    booked = world.enrol(vale["Mila"], course, LONG_AGO)
    mark(world, booked.on(TODAY - timedelta(weeks=5)).attendance_id, AttendanceStatus.ATTENDED)
    mark(world, booked.on(TODAY - timedelta(weeks=4)).attendance_id, AttendanceStatus.MISSED)
    mark(world, booked.on(TODAY - timedelta(weeks=3)).attendance_id, AttendanceStatus.CANCELLED_LATE)
    called_off = world.session_on(course, TODAY - timedelta(weeks=2))
    attendance.call_off(world.db, SYSTEM, called_off, "Pool closed", LONG_AGO, credit_minor=1200)
    view = page(world, vale.guardian, tab="past")
    assert [month.name for month in view.months] == ["March", "February"]
    assert [(row.day.number, row.chips[0].word, row.note) for month in view.months for row in month.rows] == [
        ("5", "Done", ""),
        ("26", "Cancelled by Otterbrook", "Pool closed. €12.00 credit added"),
        ("19", "Cancelled late", ""),
        ("12", "Missed", ""),
        ("5", "Attended", ""),
    ]


def test_the_session_that_gave_a_make_up_leads_to_it_for_who_may_use_it(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY), LONG_AGO)
    attendance.cancel(world.db, vale.guardian, booked.sessions[0].attendance_id, LONG_AGO)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    (row,), (theirs,) = (
        page(world, who, NEXT_WEEK, tab="past").months[0].rows for who in (vale.guardian, ruth)
    )
    assert row.make_up
    assert [chip.word for chip in row.chips] == ["You cancelled"]
    assert theirs.make_up == ""
    assert [chip.word for chip in theirs.chips] == ["Cancelled", "Make-up to use"]


def test_the_history_is_counted_for_each_choice(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    course = world.course(starts_on=TODAY - timedelta(weeks=2))
    for name, status in (("Mila", AttendanceStatus.ATTENDED), ("Theo", AttendanceStatus.MISSED)):
        mark(world, world.enrol(vale[name], course, LONG_AGO).sessions[0].attendance_id, status)
    filters = page(world, vale.guardian, tab="past").filters
    assert [[f"{one.label} {one.count}".strip() for one in each.kinds] for each in filters] == [
        ["All", "Attended 1", "Missed 1"],
        ["All", "Attended 1"],
        ["All", "Missed 1"],
    ]


def test_one_kind_of_the_history_has_its_own_address(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY - timedelta(weeks=2)), LONG_AGO)
    mark(world, booked.sessions[0].attendance_id, AttendanceStatus.MISSED)
    view = page(world, vale.guardian, tab="past", kind="missed")
    assert [row.chips[0].word for month in view.months for row in month.rows] == ["Missed"]
    assert [(one.label, one.href) for one in view.filters[0].kinds if one.current] == [
        ("Missed", "/sessions?tab=past&kind=missed")
    ]


def test_a_kind_nobody_knows_is_all_of_them() -> None:
    assert sessions.asked({"tab": "past", "kind": "secret"}).kind is None
    assert sessions.asked({"tab": "past", "kind": "make-up"}).kind is PastKind.MAKE_UP


def test_december_of_last_year_says_its_year(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    course = world.course(starts_on=date(2025, 12, 4), ends_on=date(2025, 12, 4))
    world.enrol(vale["Mila"], course, NOW - timedelta(days=120))
    assert [month.name for month in page(world, vale.guardian, tab="past").months] == ["December 2025"]
