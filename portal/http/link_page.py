"""What the link of a sign-in message opens. Looking consumes nothing: mail scanners open every link.

In the browser that asked, the page sends its form by itself; anywhere else it asks for one tap.
"""

import secrets
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal import clock, routes
from portal.db import reading
from portal.http.auth import link_step, visitor
from portal.http.page import document
from portal.http.threads import in_thread
from portal.rows.login import LoginView
from portal.rules.sign_in import AlreadyUsed, Expired, UnknownLink
from portal.services import login_page, sign_in
from portal.services.brand import Brand, brand

Draw = Callable[[LoginView], str]
"""The sign-in page as HTML text."""


class LinkPage:
    """Answers GET and HEAD of a link."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    async def __call__(self, request: Request) -> Response:
        """200 with the way in; 410 with the way to a new link when this one is over."""
        status, view, of = await in_thread(_look, request.path_params["link"], visitor(request).browser)
        nonce = secrets.token_urlsafe(16)
        page = document("Sign in", of, self._draw(view), nonce=nonce)
        return HTMLResponse(page, status, _headers(of, nonce))

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [Route(f"{routes.AUTH_LINK}/{{link}}", self.__call__, methods=["GET", "HEAD"])]


def _look(link: str, browser: str) -> tuple[HTTPStatus, LoginView, Brand]:
    now = clock.now()
    try:
        ours = sign_in.look_at_link(link, browser, now)
        status, step = HTTPStatus.OK, "entering" if ours else "confirm"
    except (AlreadyUsed, Expired, UnknownLink) as refusal:
        status, step = HTTPStatus.GONE, link_step(refusal)
    with reading() as db:
        return status, login_page.of_link(db, step, link, now), brand(db)


def _headers(of: Brand, nonce: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'",
        f"style-src 'self' 'nonce-{nonce}'",
        " ".join(("base-uri 'none'; frame-ancestors 'self'", *of.allowed_sites)),
    )
    return {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "; ".join(policy),
    }
