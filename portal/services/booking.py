"""A booking's own dashboard, and its sessions tab."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col

from portal import routes
from portal.actor import Actor
from portal.errors import NotFound
from portal.models.benefits import MakeUpStatus
from portal.models.bookings import (
    LIVE,
    AttendanceKind,
    AttendanceStatus,
    Booking,
    BookingKind,
    BookingStatus,
    OpenReason,
)
from portal.rows.bookings import BookingView, SessionGroup
from portal.rows.cards import Nudge
from portal.rows.common import Chip, LineItem, Link, TermStrip
from portal.rules.terms import is_off, is_over, progress
from portal.services import booking_details, booking_words, make_up_words, place_prices, session_words
from portal.services.benefit_words import available
from portal.services.facts.benefits import make_ups
from portal.services.facts.bookings import BookingFact, Tick
from portal.services.facts.dashboard import Dashboard, dashboard, onlookers
from portal.services.facts.sessions import SessionFact, sessions
from portal.services.make_up_sheet import openings_of
from portal.services.next_change import next_change
from portal.services.scene import Scene, set_scene
from portal.words import counted, sentence

NEXT = 3
MOST = 200
"""Sessions of one booking; a course has fewer, a booking with a pass may go on for years."""
STATUSES = {
    BookingStatus.ACTIVE: Chip("good", "circle-play", "Active"),
    BookingStatus.COMPLETED: Chip("", "archive", "Finished", bare=True),
    BookingStatus.CANCELLED: Chip("", "circle-x", "Cancelled", bare=True),
}


def read(db: Session, actor: Actor, now: datetime, asked: Mapping[str, str]) -> BookingView:
    """Six queries with the scene's one. NotFound when it is not theirs, as when it is not there."""
    scene, public_id = set_scene(db, actor, now), asked.get("booking_id", "")
    held = sessions(db, scene, col(Booking.public_id) == public_id, newest_first=True, limit=MOST)[::-1]
    found = dashboard(db, scene, public_id, _ticks(held))
    if found is None:
        raise NotFound
    head = replace(_head(scene, found), changes_at=next_change(scene, held))
    if asked.get("tab") == "sessions":
        back = Link(routes.booking(public_id), found.booking.title)
        return replace(head, back=back, on_sessions_tab=True, groups=_groups(scene, held))
    return _overview(db, scene, found, held, head)


def _overview(
    db: Session, scene: Scene, found: Dashboard, held: list[SessionFact], head: BookingView
) -> BookingView:
    of = found.booking
    tab = Link(f"{routes.booking(of.public_id)}?tab=sessions", f"All {len(held)}", "calendar-days")
    live = of.status in LIVE
    ahead = [fact for fact in held if live and not is_over(fact, scene.now)]
    may_act = found.share is None or found.share.can_act
    money = booking_details.payments(scene, found)
    costs = place_prices.totals(db, [of.kept] if of.kept else [], scene.now)
    return replace(
        head,
        back=Link(routes.BOOKINGS, "Bookings"),
        shared=booking_details.shared(scene, of, found.share),
        quick=bool(money and held),
        offer=booking_details.offer(scene, found, costs),
        take="Take the place" if of.open_reason is OpenReason.WAITING_LIST else "Enrol",
        can_visit=of.kind is BookingKind.DROP_IN and live and scene.members[of.member_id].ours,
        can_leave=booking_details.can_leave(scene, of),
        coming=tuple(session_words.dated_row(scene, fact) for fact in ahead[:NEXT]),
        all_sessions=tab if held else Link(),
        make_ups=_make_ups(db, scene, of.id) if may_act else (),
        used=_used(scene, held),
        payments=money,
        details=booking_details.details(scene, found, costs.get(of.public_id)),
        viewers=booking_details.viewers(scene, onlookers(db, scene, of)),
        can_share=booking_details.can_be_shared(scene, found),
    )


def _head(scene: Scene, found: Dashboard) -> BookingView:
    """Whose it is, where it stands and what became of its sessions, on the dashboard and on the sessions tab."""
    of = found.booking
    member = scene.members[of.member_id]
    regular = of.kind is not BookingKind.DROP_IN and len(of.ticks) > 1
    return BookingView(
        id=of.public_id,
        face=member.face,
        title=booking_words.title(of),
        lead=(member.first_name, of.term or booking_words.when(scene, of)),
        progress=_progress(scene, of),
        chip=STATUSES[of.status] if of.status in STATUSES else booking_words.waits_for(scene, of),
        explained=booking_details.explained(scene, found),
        term=booking_words.term_strip(scene, of) if regular else TermStrip(),
        key=booking_words.term_key(scene, of) if regular else (),
    )


def _ticks(held: Sequence[SessionFact]) -> tuple[Tick, ...]:
    """The term of the booking; a make-up belongs to the term of the session it replaces."""
    term = (fact for fact in held if fact.kind is not AttendanceKind.MAKE_UP)
    return tuple(Tick(fact.starts_at, fact.ends_at, fact.status, fact.cancelled_by_provider) for fact in term)


def _progress(scene: Scene, of: BookingFact) -> str:
    told = progress(of.ticks, scene.now)
    if of.kind is BookingKind.DROP_IN:
        return sentence(booking_words.visits(scene, of))
    if not told.total:
        return "No sessions yet" if of.status in LIVE else "No sessions"
    if not told.done:
        return booking_words.term_strip(scene, of).caption
    return f"{told.done} of {counted(told.total, 'session', 'sessions')} done"


def _make_ups(db: Session, scene: Scene, booking_id: int) -> tuple[Nudge, ...]:
    waiting = [fact for fact in make_ups(db, scene, booking_id) if available(scene, fact)]
    openings = openings_of(db, scene, waiting)
    return tuple(make_up_words.nudge(scene, fact, openings[fact.booking_id]) for fact in waiting)


def _used(scene: Scene, held: Sequence[SessionFact]) -> tuple[LineItem, ...]:
    """Each make-up with the session it replaced, each pass with how many entries went here."""
    taken = (MakeUpStatus.BOOKED, MakeUpStatus.USED)
    replaced = [fact for fact in held if fact.attending.gave in taken and fact.make_up_at is not None]
    entries = Counter(fact.entry_of for fact in held if fact.entry_of and not is_off(fact))
    return (
        *(_replaced(scene, fact) for fact in replaced),
        *(
            LineItem(icon="ticket", title=name, meta=(f"{counted(count, 'entry', 'entries')} used here",))
            for name, count in entries.items()
        ),
    )


def _replaced(scene: Scene, fact: SessionFact) -> LineItem:
    at, was = fact.make_up_at or fact.starts_at, scene.calendar.day(fact.starts_at)
    day = scene.calendar.short_date(scene.calendar.day(at), scene.today)
    booked = fact.attending.gave is MakeUpStatus.BOOKED
    return LineItem(
        icon="repeat-2",
        tone="note" if booked else "plain",
        title=f"Make-up on {day}, {scene.calendar.time(at)}",
        meta=(f"Instead of {scene.calendar.short_date(was, scene.today)}",),
        chips=(
            Chip("note", "repeat-2", "Booked") if booked else Chip("", "circle-check", "Used", bare=True),
        ),
    )


def _groups(scene: Scene, held: Sequence[SessionFact]) -> tuple[SessionGroup, ...]:
    """To come in order, what was newest first."""
    over = [fact for fact in reversed(held) if is_over(fact, scene.now) and not is_off(fact)]
    by_name = {
        "Scheduled": [fact for fact in held if not is_over(fact, scene.now) and not is_off(fact)],
        "Attended": [fact for fact in over if fact.status is AttendanceStatus.ATTENDED],
        "Cancelled": [fact for fact in reversed(held) if is_off(fact)],
        "Missed": [fact for fact in over if fact.status is AttendanceStatus.MISSED],
        "Not marked yet": [fact for fact in over if fact.status is AttendanceStatus.GOING],
    }
    return tuple(
        SessionGroup(name, str(len(facts)), tuple(session_words.tab_row(scene, fact) for fact in facts))
        for name, facts in by_name.items()
        if facts
    )
