"""Cancelled is undone, or signed back up: as if nothing had happened, or why it can be no more."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.benefits import PassEntry, PassKind
from portal.models.classes import ProgrammeKind
from portal.rules.passes import Visit
from portal.services import attendance, cancelling, drop_ins, make_ups, passes, places
from portal.services.enrolment import Coming
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.called_off import (
    NEXT_WEEK,
    SECOND,
    cancel,
    ledger,
    make_up,
    mila,
    public,
    refused,
    sheet,
    status,
    taken,
)
from tests.support.make_ups import book as book_make_up


def test_undone_it_is_as_if_nothing_had_happened_and_the_ledger_says_what_did(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    assert cancel(world, vale.guardian, coming).words == (
        "Mila’s place on Thu 19 March is cancelled. You have a make-up to use"
    )
    words = cancelling.undo(world.db, vale.guardian, public(world, coming), NOW + timedelta(seconds=6))
    assert words == "Mila keeps the place on Thu 19 March"
    assert (status(world, coming), taken(world, coming)) == ("going", 1)
    assert (make_up(world).status, ledger(world)) == ("taken_back", ["earned", "taken_back"])


def test_a_session_gives_one_make_up_however_often_it_is_cancelled(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    for _ in range(2):
        cancel(world, vale.guardian, coming)
        cancelling.undo(world.db, vale.guardian, public(world, coming), NOW)
    cancel(world, vale.guardian, coming)
    assert (make_up(world).status, ledger(world)) == (
        "available",
        ["earned", "taken_back", "earned", "taken_back", "earned"],
    )


def test_undo_is_too_late_after_its_seconds_and_says_what_is_still_possible(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    cancel(world, vale.guardian, coming)
    late = NOW + timedelta(seconds=30)
    assert refused(cancelling.undo, world.db, vale.guardian, public(world, coming), late) == (
        "sign_back_up.undo_over"
    )
    assert cancelling.sign_back_up(world.db, vale.guardian, public(world, coming), late).words == (
        "Mila is back in on Thu 19 March. The make-up you got for it is taken back"
    )


def test_if_somebody_took_the_place_meanwhile_undo_says_so_and_the_make_up_stays(
    world: Otterbrook, vale: Household
) -> None:
    course = world.course(capacity=1, starts_on=TODAY)
    coming = world.enrol(vale["Mila"], course).on(NEXT_WEEK)
    cancel(world, vale.guardian, coming)
    places.take(world.db, [coming.session_id])
    assert refused(cancelling.undo, world.db, vale.guardian, public(world, coming), NOW) == (
        "sign_back_up.no_place"
    )
    assert (status(world, coming), make_up(world).status) == ("cancelled", "available")


def test_a_make_up_that_was_booked_stands_in_the_way_and_is_told(world: Otterbrook, vale: Household) -> None:
    programme = world.programme()
    coming = world.enrol(vale["Mila"], world.course(programme_id=programme, starts_on=TODAY)).on(NEXT_WEEK)
    other = world.session_on(world.course(programme_id=programme, weekday=4), date(2026, 3, 20))
    cancel(world, vale.guardian, coming)
    replacement = book_make_up(world, SYSTEM, make_up(world).id or 0, other, NOW)
    back = (cancelling.sign_back_up, world.db, vale.guardian, public(world, coming))
    assert refused(*back, NOW) == "sign_back_up.make_up_booked"
    attendance.register(world.db, SYSTEM, other, {}, replacement.starts_at)
    make_ups.use(world.db, [replacement.attendance_id], replacement.starts_at)
    assert refused(*back, NOW) == "sign_back_up.make_up_used"


def test_a_booked_make_up_that_was_cancelled_is_booked_again_and_may_still_come_back_once(
    world: Otterbrook, vale: Household
) -> None:
    programme = world.programme()
    coming = world.enrol(vale["Mila"], world.course(programme_id=programme, starts_on=TODAY)).on(NEXT_WEEK)
    other = world.session_on(world.course(programme_id=programme, weekday=4), date(2026, 3, 27))
    cancel(world, vale.guardian, coming)
    replacement = book_make_up(world, vale.guardian, make_up(world).id or 0, other, NOW)
    assert sheet(world, vale.guardian, replacement).consequence.title == "The make-up comes back"
    cancel(world, vale.guardian, replacement, told="make_up_back")
    cancelling.undo(world.db, vale.guardian, public(world, replacement), NOW)
    assert (make_up(world).status, taken(world, replacement)) == ("booked", 1)
    assert sheet(world, vale.guardian, replacement).outcome == "make_up_back"
    cancel(world, vale.guardian, replacement, told="make_up_back")
    assert ledger(world)[2:] == ["returned", "booked", "returned"]


def visit(world: Otterbrook, vale: Household, entries: int = 10) -> Coming:
    course = world.course("Open Swim", world.programme(kind=ProgrammeKind.DROP_IN, make_ups=False))
    new = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, entries_total=entries)
    card = passes.sell(world.db, SYSTEM, new, "Bought", NOW)
    return drop_ins.visit(world.db, SYSTEM, vale["Mila"], world.session_on(course, NEXT_WEEK), card, NOW)


def entries(world: Otterbrook) -> list[tuple[str, int]]:
    rows = world.db.execute(select(PassEntry).order_by(col(PassEntry.id))).scalars()
    return [(row.kind, row.left_after) for row in rows]


def test_the_entry_of_a_pass_goes_back_and_is_used_again_when_that_is_undone(
    world: Otterbrook, vale: Household
) -> None:
    coming = visit(world, vale)
    told = sheet(world, vale.guardian, coming)
    assert "the entry goes back to Open Swim pass. After that: it is used." in told.consequence.words
    cancel(world, vale.guardian, coming, told=told.outcome)
    cancelling.undo(world.db, vale.guardian, public(world, coming), NOW)
    assert entries(world) == [("bought", 10), ("used", 9), ("returned", 10), ("used", 9)]
    cancel(world, vale.guardian, coming, told="entry_back")
    assert entries(world)[-1] == ("returned", 10)


def test_without_an_entry_left_there_is_no_signing_back_up(world: Otterbrook, vale: Household) -> None:
    coming = visit(world, vale, entries=1)
    cancel(world, vale.guardian, coming, told="entry_back")
    card = world.db.execute(select(col(PassEntry.pass_id))).scalars().first() or 0
    passes.use(world.db, card, Visit(vale["Mila"], 0, TODAY), None, "Another day", NOW)
    assert refused(cancelling.sign_back_up, world.db, vale.guardian, public(world, coming), NOW) == (
        "sign_back_up.no_entry"
    )


def test_an_entry_that_is_used_all_the_same_is_not_used_twice(world: Otterbrook, vale: Household) -> None:
    coming = visit(world, vale)
    late = coming.starts_at - timedelta(hours=1)
    assert sheet(world, vale.guardian, coming, late).consequence.title == "The entry is used all the same"
    cancel(world, vale.guardian, coming, late, "entry_too_late")
    cancelling.undo(world.db, vale.guardian, public(world, coming), late)
    assert entries(world) == [("bought", 10), ("used", 9)]


def test_signing_back_up_closes_at_its_hour_minus_and_plus_a_second(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale, sign_back_up_hours=5)
    cancel(world, vale.guardian, coming)
    closes = coming.starts_at - timedelta(hours=5)
    back = (cancelling.sign_back_up, world.db, vale.guardian, public(world, coming))
    assert refused(*back, closes) == "sign_back_up.closed"
    assert cancelling.sign_back_up(world.db, vale.guardian, public(world, coming), closes - SECOND).was == (
        "cancelled"
    )


@pytest.mark.parametrize("late", [False, True])
def test_signing_back_up_is_undone_as_it_was_also_after_the_limit(
    world: Otterbrook, vale: Household, late: bool
) -> None:
    coming = mila(world, vale)
    limit = coming.starts_at - timedelta(hours=12)
    cancelled_at = limit + SECOND if late else limit
    cancel(world, vale.guardian, coming, cancelled_at, "make_up_too_late" if late else "make_up")
    now = limit + timedelta(hours=2)
    back = cancelling.sign_back_up(world.db, vale.guardian, public(world, coming), now)
    assert status(world, coming) == "going"
    words = cancelling.undo_sign_back_up(world.db, vale.guardian, public(world, coming), back.was, now)
    assert words == "Mila’s place today stays cancelled"
    assert (status(world, coming), taken(world, coming)) == (back.was, 0)
    assert ledger(world) == ([] if late else ["earned", "taken_back", "earned"])


def test_what_the_provider_cancelled_is_not_the_familys_to_take_again(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    cancel(world, world.staff(), coming)
    back = (cancelling.sign_back_up, world.db, vale.guardian, public(world, coming), NOW)
    assert refused(*back) == "sign_back_up.not_by_family"
    attendance.call_off(world.db, SYSTEM, coming.session_id, "Pool closed", NOW)
    assert refused(*back) == "attending.called_off"
