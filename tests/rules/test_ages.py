from datetime import date, timedelta

import pytest

from portal.rules.ages import Ages, months_old
from tests.factories import TODAY

DAY = timedelta(days=1)
EIGHT_TODAY = date(TODAY.year - 8, TODAY.month, TODAY.day)
EIGHT = Ages(youngest=96, oldest=96)


@pytest.mark.parametrize(
    ("born", "old_enough"), [(EIGHT_TODAY + DAY, False), (EIGHT_TODAY, True), (EIGHT_TODAY - DAY, True)]
)
def test_one_is_old_enough_from_the_birthday_on(born: date, old_enough: bool) -> None:
    assert EIGHT.old_enough(born, TODAY) is old_enough


def test_one_is_young_enough_until_the_month_is_over() -> None:
    month_over = date(EIGHT_TODAY.year, EIGHT_TODAY.month - 1, EIGHT_TODAY.day)
    assert EIGHT.young_enough(month_over + DAY, TODAY)
    assert not EIGHT.young_enough(month_over, TODAY)


def test_without_a_limit_or_a_birthday_all_are_of_the_age() -> None:
    assert Ages().old_enough(TODAY, TODAY)
    assert Ages().young_enough(date(1950, 1, 1), TODAY)
    assert EIGHT.old_enough(None, TODAY)
    assert EIGHT.young_enough(None, TODAY)


def test_months_are_completed_on_the_day_of_the_month() -> None:
    assert months_old(date(2024, 2, 29), date(2025, 2, 28)) == 11
    assert months_old(date(2024, 2, 29), date(2025, 3, 1)) == 12
    assert months_old(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert months_old(date(2025, 1, 31), date(2025, 3, 1)) == 1
