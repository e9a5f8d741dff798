"""A member's session in words: as a row, as a slot of the agenda, as the ticket of the next one."""

from dataclasses import replace

from portal import routes
from portal.models.benefits import MakeUpStatus
from portal.models.bookings import AttendanceStatus
from portal.rows.calendar import SessionRow, Slot
from portal.rows.cards import Ticket
from portal.rows.common import Chip, Day, Link
from portal.rules.terms import is_off
from portal.services.facts.sessions import SessionFact
from portal.services.going import going, remark
from portal.services.joining import can_join, join, opens, streamed
from portal.services.scene import MemberFact, Scene, whose
from portal.services.session_chips import SHORT, TO_USE, change, state
from portal.weblinks import web_address
from portal.words import countdown


def session_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """ "Coming up": the date in the member's shape, "17:00 · Theo · Online", what is not as usual, and the way back."""
    member = scene.members[fact.member_id]
    return SessionRow(
        member=member.public_id,
        day=day(scene, fact),
        title=fact.title,
        meta=(scene.calendar.time(fact.starts_at), member.first_name, fact.place),
        chips=change(fact) + state(scene, fact, "Livestream from"),
        note=note(scene, fact),
        going=replace(going(scene, fact), cancel=""),
    )


def past_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """The history: "Theo · 17:00", what became of it, and the make-up it gave as long as that can be used."""
    member = scene.members[fact.member_id]
    time = scene.calendar.time(fact.starts_at)
    usable = fact.attending.gave is MakeUpStatus.AVAILABLE and fact.attending.may_act
    chips = state(scene, fact)
    return SessionRow(
        member=member.public_id,
        day=day(scene, fact),
        title=fact.title,
        meta=(member.first_name, time, *_instead(scene, fact)),
        chips=tuple(chip for chip in chips if chip is not TO_USE) if usable else chips,
        note=note(scene, fact),
        make_up=fact.make_up if usable else "",
    )


def dated_row(scene: Scene, fact: SessionFact) -> SessionRow:
    """Among sessions of one booking: "16:30 to 17:00", "Harbour Pool, lane 2", the shape says which day."""
    starts = scene.calendar.day(fact.starts_at)
    shape = day(scene, fact)
    return SessionRow(
        day=replace(shape, weekday="Today") if starts == scene.today else shape,
        title=scene.calendar.span(fact.starts_at, fact.ends_at),
        meta=(fact.where(), *_instead(scene, fact)),
        chips=change(fact) + state(scene, fact, "Livestream from"),
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
        chips=change(fact)
        + (state(scene, fact) or (Chip(icon="calendar-check", word="Scheduled", bare=True),)),
        note=_remarks(scene, fact),
        struck=is_off(fact),
        join=join(scene, fact, "Join livestream" if can_join(scene, fact) else "Livestream link")
        if fact.coming
        else Link(),
        join_now=can_join(scene, fact),
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
        join=join(scene, fact, "Join livestream"),
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
    if not streamed(scene, fact):
        return words
    return (
        f"{words}, you can join now"
        if can_join(scene, fact)
        else f"{words}, you can join from {opens(scene, fact)}"
    )


def note(scene: Scene, fact: SessionFact) -> str:
    """The quiet remark behind the chips: "Pool closed. €12.00 credit added", "No notice, so no make-up"."""
    told = [fact.change_note] if fact.cancelled_by_provider or len(fact.change_note) > SHORT else []
    told += [fact.note] if is_off(fact) or fact.status is AttendanceStatus.MISSED else []
    told += [f"{scene.money(fact.credit_minor)} credit added"] if fact.credit_minor > 0 else []
    return ". ".join(words.rstrip(".") for words in told if words)


def _remarks(scene: Scene, fact: SessionFact) -> str:
    """The remark, and what can or can't be done about the session."""
    return ". ".join(words for words in (note(scene, fact), remark(scene, fact)) if words)


def _instead(scene: Scene, fact: SessionFact) -> tuple[str, ...]:
    """ "Instead of Tue 3 March"."""
    if fact.instead_of is None:
        return ()
    return (f"Instead of {scene.calendar.short_date(scene.calendar.day(fact.instead_of), scene.today)}",)


def _stamp(scene: Scene, fact: SessionFact) -> Day:
    starts, tone = scene.calendar.day(fact.starts_at), scene.members[fact.member_id].tone
    weekday = "Today" if starts == scene.today else scene.calendar.short_weekday(starts)
    return Day(weekday, str(starts.day), tone, month=scene.calendar.month(starts))


def _directions(fact: SessionFact) -> Link:
    address = "" if fact.online else web_address(fact.map_url)
    return Link(address, "Directions", "navigation") if address else Link()
