from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.reminders import PASS_ENDS, PaymentOccasion, ends_soon, payment_occasion, session_window

ASKED, DUE = date(2026, 3, 10), date(2026, 3, 20)
ZONE = ZoneInfo("Europe/Bratislava")


@pytest.mark.parametrize(
    ("today", "occasion"),
    [
        (date(2026, 3, 6), None),
        (date(2026, 3, 7), PaymentOccasion.UPCOMING),
        (date(2026, 3, 9), PaymentOccasion.UPCOMING),
        (date(2026, 3, 10), PaymentOccasion.DUE),
        (date(2026, 3, 12), PaymentOccasion.DUE),
        (date(2026, 3, 13), None),
        (date(2026, 3, 20), None),
        (date(2026, 3, 21), PaymentOccasion.OVERDUE),
        (date(2026, 3, 24), None),
        (date(2026, 3, 28), PaymentOccasion.OVERDUE_AGAIN),
        (date(2026, 3, 31), None),
    ],
)
def test_a_payment_is_told_of_on_its_days_and_a_little_after_if_nothing_ran(
    today: date, occasion: PaymentOccasion | None
) -> None:
    assert payment_occasion(ASKED, DUE, today) is occasion


def test_what_is_due_the_day_it_is_asked_for_is_overdue_the_day_after() -> None:
    assert payment_occasion(ASKED, ASKED, ASKED) is PaymentOccasion.DUE
    assert payment_occasion(ASKED, ASKED, ASKED + timedelta(days=1)) is PaymentOccasion.OVERDUE


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 12)])
def test_a_session_is_told_of_from_the_afternoon_before_on_the_wall_clock(day: date) -> None:
    starts = datetime(day.year, day.month, day.day, 16, 30, tzinfo=ZONE).astimezone(UTC)

    begins, ends = session_window(starts, ZONE)

    assert begins.astimezone(ZONE).hour == 16
    assert begins.astimezone(ZONE).date() == day - timedelta(days=1)
    assert ends == starts - timedelta(hours=1)


def test_soon_is_from_so_many_days_before_until_the_last_day() -> None:
    last = date(2026, 3, 31)

    assert not ends_soon(last, last - PASS_ENDS - timedelta(days=1), PASS_ENDS)
    assert ends_soon(last, last - PASS_ENDS, PASS_ENDS)
    assert ends_soon(last, last, PASS_ENDS)
    assert not ends_soon(last, last + timedelta(days=1), PASS_ENDS)
