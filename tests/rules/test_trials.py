from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.models.bookings import OfferStatus
from portal.rules.trials import Offer, can_decline, can_enrol, can_offer, lasts_until
from tests.factories import NOW
from tests.support.conditions import told

BRATISLAVA = ZoneInfo("Europe/Bratislava")


def test_an_offer_can_be_declined_as_long_as_it_can_be_taken_and_also_when_the_course_is_over() -> None:
    assert told(can_decline(Offer(OfferStatus.OFFERED, NOW + timedelta(seconds=1)), NOW)) == ""
    assert told(can_decline(Offer(OfferStatus.OFFERED, NOW), NOW)) == "trials.offer_over"
    assert told(can_decline(Offer(OfferStatus.ACCEPTED, NOW), NOW)) == "trials.already_enrolled"


def why(offer: Offer, sessions_to_come: int = 3) -> str:
    return told(can_enrol(offer, sessions_to_come=sessions_to_come, now=NOW))


@pytest.mark.parametrize(("seconds", "key"), [(1, ""), (0, "trials.offer_over"), (-1, "trials.offer_over")])
def test_an_offer_can_be_taken_until_the_second_before_its_end(seconds: int, key: str) -> None:
    assert why(Offer(OfferStatus.OFFERED, NOW + timedelta(seconds=seconds))) == key


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (OfferStatus.ACCEPTED, "trials.already_enrolled"),
        (OfferStatus.DECLINED, "trials.already_enrolled"),
        (OfferStatus.EXPIRED, "trials.offer_over"),
    ],
)
def test_an_offer_is_taken_once(status: OfferStatus, key: str) -> None:
    assert why(Offer(status, NOW + timedelta(days=1))) == key


def test_a_course_without_a_session_to_come_is_not_enrolled_in() -> None:
    assert (
        why(Offer(OfferStatus.OFFERED, NOW + timedelta(days=1)), sessions_to_come=0) == "trials.course_over"
    )


@pytest.mark.parametrize(
    ("attended", "offered", "sessions", "key"),
    [
        (True, False, 1, ""),
        (False, False, 1, "trials.not_attended"),
        (True, True, 1, "trials.already_offered"),
        (True, False, 0, "trials.course_over"),
    ],
)
def test_an_offer_follows_an_attended_trial_once(
    attended: bool, offered: bool, sessions: int, key: str
) -> None:
    assert told(can_offer(attended=attended, offered=offered, sessions_to_come=sessions)) == key


def test_an_offer_ends_at_the_same_minute_of_the_clock_also_over_a_change_of_the_clocks() -> None:
    offered_at = datetime(2026, 3, 26, 16, 30, 12, tzinfo=UTC)

    assert lasts_until(offered_at, 7, BRATISLAVA).astimezone(UTC) == datetime(2026, 4, 2, 15, 30, tzinfo=UTC)
