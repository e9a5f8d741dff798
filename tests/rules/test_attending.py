"""When a place can be given up, and when it can be taken again: every condition on its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AttendanceKind, AttendanceStatus, DecidedBy
from portal.models.provider import LateCancellation, NoticeKind
from portal.rules.attending import (
    UNDO_WITHIN,
    Attending,
    can_cancel,
    can_sign_back_up,
    can_undo,
    can_undo_sign_back_up,
)
from portal.rules.cancellation import CancellationPolicy, deadline, when_refused, when_told
from portal.rules.outcomes import Outcome, PaidWith, outcome
from tests.support.conditions import told

STARTS = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)
LIMIT = STARTS - timedelta(hours=12)
LONG_BEFORE = STARTS - timedelta(days=3)
SECOND = timedelta(seconds=1)
POLICY = CancellationPolicy(NoticeKind.HOURS_BEFORE, 12, 18, False, True, LateCancellation.ALLOWED, "")
REFUSING = replace(POLICY, late=LateCancellation.REFUSED)
GOING = Attending(
    kind=AttendanceKind.REGULAR,
    status=AttendanceStatus.GOING,
    decided_by=DecidedBy.RULE,
    decided_at=LONG_BEFORE,
    starts_at=STARTS,
    called_off=False,
    booked=True,
    may_act=True,
    by_provider=False,
    policy=POLICY,
    limit=LIMIT,
    sign_back_up_hours=5,
    places_free=1,
    gave=None,
    make_up_there=True,
    entry_there=True,
)
CANCELLED = replace(
    GOING,
    status=AttendanceStatus.CANCELLED,
    decided_by=DecidedBy.GUARDIAN,
    gave=MakeUpStatus.AVAILABLE,
)
BY_MAKE_UP = replace(GOING, kind=AttendanceKind.MAKE_UP)
CLOSES = STARTS - timedelta(hours=5)


def test_a_place_that_is_theirs_can_be_given_up_and_taken_again() -> None:
    assert told(can_cancel(GOING, LONG_BEFORE)) == ""
    assert told(can_sign_back_up(CANCELLED, LONG_BEFORE)) == ""


@pytest.mark.parametrize(
    ("missing", "key"),
    [
        ({"may_act": False}, "sharing.view_only"),
        ({"called_off": True}, "attending.called_off"),
        ({"booked": False}, "attending.booking_ended"),
        ({"status": AttendanceStatus.CANCELLED}, "cancel.not_going"),
        ({"status": AttendanceStatus.ATTENDED}, "cancel.not_going"),
    ],
)
def test_each_condition_of_giving_up_is_told_when_it_is_missing(missing: dict[str, Any], key: str) -> None:
    assert told(can_cancel(replace(GOING, **missing), LONG_BEFORE)) == key


def test_a_place_can_be_given_up_until_the_second_before_the_start() -> None:
    assert told(can_cancel(GOING, STARTS - SECOND)) == ""
    assert told(can_cancel(GOING, STARTS)) == "cancel.started"


def test_the_limit_itself_is_in_time_and_a_moment_later_is_late() -> None:
    limit = deadline(POLICY, STARTS, ZoneInfo("Europe/Prague"), ())
    assert limit == GOING.limit
    assert not GOING.is_late(limit)
    assert GOING.is_late(limit + SECOND)


def test_where_late_cancellation_is_refused_the_limit_is_the_last_moment() -> None:
    strict = replace(GOING, policy=REFUSING)
    assert told(can_cancel(strict, LIMIT)) == ""
    assert told(can_cancel(strict, LIMIT + SECOND)) == "cancel.too_late"
    assert told(can_cancel(replace(strict, by_provider=True), LIMIT + SECOND)) == ""


def test_the_refusal_is_the_providers_own_text_or_says_what_would_have_done() -> None:
    assert when_refused(replace(REFUSING, late_text="Please ring 0900 555.")) == "Please ring 0900 555."
    assert when_refused(REFUSING).endswith("Please call us; next time, tell us at least 12 hours before.")


@pytest.mark.parametrize(
    ("missing", "key"),
    [
        ({"may_act": False}, "sharing.view_only"),
        ({"called_off": True}, "attending.called_off"),
        ({"booked": False}, "attending.booking_ended"),
        ({"status": AttendanceStatus.GOING}, "sign_back_up.not_cancelled"),
        ({"decided_by": DecidedBy.STAFF}, "sign_back_up.not_by_family"),
        ({"gave": MakeUpStatus.BOOKED}, "sign_back_up.make_up_booked"),
        ({"gave": MakeUpStatus.USED}, "sign_back_up.make_up_used"),
        ({"make_up_there": False}, "sign_back_up.make_up_gone"),
        ({"entry_there": False}, "sign_back_up.no_entry"),
        ({"places_free": 0}, "sign_back_up.no_place"),
    ],
)
def test_each_condition_of_signing_back_up_is_told_when_it_is_missing(
    missing: dict[str, Any], key: str
) -> None:
    assert told(can_sign_back_up(replace(CANCELLED, **missing), LONG_BEFORE)) == key


def test_signing_back_up_closes_at_its_hour() -> None:
    assert told(can_sign_back_up(CANCELLED, CLOSES - SECOND)) == ""
    assert told(can_sign_back_up(CANCELLED, CLOSES)) == "sign_back_up.closed"
    assert told(can_sign_back_up(replace(CANCELLED, by_provider=True), CLOSES)) == ""


def test_without_an_hour_of_its_own_it_closes_at_the_start() -> None:
    always = replace(CANCELLED, sign_back_up_hours=None)
    assert told(can_sign_back_up(always, STARTS - SECOND)) == ""
    assert told(can_sign_back_up(always, STARTS)) == "sign_back_up.started"


def test_a_late_cancellation_can_be_signed_back_up_for_as_well() -> None:
    late = replace(CANCELLED, status=AttendanceStatus.CANCELLED_LATE, gave=None)
    assert told(can_sign_back_up(late, CLOSES - SECOND)) == ""


def test_an_expired_make_up_is_no_reason_to_stay_away() -> None:
    assert told(can_sign_back_up(replace(CANCELLED, gave=MakeUpStatus.EXPIRED), LONG_BEFORE)) == ""


def test_undoing_is_open_for_its_seconds_also_after_signing_back_up_closed() -> None:
    now = CLOSES + timedelta(hours=1)
    just_now = replace(CANCELLED, decided_at=now)
    assert told(can_undo(just_now, now + UNDO_WITHIN - SECOND)) == ""
    assert told(can_undo(just_now, now + UNDO_WITHIN)) == "sign_back_up.undo_over"
    assert told(can_undo(replace(just_now, places_free=0), now)) == "sign_back_up.no_place"


def test_signing_back_up_is_undone_within_its_seconds_also_after_the_limit() -> None:
    now = LIMIT + timedelta(hours=1)
    just_now = replace(GOING, policy=REFUSING, decided_at=now)
    assert told(can_undo_sign_back_up(just_now, now + UNDO_WITHIN - SECOND)) == ""
    assert told(can_undo_sign_back_up(just_now, now + UNDO_WITHIN)) == "cancel.undo_over"


@pytest.mark.parametrize(
    ("it", "paid", "in_time", "late"),
    [
        (GOING, PaidWith(), Outcome.MAKE_UP, Outcome.MAKE_UP_TOO_LATE),
        (replace(GOING, policy=replace(POLICY, make_ups=False)), PaidWith(), "nothing", "nothing_too_late"),
        (replace(GOING, kind=AttendanceKind.TRIAL), PaidWith(), "nothing", "nothing_too_late"),
        (replace(GOING, kind=AttendanceKind.DROP_IN), PaidWith(entry=True), "entry_back", "entry_too_late"),
        (replace(GOING, kind=AttendanceKind.DROP_IN), PaidWith(bill=True), "bill_back", "bill_too_late"),
        (BY_MAKE_UP, PaidWith(), "make_up_back", "make_up_back_too_late"),
        (BY_MAKE_UP, PaidWith(make_up_again=True), "make_up_used", "make_up_back_too_late"),
    ],
)
def test_what_giving_up_leads_to_turns_a_second_after_the_limit(
    it: Attending, paid: PaidWith, in_time: str, late: str
) -> None:
    found = [outcome(it, paid, at) for at in (LIMIT, LIMIT + SECOND)]
    assert found == [in_time, late]


def test_the_notice_is_told_at_the_end_of_a_sentence() -> None:
    day_before = replace(POLICY, kind=NoticeKind.DAY_BEFORE_AT, skips_days_off=True)
    assert when_told(POLICY) == "when you tell us at least 12 hours before"
    assert when_told(day_before) == "when you tell us by 18:00 the day before, on a working day"
