""" "Can't come", told before it is done and done as told; and the ways back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal.actor import Actor, ActorKind, StaffRole
from portal.errors import NotFound
from portal.models.bookings import Attendance, Share
from portal.models.people import AuditEntry
from portal.models.provider import LateCancellation
from portal.services import cancelling
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.called_off import (
    NEXT_WEEK,
    SECOND,
    booked,
    cancel,
    ledger,
    mila,
    public,
    refused,
    sheet,
    status,
)
from tests.support.stories import shared_with_ruth


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
