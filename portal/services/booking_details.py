"""What a booking's dashboard tells of the course, the price, the policy and who can see it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from portal import routes
from portal.models.bookings import BookingKind, BookingStatus, OfferStatus, OpenReason, Share
from portal.rows.bookings import Detail, Viewer
from portal.rows.cards import Nudge
from portal.rows.common import Face, LineItem, Link
from portal.rules.cancellation import in_words, policy_of
from portal.rules.conditions import first_unmet
from portal.rules.payments import PaymentState
from portal.rules.sharing import SharedBooking, can_share
from portal.rules.terms import is_over
from portal.rules.trials import Offer
from portal.rules.waiting_list import can_leave as may_leave
from portal.services.booking_words import between, next_tick, place_nudge, weekdays
from portal.services.facts.bookings import BookingFact
from portal.services.facts.dashboard import Dashboard, Onlooker
from portal.services.facts.payments import PaymentFact
from portal.services.facts.sharing import OVER, words_until
from portal.services.payment_words import instalment, payment_chip
from portal.services.scene import Scene
from portal.weblinks import web_address
from portal.words import ordinal, sentence

WAITS_FOR = {
    OpenReason.CONFIRMATION: "We look at every booking ourselves, and tell you when this one is confirmed.",
    OpenReason.PAYMENT: "The place is kept, and yours as soon as the first payment has arrived.",
    OpenReason.TRIAL: "One session to try the class. Afterwards you decide whether to go on.",
    OpenReason.WAITING_LIST: "You are {place} in line. We write to you as soon as a place is free.",
}
OFFERED = "A place is free, and kept for you until then. We have written to you about it."


def details(scene: Scene, found: Dashboard, costs: int | None) -> tuple[Detail, ...]:
    """When, where, teacher, term, price, what to bring, documents, policy; what is not known is left out.

    `costs`: what a place costs that is kept for them.
    """
    of, programme = found.booking, found.programme
    documents = tuple(Link(web_address(url), title) for title, url in found.documents if web_address(url))
    ahead = next_tick(scene, of) is not None
    lines = (
        Detail("When", _when(scene, of)),
        *_where(found),
        Detail("Teacher", found.instructor),
        Detail("Term", between(scene, of.starts_on, of.ends_on) if of.kind is BookingKind.FULL else ""),
        Detail("Price", _price(scene, found, costs)),
        Detail("What to bring", programme.what_to_bring),
        Detail("Documents", "", documents),
        Detail("Statement", "", _statement(scene, of)),
        Detail(
            "If you can’t come", in_words(policy_of(scene.provider, programme)) if ahead else "", quiet=True
        ),
    )
    return tuple(line for line in lines if line.words or line.links)


def _statement(scene: Scene, of: BookingFact) -> tuple[Link, ...]:
    """For an employer or the tax office, once a session is over; the family's alone."""
    begun = any(is_over(tick, scene.now) for tick in of.ticks)
    if not (begun and scene.members[of.member_id].ours):
        return ()
    return (Link(routes.attendance_statement(of.public_id), "Attendance, PDF"),)


def payments(scene: Scene, found: Dashboard) -> tuple[LineItem, ...]:
    """The money of this booking, as far as the actor may see; only the family can open a payment."""
    ours = scene.members[found.booking.member_id].ours
    return tuple(_payment(scene, fact, ours) for fact in found.payments)


def viewers(scene: Scene, found: list[Onlooker]) -> tuple[Viewer, ...]:
    """Guardians, then those it is shared with."""
    return tuple(_viewer(scene, one) for one in found)


def can_be_shared(scene: Scene, found: Dashboard) -> bool:
    """Whether the family can show it to somebody else: the rule that also decides at the click."""
    of = found.booking
    asked = SharedBooking(
        ours=found.share is None and scene.members[of.member_id].ours,
        provider=scene.provider.name,
        switched_on=scene.provider.sharing,
        over=of.status in OVER,
        today=scene.today,
    )
    return first_unmet(can_share(asked)) is None


def can_leave(scene: Scene, of: BookingFact) -> bool:
    """Whether the family can leave the line it waits in: the rule that also decides at the click."""
    if of.open_reason is not OpenReason.WAITING_LIST or not scene.members[of.member_id].ours:
        return False
    waits, kept = Offer(OfferStatus.WAITING, scene.now), of.kept
    standing = Offer(OfferStatus.OFFERED, kept.until) if kept else waits
    return first_unmet(may_leave(standing, now=scene.now)) is None


def shared(scene: Scene, of: BookingFact, share: Share | None) -> str:
    """For an adult it is shared with: by whom, what they can do, until when."""
    if share is None:
        return ""
    sees = "You see this booking and its sessions" + (", and what it costs" if share.sees_payments else "")
    until = f", until {words_until(scene, share.until)}" if share.until else ""
    return f"{of.holder} shares this booking with you. {sees}{until}."


def explained(scene: Scene, found: Dashboard) -> str:
    """What an open booking waits for, and how a cancelled one ended."""
    of = found.booking
    if of.status is BookingStatus.CANCELLED:
        return found.cancel_note
    over = of.open_reason is OpenReason.TRIAL and of.ticks and next_tick(scene, of) is None
    if of.open_reason is None or over:
        return ""
    return (
        OFFERED
        if of.kept is not None and not of.kept.after_trial
        else WAITS_FOR[of.open_reason].format(place=ordinal(of.place_in_line))
    )


def offer(scene: Scene, found: Dashboard, costs: Mapping[str, int]) -> tuple[Nudge, ...]:
    """A place that is kept, after the trial or from the line: price and until when. A share takes none."""
    kept = found.booking.kept
    return () if kept is None else (replace(place_nudge(scene, kept, costs[kept.booking]), action=Link()),)


def _when(scene: Scene, of: BookingFact) -> str:
    times = f"{of.starts_local:%H:%M} to {of.ends_local:%H:%M}"
    if of.starts_on == of.ends_on:
        return f"{scene.calendar.long_date(of.starts_on)}, {times}"
    if of.ends_on - of.starts_on < timedelta(days=7):
        return f"{between(scene, of.starts_on, of.ends_on)}, {times}"
    return f"{weekdays(scene, of)}, {times}"


def _where(found: Dashboard) -> tuple[Detail, ...]:
    """The address has its own line: behind a comma, "lane 3, 4 Quay Street" read as lanes 3 and 4."""
    of = found.booking
    inside = f"{of.place}, {of.room}" if of.room else of.place
    if not found.address:
        return (Detail("Where", inside, _map(found)),)
    return (Detail("Where", inside), Detail("Address", found.address, _map(found)))


def _map(found: Dashboard) -> tuple[Link, ...]:
    address = "" if found.booking.online else web_address(found.map_url)
    return (Link(address, "Map"),) if address else ()


def _price(scene: Scene, found: Dashboard, costs: int | None) -> str:
    """ "€128.00, paid 4 January", "€124.00 of €186.00 paid"; nothing for those who may not see money."""
    theirs = [fact for fact in found.payments if fact.member_id is not None]
    if costs is not None and found.booking.open_reason is OpenReason.WAITING_LIST:
        return scene.money(costs, found.currency)
    if not found.price_minor:
        return ""
    if not theirs or len(theirs) < len(found.payments):
        return scene.money(found.price_minor, found.currency)
    total, paid = sum(fact.amount_minor for fact in theirs), sum(fact.received_minor for fact in theirs)
    last = max((fact.paid_at for fact in theirs if fact.paid_at), default=None)
    words, currency = scene.money(total, theirs[0].currency), theirs[0].currency
    if paid < total:
        return f"{scene.money(paid, currency)} of {words} paid" if paid else words
    return (
        f"{words}, paid {scene.calendar.date(scene.calendar.day(last), scene.today)}"
        if last
        else f"{words}, paid"
    )


def _payment(scene: Scene, fact: PaymentFact, ours: bool) -> LineItem:
    paid = fact.state is PaymentState.PAID and fact.paid_at is not None
    day = scene.calendar.day(fact.paid_at) if fact.paid_at else fact.due_on
    told = f"{'paid' if paid else 'due'} {scene.calendar.date(day, scene.today)}"
    part = instalment(fact)
    return LineItem(
        icon="wallet",
        title=fact.label,
        meta=(sentence(part), told) if part else (sentence(told),),
        chips=(payment_chip(scene, fact),),
        amount=scene.money(fact.amount_minor, fact.currency),
        href=routes.payment(fact.public_id) if ours else "",
    )


def _viewer(scene: Scene, one: Onlooker) -> Viewer:
    """The family may change what a share shows; whoever it is shared with, only leave."""
    own = one.guardian_id == scene.actor.guardian_id
    return Viewer(_face(one.name), one.name, _can(scene, one), "" if own else one.share)


def _face(name: str) -> Face:
    words = name.split()
    return Face("".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(), "adult", name)


def _can(scene: Scene, one: Onlooker) -> str:
    you = one.guardian_id is not None and one.guardian_id == scene.actor.guardian_id
    words = (
        _share_can(scene, one)
        if one.shared
        else "account holder"
        if one.holder
        else "sees and does everything"
    )
    return f"You, {words}" if you else sentence(words)


def _share_can(scene: Scene, one: Onlooker) -> str:
    """ "can see, cancel and sign up", "can see, gets reminders, until 30 April"."""
    parts = ["can see, cancel and sign up" if one.can_act else "can see"]
    parts += ["sees payments"] if one.sees_payments else []
    parts += ["gets reminders"] if one.gets_messages and not one.can_act else []
    if one.until is not None:
        parts.append(f"until {words_until(scene, one.until)}")
    return ", ".join(parts)
