"""Home: outstanding balance, next session, nudges, and the rest in short."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col

from portal.actor import Actor
from portal.models.bookings import LIVE, Booking, BookingKind
from portal.models.discounts import Discount, DiscountKind
from portal.rows.cards import Nudge, PassCard, Ticket, Tile
from portal.rows.common import Link
from portal.rows.home import ComingUp, Heading, HomeView, NothingNext, SharedNote
from portal.services import (
    benefit_tiles,
    benefit_words,
    booking_words,
    enquiries,
    make_up_words,
    payment_words,
    place_prices,
    session_words,
)
from portal.services.facts.benefits import (
    MakeUpFact,
    PassFact,
    credit_and_discounts,
    make_ups,
    passes,
)
from portal.services.facts.bookings import BookingFact, bookings
from portal.services.facts.payments import payments
from portal.services.facts.sessions import SessionFact, sessions
from portal.services.make_up_sheet import openings_of
from portal.services.next_change import next_change
from portal.services.scene import MemberFact, Scene, of_choice, set_scene, whose
from portal.words import listed, number, sentence

COMING_UP = 4


def read(db: Session, actor: Actor, now: datetime, _asked: Mapping[str, str]) -> HomeView:
    """Ten queries with the scene's one, one more where a place is kept, however many rows there are."""
    scene = set_scene(db, actor, now)
    coming = sessions(db, scene, ending_after=now)
    live = bookings(db, scene, col(Booking.status).in_(LIVE))
    due = payments(db, scene)
    found_make_ups, found_passes = make_ups(db, scene), passes(db, scene)
    ours = actor.family_id is not None
    credit, discounts = credit_and_discounts(db, scene) if ours else (0, [])
    nexts = [_next(coming, member) for member in scene.choices]
    empty = not (live or coming or due or found_passes or found_make_ups)
    return HomeView(
        headings=tuple(_heading(scene, coming, member, empty=empty) for member in scene.choices),
        empty=empty,
        timetable=Link(href=scene.provider.website, label="See the timetable"),
        due=payment_words.due(scene, due),
        tickets=_tickets(scene, coming),
        without_next=_without_next(scene, coming),
        coming_up=tuple(_coming_up(scene, coming, member) for member in scene.choices),
        bookings=tuple(
            booking_words.booking_row(scene, booking)
            for booking in live
            if booking.kind is not BookingKind.DROP_IN
        ),
        enquiries=enquiries.rows(db, scene) if ours else (),
        passes=_passes(scene, found_passes),
        nudges=_nudges(db, scene, live, found_make_ups, found_passes),
        tiles=_tiles(scene, found_make_ups, found_passes, credit, discounts) if ours else (),
        orders=payment_words.orders_summary(due),
        shares_only=not ours,
        notes=_notes(scene, found_passes, discounts) if ours else (),
        changes_at=next_change(scene, coming, [fact for fact in nexts if fact]),
    )


def _next(coming: list[SessionFact], member: MemberFact | None) -> SessionFact | None:
    """The first session the member is expected at."""
    return next((fact for fact in of_choice(coming, member) if fact.coming), None)


def _heading(scene: Scene, coming: list[SessionFact], member: MemberFact | None, *, empty: bool) -> Heading:
    """ "Good afternoon, Nora" with what the week brings; a family without classes is welcome, and is told no number."""
    day = scene.calendar.long_date(scene.today)
    lead = day if empty else f"{day}. {_week_in_words(scene, coming, member)}"
    if member is not None:
        return Heading(whose(member), f"{member.first_name}’s week", lead)
    hello = "Welcome" if empty else scene.calendar.greeting(scene.now)
    return Heading("all", ", ".join([hello, *scene.viewer.name.split()[:1]]), lead)


def _week_in_words(scene: Scene, coming: list[SessionFact], member: MemberFact | None) -> str:
    """ "Four sessions left this week.", up to and including Sunday."""
    sunday = scene.today + timedelta(days=6 - scene.today.weekday())
    left = sum(
        fact.coming and scene.calendar.day(fact.starts_at) <= sunday for fact in of_choice(coming, member)
    )
    return f"{sentence(number(left))} {'session' if left == 1 else 'sessions'} left this week."


def _tickets(scene: Scene, coming: list[SessionFact]) -> tuple[Ticket, ...]:
    nexts = [(member, _next(coming, member)) for member in scene.choices]
    return tuple(session_words.ticket(scene, fact, member) for member, fact in nexts if fact is not None)


def _without_next(scene: Scene, coming: list[SessionFact]) -> tuple[NothingNext, ...]:
    idle = [member for member in scene.choices if _next(coming, member) is None]
    return tuple(
        NothingNext(whose(member), f"{member.first_name} has no session coming up.")
        if member
        else NothingNext("all", "No sessions are coming up.")
        for member in idle
    )


def _coming_up(scene: Scene, coming: list[SessionFact], member: MemberFact | None) -> ComingUp:
    on_ticket = _next(coming, member)
    later = [fact for fact in of_choice(coming, member) if fact is not on_ticket][:COMING_UP]
    rows = tuple(session_words.session_row(scene, fact) for fact in later)
    return ComingUp(whose(member), rows, f"Nothing {'else ' if on_ticket else ''}is planned yet.")


def _passes(scene: Scene, found: list[PassFact]) -> tuple[PassCard, ...]:
    """The ones that can still be used, those that are counted first; the others are on the benefits page."""
    counted = sorted(found, key=lambda fact: fact.entries_left is None)
    return tuple(
        benefit_words.pass_card(scene, fact) for fact in counted if benefit_words.usable(scene, fact)
    )


def _nudges(
    db: Session,
    scene: Scene,
    live: list[BookingFact],
    found: list[MakeUpFact],
    found_passes: list[PassFact],
) -> tuple[Nudge, ...]:
    """What waits for somebody who can do it: who may only look at a shared booking is not told to book."""
    waiting = [fact for fact in found if benefit_words.available(scene, fact) and fact.may_act]
    openings = openings_of(db, scene, waiting)
    return (
        *_places(db, scene, live),
        *(make_up_words.nudge(scene, fact, openings[fact.booking_id]) for fact in waiting),
        *benefit_words.pass_nudges(scene, found_passes),
    )


def _places(db: Session, scene: Scene, live: list[BookingFact]) -> Iterator[Nudge]:
    """What is kept for the family and what it costs: from the line, then after a trial, the soonest to end first."""
    kept = [fact.kept for fact in live if fact.kept is not None]
    costs = place_prices.totals(db, kept, scene.now)
    for one in sorted(kept, key=lambda place: (place.after_trial, place.until)):
        yield booking_words.place_nudge(scene, one, costs[one.booking])


def _tiles(
    scene: Scene,
    found: list[MakeUpFact],
    found_passes: list[PassFact],
    credit_minor: int,
    discounts: list[Discount],
) -> tuple[Tile, ...]:
    return tuple(
        tile
        for member in scene.choices
        for tile in benefit_tiles.tiles(scene, found, found_passes, credit_minor, discounts, member)
    )


def _notes(scene: Scene, found_passes: list[PassFact], discounts: list[Discount]) -> tuple[SharedNote, ...]:
    """What stays the same whoever is chosen, and no more than that: a pass may be one child's own."""
    own = any(fact.member_id is not None for fact in found_passes if benefit_words.usable(scene, fact))
    things = ["payments", "orders", "credit", "shared passes" if own else "passes"]
    sibling = any(
        one.kind == DiscountKind.SIBLING and one.member_id is None
        for one in discounts
        if benefit_words.discount_open(scene, one)
    )
    shared = f"{sentence(listed(things))} belong to the whole family. They look the same whichever child you choose."
    named = listed([*things, "the sibling discount"] if sibling else things)
    return (
        SharedNote("all", "", shared),
        *(
            SharedNote(
                member.public_id,
                f"Shown for everyone, not only {member.first_name}:",
                f"{named}. They belong to your family account.",
            )
            for member in scene.members.values()
        ),
    )
