""" "Can't come", told before it is done and done as told; and the ways back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import SYSTEM, Actor, ActorKind, StaffRole
from portal.errors import NotFound, PortalError
from portal.models.benefits import MakeUp, MakeUpEntry, PassEntry, PassKind
from portal.models.bookings import Attendance, Share
from portal.models.classes import ClassSession, ProgrammeKind
from portal.models.people import AuditEntry
from portal.models.provider import LateCancellation, NoticeKind
from portal.rows.cancelling import CancelSheet, Done
from portal.rules.passes import Visit
from portal.services import attendance, cancelling, drop_ins, make_ups, passes, places, provider, timetable
from portal.services.enrolment import Booked, Coming
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.make_ups import book as book_make_up
from tests.support.stories import shared_with_ruth

ZONE = ZoneInfo("Europe/Bratislava")
SECOND = timedelta(seconds=1)
NEXT_WEEK = TODAY + timedelta(days=7)
DAY_BEFORE = {"notice_kind": NoticeKind.DAY_BEFORE_AT, "notice_at_hour": 18}
WORKING_DAYS = {"notice_skips_days_off": True}


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant by Bratislava's clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def public(world: Otterbrook, coming: Coming) -> str:
    return world.db.get_one(Attendance, coming.attendance_id).public_id


def sheet(world: Otterbrook, actor: Actor, coming: Coming, now: datetime = NOW) -> CancelSheet:
    """What the sheet says after what was told so far."""
    world.db.flush()
    world.db.info.pop("scene", None)
    return cancelling.preview(world.db, actor, public(world, coming), now)


def cancel(
    world: Otterbrook,
    actor: Actor,
    coming: Coming,
    now: datetime = NOW,
    told: str = "make_up",
    reason: str = "",
) -> Done:
    return cancelling.cancel(world.db, actor, public(world, coming), told, reason, now)


def status(world: Otterbrook, coming: Coming) -> str:
    statement = select(Attendance).where(col(Attendance.id) == coming.attendance_id)
    return world.db.execute(statement.execution_options(populate_existing=True)).scalar_one().status


def taken(world: Otterbrook, coming: Coming) -> int:
    chosen = select(col(ClassSession.taken)).where(col(ClassSession.id) == coming.session_id)
    return world.db.execute(chosen).scalar_one()


def ledger(world: Otterbrook) -> list[str]:
    return list(world.db.execute(select(col(MakeUpEntry.kind)).order_by(col(MakeUpEntry.id))).scalars())


def make_up(world: Otterbrook) -> MakeUp:
    return world.db.execute(select(MakeUp).execution_options(populate_existing=True)).scalar_one()


def refused(doing: Callable[..., object], *arguments: Any) -> str:
    """The key of the refusal."""
    with pytest.raises(PortalError) as refusal:
        doing(*arguments)
    return refusal.value.message_key


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def mila(world: Otterbrook, vale: Household, **policies: Any) -> Coming:
    """Mila's session in a week, Thursday 19 March, 16:30 to 17:00."""
    return booked(world, vale, **policies).on(NEXT_WEEK)


def booked(world: Otterbrook, vale: Household, **policies: Any) -> Booked:
    course = world.course(programme_id=world.programme(**policies), starts_on=TODAY)
    return world.enrol(vale["Mila"], course)


@pytest.mark.parametrize(
    ("settings", "holidays", "day", "at", "limit"),
    [
        ({}, (), date(2026, 3, 19), time(16, 30), local(date(2026, 3, 19), 4, 30)),
        (DAY_BEFORE, (), date(2026, 3, 19), time(16, 30), local(date(2026, 3, 18), 18)),
        (DAY_BEFORE, (), date(2026, 3, 16), time(10), local(date(2026, 3, 15), 18)),
        (DAY_BEFORE | WORKING_DAYS, (), date(2026, 3, 16), time(10), local(date(2026, 3, 13), 18)),
        (WORKING_DAYS, (), date(2026, 3, 16), time(10), local(date(2026, 3, 13), 22)),
        (
            DAY_BEFORE | WORKING_DAYS,
            (date(2026, 4, 3), date(2026, 4, 6)),
            date(2026, 4, 7),
            time(10),
            local(date(2026, 4, 2), 18),
        ),
        ({}, (), date(2026, 3, 29), time(10), local(date(2026, 3, 28), 21)),
        (DAY_BEFORE, (), date(2026, 3, 29), time(10), local(date(2026, 3, 28), 18)),
        ({}, (), date(2026, 10, 25), time(10), local(date(2026, 10, 24), 23)),
        (DAY_BEFORE, (), date(2026, 10, 25), time(10), local(date(2026, 10, 24), 18)),
    ],
    ids=[
        "hours before",
        "an hour of the day before",
        "on a Sunday",
        "a weekend moves it to Friday",
        "hours before on a weekend",
        "a long Easter moves it to Thursday",
        "hours before, clocks forward",
        "the day before, clocks forward",
        "hours before, clocks back",
        "the day before, clocks back",
    ],
)
def test_until_the_limit_there_is_a_make_up_and_a_second_later_none(
    world: Otterbrook,
    settings: dict[str, Any],
    holidays: tuple[date, ...],
    day: date,
    at: time,
    limit: datetime,
) -> None:
    provider.save(world.db, SYSTEM, settings, NOW)
    for holiday in holidays:
        timetable.add_holiday(world.db, SYSTEM, holiday, "Easter")
    vale = world.family("Vale", "Mila", "Theo")
    of_week: dict[str, Any] = {"weekday": day.weekday(), "starts_local": at, "ends_local": time(at.hour + 1)}
    course = world.course(starts_on=day, ends_on=day, **of_week)
    in_time, late = (world.enrol(vale[name], course).on(day) for name in ("Mila", "Theo"))

    assert sheet(world, vale.guardian, in_time, limit).outcome == "make_up"
    assert sheet(world, vale.guardian, late, limit + SECOND).outcome == "make_up_too_late"
    cancel(world, vale.guardian, in_time, limit)
    cancel(world, vale.guardian, late, limit + SECOND, "make_up_too_late")
    assert (status(world, in_time), status(world, late)) == ("cancelled", "cancelled_late")
    assert (ledger(world), taken(world, late)) == (["earned"], 0)


def test_the_sheet_says_until_when_and_what_one_gets(world: Otterbrook, vale: Household) -> None:
    programme = world.programme()
    course = world.course(programme_id=programme, starts_on=TODAY)
    in_two_weeks: dict[str, Any] = {
        "starts_on": TODAY + timedelta(days=14),
        "ends_on": TODAY + timedelta(days=20),
    }
    world.course(programme_id=programme, weekday=4, capacity=7, **in_two_weeks)
    told = sheet(world, vale.guardian, world.enrol(vale["Mila"], course).on(NEXT_WEEK))
    assert (told.title, told.words) == (
        "Mila can’t come on Thu 19 March?",
        "Little Waves 2, Thu 19 March, 16:30 to 17:00",
    )
    assert told.consequence.words == (
        "Cancel before Thu 19 March, 04:30: you get a make-up, book it by 18 May, 7 places open now. "
        "After that: no make-up."
    )
    assert (told.confirm, told.keep) == ("Cancel Mila’s place", "Keep the place")
    assert told.later == (
        "Changed your mind later? You can sign back up until the start, while there is a free place."
    )


def test_within_the_week_the_limit_is_a_day_and_an_hour(world: Otterbrook, vale: Household) -> None:
    coming = mila(world, vale, sign_back_up_hours=5)
    told = sheet(world, vale.guardian, coming, coming.starts_at - timedelta(days=2))
    assert told.consequence.words.startswith("Cancel before Thu 04:30: you get a make-up")
    assert "sign back up until Thu 11:30, while" in told.later


def test_late_it_says_why_there_is_no_make_up_this_time(world: Otterbrook, vale: Household) -> None:
    today = booked(world, vale, late_text="Wet hair dries on the way home.").on(TODAY)
    told = sheet(world, vale.guardian, today)
    assert (told.title, told.words) == ("Mila can’t come today?", "Little Waves 2, today 16:30 to 17:00")
    assert (told.consequence.tone, told.consequence.title) == ("warn", "No make-up this time")
    assert told.consequence.words == (
        "The session starts in 2 h 20 min. Make-ups are given when you tell us at least 12 hours before. "
        "Wet hair dries on the way home."
    )


def test_where_it_is_refused_late_the_sheet_has_the_providers_text_and_no_way_to_confirm(
    world: Otterbrook, vale: Household
) -> None:
    today = booked(
        world, vale, late_cancellation=LateCancellation.REFUSED, late_text="Please ring 0900 555."
    ).on(TODAY)
    told = sheet(world, vale.guardian, today)
    assert (told.consequence.tone, told.consequence.words) == ("", "Please ring 0900 555.")
    assert (told.confirm, told.keep) == ("", "Close")
    assert refused(cancel, world, vale.guardian, today, NOW, "make_up_too_late") == "cancel.too_late"
    assert status(world, today) == "going"


def test_before_the_limit_it_says_that_late_will_be_refused(world: Otterbrook, vale: Household) -> None:
    coming = mila(world, vale, late_cancellation=LateCancellation.REFUSED)
    words = sheet(world, vale.guardian, coming).consequence.words
    assert words.endswith("After that it can no longer be cancelled.")


def test_a_class_without_make_ups_promises_none(world: Otterbrook, vale: Household) -> None:
    coming = mila(world, vale, make_ups=False)
    told = sheet(world, vale.guardian, coming)
    assert (told.consequence.tone, told.consequence.title) == ("plain", "No make-up for this class")
    cancel(world, vale.guardian, coming, told="nothing")
    assert (status(world, coming), ledger(world)) == ("cancelled", [])


def test_what_changed_while_the_sheet_was_open_is_read_again_before_it_is_done(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    limit = coming.starts_at - timedelta(hours=12)
    told = sheet(world, vale.guardian, coming, limit).outcome
    again = (cancel, world, vale.guardian, coming, limit + SECOND, told)
    assert refused(*again) == "cancel.outcome_changed"
    assert status(world, coming) == "going"


def test_the_reason_is_kept_for_the_provider_and_never_shown_to_a_family(
    world: Otterbrook, vale: Household
) -> None:
    coming = mila(world, vale)
    assert [one.words for one in sheet(world, vale.guardian, coming).reasons] == [
        "Unwell",
        "Away",
        "Something else",
    ]
    cancel(world, vale.guardian, coming, reason="unwell")
    kept = world.db.get_one(Attendance, coming.attendance_id)
    assert (kept.reason, kept.note) == ("unwell", "")


def test_every_step_is_in_the_audit_log(world: Otterbrook, vale: Household) -> None:
    coming = mila(world, vale)
    cancel(world, vale.guardian, coming)
    cancelling.undo(world.db, vale.guardian, public(world, coming), NOW)
    log = world.db.execute(select(AuditEntry).order_by(col(AuditEntry.id))).scalars().all()
    assert [(one.action, one.guardian_id) for one in log[-2:]] == [
        ("attendance.cancelled", vale.guardian_id),
        ("attendance.cancel_undone", vale.guardian_id),
    ]


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


def test_staff_cancel_for_a_family_that_called_where_it_may_not_itself(
    world: Otterbrook, vale: Household
) -> None:
    today = booked(world, vale, late_cancellation=LateCancellation.REFUSED).on(TODAY)
    cancel(world, world.staff(StaffRole.INSTRUCTOR), today, told="make_up_too_late")
    assert status(world, today) == "cancelled_late"


def strangers(world: Otterbrook, home: Household, booking_id: int) -> dict[str, Actor]:
    """Who must not act on Mila's booking."""
    ruth = shared_with_ruth(world, home, booking_id)
    return {
        "another family": world.family("Bell", "Ida").guardian,
        "the guardian with another family open": Actor(ActorKind.GUARDIAN, guardian_id=home.guardian_id),
        "a share to look at": ruth,
    }


@pytest.mark.parametrize(
    ("who", "key"),
    [
        ("another family", "error.not_found"),
        ("the guardian with another family open", "error.not_found"),
        ("a share to look at", "sharing.view_only"),
    ],
)
def test_who_may_not_act_changes_nothing(world: Otterbrook, vale: Household, who: str, key: str) -> None:
    enrolled = booked(world, vale)
    coming, off = enrolled.on(NEXT_WEEK), enrolled.on(NEXT_WEEK + timedelta(days=7))
    cancel(world, vale.guardian, off)
    actor, before = strangers(world, vale, enrolled.booking_id)[who], ledger(world)
    calls = [
        refused(sheet, world, actor, coming),
        refused(cancel, world, actor, coming),
        refused(cancelling.undo, world.db, actor, public(world, off), NOW),
        refused(cancelling.sign_back_up, world.db, actor, public(world, off), NOW),
        refused(cancelling.undo_sign_back_up, world.db, actor, public(world, coming), "cancelled", NOW),
    ]
    assert set(calls) == {key}
    assert (status(world, coming), status(world, off), ledger(world)) == ("going", "cancelled", before)


def test_a_share_that_acts_cancels_and_signs_up_until_it_is_revoked_or_over(
    world: Otterbrook, vale: Household
) -> None:
    enrolled = booked(world, vale)
    coming = enrolled.on(NEXT_WEEK)
    ruth = shared_with_ruth(world, vale, enrolled.booking_id)
    share = world.db.execute(select(Share)).scalar_one()
    share.can_act, share.until = True, NOW + timedelta(hours=1)
    world.db.flush()
    cancel(world, ruth, coming)
    cancelling.sign_back_up(world.db, ruth, public(world, coming), NOW)
    for change in ({"until": NOW}, {"until": None, "revoked_at": NOW}):
        share.sqlmodel_update(change)
        world.db.flush()
        with pytest.raises(NotFound):
            cancel(world, ruth, coming)
    assert status(world, coming) == "going"
