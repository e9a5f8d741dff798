from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.conditions import first_unmet
from portal.rules.sharing import (
    LONGEST,
    MOST_INVITATIONS,
    MOST_PEOPLE,
    Invitation,
    SharedBooking,
    can_act,
    can_invite,
    can_share,
    ends_at,
    last_day,
)
from tests.support.conditions import told

TODAY = date(2026, 3, 12)
BRATISLAVA = ZoneInfo("Europe/Bratislava")
MILAS = SharedBooking(
    ours=True,
    provider="Otterbrook Classes",
    switched_on=True,
    over=False,
    today=TODAY,
    own_email="nora@vale.example",
    guardians={"nora@vale.example": "Nora Vale", "sam@vale.example": "Sam Vale"},
)
RUTH = Invitation("ruth@bell.example")


def why_not(booking: SharedBooking, invitation: Invitation) -> str:
    return told(can_invite(booking, invitation))


def test_an_adult_outside_the_family_can_be_invited() -> None:
    assert why_not(MILAS, RUTH) == ""


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("", "sharing.bad_email"),
        ("ruth", "sharing.bad_email"),
        ("ruth@bell", "sharing.bad_email"),
        ("ruth@bell.example, sam@vale.example", "sharing.bad_email"),
        (" Nora@Vale.example ", "sharing.own_email"),
        ("SAM@vale.example", "sharing.of_family"),
    ],
)
def test_each_address_that_cannot_be_invited_has_its_own_words(email: str, key: str) -> None:
    assert why_not(MILAS, Invitation(email)) == key


@pytest.mark.parametrize(
    ("booking", "key"),
    [
        (replace(MILAS, ours=False), "sharing.not_yours"),
        (replace(MILAS, switched_on=False), "sharing.switched_off"),
        (replace(MILAS, over=True), "sharing.booking_over"),
    ],
)
def test_a_booking_that_cannot_be_shared_says_why_before_anybody_is_named(
    booking: SharedBooking, key: str
) -> None:
    assert told(can_share(booking)) == key == why_not(booking, RUTH)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (TODAY - timedelta(days=1), "sharing.last_day_over"),
        (TODAY, ""),
        (TODAY + LONGEST, ""),
        (TODAY + LONGEST + timedelta(days=1), "sharing.last_day_far"),
        (date.max, "sharing.last_day_far"),
    ],
)
def test_the_last_day_is_today_or_later(day: date, key: str) -> None:
    assert why_not(MILAS, replace(RUTH, last_day=day)) == key


def test_a_booking_is_shown_to_so_many_and_no_more() -> None:
    most = frozenset(f"{number}@bell.example" for number in range(MOST_PEOPLE))
    full = replace(MILAS, shared_with=most)

    assert why_not(replace(MILAS, shared_with=most - {"0@bell.example"}), RUTH) == ""
    assert why_not(full, RUTH) == "sharing.too_many_people"
    assert why_not(full, Invitation("0@bell.example", can_act=True)) == ""


def test_a_family_sends_so_many_invitations_a_day() -> None:
    assert why_not(replace(MILAS, invited_lately=MOST_INVITATIONS - 1), RUTH) == ""
    assert why_not(replace(MILAS, invited_lately=MOST_INVITATIONS), RUTH) == "sharing.too_many_invitations"


def test_nobody_is_called_by_what_is_no_name() -> None:
    assert why_not(MILAS, replace(RUTH, full_name="Ruth\u202eBell")) == "sharing.bad_name"


@pytest.mark.parametrize(
    ("through_share", "share_can_act", "may"),
    [(False, False, True), (True, False, False), (True, True, True)],
)
def test_a_share_acts_only_if_it_says_so(through_share: bool, share_can_act: bool, may: bool) -> None:
    assert (first_unmet(can_act(through_share, share_can_act)) is None) is may


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 23, tzinfo=UTC)),
    ],
)
def test_a_share_shows_until_midnight_of_its_last_day_also_when_the_clocks_change(
    day: date, over: datetime
) -> None:
    until = ends_at(day, BRATISLAVA)
    assert until == over
    assert last_day(until, BRATISLAVA) == day
    assert ends_at(None, BRATISLAVA) is None
