"""Canaries through a portal as it really runs: what opens a door, or names somebody, is in no log and no audit row."""

import re
from collections.abc import Callable

import httpx
from sqlmodel import Session, col, select

from portal import clock, db, routes
from portal.actor import SYSTEM
from portal.messages.kinds import Kind
from portal.models.access import CalendarFeed
from portal.models.people import Guardian
from portal.services import audit, calendar_feeds
from portal.services.letters import off_token
from portal.services.logins import actor_of
from tests.support.canaries import LOG, found, places
from tests.support.portal_server import PortalServer
from tests.support.windows import open_window

EMAIL, SECRET, QUERY = "nora@demo.example", "a-secret-of-tests-0123456789-abcdefghij", "canaryquery"


def test_a_running_portal_logs_and_audits_no_email_code_link_cookie_or_query(
    portal_server: Callable[..., PortalServer],
) -> None:
    server = portal_server(PORTAL_SECRET=SECRET)
    engine = db.bind(f"sqlite:///{server.folder}/portal.db")
    seen_by_family = every_way_in(server)
    canaries = [EMAIL, SECRET, QUERY, *seen_by_family]
    server.stop()

    where = places(server.log())
    assert where[LOG], "the log is looked at"
    assert "data.exported" in where["audit_entry"], "so is the audit log"
    assert found([EMAIL], where) >= {"guardian", "demo_mail"}, "and every table is"
    assert found(seen_by_family, where) == {"demo_mail"}, "what opens a door is where the family reads it"
    assert found([SECRET], where) == set()
    assert found(canaries, where).isdisjoint({LOG, "audit_entry"})
    _plant(server, canaries)
    planted = places(server.log())
    for canary in canaries:
        assert found([canary], planted) >= {LOG, "audit_entry"}, "a control: each would have been found"
    engine.dispose()


def _plant(server: PortalServer, canaries: list[str]) -> None:
    """Each of them where the server prints and where it notes acts."""
    with (server.folder / "server.log").open("a") as log:
        log.writelines(f"GET {canary} 200\n" for canary in canaries)
    with db.unit_of_work() as session:
        for canary in canaries:
            audit.note(session, SYSTEM, None, "planted", "", clock.now(), detail=canary)


def every_way_in(server: PortalServer) -> list[str]:
    """Sign in, look around, follow what messages and calendars hold, take the export; what was secret of it."""
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}) as browser:
        browser.post(routes.AUTH_REQUEST, data={"email": EMAIL, "next": f"/payments?open={QUERY}"})
        mail = server.next_mail(EMAIL, 0)
        link = re.findall(rf"{routes.AUTH_LINK}/(\S+)", mail["text"])[0]
        browser.get(f"{routes.AUTH_LINK}/{link}?{QUERY}")
        browser.post(routes.AUTH_CODE, data={"code": "000000"})
        browser.post(routes.AUTH_CODE, data={"code": mail["code"]})
        cookie = browser.cookies["portal_session"]
        calendar, off = _addresses(cookie)
        for path in (f"/payments?open={QUERY}", routes.EXPORT, calendar, off, f"/nowhere?token={QUERY}"):
            browser.get(path)
        browser.post(off)
    window = open_window(server.url, cookie, path="/payments")
    window.page()
    window.send("nobody.knows", {"token": QUERY}, f"/payments?open={QUERY}")
    window.read()
    window.close()
    return [mail["code"], link, cookie, calendar, off]


def _addresses(cookie: str) -> tuple[str, str]:
    """The paths of a calendar feed and of a one-tap way out of a kind of message."""
    now = clock.now()
    with db.unit_of_work() as session:
        actor = actor_of(session, cookie, now)
        assert actor is not None
        calendar_feeds.make(session, actor, "all", SECRET, now)
        calendar_feeds.renew(session, actor, _newest_feed(session), SECRET, now)
        calendar = calendar_feeds.address(session, actor, _newest_feed(session), SECRET)
        guardian = session.exec(select(Guardian).where(col(Guardian.email) == EMAIL)).one()
        off = off_token(SECRET, guardian.public_id, Kind.PAYMENT_DUE)
    return calendar, f"{routes.MESSAGES_OFF}/{off}"


def _newest_feed(session: Session) -> str:
    newest = select(CalendarFeed.public_id).order_by(col(CalendarFeed.id).desc())
    return session.exec(newest.where(col(CalendarFeed.revoked_at).is_(None))).first() or ""
