from datetime import date, timedelta

from portal.models.benefits import MakeUpStatus
from portal.rules.benefits import Standing, discount_standing, make_up_status, pass_standing

TODAY = date(2026, 3, 12)
DAY = timedelta(days=1)


def test_a_pass_is_good_on_its_first_and_on_its_last_day() -> None:
    assert pass_standing(TODAY, TODAY, 5, True, TODAY) is Standing.ACTIVE
    assert pass_standing(TODAY + DAY, None, 5, True, TODAY) is Standing.NOT_YET
    assert pass_standing(TODAY - DAY, TODAY - DAY, 5, True, TODAY) is Standing.EXPIRED


def test_the_last_entry_is_said_and_after_it_the_pass_is_used_up_even_when_it_is_also_over() -> None:
    assert pass_standing(TODAY, None, 1, True, TODAY) is Standing.LAST_ENTRY
    assert pass_standing(TODAY, None, 0, True, TODAY) is Standing.USED_UP
    assert pass_standing(TODAY - DAY, TODAY - DAY, 0, True, TODAY) is Standing.USED_UP


def test_an_unpaid_pass_is_unpaid_until_it_is_over() -> None:
    assert pass_standing(TODAY, TODAY, 5, False, TODAY) is Standing.UNPAID
    assert pass_standing(TODAY - DAY, TODAY - DAY, 5, False, TODAY) is Standing.EXPIRED


def test_a_pass_without_a_count_never_has_a_last_entry() -> None:
    assert pass_standing(TODAY, None, None, True, TODAY) is Standing.ACTIVE


def test_a_discount_with_no_use_left_is_used() -> None:
    assert discount_standing(TODAY, TODAY, 0, TODAY) is Standing.USED_UP
    assert discount_standing(TODAY, TODAY, None, TODAY) is Standing.ACTIVE


def test_a_make_up_can_be_booked_on_its_last_day_and_is_expired_the_day_after_whatever_the_jobs_did() -> None:
    assert make_up_status(MakeUpStatus.AVAILABLE, TODAY, TODAY) is MakeUpStatus.AVAILABLE
    assert make_up_status(MakeUpStatus.AVAILABLE, TODAY, TODAY + DAY) is MakeUpStatus.EXPIRED
    assert make_up_status(MakeUpStatus.BOOKED, TODAY, TODAY + DAY) is MakeUpStatus.BOOKED
