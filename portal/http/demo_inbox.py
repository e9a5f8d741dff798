"""The demo's inbox: the messages that a demo would have sent. Elsewhere there is no such page."""

from collections.abc import Awaitable, Callable, Sequence
from html import escape
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from portal import routes
from portal.components.styles import STYLESHEETS
from portal.db import reading
from portal.http.auth import in_thread
from portal.services.brand import Brand, brand
from portal.services.demo_mail import Mail, newest
from portal.settings import current

Handler = Callable[[Request], Awaitable[Response]]
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_REFRESH_SECONDS = 4


def _demo_only(handler: Handler) -> Handler:
    async def handled(request: Request) -> Response:
        if not current().portal_demo:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await handler(request)

    return handled


@_demo_only
async def as_json(request: Request) -> Response:
    """The messages to `?to=`, or to anybody, newest first."""
    mails, _ = await in_thread(_read, request.query_params.get("to", ""))
    return JSONResponse([_plain(mail) for mail in mails], headers=_HEADERS)


@_demo_only
async def as_page(request: Request) -> Response:
    """The same for people; it looks for new ones by itself."""
    mails, of = await in_thread(_read, request.query_params.get("to", ""))
    return HTMLResponse(_page(mails, of), headers=_HEADERS)


def _read(to_address: str) -> tuple[list[Mail], Brand]:
    with reading() as db:
        return newest(db, to_address), brand(db)


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


def _page(mails: Sequence[Mail], of: Brand) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in STYLESHEETS)
    shown = (
        "".join(map(_card, mails))
        or '<p class="lead">No message yet. Ask for a code, and it will be here.</p>'
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{_REFRESH_SECONDS}"><title>Demo inbox · {escape(of.short_name)}</title>'
        f"{sheets}<style>:root{{--brand:{of.color}}}</style></head>"
        '<body><main id="main" class="wrap page" data-ready="true"><div class="page-head"><h1>Demo inbox</h1>'
        f'<p class="lead">What {escape(of.name)} would have sent by e-mail. New messages appear by themselves.</p></div>'
        f'<div class="stack">{shown}</div></main></body></html>'
    )


def _card(mail: Mail) -> str:
    code = f'<p class="title num">{escape(mail.code)}</p>' if mail.code else ""
    link = f'<p><a class="btn small" href="{escape(mail.link)}">Open the link</a></p>' if mail.link else ""
    when = f"{mail.sent_at:%H:%M:%S} UTC"
    # The message itself stands in a frame without scripts, as a mail program would show it.
    frame = f'<iframe sandbox title="The message" loading="lazy" width="100%" height="560" srcdoc="{escape(mail.html)}"></iframe>'
    return (
        f'<article class="card"><div class="pad stack-s"><h2 class="title">{escape(mail.subject)}</h2>'
        f'<p class="meta">To {escape(mail.to_address)}, {when}</p>{code}{link}'
        f"<details><summary>The whole message</summary>{frame}</details></div></article>"
    )


ROUTES = [Route(routes.DEMO_INBOX, as_page), Route(routes.DEMO_INBOX_JSON, as_json)]
