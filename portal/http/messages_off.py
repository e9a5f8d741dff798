"""One tap out of a kind of message: the way a mail program offers it, and the page behind the same link."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal import routes
from portal.components.elements import Node, el, render
from portal.components.links import button
from portal.db import reading, unit_of_work
from portal.errors import DatabaseUnavailable, NotFound
from portal.http.documents import unavailable
from portal.http.page import document
from portal.http.threads import in_thread
from portal.services import preferences
from portal.services.brand import Brand, brand
from portal.settings import current

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def look(request: Request) -> Response:
    """What would be switched off, and a button; looking switches nothing off, for mail programs look."""
    return await _answer(_look, _question, request)


async def off(request: Request) -> Response:
    """Switched off. The link is what allows it: mail programs send this without a cookie or a page (RFC 8058)."""
    return await _answer(_off, _done, request)


async def _answer(
    do: Callable[[str], tuple[str, Brand]], draw: Callable[[str], Node], request: Request
) -> Response:
    """What came of it; for a link that is none of ours, the way to the account."""
    try:
        title, of = await in_thread(do, request.path_params["token"])
    except NotFound:
        return _page(await in_thread(_brand), _no_such_link(), HTTPStatus.NOT_FOUND)
    except DatabaseUnavailable:
        return unavailable()
    return _page(of, draw(title), HTTPStatus.OK)


def _look(token: str) -> tuple[str, Brand]:
    with reading() as db:
        return preferences.behind(current().portal_secret, token), brand(db)


def _off(token: str) -> tuple[str, Brand]:
    with unit_of_work() as db:
        return preferences.switch_off(db, current().portal_secret, token), brand(db)


def _brand() -> Brand:
    with reading() as db:
        return brand(db)


def _page(of: Brand, body: Node, status: HTTPStatus) -> Response:
    return HTMLResponse(document("Messages", of, str(body)), status, _HEADERS)


def _question(title: str) -> Node:
    return render(
        _card,
        f"Switch off “{title}”?",
        "We stop sending you messages like that. The rest stays as it is.",
        lambda: el.form(button("Switch it off", type="submit"), method="post"),
    )


def _done(title: str) -> Node:
    words = "You can change that in your account at any time."
    return render(_card, f"Switched off: “{title}”", words, _all_messages)


def _no_such_link() -> Node:
    words = "It may be cut short. In your account you can switch each kind of message on and off."
    return render(_card, "This link does not work", words, _all_messages)


def _all_messages() -> Node:
    return el.a("See all messages", href=f"{routes.ACCOUNT}#messages", class_name="btn")


def _card(title: str, words: str, action: Callable[[], Node]) -> Node:
    inside = el.div(el.h1(title), el.p(words, class_name="lead"), action(), class_name="pad stack-s")
    return el.main(el.div(inside, class_name="card narrow"), id="main", class_name="wrap page")


ROUTES = [
    Route(f"{routes.MESSAGES_OFF}/{{token}}", look, methods=["GET"]),
    Route(f"{routes.MESSAGES_OFF}/{{token}}", off, methods=["POST"]),
]
