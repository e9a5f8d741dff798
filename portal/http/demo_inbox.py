"""The demo's inbox: the messages that a demo would have sent, and the payments its slow bank has not finished.

Elsewhere there is no such page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from portal import money, routes
from portal.components.elements import Node, each, el, icon, render, when
from portal.db import reading
from portal.gateways import registry
from portal.gateways.demo import DemoGateway, Visit
from portal.http.page import document
from portal.http.threads import in_thread
from portal.services import provider
from portal.services.brand import Brand, brand
from portal.services.demo_mail import Mail, newest
from portal.settings import current

Handler = Callable[[Request], Awaitable[Response]]
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_REFRESH = '<meta http-equiv="refresh" content="4">'


@dataclass(frozen=True)
class _Found:
    """What the page shows, and the zone its clock is in."""

    mails: list[Mail]
    waiting: list[Visit]
    of: Brand
    zone: ZoneInfo


def _demo_only(handler: Handler) -> Handler:
    async def handled(request: Request) -> Response:
        if not current().portal_demo:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await handler(request)

    return handled


@_demo_only
async def as_json(request: Request) -> Response:
    """The messages to `?to=`, or to anybody, newest first."""
    mails = (await in_thread(_read, request.query_params.get("to", ""))).mails
    return JSONResponse([_plain(mail) for mail in mails], headers=_HEADERS)


@_demo_only
async def as_page(request: Request) -> Response:
    """The same for people; it looks for new ones by itself."""
    found = await in_thread(_read, request.query_params.get("to", ""))
    page = document("Demo inbox", found.of, render(_inbox, found), head=_REFRESH)
    return HTMLResponse(page, headers=_HEADERS)


def _read(to_address: str) -> _Found:
    demo = registry.in_use().get("demo")
    waiting = demo.on_their_way() if isinstance(demo, DemoGateway) else []
    with reading() as db:
        return _Found(newest(db, to_address), waiting, brand(db), provider.zone(db))


def _plain(mail: Mail) -> dict[str, str]:
    return {
        "to": mail.to_address,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "code": mail.code,
        "link": mail.link,
        "sent_at": mail.sent_at.isoformat(),
    }


def _inbox(found: _Found) -> Node:
    head = el.div(
        el.h1("Demo inbox"),
        el.p(
            f"What {found.of.name} would have sent by e-mail. New messages appear by themselves.",
            class_name="lead",
        ),
        class_name="page-head",
    )
    none = el.p("No message yet. Ask for a code, and it will be here.", class_name="lead")
    cards = el.div(
        each(found.waiting, _at_the_bank),
        each(found.mails, lambda mail: _card(mail, found.zone)) if found.mails else none,
        class_name="stack",
    )
    return el.main(head, cards, id="main", class_name="wrap page", data={"ready": "true"})


def _at_the_bank(visit: Visit) -> Node:
    """The way back to a payment that is on its way."""
    amount = money.show(visit.amount_minor, visit.currency)
    inside = el.div(
        el.h2(f"{amount} at a slow bank", class_name="title"),
        el.p(visit.words, class_name="meta"),
        el.p(el.a("Finish it", href=f"{routes.DEMO_PAY}/{visit.external_id}", class_name="btn second small")),
        class_name="pad stack-s",
    )
    return el.article(inside, class_name="card")


def _card(mail: Mail, zone: ZoneInfo) -> Node:
    inside = el.div(
        el.h2(mail.subject, class_name="title"),
        el.p(f"To {mail.to_address}, {mail.sent_at.astimezone(zone):%-d %B, %H:%M:%S}", class_name="meta"),
        when(mail.code, el.p(mail.code, class_name="title num")),
        when(mail.link, el.p(el.a("Open the link", href=mail.link, class_name="btn small"))),
        # The message stands in a frame without scripts, as a mail program would show it.
        el.details(
            el.summary("The whole message", icon("chevron-down", "i i-s")), _frame(mail), class_name="unfolds"
        ),
        class_name="pad stack-s",
    )
    return el.article(inside, class_name="card")


def _frame(mail: Mail) -> Node:
    return el.iframe(
        sandbox="", title="The message", loading="lazy", srcdoc=mail.html, width="100%", height="560"
    )


ROUTES = [Route(routes.DEMO_INBOX, as_page), Route(routes.DEMO_INBOX_JSON, as_json)]
