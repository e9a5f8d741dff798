"""What is or was so of a session, as chips: cancelled and by whom, attended, what it gave, what is not as usual."""

from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AttendanceKind, AttendanceStatus, DecidedBy
from portal.rows.common import Chip
from portal.rules.terms import is_off
from portal.services.facts.sessions import SessionFact
from portal.services.joining import opens, streamed
from portal.services.scene import Scene

TO_USE = Chip("note", "repeat-2", "Make-up to use")
SHORT = 28
"""A provider's note up to this long is a chip; a longer one stands behind the chips."""


def state(scene: Scene, fact: SessionFact, livestream_words: str = "Livestream") -> tuple[Chip, ...]:
    """What is or was so: nothing for a plain session to come."""
    if is_off(fact):
        return (_cancelled(scene, fact), *_make_up(scene, fact))
    if fact.status is AttendanceStatus.MISSED:
        return (Chip("bad", "circle-minus", "Missed"), *_make_up(scene, fact))
    kind = _kind(fact)
    if fact.status is AttendanceStatus.ATTENDED:
        return (Chip("good", "circle-check", "Attended", bare=True), *kind)
    if fact.ends_at <= scene.now:
        return (Chip(icon="calendar-check", word="Done", bare=True), *kind)
    return (*_ahead(scene, fact, livestream_words), *kind)


def _cancelled(scene: Scene, fact: SessionFact) -> Chip:
    """By whom. A guardian with a share reads "Cancelled": it was not them."""
    if fact.cancelled_by_provider or fact.attending.decided_by is DecidedBy.PROVIDER:
        ahead = fact.ends_at > scene.now
        return Chip(
            "warn" if ahead else "", "circle-x", f"Cancelled by {scene.provider.short_name}", bare=not ahead
        )
    if fact.status is AttendanceStatus.CANCELLED_LATE:
        return Chip(icon="circle-x", word="Cancelled late", bare=True)
    ours = fact.attending.decided_by is DecidedBy.GUARDIAN and scene.members[fact.member_id].ours
    return Chip(icon="circle-x", word="You cancelled" if ours else "Cancelled", bare=True)


def _make_up(scene: Scene, fact: SessionFact) -> tuple[Chip, ...]:
    """What the cancelled or missed session gave, while that is still worth saying."""
    if fact.attending.gave is MakeUpStatus.AVAILABLE:
        return (TO_USE,)
    if fact.make_up_at is None or fact.attending.gave not in (MakeUpStatus.BOOKED, MakeUpStatus.USED):
        return ()
    return (
        Chip(
            "note", "repeat-2", f"Make-up on {scene.calendar.short_date(scene.calendar.day(fact.make_up_at))}"
        ),
    )


def _kind(fact: SessionFact) -> tuple[Chip, ...]:
    if fact.kind is AttendanceKind.MAKE_UP:
        return (Chip("note", "repeat-2", "Make-up"),)
    return (Chip("brand", "sparkles", "Trial"),) if fact.kind is AttendanceKind.TRIAL else ()


def _ahead(scene: Scene, fact: SessionFact, livestream_words: str) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    if fact.starts_at <= scene.now:
        chips.append(Chip("good", "circle-play", "On now"))
    if fact.unconfirmed:
        chips.append(Chip("warn", "clock", "Not confirmed yet"))
    if fact.first and fact.kind is AttendanceKind.REGULAR:
        chips.append(Chip("brand", "calendar-clock", "First session"))
    if streamed(scene, fact):
        chips.append(Chip(icon="video", word=f"{livestream_words} {opens(scene, fact)}", bare=True))
    if fact.takes_entry:
        chips.append(Chip(icon="ticket", word="Uses 1 entry", bare=True))
    return tuple(chips)


def change(fact: SessionFact) -> tuple[Chip, ...]:
    """ "Lane changed", while the session still takes place for the member."""
    if not fact.change_note or is_off(fact) or len(fact.change_note) > SHORT:
        return ()
    return (Chip("brand", "info", fact.change_note),)
