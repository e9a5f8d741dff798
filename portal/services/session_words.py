"""A member's session in words: as a row, as a slot of the agenda, as the ticket of the next one."""

from dataclasses import replace

from portal import routes
from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AttendanceKind, AttendanceStatus, DecidedBy
from portal.rows.calendar import SessionRow, Slot
from portal.rows.cards import Ticket
from portal.rows.common import Chip, Day, Link
from portal.rules import livestream
from portal.rules.terms import is_off
from portal.services.facts.sessions import SessionFact
from portal.services.going import going, remark
from portal.services.scene import MemberFact, Scene, whose
from portal.weblinks import web_address
from portal.words import countdown

SHORT = 28
"""A provider's note up to this long is a chip; a longer one stands behind the chips."""


def session_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """ "Coming up": the date in the member's shape, "17:00 · Theo · Online", and what is not as usual."""
    member = scene.members[fact.member_id]
    return SessionRow(
        member=member.public_id,
        day=day(scene, fact),
        title=fact.title,
        meta=(scene.calendar.time(fact.starts_at), member.first_name, fact.place),
        chips=_change(fact) + state(scene, fact, "Livestream from"),
        note=note(scene, fact),
    )


def past_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """The history: "Theo · 17:00", and what became of it."""
    member = scene.members[fact.member_id]
    time = scene.calendar.time(fact.starts_at)
    return SessionRow(
        member=member.public_id,
        day=day(scene, fact),
        title=fact.title,
        meta=(member.first_name, time, *_instead(scene, fact)),
        chips=state(scene, fact),
        note=note(scene, fact),
    )


def dated_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """Among sessions of one booking: "16:30 to 17:00", "Harbour Pool, lane 2", the shape says which day."""
    starts = scene.calendar.day(fact.starts_at)
    shape = day(scene, fact)
    return SessionRow(
        day=replace(shape, weekday="Today") if starts == scene.today else shape,
        title=scene.calendar.span(fact.starts_at, fact.ends_at),
        meta=(fact.where(), *_instead(scene, fact)),
        chips=_change(fact) + state(scene, fact, "Livestream from"),
        note=_remarks(scene, fact),
        going=going(scene, fact),
    )


def tab_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """In the list of all sessions of a booking: "12 March, 16:30 to 17:00"."""
    date = scene.calendar.date(scene.calendar.day(fact.starts_at), scene.today)
    file = Link(routes.session_file(fact.attendance), f"Add {date} to your calendar", "calendar-plus")
    return replace(
        dated_row(scene, fact),
        title=f"{date}, {scene.calendar.span(fact.starts_at, fact.ends_at)}",
        calendar=file if fact.coming and fact.starts_at > scene.now else Link(),
    )


def slot(scene: Scene, fact: SessionFact) -> Slot:
    """The agenda: times, title, "Theo · Online, with Marisol", state."""
    member = scene.members[fact.member_id]
    return Slot(
        member=member.public_id,
        starts=scene.calendar.time(fact.starts_at),
        until=scene.calendar.time(fact.ends_at),
        title=fact.title,
        meta=(member.first_name, place(fact)),
        second="".join(_instead(scene, fact)),
        face=member.face,
        chips=_change(fact)
        + (state(scene, fact) or (Chip(icon="calendar-check", word="Scheduled", bare=True),)),
        note=_remarks(scene, fact),
        struck=is_off(fact),
        join=_join(scene, fact, "Join livestream" if _open(scene, fact) else "Livestream link")
        if fact.coming
        else Link(),
        join_now=_open(scene, fact),
        going=going(scene, fact),
    )


def ticket(scene: Scene, fact: SessionFact, member: MemberFact | None) -> Ticket:
    """The next session of a choice of the member switcher; `member` None is everyone."""
    who = scene.members[fact.member_id]
    running = fact.starts_at <= scene.now
    return Ticket(
        whose=whose(member),
        eyebrow=f"{'On now' if running else 'Next up'} for {who.first_name}",
        starts=scene.calendar.time(fact.starts_at),
        until=scene.calendar.time(fact.ends_at),
        title=fact.title,
        place=place(fact),
        online=fact.online,
        countdown=how_soon(scene, fact),
        stamp=_stamp(scene, fact),
        join=_join(scene, fact, "Join livestream"),
        directions=_directions(fact),
        going=going(scene, fact),
    )


def place(fact: SessionFact) -> str:
    """ "Harbour Pool, lane 2, with Ines", "Online, with Marisol"."""
    return f"{fact.where()}, with {fact.instructor}" if fact.instructor else fact.where()


def day(scene: Scene, fact: SessionFact) -> Day:
    """The date in the member's shape; only an outline when the member is not expected."""
    starts, tone = scene.calendar.day(fact.starts_at), scene.members[fact.member_id].tone
    return Day(scene.calendar.short_weekday(starts), str(starts.day), tone, off=is_off(fact))


def how_soon(scene: Scene, fact: SessionFact) -> str:
    """ "Starts in 2 h 20 min", "Tomorrow, you can join from 16:45", "On now, until 17:00"."""
    if fact.starts_at <= scene.now:
        return f"On now, until {scene.calendar.time(fact.ends_at)}"
    day, apart = scene.calendar.day(fact.starts_at), (scene.calendar.day(fact.starts_at) - scene.today).days
    words = {0: f"Starts in {countdown(fact.starts_at - scene.now)}", 1: "Tomorrow"}.get(apart)
    words = words or (f"In {apart} days" if apart < 14 else scene.calendar.short_date(day, scene.today))
    if not _streamed(scene, fact):
        return words
    return (
        f"{words}, you can join now"
        if _open(scene, fact)
        else f"{words}, you can join from {_opens(scene, fact)}"
    )


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


def note(scene: Scene, fact: SessionFact) -> str:
    """The quiet remark behind the chips: "Pool closed. €12.00 credit added", "No notice, so no make-up"."""
    told = [fact.change_note] if fact.cancelled_by_provider or len(fact.change_note) > SHORT else []
    told += [fact.note] if is_off(fact) or fact.status is AttendanceStatus.MISSED else []
    told += [f"{scene.money(fact.credit_minor)} credit added"] if fact.credit_minor > 0 else []
    return ". ".join(words.rstrip(".") for words in told if words)


def _remarks(scene: Scene, fact: SessionFact) -> str:
    """The remark, and what can or can't be done about the session."""
    return ". ".join(words for words in (note(scene, fact), remark(scene, fact)) if words)


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
        return (Chip("note", "repeat-2", "Make-up to use"),)
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
    if _streamed(scene, fact):
        chips.append(Chip(icon="video", word=f"{livestream_words} {_opens(scene, fact)}", bare=True))
    if fact.takes_entry:
        chips.append(Chip(icon="ticket", word="Uses 1 entry", bare=True))
    return tuple(chips)


def _change(fact: SessionFact) -> tuple[Chip, ...]:
    """ "Lane changed", while the session still takes place for the member."""
    if not fact.change_note or is_off(fact) or len(fact.change_note) > SHORT:
        return ()
    return (Chip("brand", "info", fact.change_note),)


def _instead(scene: Scene, fact: SessionFact) -> tuple[str, ...]:
    """ "Instead of Tue 3 March"."""
    if fact.instead_of is None:
        return ()
    return (f"Instead of {scene.calendar.short_date(scene.calendar.day(fact.instead_of), scene.today)}",)


def _stamp(scene: Scene, fact: SessionFact) -> Day:
    starts, tone = scene.calendar.day(fact.starts_at), scene.members[fact.member_id].tone
    weekday = "Today" if starts == scene.today else scene.calendar.short_weekday(starts)
    return Day(weekday, str(starts.day), tone, month=scene.calendar.month(starts))


def _streamed(scene: Scene, fact: SessionFact) -> bool:
    return bool(scene.provider.livestream and web_address(fact.livestream_url))


def _open(scene: Scene, fact: SessionFact) -> bool:
    minutes = scene.provider.livestream_opens_minutes
    return _streamed(scene, fact) and livestream.is_open(fact.starts_at, fact.ends_at, minutes, scene.now)


def _opens(scene: Scene, fact: SessionFact) -> str:
    """The time of day from which one can join: "16:45"."""
    return scene.calendar.time(livestream.opens_at(fact.starts_at, scene.provider.livestream_opens_minutes))


def _join(scene: Scene, fact: SessionFact, label: str) -> Link:
    return Link(web_address(fact.livestream_url), label, "video") if _streamed(scene, fact) else Link()


def _directions(fact: SessionFact) -> Link:
    address = "" if fact.online else web_address(fact.map_url)
    return Link(address, "Directions", "navigation") if address else Link()
