"""What a worker does beside answering: send the outbox, and what the house does by itself again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from portal import changes, clock
from portal.actor import SYSTEM, Actor
from portal.channels import EmailSender, Letter, Refused
from portal.db import reading, transact, unit_of_work
from portal.gateway_jobs import ask_gateways, send_refunds
from portal.messages import Written
from portal.services import (
    acting,
    checkout_ends,
    demo_mail,
    endings,
    erasure,
    logins,
    make_up_expiry,
    make_up_waits,
    outbox,
    passes,
    reminders,
    sign_in,
    trials,
    waiting_list,
)
from portal.services.desk import Desk
from portal.services.member_choices import choices
from portal.services.provider import NotSetUp

Result = TypeVar("Result")
_log = logging.getLogger(__name__)

AT_ONCE = 4
"""Letters under way at the same time in a worker: one that hangs does not keep the others."""
LOOK_AGAIN = 15.0
"""Seconds until a worker looks for what another worker left."""
MINUTE, HOUR = 60.0, 3600.0
CHOICES_EVERY = 0.25
"""Seconds; the other windows of a login follow within one."""


@dataclass(frozen=True)
class Periodic:
    """Something the house does by itself: `do(db, actor, now)` in a transaction of its own, `every` so many seconds.

    Every worker does it, so it looks again under its locks: done twice it changes nothing more.
    """

    name: str
    every: float
    do: Callable[[Session, Actor, datetime], object]


def keep_logins(db: Session, _actor: Actor, now: datetime) -> None:
    """Write down which logins were seen, and forget sign-ins that no limit counts any more."""
    logins.write_seen(db, acting.seen.take(), now)
    sign_in.forget_old(db, now)


PERIODIC = (
    Periodic("logins", MINUTE, keep_logins),
    Periodic("ended bookings", HOUR, endings.complete_ended),
    Periodic("ended passes", HOUR, passes.expire),
    Periodic("trial offers", MINUTE, trials.expire),
    Periodic("places kept", MINUTE, waiting_list.expire),
    Periodic("make-ups that end", 5 * MINUTE, make_up_expiry.expire),
    Periodic("the line for make-ups", MINUTE, make_up_waits.expire),
    Periodic("unpaid visits", HOUR, checkout_ends.expire),
    Periodic("erasures", HOUR, erasure.erase_due),
    Periodic("reminders", 5 * MINUTE, reminders.remind),
)


async def run_jobs(sender: EmailSender, stop: asyncio.Event, desk: Desk = outbox.NOWHERE) -> None:
    """Run until `stop`, and finish what is being sent. Every worker runs them: leases and locks keep them apart."""
    async with asyncio.TaskGroup() as jobs:
        jobs.create_task(_send_all(sender, stop, desk))
        jobs.create_task(_ask_gateways(stop))
        jobs.create_task(_write_choices(stop))
        for one in PERIODIC:
            jobs.create_task(_again_and_again(one, stop))


def do_once(job: Periodic, now: datetime) -> None:
    """The job in one transaction; before there is a provider there is nothing to do."""
    with suppress(NotSetUp):
        transact(lambda db: job.do(db, SYSTEM, now))


def keep_for_demo(letter: Letter) -> None:
    """Put what would have been sent into the demo's inbox."""
    with unit_of_work() as db:
        demo_mail.keep(db, letter.to_address, Written(letter.subject, letter.text, letter.html), clock.now())


async def _ask_gateways(stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _quietly(lambda: asyncio.to_thread(ask_gateways, clock.now()))
        await _quietly(lambda: asyncio.to_thread(send_refunds, clock.now()))
        await _first_of(stop, seconds=MINUTE)


async def _write_choices(stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _first_of(stop, seconds=CHOICES_EVERY)
        if choices.waiting():
            await _quietly(lambda: asyncio.to_thread(choices.write))


async def _send_all(sender: EmailSender, stop: asyncio.Event, desk: Desk) -> None:
    loop, work = asyncio.get_running_loop(), asyncio.Event()

    def hear(topics: frozenset[str]) -> None:
        if changes.OUTBOX in topics:
            loop.call_soon_threadsafe(work.set)

    deaf = changes.listen(hear)
    try:
        while not stop.is_set():
            work.clear()
            wait = await _quietly(partial(_send_some, sender, desk))
            await _first_of(work, stop, seconds=LOOK_AGAIN if wait is None else wait)
    finally:
        deaf()


async def _send_some(sender: EmailSender, desk: Desk) -> float:
    """Send what is due; the seconds until more is."""
    while leased := await asyncio.to_thread(_lease, desk):
        await asyncio.gather(*(asyncio.to_thread(deliver, sender, one) for one in leased))
    return await asyncio.to_thread(_until_next)


def deliver(sender: EmailSender, leased: outbox.Leased) -> None:
    """Send one message and write down how it went; in a thread."""
    written = leased.written
    letter = Letter(
        key=leased.public_id,
        kind=leased.kind,
        to_address=leased.to_address,
        subject=written.subject,
        text=written.text,
        html=written.html,
        off_url=written.off_url,
        calendar=written.calendar,
        channel=leased.channel,
        language=written.language,
    )
    try:
        sender_message_id = sender.send(letter)
    except Refused as refusal:
        _failed(leased, refusal)
        return
    except Exception as error:  # noqa: BLE001  # whatever a sender stumbles over, the message stays
        _failed(leased, Refused(type(error).__name__, permanent=False))
        return
    with unit_of_work() as db:
        outbox.sent(db, leased, sender_message_id, clock.now())


def _failed(leased: outbox.Leased, refusal: Refused) -> None:
    _log.warning("a %s message was not accepted at try %d", leased.kind, leased.attempts)
    with unit_of_work() as db:
        outbox.failed(db, leased, refusal.reason, refusal.permanent, clock.now())


def _lease(desk: Desk) -> list[outbox.Leased]:
    now = clock.now()
    with reading() as db:  # an idle worker only looks: no write, no lock
        due = outbox.next_due(db)
    if due is None or due > now:
        return []
    with unit_of_work() as db:
        return outbox.lease(db, now, AT_ONCE, desk)


def _until_next() -> float:
    with reading() as db:
        due = outbox.next_due(db)
    return LOOK_AGAIN if due is None else max(0.05, min(LOOK_AGAIN, (due - clock.now()).total_seconds()))


async def _again_and_again(job: Periodic, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _quietly(partial(asyncio.to_thread, do_once, job, clock.now()))
        await _first_of(stop, seconds=job.every)


async def _quietly(job: Callable[[], Awaitable[Result]]) -> Result | None:
    """A job that fails (the database is away) is told and tried again; it never ends the others."""
    try:
        return await job()
    except Exception as error:  # noqa: BLE001  # told by its kind alone: its words may hold an address
        _log.error("a job failed and will be tried again: %s", type(error).__name__)
        return None


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    """Wait until one of the events is set, or so long."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
