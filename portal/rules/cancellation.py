"""Until when a session can be cancelled with a make-up, and the same policy as a sentence.

What a family reads beforehand and what decides at the click come from here.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.models.classes import Programme
from portal.models.provider import LateCancellation, NoticeKind, ProviderSettings
from portal.rules.schedule import SATURDAY


@dataclass(frozen=True)
class CancellationPolicy:
    """What holds for a programme: `hours` before the start, or `at_hour` of the day before."""

    kind: NoticeKind
    hours: int
    at_hour: int
    skips_days_off: bool
    make_ups: bool
    late: LateCancellation
    late_text: str


def policy_of(provider: ProviderSettings, programme: Programme | None = None) -> CancellationPolicy:
    """The provider's policy, and over it what the programme sets for itself."""
    kind, hours = NoticeKind(provider.notice_kind), provider.notice_hours
    if programme is not None and programme.notice_hours is not None:
        kind, hours = NoticeKind.HOURS_BEFORE, programme.notice_hours
    wanted = programme.make_ups if programme is not None else None
    late = programme.late_cancellation if programme is not None else None
    return CancellationPolicy(
        kind=kind,
        hours=hours,
        at_hour=provider.notice_at_hour,
        skips_days_off=provider.notice_skips_days_off,
        make_ups=provider.make_ups and wanted is not False,
        late=LateCancellation(late or provider.late_cancellation),
        late_text=(programme.late_text if programme is not None else "") or provider.late_text,
    )


def deadline(
    policy: CancellationPolicy, starts_at: datetime, zone: ZoneInfo, days_off: Container[date]
) -> datetime:
    """The last instant that is still in time, aware UTC.

    Hours are counted as they pass, also over a change of the clocks. A limit on a weekend or holiday moves
    back to the same time of the last working day, if the policy says so.
    """
    limit = _limit(policy, starts_at, zone)
    if not policy.skips_days_off:
        return limit
    local = limit.astimezone(zone)
    day = local.date()
    while day.weekday() >= SATURDAY or day in days_off:
        day -= timedelta(days=1)
    return limit if day == local.date() else _instant(day, local.time(), zone)


def in_words(policy: CancellationPolicy) -> str:
    """The policy of one class: until when, what one gets, and what holds after that."""
    sentences = [f"{_first(policy)}.", _afterwards(policy)]
    if policy.skips_days_off:
        sentences.insert(1, "If that falls on a weekend or holiday, the last working day before it counts.")
    return " ".join(sentence for sentence in sentences if sentence)


def in_short(policy: CancellationPolicy) -> str:
    """One sentence for all classes of the provider."""
    return f"{_first(policy)}{', as long as the class offers them' if policy.make_ups else ''}."


def when_refused(policy: CancellationPolicy) -> str:
    """Why it is too late, where that is refused: the provider's own text, else what would have been in time."""
    notice = _notice(policy)
    ours = (
        f"It is too late to cancel this online. Please call us; next time, {notice[0].lower()}{notice[1:]}."
    )
    return policy.late_text or ours


def when_told(policy: CancellationPolicy) -> str:
    """ "when you tell us at least 12 hours before", as the end of a sentence; days off that do not count are named."""
    notice = _notice(policy)
    moved = ", on a working day" if policy.skips_days_off else ""
    return f"when you {notice[0].lower()}{notice[1:]}{moved}"


def _notice(policy: CancellationPolicy) -> str:
    if policy.kind is NoticeKind.DAY_BEFORE_AT:
        return f"Tell us by {policy.at_hour:02}:00 the day before"
    if policy.hours:
        return f"Tell us at least {policy.hours} {'hour' if policy.hours == 1 else 'hours'} before"
    return "Tell us before it starts"


def _first(policy: CancellationPolicy) -> str:
    until = _notice(policy)
    return (
        f"{until} and you get a make-up"
        if policy.make_ups
        else f"{until}, so that someone else can have the place"
    )


def _afterwards(policy: CancellationPolicy) -> str:
    if policy.late is LateCancellation.REFUSED:
        return policy.late_text or "After that it can no longer be cancelled."
    return policy.late_text or ("After that there is no make-up." if policy.make_ups else "")


def _limit(policy: CancellationPolicy, starts_at: datetime, zone: ZoneInfo) -> datetime:
    if policy.kind is NoticeKind.HOURS_BEFORE:
        return starts_at.astimezone(UTC) - timedelta(hours=policy.hours)
    day_before = starts_at.astimezone(zone).date() - timedelta(days=1)
    return _instant(day_before, time(policy.at_hour), zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None), tzinfo=zone).astimezone(UTC)
