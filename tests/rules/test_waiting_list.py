from datetime import timedelta

import pytest

from portal.models.bookings import OfferStatus
from portal.rules.trials import Offer
from portal.rules.waiting_list import can_decline, can_leave, can_take, kept_until
from tests.factories import NOW
from tests.support.conditions import told

HOUR = timedelta(hours=1)


def why(offer: Offer, sessions_to_come: int = 3) -> str:
    return told(can_take(offer, sessions_to_come=sessions_to_come, now=NOW))


@pytest.mark.parametrize(
    ("seconds", "key"), [(1, ""), (0, "waiting_list.offer_over"), (-1, "waiting_list.offer_over")]
)
def test_a_place_is_kept_until_the_second_before_the_offers_end(seconds: int, key: str) -> None:
    offer = Offer(OfferStatus.OFFERED, NOW + timedelta(seconds=seconds))
    assert why(offer) == key
    assert told(can_decline(offer, now=NOW)) == key


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (OfferStatus.WAITING, "waiting_list.nothing_offered"),
        (OfferStatus.ACCEPTED, "waiting_list.answered"),
        (OfferStatus.DECLINED, "waiting_list.answered"),
        (OfferStatus.EXPIRED, "waiting_list.offer_over"),
    ],
)
def test_only_an_offer_that_stands_can_be_taken(status: OfferStatus, key: str) -> None:
    assert why(Offer(status, NOW + HOUR)) == key


def test_a_course_without_a_session_to_come_has_no_place_to_take() -> None:
    assert why(Offer(OfferStatus.OFFERED, NOW + HOUR), sessions_to_come=0) == "waiting_list.course_over"


def test_a_place_is_kept_no_longer_than_there_is_a_session_to_come_to() -> None:
    assert kept_until(NOW, 48, NOW + 50 * HOUR) == NOW + 48 * HOUR
    assert kept_until(NOW, 48, NOW + 5 * HOUR) == NOW + 5 * HOUR


@pytest.mark.parametrize(
    ("status", "seconds", "key"),
    [
        (OfferStatus.WAITING, -1, ""),
        (OfferStatus.OFFERED, 1, "waiting_list.place_kept"),
        (OfferStatus.OFFERED, 0, "waiting_list.not_waiting"),
        (OfferStatus.ACCEPTED, 1, "waiting_list.not_waiting"),
        (OfferStatus.DECLINED, 1, "waiting_list.not_waiting"),
        (OfferStatus.EXPIRED, -1, "waiting_list.not_waiting"),
    ],
)
def test_who_waits_can_leave_and_whom_a_place_is_kept_for_is_told_of_it(
    status: OfferStatus, seconds: int, key: str
) -> None:
    assert told(can_leave(Offer(status, NOW + timedelta(seconds=seconds)), now=NOW)) == key
