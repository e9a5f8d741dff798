"""What a payment and its order are called on a day."""

from datetime import date, timedelta

import pytest

from portal.rules.payments import OrderState, PaymentState, order_state, place_kept_until, state

ASKED, DUE = date(2026, 3, 1), date(2026, 3, 20)
P = PaymentState


@pytest.mark.parametrize(
    ("today", "called"),
    [
        (ASKED - timedelta(days=1), P.UPCOMING),
        (ASKED, P.DUE),
        (DUE, P.DUE),
        (DUE + timedelta(days=1), P.OVERDUE),
    ],
)
def test_it_is_upcoming_before_it_is_asked_for_due_through_its_day_and_then_overdue(
    today: date, called: PaymentState
) -> None:
    assert state("unpaid", 6200, ASKED, DUE, today) is called


@pytest.mark.parametrize("status", ["processing", "paid", "refunded", "void"])
def test_what_has_happened_says_more_than_the_dates(status: str) -> None:
    assert state(status, 6200, ASKED, DUE, DUE + timedelta(days=30)) is PaymentState(status)


def test_a_payment_of_nothing_is_never_asked_for() -> None:
    assert state("unpaid", 0, ASKED, DUE, DUE + timedelta(days=1)) is P.PAID


def test_an_overdue_payment_keeps_the_place_through_the_days_of_grace() -> None:
    assert place_kept_until(date(2026, 3, 6), 14) == date(2026, 3, 20)
    assert place_kept_until(date(2026, 2, 20), 9) == date(2026, 3, 1), "February has 28 days in 2026"


@pytest.mark.parametrize(
    ("payments", "stands", "called"),
    [
        ([P.PAID, P.OVERDUE, P.UPCOMING], True, OrderState.TO_PAY),
        ([P.PROCESSING, P.DUE], True, OrderState.TO_PAY),
        ([P.PROCESSING, P.UPCOMING], True, OrderState.ON_ITS_WAY),
        ([P.PAID, P.UPCOMING], True, OrderState.LATER),
        ([P.PAID, P.REFUNDED], True, OrderState.PAID),
        ([], True, OrderState.PAID),
        ([P.VOID, P.REFUNDED], False, OrderState.CANCELLED),
        ([P.PROCESSING, P.VOID], False, OrderState.ON_ITS_WAY),
    ],
)
def test_an_order_stands_where_its_most_pressing_payment_does(
    payments: list[PaymentState], stands: bool, called: OrderState
) -> None:
    assert order_state(payments, stands=stands) is called
