"""A booking in words: its row in a list, its term strip, and what it waits for."""

from datetime import date, timedelta

from portal import routes
from portal.models.bookings import BookingKind, BookingStatus, OpenReason
from portal.rows.calendar import BookingRow
from portal.rows.cards import Nudge
from portal.rows.common import Chip, Link, TermKey, TermStrip
from portal.rules.terms import Progress, TickKind, is_off, is_over, progress, ticks
from portal.services.facts.bookings import BookingFact, Tick
from portal.services.facts.kept_places import KeptPlace
from portal.services.scene import Scene
from portal.words import counted, ordinal

SOON = timedelta(days=60)
"""A booking that starts later is told by its month: "from September"."""


def booking_row(scene: Scene, fact: BookingFact) -> BookingRow:
    """An active booking with its term strip; any other with what it is or waits for."""
    member = scene.members[fact.member_id]
    regular = fact.status is BookingStatus.ACTIVE and fact.kind is BookingKind.FULL
    return BookingRow(
        member=member.public_id,
        face=member.face,
        title=title(fact),
        meta=(member.first_name, when(scene, fact), *shared_by(scene, fact)),
        href=routes.booking(fact.public_id),
        term=term_strip(scene, fact) if regular else TermStrip(),
        chips=chips(scene, fact),
    )


def title(fact: BookingFact) -> str:
    """ "Creative Movement, trial"."""
    return f"{fact.title}, trial" if fact.kind is BookingKind.TRIAL else fact.title


def shared_by(scene: Scene, fact: BookingFact) -> tuple[str, ...]:
    """ "Shared by Nora Vale", for somebody else's booking."""
    return () if scene.members[fact.member_id].ours else (f"Shared by {fact.holder}",)


def term_strip(scene: Scene, fact: BookingFact) -> TermStrip:
    """ "9 of 16 done", for readers "9 of 16 sessions done, 7 attended, 2 cancelled"."""
    if not fact.ticks:
        return TermStrip()
    told = progress(fact.ticks, scene.now)
    drawn = tuple(tick.value for tick in ticks(fact.ticks, scene.now))
    following = next_tick(scene, fact)
    if not told.done and following:
        sessions, starts = counted(told.total, "session", "sessions"), scene.calendar.day(following.starts_at)
        label = f"Starts on {scene.calendar.long_date(starts)}, {sessions}"
        return TermStrip(drawn, label, f"Starts {_soon(scene, starts)}, {sessions}")
    return TermStrip(drawn, _sentence(told), f"{told.done} of {told.total} done")


def term_key(scene: Scene, fact: BookingFact) -> tuple[TermKey, ...]:
    """What the ticks mean, with their numbers; kinds that do not occur are left out."""
    told, following = progress(fact.ticks, scene.now), next_tick(scene, fact)
    cancelled = told.cancelled + told.cancelled_ahead
    counts = (
        (TickKind.DID, told.attended, f"{told.attended} attended"),
        (TickKind.DID, told.unmarked, f"{told.unmarked} not marked yet"),
        (TickKind.OFF, cancelled, f"{cancelled} cancelled"),
        (TickKind.MISS, told.missed, f"{told.missed} missed"),
        (TickKind.NEXT, int(following is not None), f"Next: {_soon(scene, _day(scene, following))}"),
        (TickKind.REST, told.to_come, f"{told.to_come} to come"),
    )
    return tuple(TermKey(kind.value, words) for kind, count, words in counts if count)


def next_tick(scene: Scene, fact: BookingFact) -> Tick | None:
    """The first session of the term the member is still expected at."""
    coming = (tick for tick in fact.ticks if not is_off(tick) and not is_over(tick, scene.now))
    return next(coming, None)


def when(scene: Scene, fact: BookingFact) -> str:
    """ "Thursdays 16:30", "Sat 21 March, 10:30", "6 to 10 July", "from September"; a past one's term."""
    if fact.status in (BookingStatus.COMPLETED, BookingStatus.CANCELLED) and fact.term:
        return fact.term
    drop_in = fact.kind is BookingKind.DROP_IN
    if (
        fact.kind is BookingKind.TRIAL
        or fact.starts_on == fact.ends_on
        or (drop_in and next_tick(scene, fact))
    ):
        return _once(scene, fact)
    if fact.ends_on - fact.starts_on < timedelta(days=7):
        return between(scene, fact.starts_on, fact.ends_on)
    if fact.starts_on - scene.today > SOON:
        return f"from {scene.calendar.month(fact.starts_on)}"
    return f"{weekdays(scene, fact)} {fact.starts_local:%H:%M}"


def visits(scene: Scene, fact: BookingFact) -> str:
    """How often a drop-in was come to: "2 visits so far"."""
    came = sum(is_over(tick, scene.now) and not is_off(tick) for tick in fact.ticks)
    return f"{counted(came, 'visit', 'visits')} so far" if came else "no visits yet"


def weekdays(scene: Scene, fact: BookingFact) -> str:
    """ "Thursdays"."""
    return f"{scene.calendar.weekday(date(2024, 1, 1) + timedelta(days=fact.weekday))}s"


def between(scene: Scene, first: date, last: date) -> str:
    """ "6 to 10 July", "8 January to 23 April"."""
    same_month = (first.year, first.month) == (last.year, last.month)
    start = str(first.day) if same_month else scene.calendar.date(first, last)
    return f"{start} to {scene.calendar.date(last, scene.today)}"


def chips(scene: Scene, fact: BookingFact) -> tuple[Chip, ...]:
    """What the booking is or waits for; an active one is told by its strip."""
    match fact.status:
        case BookingStatus.OPEN:
            return (waits_for(scene, fact),)
        case BookingStatus.COMPLETED:
            return (_completed(scene, fact),)
        case BookingStatus.CANCELLED:
            return (Chip(icon="circle-x", word=_cancelled(scene, fact), bare=True),)
    return (_active(scene, fact),)


def waits_for(scene: Scene, fact: BookingFact) -> Chip:
    """Why an open booking is open."""
    match fact.open_reason:
        case OpenReason.PAYMENT:
            return Chip("warn", "wallet", "Awaiting payment")
        case OpenReason.WAITING_LIST if fact.kept is not None:
            until, at = scene.calendar.short_date(scene.calendar.day(fact.kept.until)), fact.kept.until
            words = f"A place is yours until {until}, {scene.calendar.time(at)}"
            return Chip("good", "list-ordered", words)
        case OpenReason.WAITING_LIST:
            return Chip("warn", "list-ordered", f"Waiting list, {ordinal(fact.place_in_line)}")
        case OpenReason.TRIAL:
            return _trial(scene, fact)
    return Chip("warn", "clock", "Awaiting confirmation")


def place_nudge(scene: Scene, kept: KeptPlace, price_minor: int) -> Nudge:
    """ "€126.00, kept until Thu 26 March at 18:00", after a trial "€89.10 after the trial, offered until ..."."""
    member = scene.members[kept.member_id]
    day = scene.calendar.short_date(scene.calendar.day(kept.until), scene.today)
    until = f"until {day} at {scene.calendar.time(kept.until)}."
    price = scene.money(price_minor, kept.currency) if kept.unit_minor else ""
    if kept.after_trial:
        words = f"{price or 'Nothing to pay'} after the trial, offered {until}"
    else:
        words = f"{price}, kept {until}" if price else f"Kept {until}"
    return Nudge(
        member=member.public_id,
        icon="sparkles" if kept.after_trial else "list-ordered",
        title=f"A place for {member.first_name} in {kept.title}",
        words=words,
        action=Link(
            href=routes.booking(kept.booking), label="See the offer" if kept.after_trial else "See the place"
        ),
    )


def _trial(scene: Scene, fact: BookingFact) -> Chip:
    if not fact.ticks or next_tick(scene, fact):
        return Chip("brand", "sparkles", "Trial booked")
    told = progress(fact.ticks, scene.now)
    if told.attended:
        return Chip("good", "circle-check", "Trial attended", bare=True)
    if told.missed:
        return Chip("bad", "circle-minus", "Trial missed")
    return Chip(icon="calendar-check", word="Trial done" if told.unmarked else "Trial cancelled", bare=True)


def _active(scene: Scene, fact: BookingFact) -> Chip:
    following = next_tick(scene, fact)
    if fact.kind is BookingKind.DROP_IN:
        return Chip(icon="ticket", word=f"Drop-in, {visits(scene, fact)}", bare=True)
    word = f"Next: {_soon(scene, _day(scene, following))}" if following else "Active"
    return Chip("good", "circle-play", word, bare=True)


def _completed(scene: Scene, fact: BookingFact) -> Chip:
    """ "15 of 16 attended"; where nobody marked, only what is sure: "16 sessions done"."""
    told = progress(fact.ticks, scene.now)
    if told.attended or told.missed:
        return Chip("good", "circle-check", f"{told.attended} of {told.total} attended", bare=True)
    done = counted(told.done, "session", "sessions")
    return Chip(icon="calendar-check", word=f"{done} done" if told.done else "Term over", bare=True)


def _cancelled(scene: Scene, fact: BookingFact) -> str:
    if fact.cancelled_at is None:
        return "Cancelled"
    return f"Cancelled on {scene.calendar.date(scene.calendar.day(fact.cancelled_at), scene.today)}"


def _once(scene: Scene, fact: BookingFact) -> str:
    """The next, else the last, of its sessions: "Sat 21 March, 10:30"."""
    told = next_tick(scene, fact) or (fact.ticks[-1] if fact.ticks else None)
    if told is None:
        return f"{scene.calendar.short_date(fact.starts_on, scene.today)}, {fact.starts_local:%H:%M}"
    day = scene.calendar.day(told.starts_at)
    return f"{scene.calendar.short_date(day, scene.today)}, {scene.calendar.time(told.starts_at)}"


def _sentence(told: Progress) -> str:
    counts = ((told.attended, "attended"), (told.cancelled, "cancelled"), (told.missed, "missed"))
    parts = [
        f"{told.done} of {told.total} sessions done",
        *(f"{count} {word}" for count, word in counts if count),
    ]
    parts += [f"{told.unmarked} not marked yet"] if told.unmarked else []
    return ", ".join(parts)


def _day(scene: Scene, tick: Tick | None) -> date:
    return scene.calendar.day(tick.starts_at) if tick else scene.today


def _soon(scene: Scene, day: date) -> str:
    """ "today", "tomorrow", "Saturday" within six days, else "14 September"."""
    apart = (day - scene.today).days
    if apart in (0, 1):
        return ("today", "tomorrow")[apart]
    return scene.calendar.weekday(day) if 1 < apart < 7 else scene.calendar.date(day, scene.today)
