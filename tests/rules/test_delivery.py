from datetime import timedelta

from portal.rules.delivery import LIFE, next_try
from tests.factories import NOW


def test_the_second_try_comes_within_seconds_and_the_waits_grow() -> None:
    waits = []
    for attempts in range(1, 8):
        again = next_try(attempts, LIFE, NOW, NOW)
        assert again is not None
        waits.append(again - NOW)

    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)


def test_a_message_is_given_up_once_it_would_be_too_old() -> None:
    almost = NOW + LIFE - timedelta(seconds=6)

    assert next_try(1, LIFE, NOW, almost) is not None
    assert next_try(1, LIFE, NOW, almost + timedelta(seconds=1)) is None


def test_a_mail_server_may_be_away_for_most_of_a_day() -> None:
    at, attempts = NOW, 0
    while (again := next_try(attempts := attempts + 1, LIFE, NOW, at)) is not None:
        at = again

    assert at - NOW > timedelta(hours=19)
