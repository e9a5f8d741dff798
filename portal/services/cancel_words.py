"""Cancelling a session in words: what it leads to, until when, and what was done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal import i18n
from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AbsenceReason, AttendanceKind
from portal.models.provider import LateCancellation
from portal.rows.cancelling import CancelSheet, Consequence, Reason
from portal.rules.cancellation import when_told
from portal.rules.conditions import Condition
from portal.rules.outcomes import Outcome
from portal.services.facts.attending import Found
from portal.services.facts.sessions import SessionFact
from portal.services.scene import Scene
from portal.words import Calendar, countdown, counted

REASONS = (
    Reason(AbsenceReason.UNWELL, "Unwell"),
    Reason(AbsenceReason.AWAY, "Away"),
    Reason(AbsenceReason.OTHER, "Something else"),
)


@dataclass(frozen=True)
class Gain:
    """The make-up that is gained or comes back: its last day, and how many places it could be booked for now."""

    book_by: date
    places: int

    def words(self, calendar: Calendar, today: date) -> str:
        """ "book it by 14 March, 7 places open now"."""
        places = counted(self.places, "place", "places") if self.places else "no place"
        return f"book it by {calendar.date(self.book_by, today)}, {places} open now"


Tell = Callable[[Scene, SessionFact, Gain | None], Consequence]


def sheet(
    scene: Scene, fact: SessionFact, leads_to: Outcome, gain: Gain | None, refused: Condition | None
) -> CancelSheet:
    """The whole sheet."""
    name, day = scene.members[fact.member_id].first_name, scene.calendar.day(fact.starts_at)
    near = _near(day, scene.today)
    span = scene.calendar.span(fact.starts_at, fact.ends_at)
    asked = CancelSheet(
        attendance=fact.attendance,
        outcome=leads_to,
        title=f"{name} can’t come {near or f'on {scene.calendar.short_date(day, scene.today)}'}?",
        words=f"{fact.title}, {f'{near} ' if near else f'{scene.calendar.short_date(day, scene.today)}, '}{span}",
    )
    if refused is not None:
        return replace(asked, consequence=_refused(refused), keep="Close")
    return replace(
        asked,
        consequence=_TOLD[leads_to](scene, fact, gain),
        reasons=REASONS,
        later=_later(scene, fact),
        confirm=f"Cancel {name}’s place",
        keep="Keep the place",
    )


def done(found: Found, leads_to: Outcome, calendar: Calendar, now: datetime) -> str:
    """ "Mila’s place today is cancelled. You have a make-up to use"."""
    gained = {
        Outcome.MAKE_UP: ". You have a make-up to use",
        Outcome.MAKE_UP_BACK: ". The make-up is yours again",
        Outcome.ENTRY_BACK: ". The entry is back on the pass",
    }
    return f"{found.member}’s place {_on(found, calendar, now)} is cancelled{gained.get(leads_to, '')}"


def kept(found: Found, calendar: Calendar, now: datetime) -> str:
    """ "Mila keeps the place today"."""
    return f"{found.member} keeps the place {_on(found, calendar, now)}"


def back_in(found: Found, calendar: Calendar, now: datetime) -> str:
    """ "Mila is back in on Tue 17 March", and that the make-up went back."""
    taken_back = (
        ". The make-up you got for it is taken back" if found.attending.gave is MakeUpStatus.AVAILABLE else ""
    )
    return f"{found.member} is back in {_on(found, calendar, now)}{taken_back}"


def off_again(found: Found, calendar: Calendar, now: datetime) -> str:
    """ "Mila’s place on Tue 17 March stays cancelled"."""
    return f"{found.member}’s place {_on(found, calendar, now)} stays cancelled"


def _on(found: Found, calendar: Calendar, now: datetime) -> str:
    day, today = calendar.day(found.row.session.starts_at), calendar.day(now)
    return _near(day, today) or f"on {calendar.short_date(day, today)}"


def _near(day: date, today: date) -> str:
    return {0: "today", 1: "tomorrow"}.get((day - today).days, "")


def _refused(why: Condition) -> Consequence:
    return Consequence("", "circle-alert", "It is too late to cancel", i18n.say(why.message_key, why.values))


def _later(scene: Scene, fact: SessionFact) -> str:
    """How long the way back is open; said before, because for a late cancellation it may be closed already."""
    until, hours = fact.attending.sign_back_up_until, fact.attending.sign_back_up_hours
    if scene.now >= until:
        closed = counted(hours or 0, "hour", "hours")
        return f"There is no way back this time: signing back up closed {closed} before the start."
    when = scene.calendar.moment(until, scene.now) if hours else "the start"
    return f"Changed your mind later? You can sign back up until {when}, while there is a free place."


def _in_time(scene: Scene, fact: SessionFact, gives: str, lost: str) -> str:
    """Until when cancelling `gives` something back, and that it is `lost` after that."""
    refused = fact.attending.policy.late is LateCancellation.REFUSED
    afterwards = "After that it can no longer be cancelled." if refused else f"After that: {lost}."
    until = scene.calendar.moment(fact.attending.limit, scene.now)
    return f"Cancel before {until}: {gives}. {afterwards}"


def _starts_in(scene: Scene, fact: SessionFact) -> str:
    return f"The session starts in {countdown(fact.starts_at - scene.now)}."


def _too_late(icon: str, title: str, given: str) -> Tell:
    """What is lost, with what would have been in time: "Make-ups are given up to 12 hours before"."""

    def tell(scene: Scene, fact: SessionFact, _gain: Gain | None) -> Consequence:
        policy = fact.attending.policy
        words = f"{_starts_in(scene, fact)} {given} {when_told(policy)}. {policy.late_text}"
        return Consequence("warn", icon, title, words.strip())

    return tell


def _by(scene: Scene, gain: Gain | None) -> str:
    return f", {gain.words(scene.calendar, scene.today)}" if gain else ""


def _make_up(scene: Scene, fact: SessionFact, gain: Gain | None) -> Consequence:
    words = _in_time(scene, fact, f"you get a make-up{_by(scene, gain)}", "no make-up")
    return Consequence("good", "repeat-2", "You get a make-up", words)


def _entry_back(scene: Scene, fact: SessionFact, _gain: Gain | None) -> Consequence:
    words = _in_time(scene, fact, f"the entry goes back to {fact.entry_of}", "it is used")
    return Consequence("good", "ticket", "You get the entry back", words)


def _bill_back(scene: Scene, fact: SessionFact, _gain: Gain | None) -> Consequence:
    gives = "the visit costs nothing, and what was paid for it is your credit"
    words = _in_time(scene, fact, gives, "it is billed")
    return Consequence("good", "receipt-text", "You don’t pay for it", words)


def _make_up_back(scene: Scene, fact: SessionFact, gain: Gain | None) -> Consequence:
    if gain is not None and gain.book_by < scene.today:
        until = scene.calendar.date(gain.book_by, scene.today)
        words = f"It was to be booked by {until}, so it can’t be used again."
        return Consequence("warn", "clock-alert", "The make-up has run out", words)
    words = _in_time(scene, fact, f"the make-up is yours again, this once{_by(scene, gain)}", "it is used")
    return Consequence("good", "repeat-2", "The make-up comes back", words)


def _make_up_used(_scene: Scene, _fact: SessionFact, _gain: Gain | None) -> Consequence:
    words = "It came back once before, and a make-up comes back only once."
    return Consequence("warn", "repeat-2", "The make-up is used all the same", words)


def _nothing(_scene: Scene, fact: SessionFact, _gain: Gain | None) -> Consequence:
    if fact.kind is AttendanceKind.TRIAL:
        words = "The place goes to somebody else. Please ask us for another day."
        return Consequence("plain", "info", "This is the trial session", words)
    words = f"{fact.title} gives no make-ups. The place goes to somebody else."
    return Consequence("plain", "info", "No make-up for this class", words)


def _nothing_too_late(scene: Scene, fact: SessionFact, _gain: Gain | None) -> Consequence:
    told = _nothing(scene, fact, None)
    late = f"{told.words} {_starts_in(scene, fact)} It will show as cancelled late. {fact.attending.policy.late_text}"
    return replace(told, tone="warn", icon="clock-alert", words=late.strip())


_TOLD: dict[Outcome, Tell] = {
    Outcome.MAKE_UP: _make_up,
    Outcome.MAKE_UP_TOO_LATE: _too_late("clock-alert", "No make-up this time", "Make-ups are given"),
    Outcome.ENTRY_BACK: _entry_back,
    Outcome.ENTRY_TOO_LATE: _too_late("ticket-x", "The entry is used all the same", "Entries go back"),
    Outcome.BILL_BACK: _bill_back,
    Outcome.BILL_TOO_LATE: _too_late("clock-alert", "The visit is billed all the same", "It costs nothing"),
    Outcome.MAKE_UP_BACK: _make_up_back,
    Outcome.MAKE_UP_BACK_TOO_LATE: _too_late(
        "clock-alert", "The make-up is used all the same", "Make-ups come back"
    ),
    Outcome.MAKE_UP_USED: _make_up_used,
    Outcome.NOTHING: _nothing,
    Outcome.NOTHING_TOO_LATE: _nothing_too_late,
}
