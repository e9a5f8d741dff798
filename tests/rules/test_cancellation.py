"""Until when "Can't come" gives a make-up, and the sentence that says so."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.models.classes import Programme
from portal.models.provider import LateCancellation, NoticeKind, ProviderSettings
from portal.rules.cancellation import CancellationPolicy, deadline, in_short, in_words, policy_of

ZONE = ZoneInfo("Europe/Bratislava")
TWELVE_HOURS = CancellationPolicy(NoticeKind.HOURS_BEFORE, 12, 18, False, True, LateCancellation.ALLOWED, "")
SIX_THE_DAY_BEFORE = replace(TWELVE_HOURS, kind=NoticeKind.DAY_BEFORE_AT)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant by Bratislava's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_hours_before_count_back_from_the_start() -> None:
    assert deadline(TWELVE_HOURS, local(2026, 3, 12, 16, 30), ZONE, ()) == local(2026, 3, 12, 4, 30)


def test_hours_before_are_real_hours_when_the_clocks_change() -> None:
    # The clocks go forward on 29 March at 02:00: twelve hours before 10:00 is 21:00 by the clock, not 22:00.
    assert deadline(TWELVE_HOURS, local(2026, 3, 29, 10), ZONE, ()) == local(2026, 3, 28, 21)


def test_an_hour_of_the_day_before_follows_the_clock_when_the_clocks_change() -> None:
    assert deadline(SIX_THE_DAY_BEFORE, local(2026, 3, 29, 10), ZONE, ()) == local(2026, 3, 28, 18)
    assert deadline(SIX_THE_DAY_BEFORE, local(2026, 10, 25, 10), ZONE, ()) == local(2026, 10, 24, 18)


def test_the_day_before_is_the_day_before_in_the_providers_zone() -> None:
    # 00:30 on Friday in Bratislava is still Thursday in UTC.
    assert deadline(SIX_THE_DAY_BEFORE, local(2026, 3, 13, 0, 30), ZONE, ()) == local(2026, 3, 12, 18)


def test_a_limit_on_a_weekend_moves_back_to_friday() -> None:
    policy = replace(SIX_THE_DAY_BEFORE, skips_days_off=True)
    assert deadline(policy, local(2026, 3, 16, 10), ZONE, ()) == local(2026, 3, 13, 18)


def test_a_limit_on_a_holiday_moves_back_past_the_weekend_before_it() -> None:
    policy = replace(SIX_THE_DAY_BEFORE, skips_days_off=True)
    easter = {date(2026, 4, 3), date(2026, 4, 6)}
    assert deadline(policy, local(2026, 4, 7, 10), ZONE, easter) == local(2026, 4, 2, 18)


def test_without_that_policy_a_limit_stays_on_the_weekend() -> None:
    assert deadline(SIX_THE_DAY_BEFORE, local(2026, 3, 16, 10), ZONE, ()) == local(2026, 3, 15, 18)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            TWELVE_HOURS,
            "Tell us at least 12 hours before and you get a make-up. After that there is no make-up.",
        ),
        (
            replace(TWELVE_HOURS, hours=1, late=LateCancellation.REFUSED),
            "Tell us at least 1 hour before and you get a make-up. After that it can no longer be cancelled.",
        ),
        (
            replace(SIX_THE_DAY_BEFORE, skips_days_off=True),
            (
                "Tell us by 18:00 the day before and you get a make-up. If that falls on a weekend or "
                "holiday, the last working day before it counts. After that there is no make-up."
            ),
        ),
        (
            replace(TWELVE_HOURS, make_ups=False),
            "Tell us at least 12 hours before, so that someone else can have the place.",
        ),
        (
            replace(TWELVE_HOURS, hours=0, late_text="Please ring us."),
            "Tell us before it starts and you get a make-up. Please ring us.",
        ),
    ],
)
def test_the_policy_is_told_in_words(policy: CancellationPolicy, words: str) -> None:
    assert in_words(policy) == words


def test_for_all_classes_make_ups_are_promised_with_a_reservation() -> None:
    assert in_short(TWELVE_HOURS) == (
        "Tell us at least 12 hours before and you get a make-up, as long as the class offers them."
    )


def test_a_programme_sets_its_own_hours_and_the_rest_is_the_providers() -> None:
    provider = ProviderSettings(
        name="Otterbrook", short_name="Otterbrook", notice_kind=NoticeKind.DAY_BEFORE_AT, late_text="Ring us."
    )
    policy = policy_of(provider, Programme(name="Swimming", notice_hours=48, make_ups=False))
    assert (policy.kind, policy.hours, policy.make_ups) == (NoticeKind.HOURS_BEFORE, 48, False)
    assert policy.late_text == "Ring us."


def test_a_programme_cannot_offer_make_ups_that_the_provider_switched_off() -> None:
    provider = ProviderSettings(name="Otterbrook", short_name="Otterbrook", make_ups=False)
    assert not policy_of(provider, Programme(name="Swimming", make_ups=True)).make_ups
