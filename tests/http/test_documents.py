"""The documents of the pages: what a family sees before any script, and what odd addresses get."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from threading import Event

import anyio
import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import db
from portal.errors import DatabaseUnavailable
from portal.http.documents import Document, Documents
from portal.http.filling import Sight
from portal.models.bookings import Booking
from portal.portal import documents, harden, http
from portal.services import logins
from tests.factories import NOW, Household, Otterbrook
from tests.http.conftest import Configure, StillClock
from tests.support.windows import COOKIE

pytestmark = pytest.mark.anyio
SKELETON = '<html><head><title>built</title></head><body><div class="first-view"></div></body></html>'

ODD = [
    "/bookings/%00",
    "/bookings/a%00b",
    "/bookings/%ff%fe",
    "/bookings/%ed%a0%80",
    "/bookings/%0d%0aSet-Cookie:x=1",
    "/bookings/'%20or%20'1'='1",
    "/bookings/%3Cscript%3E",
    f"/bookings/{'a' * 3000}",
    "/bookings/..%2f..%2fetc",
    "/orders/%F0%9F%98%80",
    "/payments?open=%00",
    "/payments?open=1&open=2&open[]=3",
    "/payments?=&&;&open",
    "/sessions?month=9999-99&show=-1",
    "/sessions?month=0000-00&tab=past&kind=%3Cscript%3E",
    "/sessions?month=2026-13&show=999999999999999999999",
    "/sessions?month=10000-01&show=1e9",
    "/benefits?tab=%F0%9F%98%80",
    "/?booking_id=1&family_id=2&actor=staff",
    "/account?%ff=%ff",
]


@dataclass
class Built:
    """The front end's own server: the same document for everybody."""

    asked: int = 0
    head: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        )
        await send(
            {
                "type": "http.response.body",
                "body": SKELETON.replace("</head>", f"{self.head}</head>").encode(),
            }
        )


@dataclass
class Site:
    """The pages, and who opens them."""

    built: Built
    signed_in: httpx.AsyncClient
    signed_out: httpx.AsyncClient
    family: Household
    theirs: str
    others: str


@pytest.fixture
async def site(fresh_db: str, configured: Configure, still_clock: StillClock) -> AsyncIterator[Site]:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        vale = world.family("Vale", "Mila", "<script>")
        brook = world.family("Brook", "Ida")
        course = world.course()
        theirs, others = (
            session.get_one(Booking, world.enrol(member, course).booking_id).public_id
            for member in (vale["Mila"], brook["Ida"])
        )
        login = logins.open_for_guardian(session, vale.guardian_id, "", NOW)
    built = Built()
    transport = httpx.ASGITransport(harden(documents(built)))
    async with (
        httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8300", cookies={COOKIE: login}
        ) as known,
        httpx.AsyncClient(transport=transport, base_url="http://localhost:8300") as stranger,
    ):
        yield Site(built, known, stranger, vale, theirs, others)


async def test_home_is_in_the_document(site: Site) -> None:
    page = await site.signed_in.get("/")

    assert page.status_code == 200
    assert "Good afternoon, Nora" in page.text
    assert "Little Waves 2" in page.text
    assert "<title>Home · Otterbrook</title>" in page.text


async def test_a_document_in_a_frame_brings_the_layout_of_one(site: Site) -> None:
    for path, who in (("/", site.signed_in), ("/login", site.signed_out)):
        framed = await who.get(path, headers={"Sec-Fetch-Dest": "iframe"})
        alone = await who.get(path, headers={"Sec-Fetch-Dest": "document"})
        assert "/styles/embedded.css" in framed.text
        assert "/embedded.js" in framed.text
        assert "embedded" not in alone.text
        assert "Sec-Fetch-Dest" in framed.headers["vary"]


async def test_a_name_is_text_and_never_markup(site: Site) -> None:
    page = await site.signed_in.get("/")

    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text


async def test_what_was_sent_is_in_no_cache(site: Site) -> None:
    page = await site.signed_in.get("/payments")

    assert page.headers["cache-control"] == "private, no-store"
    assert "Cookie" in page.headers["vary"]


async def test_who_is_signed_out_signs_in_first_and_comes_back(site: Site) -> None:
    page = await site.signed_out.get("/payments?open=abc&x=1")

    assert page.status_code == 303
    assert page.headers["location"] == "/login?next=/payments%3Fopen%3Dabc%26x%3D1"
    assert page.headers["cache-control"] == "no-store"


async def test_who_is_signed_in_needs_no_sign_in_page(site: Site) -> None:
    page = await site.signed_in.get("/login")

    assert (page.status_code, page.headers["location"]) == (303, "/")


async def test_somebody_elses_booking_looks_like_none(site: Site) -> None:
    theirs = await site.signed_in.get(f"/bookings/{site.theirs}")
    others = await site.signed_in.get(f"/bookings/{site.others}")
    nobodys = await site.signed_in.get("/bookings/nosuchbooking")

    assert theirs.status_code == 200
    assert (others.status_code, nobodys.status_code) == (404, 404)
    assert others.text == nobodys.text
    assert "Ida" not in others.text


async def test_an_odd_address_is_answered_like_any_other(site: Site) -> None:
    for address in ODD:
        for visitor in (site.signed_in, site.signed_out):
            page = await visitor.get(address)
            assert page.status_code in (200, 303, 404), address
            assert "<script>" not in page.text, address
            assert "set-cookie" not in page.headers, address


async def test_a_database_that_is_away_is_said_and_nothing_is_promised(site: Site) -> None:
    db.bind("postgresql://nobody@127.0.0.1:9/nothing")
    page = await site.signed_in.get("/")

    assert page.status_code == 503
    assert page.headers["retry-after"] == "30"
    assert "Nothing was changed or lost" in page.text


@pytest.mark.parametrize("path", ["/auth/link/aLetters", "/manifest.webmanifest", "/demo/inbox"])
async def test_every_route_says_it_while_the_database_is_away(configured: Configure, path: str) -> None:
    configured()
    db.bind("postgresql://nobody@127.0.0.1:9/nothing")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(http), base_url="http://localhost") as anybody:
        answer = await anybody.get(path)

    assert answer.status_code == 503
    assert "Nothing was changed or lost" in answer.text


async def test_the_builds_document_is_read_once(site: Site) -> None:
    for _ in range(3):
        await site.signed_in.get("/orders")

    assert site.built.asked == 1


async def test_everything_else_goes_to_the_app_behind(site: Site) -> None:
    for answer in (await site.signed_in.post("/"), await site.signed_in.get("/assets/app.js")):
        assert answer.text == SKELETON


async def test_a_head_costs_what_a_get_costs_and_changes_nothing(site: Site) -> None:
    page = await site.signed_in.head("/")

    assert page.status_code == 200


async def test_it_travels_small_where_the_browser_can_unpack(site: Site) -> None:
    packed = await site.signed_in.get("/", headers={"Accept-Encoding": "gzip"})
    plain = await site.signed_in.get("/", headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


async def test_scripts_leave_the_line_to_what_is_seen_first(site: Site) -> None:
    styles = '<link href="/assets/a.css" rel="stylesheet">'
    site.built.head = f'<link rel="modulepreload" href="/assets/root-1.js">{styles}'
    page = await site.signed_in.get("/")

    assert styles in page.text
    assert 'rel="modulepreload" fetchpriority="low" href="/assets/root-1.js"' in page.text
    assert '<script type="module" async fetchpriority="low" src="/assets/root-1.js">' in page.text


async def test_the_head_is_on_its_way_before_the_rows_are_read(site: Site) -> None:
    begun, sent = Event(), list[bytes]()

    def reads_late(*_: object) -> Sight:
        assert begun.wait(5), "the head waited for the rows"
        return Sight("<p>Rows</p>")

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if b"</head>" in sent[-1]:
            begun.set()

    await asks(Documents(site.built, [Document("/", "Home", reads_late)], reads_late), site, send)

    assert b"".join(sent).endswith(b'<div class="first-view"><p>Rows</p></div></body></html>')


async def test_rows_that_cannot_be_read_any_more_are_left_to_the_live_page(site: Site) -> None:
    sent = list[bytes]()

    def is_away(*_: object) -> Sight:
        raise DatabaseUnavailable

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    await asks(Documents(site.built, [Document("/", "Home", is_away)], is_away), site, send)

    assert b"".join(sent).endswith(b'<div class="first-view"></div></body></html>')


async def asks(documents: ASGIApp, site: Site, send: Send) -> None:
    """Open home, signed in, and see every part as it is sent."""
    cookie = "; ".join(f"{name}={value}" for name, value in site.signed_in.cookies.items())
    headers = [(b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError("nobody hangs up")

    await documents(scope, receive, send)
