from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.benefits import (
    CreditEntry,
    MakeUp,
    MakeUpEntry,
    MakeUpStatus,
    PassEntry,
    PassEntryKind,
    PassKind,
)
from portal.models.bookings import Attendance, AttendanceStatus, DecidedBy
from portal.models.classes import ClassSession, ProgrammeKind, SessionStatus
from portal.rules.conditions import Unmet
from portal.services import attendance, credit, drop_ins, make_up_expiry, passes
from portal.services.attendance import NO_NOTICE, NotStarted, TooLate
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.make_ups import book as book_make_up

WEEK = timedelta(weeks=1)


def status(world: Otterbrook, attendance_id: int) -> Attendance:
    statement = select(Attendance).where(col(Attendance.id) == attendance_id)
    return world.db.execute(statement.execution_options(populate_existing=True)).scalar_one()


def make_up(world: Otterbrook) -> MakeUp:
    return world.db.execute(select(MakeUp).execution_options(populate_existing=True)).scalar_one()


def history(world: Otterbrook) -> list[str]:
    return list(world.db.execute(select(col(MakeUpEntry.kind)).order_by(col(MakeUpEntry.id))).scalars())


def taken(world: Otterbrook, session_id: int) -> int:
    return world.db.execute(
        select(col(ClassSession.taken)).where(col(ClassSession.id) == session_id)
    ).scalar_one()


def test_the_register_says_who_came_and_who_did_not(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila", "Theo"), world.course()
    mila, theo = (world.enrol(vale[name], course).sessions[0] for name in ("Mila", "Theo"))
    present = {mila.attendance_id: AttendanceStatus.ATTENDED, theo.attendance_id: AttendanceStatus.MISSED}
    attendance.register(world.db, world.staff(), mila.session_id, present, mila.starts_at)
    assert status(world, mila.attendance_id).status == AttendanceStatus.ATTENDED
    missed = status(world, theo.attendance_id)
    assert (missed.status, missed.note, missed.decided_by) == (
        AttendanceStatus.MISSED,
        NO_NOTICE,
        DecidedBy.STAFF,
    )


def test_a_register_that_was_wrong_is_put_right_with_its_note(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    mila = world.enrol(vale["Mila"], course).sessions[0]
    for said in (AttendanceStatus.MISSED, AttendanceStatus.ATTENDED):
        attendance.register(world.db, SYSTEM, mila.session_id, {mila.attendance_id: said}, mila.starts_at)
    assert (status(world, mila.attendance_id).status, status(world, mila.attendance_id).note) == (
        "attended",
        "",
    )


def test_the_register_opens_when_the_session_starts(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    mila = world.enrol(vale["Mila"], course).sessions[0]
    with pytest.raises(NotStarted):
        attendance.register(world.db, SYSTEM, mila.session_id, {}, mila.starts_at - timedelta(seconds=1))


def test_a_guardian_does_not_write_the_register(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    mila = world.enrol(vale["Mila"], course).sessions[0]
    with pytest.raises(NotAllowed):
        attendance.register(world.db, vale.guardian, mila.session_id, {}, mila.starts_at)


def test_a_missed_session_gives_a_make_up_where_the_programme_says_so_and_only_once(
    world: Otterbrook,
) -> None:
    vale, course = (
        world.family("Vale", "Mila"),
        world.course(programme_id=world.programme(make_up_for_missed=True)),
    )
    mila = world.enrol(vale["Mila"], course).sessions[0]
    for _ in range(2):
        present = {mila.attendance_id: AttendanceStatus.MISSED}
        attendance.register(world.db, SYSTEM, mila.session_id, present, mila.starts_at)
    assert make_up(world).earned_by_id == mila.attendance_id
    assert status(world, mila.attendance_id).note == ""


def test_a_make_up_for_a_session_that_was_not_missed_after_all_is_taken_back_and_given_again(
    world: Otterbrook,
) -> None:
    vale = world.family("Vale", "Mila")
    course = world.course(programme_id=world.programme(make_up_for_missed=True))
    mila = world.enrol(vale["Mila"], course).sessions[0]
    for said in (AttendanceStatus.MISSED, AttendanceStatus.ATTENDED):
        attendance.register(world.db, SYSTEM, mila.session_id, {mila.attendance_id: said}, mila.starts_at)
    assert make_up(world).status == MakeUpStatus.TAKEN_BACK

    missed = {mila.attendance_id: AttendanceStatus.MISSED}
    attendance.register(world.db, SYSTEM, mila.session_id, missed, mila.starts_at)

    assert make_up(world).status == MakeUpStatus.AVAILABLE
    assert history(world) == ["earned", "taken_back", "earned"]


def test_cancelled_in_time_frees_the_place_and_earns_a_make_up(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    coming = world.enrol(vale["Mila"], course).sessions[1]
    attendance.cancel(world.db, vale.guardian, coming.attendance_id, coming.starts_at - timedelta(hours=12))
    found = status(world, coming.attendance_id)
    assert (found.status, found.decided_by) == (AttendanceStatus.CANCELLED, DecidedBy.GUARDIAN)
    assert taken(world, coming.session_id) == 0
    assert (make_up(world).book_by, history(world)) == (coming.day + timedelta(days=60), ["earned"])


def test_a_second_after_the_limit_is_late_and_earns_nothing(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    coming = world.enrol(vale["Mila"], course).sessions[1]
    limit = coming.starts_at - timedelta(hours=12)
    assert (
        attendance.cancel(world.db, vale.guardian, coming.attendance_id, limit + timedelta(seconds=1)) is None
    )
    assert status(world, coming.attendance_id).status == AttendanceStatus.CANCELLED_LATE
    assert taken(world, coming.session_id) == 0


def test_a_session_cannot_be_cancelled_twice_nor_after_its_start(world: Otterbrook) -> None:
    vale, course = world.family("Vale", "Mila"), world.course()
    first, second = world.enrol(vale["Mila"], course).sessions[:2]
    with pytest.raises(Unmet, match="started"):
        attendance.cancel(world.db, vale.guardian, first.attendance_id, first.starts_at)
    attendance.cancel(world.db, vale.guardian, second.attendance_id, NOW)
    with pytest.raises(Unmet, match="not_going"):
        attendance.cancel(world.db, vale.guardian, second.attendance_id, NOW)


def test_another_familys_session_is_not_found(world: Otterbrook) -> None:
    vale, bell, course = world.family("Vale", "Mila"), world.family("Bell", "Ruth"), world.course()
    coming = world.enrol(vale["Mila"], course).sessions[1]
    with pytest.raises(NotFound):
        attendance.cancel(world.db, bell.guardian, coming.attendance_id, NOW)


def test_a_visit_cancelled_in_time_gives_the_entry_back(world: Otterbrook) -> None:
    vale = world.family("Vale", "Juno")
    course = world.course("Open Swim", world.programme(kind=ProgrammeKind.DROP_IN))
    new = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, entries_total=10)
    card = passes.sell(world.db, SYSTEM, new, "Bought", NOW)
    visit = drop_ins.visit(world.db, SYSTEM, vale["Juno"], world.session_on(course, TODAY + WEEK), card, NOW)
    attendance.cancel(world.db, vale.guardian, visit.attendance_id, NOW)
    entries = world.db.execute(select(PassEntry).order_by(col(PassEntry.id))).scalars()
    assert [(entry.kind, entry.change, entry.left_after) for entry in entries] == [
        (PassEntryKind.BOUGHT, 10, 10),
        (PassEntryKind.USED, -1, 9),
        (PassEntryKind.RETURNED, 1, 10),
    ]


def test_a_session_called_off_ends_every_place_and_each_family_has_its_credit(world: Otterbrook) -> None:
    vale, bell, course = world.family("Vale", "Mila", "Theo"), world.family("Bell", "Ruth"), world.course()
    comings = [
        world.enrol(member, course).sessions[0] for member in (vale["Mila"], vale["Theo"], bell["Ruth"])
    ]
    session_id = comings[0].session_id
    attendance.call_off(world.db, world.staff(), session_id, "Pool closed", NOW, credit_minor=1200)
    session = world.db.get_one(ClassSession, session_id)
    assert (session.status, session.change_note, session.taken) == (SessionStatus.CANCELLED, "Pool closed", 0)
    assert {status(world, coming.attendance_id).decided_by for coming in comings} == {DecidedBy.PROVIDER}
    assert (credit.balance(world.db, vale.family_id), credit.balance(world.db, bell.family_id)) == (
        2400,
        1200,
    )
    assert set(world.db.execute(select(col(CreditEntry.session_id))).scalars()) == {session_id}
    with pytest.raises(TooLate):
        attendance.call_off(world.db, SYSTEM, session_id, "Pool closed", NOW, credit_minor=1200)


def earned(world: Otterbrook) -> tuple[int, int, int]:
    """A make-up of Mila's, another session of its programme, and one of another programme."""
    programme = world.programme()
    vale, course = world.family("Vale", "Mila"), world.course(programme_id=programme)
    coming = world.enrol(vale["Mila"], course).sessions[1]
    earned_id = attendance.cancel(world.db, vale.guardian, coming.attendance_id, NOW)
    assert earned_id is not None
    same = world.session_on(world.course(programme_id=programme, capacity=1, weekday=4), date(2026, 3, 20))
    return earned_id, same, world.session_on(world.course(), TODAY + WEEK)


def test_a_make_up_is_booked_with_its_place_used_and_both_are_written_down(world: Otterbrook) -> None:
    earned_id, session_id, _ = earned(world)
    coming = book_make_up(world, SYSTEM, earned_id, session_id, NOW)
    assert (make_up(world).status, taken(world, session_id)) == (MakeUpStatus.BOOKED, 1)
    present = {coming.attendance_id: AttendanceStatus.ATTENDED}
    attendance.register(world.db, SYSTEM, session_id, present, coming.starts_at)
    assert (make_up(world).status, history(world)) == (MakeUpStatus.USED, ["earned", "booked", "used"])


def test_a_make_up_is_booked_once(world: Otterbrook) -> None:
    earned_id, session_id, _ = earned(world)
    book_make_up(world, SYSTEM, earned_id, session_id, NOW)
    with pytest.raises(Unmet, match="not_available"):
        book_make_up(world, SYSTEM, earned_id, session_id, NOW)


def test_a_make_up_is_for_its_own_programme(world: Otterbrook) -> None:
    earned_id, _, other = earned(world)
    with pytest.raises(Unmet, match="other_programme"):
        book_make_up(world, SYSTEM, earned_id, other, NOW)


def test_a_make_up_is_booked_on_its_last_day_and_expires_after_it(world: Otterbrook) -> None:
    earned(world)
    last = NOW + WEEK + timedelta(days=60)
    assert make_up_expiry.expire(world.db, SYSTEM, NOW) == 0
    assert make_up_expiry.expire(world.db, SYSTEM, last) == 0
    assert make_up_expiry.expire(world.db, SYSTEM, last + timedelta(days=1)) == 1
    assert (make_up(world).status, history(world)) == (MakeUpStatus.EXPIRED, ["earned", "expired"])


def test_a_booked_make_up_given_up_in_time_comes_back_once(world: Otterbrook) -> None:
    earned_id, session_id, _ = earned(world)
    for expected in (MakeUpStatus.AVAILABLE, MakeUpStatus.USED):
        coming = book_make_up(world, SYSTEM, earned_id, session_id, NOW)
        attendance.cancel(world.db, SYSTEM, coming.attendance_id, NOW)
        assert (make_up(world).status, taken(world, session_id)) == (expected, 0)
        session_id = world.session_on(world.db.get_one(ClassSession, session_id).course_id, date(2026, 3, 27))


def test_a_booked_make_up_given_up_late_is_used(world: Otterbrook) -> None:
    earned_id, session_id, _ = earned(world)
    coming = book_make_up(world, SYSTEM, earned_id, session_id, NOW)
    attendance.cancel(world.db, SYSTEM, coming.attendance_id, coming.starts_at - timedelta(hours=1))
    assert make_up(world).status == MakeUpStatus.USED
