from dataclasses import dataclass

import httpx
import pytest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from starlette.applications import Starlette

from portal import db
from portal.http import calendars
from portal.http.calendars import Limits
from portal.http.cookies import SESSION
from portal.models.bookings import Attendance
from portal.services import attendance, calendar_feeds, logins
from portal.services.enrolment import Booked
from tests.factories import Household, Otterbrook
from tests.http.conftest import OURS, SECRET, Configure, StillClock
from tests.support.strict_calendar import events, read

pytestmark = pytest.mark.anyio


@dataclass
class Feeds:
    """Nora's link, and ways to ask for it."""

    family: Household
    booked: Booked
    clock: StillClock
    feed: str
    path: str
    session: str

    def client(self, login: str = "") -> httpx.AsyncClient:
        cookies = {SESSION: login} if login else {}
        transport = httpx.ASGITransport(Starlette(routes=calendars.ROUTES), client=("192.0.2.7", 50000))
        return httpx.AsyncClient(transport=transport, base_url=OURS["Origin"], cookies=cookies)

    def login(self) -> str:
        with db.unit_of_work() as session:
            return logins.open_for_guardian(session, self.family.guardian_id, "", self.clock.now)


@pytest.fixture
async def feeds(
    fresh_db: str, configured: Configure, still_clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> Feeds:
    monkeypatch.setattr(calendars, "limits", Limits())
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        family = world.family("Vale", "Mila")
        booked = world.enrol(family["Mila"], world.course())
        calendar_feeds.make(session, family.guardian, "all", SECRET, still_clock.now)
        feed = calendar_feeds.sheet(session, family.guardian, still_clock.now).rows[0].card.feed
        path = calendar_feeds.address(session, family.guardian, feed, SECRET)
        one = session.get_one(Attendance, booked.sessions[2].attendance_id).public_id
    return Feeds(family, booked, still_clock, feed, path, one)


async def test_a_calendar_program_needs_nothing_but_the_address(feeds: Feeds) -> None:
    async with feeds.client() as program:
        answer = await program.get(feeds.path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert len(events(read(answer.content))) == len(feeds.booked.sessions)


async def test_head_says_the_same_without_the_calendar(feeds: Feeds) -> None:
    async with feeds.client() as program:
        whole, head = await program.get(feeds.path), await program.head(feeds.path)

    assert head.status_code == 200
    assert head.content == b""
    assert dict(head.headers) == dict(whole.headers)


async def test_what_the_program_has_is_not_sent_again_until_it_changes(feeds: Feeds) -> None:
    async with feeds.client() as program:
        first = await program.get(feeds.path)
        marks = [
            first.headers["etag"],
            f"W/{first.headers['etag']}",
            f'"other", {first.headers["etag"]}',
            "*",
        ]
        feeds.clock.pass_by(minutes=10)
        same = [
            (await program.get(feeds.path, headers={"If-None-Match": mark})).status_code for mark in marks
        ]
        since = {"If-Modified-Since": first.headers["last-modified"]}
        unchanged = await program.get(feeds.path, headers=since)
        with db.unit_of_work() as session:
            coming = feeds.booked.sessions[2].attendance_id
            attendance.cancel(session, feeds.family.guardian, coming, feeds.clock.now)
        changed = await program.get(feeds.path, headers={"If-None-Match": first.headers["etag"]})
        later = await program.get(feeds.path, headers=since)

    assert same == [304] * 4
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (changed.status_code, later.status_code) == (200, 200)
    assert changed.headers["etag"] != first.headers["etag"]
    assert changed.headers["last-modified"] != first.headers["last-modified"]


@pytest.mark.parametrize("said", ["", "yesterday", "Mon, 99 Foo 2026", '"x"', "0"])
async def test_conditions_that_are_none_are_answered_with_the_calendar(feeds: Feeds, said: str) -> None:
    async with feeds.client() as program:
        for name in ("If-None-Match", "If-Modified-Since"):
            assert (await program.get(feeds.path, headers={name: said})).status_code == 200


async def test_an_ended_link_and_one_that_never_was_look_the_same(feeds: Feeds) -> None:
    with db.unit_of_work() as session:
        calendar_feeds.revoke(session, feeds.family.guardian, feeds.feed, feeds.clock.now)
    async with feeds.client() as program:
        ended = await program.get(feeds.path)
        never = [await program.get(f"/calendar/{guess}.ics") for guess in ("a" * 64, "x", "%20", "é")]

    assert {answer.status_code for answer in (ended, *never)} == {404}
    assert {answer.content for answer in (ended, *never)} == {ended.content}
    assert ended.headers["cache-control"] == "private, no-store"


async def test_who_guesses_is_told_to_wait_and_who_knows_too_after_very_many(
    feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "limits", Limits(RateLimitItemPerHour(5), RateLimitItemPerMinute(3)))
    async with feeds.client() as program:
        known = [(await program.get(feeds.path)).status_code for _ in range(6)]
        guessed = [(await program.get(f"/calendar/{number}.ics")).status_code for number in range(5)]

    assert known == [200] * 5 + [429]
    assert guessed == [404] * 3 + [429] * 2


async def test_its_guardian_subscribes_and_copies_the_link_and_nobody_else(feeds: Feeds) -> None:
    shown = f"/calendar/feeds/{feeds.feed}"
    async with feeds.client(feeds.login()) as nora, feeds.client() as nobody:
        subscribe, address = await nora.get(f"{shown}/subscribe"), await nora.get(f"{shown}/address")
        refused = [await nobody.get(f"{shown}/{what}") for what in ("subscribe", "address")]

    assert subscribe.headers["location"] == f"webcal://localhost:8300{feeds.path}"
    assert address.json() == {"address": f"{OURS['Origin']}{feeds.path}"}
    assert {one.headers["cache-control"] for one in (subscribe, address)} == {"private, no-store"}
    assert [one.headers["location"].partition("?")[0] for one in refused] == ["/login"] * 2
    assert feeds.path not in str([one.headers for one in refused])


async def test_another_family_finds_no_link_and_no_session(feeds: Feeds) -> None:
    with db.unit_of_work() as session:
        moreau = Otterbrook(session).family("Moreau", "Lea")
        login = logins.open_for_guardian(session, moreau.guardian_id, "", feeds.clock.now)
    async with feeds.client(login) as moreaus:
        paths = (
            f"/calendar/feeds/{feeds.feed}/subscribe",
            f"/calendar/feeds/{feeds.feed}/address",
            f"/documents/sessions/{feeds.session}.ics",
        )
        answers = [await moreaus.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [404] * 3


async def test_one_session_is_a_file_for_who_is_signed_in(feeds: Feeds) -> None:
    path = f"/documents/sessions/{feeds.session}.ics"
    async with feeds.client(feeds.login()) as nora, feeds.client() as nobody:
        answer, refused = await nora.get(path), await nobody.get(path)

    assert answer.headers["content-disposition"] == 'attachment; filename="session.ics"'
    assert len(events(read(answer.content))) == 1
    assert refused.headers["location"] == f"/login?next={path}"


async def test_with_another_key_the_link_is_told_to_be_lost(feeds: Feeds, configured: Configure) -> None:
    configured(PORTAL_SECRET="another-secret-of-tests-0123456789-abc")
    async with feeds.client(feeds.login()) as nora:
        answer = await nora.get(f"/calendar/feeds/{feeds.feed}/address")
        works = await nora.get(feeds.path)

    assert answer.status_code == 409
    assert "make a new one" in answer.text
    assert works.status_code == 200
