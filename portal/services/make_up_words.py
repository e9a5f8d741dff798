"""A make-up that can be booked, in words: what there is to choose, or why there is nothing."""

from collections.abc import Sequence

from portal.models.bookings import OfferStatus
from portal.rows.cards import Nudge
from portal.rules.conditions import Condition
from portal.services.benefit_words import belongs_to, holder
from portal.services.facts.benefits import MakeUpFact
from portal.services.make_up_choices import Openings
from portal.services.scene import Scene
from portal.words import counted

CHOOSE, WAIT, TAKE = "choose", "wait", "take"
"""What a nudge's button does."""
TELL_ME = "Tell me when a place opens"
_NOTHING = (
    ("makeup.no_place", "Every session that suits {name} is full just now."),
    ("makeup.too_far", "The next sessions that suit {name} can be booked from {day}."),
    ("makeup.course_not_begun", "The sessions that suit {name} are of courses that have not begun yet."),
    ("makeup.too_close", "What is left starts too soon to be booked."),
    ("makeup.busy", "{name} is in other classes at the times that are left."),
    ("makeup.too_young", "The sessions to come are for older children."),
    ("makeup.too_old", "The sessions to come are for younger children."),
    ("makeup.already_there", "{name} is in every session to come already."),
    ("makeup.given_up", "Those {name} gave up are all that is left; sign back up to one of them instead."),
)
"""The reason of the session that comes nearest to one that can be booked."""


def nudge(scene: Scene, fact: MakeUpFact, openings: Openings) -> Nudge:
    """ "Mila has a make-up to use": what it replaces, until when it can be booked, how many sessions have room."""
    if _is_offered(scene, fact):
        return _offer(scene, fact)
    by = f"Book it by {scene.calendar.date(fact.book_by, scene.today)}"
    waits = fact.wait_status is OfferStatus.WAITING
    asks = CHOOSE if openings.sessions or waits else WAIT
    room = f"{counted(openings.sessions, 'session has', 'sessions have')} room."
    why = nothing(scene, holder(scene, fact.member_id), openings.refused)
    told = " We tell you as soon as a place opens." if waits and not openings.sessions else ""
    words = f"{by}; {room}" if openings.sessions else f"{by}. {why}{told}"
    return Nudge(
        member=belongs_to(scene, fact.member_id),
        icon="repeat-2",
        title=f"{holder(scene, fact.member_id)} has a make-up to use",
        words=f"{reason(scene, fact)} {words}",
        make_up=fact.public_id if fact.may_act else "",
        asks=asks,
        press=TELL_ME if asks == WAIT else "Choose a session" if openings.sessions else "What you wait for",
    )


def nothing(scene: Scene, name: str, refused: Sequence[Condition]) -> str:
    """Why no session can be booked just now."""
    for key, words in _NOTHING:
        of_it = [one for one in refused if one.message_key == key]
        if of_it:
            from_then = min((one.holds_from for one in of_it if one.holds_from), default=scene.now)
            return words.format(
                name=name, day=scene.calendar.short_date(scene.calendar.day(from_then), scene.today)
            )
    return "No session that would suit is planned yet."


def reason(scene: Scene, fact: MakeUpFact) -> str:
    """Why there is a make-up: the session it replaces, or the provider's kindness."""
    if fact.missed_at is None:
        return f"It is for {fact.title}."
    return f"It replaces {scene.calendar.short_date(scene.calendar.day(fact.missed_at), scene.today)}."


def when(scene: Scene, fact: MakeUpFact) -> str:
    """The session that is offered: "Sat 14 March, 10:15"."""
    at = fact.offered_at or scene.now
    return f"{scene.calendar.short_date(scene.calendar.day(at), scene.today)}, {scene.calendar.time(at)}"


def _is_offered(scene: Scene, fact: MakeUpFact) -> bool:
    ends = fact.offer_expires_at
    return fact.wait_status is OfferStatus.OFFERED and ends is not None and ends > scene.now


def _offer(scene: Scene, fact: MakeUpFact) -> Nudge:
    ends = fact.offer_expires_at or scene.now
    kept = f"We keep it for {holder(scene, fact.member_id)} until {scene.calendar.moment(ends, scene.now)}."
    return Nudge(
        member=belongs_to(scene, fact.member_id),
        icon="repeat-2",
        title=f"A place has opened for {holder(scene, fact.member_id)}",
        words=f"{fact.offered_title}, {when(scene, fact)}, {fact.offered_place}. {kept}",
        make_up=fact.public_id if fact.may_act else "",
        asks=TAKE,
        press=f"Book {when(scene, fact)}",
        decline="No, give it to the next in line",
    )
