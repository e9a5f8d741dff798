"""Signing in and out: our own routes, because only they can set a cookie that scripts cannot read.

A native form is answered with a redirect; a script that asks for JSON, with where to go and what is wrong.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import clock, i18n, routes
from portal.db import unit_of_work
from portal.errors import PortalError, SignedOut
from portal.http import cookies
from portal.http.forms import fields
from portal.http.origin import client_address, from_our_page
from portal.http.threads import in_thread
from portal.rules import sign_in as rules
from portal.services import logins, sign_in
from portal.services.desk import Desk
from portal.services.sign_in import SignedIn, Visitor
from portal.settings import current

Handler = Callable[[Request], Awaitable[Response]]
CODE_STEP = {"step": "code"}


@dataclass(frozen=True)
class Told:
    """Where the browser goes next; `refusal` says why it is not further on."""

    path: str
    asked: dict[str, str]
    refusal: PortalError | None = None


def desk() -> Desk:
    """This deployment's key and public address."""
    return Desk(current().portal_secret, current().portal_url)


def visitor(request: Request) -> Visitor:
    """Who asks."""
    cookie = request.headers.get("cookie", "")
    return Visitor(
        address=client_address(request, current().trusted_proxies),
        browser=cookies.browser_from(cookie),
        login=cookies.token_from(cookie),
        user_agent=request.headers.get("user-agent", ""),
    )


def answer(request: Request, told: Told) -> Response:
    """A redirect, or the same as JSON where the request asks for that. Kept in no cache."""
    query = dict(told.asked)
    if told.refusal is not None:
        query["problem"] = told.refusal.message_key
        query |= {name: str(value) for name, value in told.refusal.values.items()}
    where = f"{told.path}?{urlencode(query)}" if query else told.path
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    if "application/json" not in request.headers.get("accept", ""):
        return RedirectResponse(where, HTTPStatus.SEE_OTHER, headers)
    body = {"next": where, "problem": "", "words": ""}
    if told.refusal is not None:
        said = i18n.say(told.refusal.message_key, told.refusal.values)
        body |= {"problem": told.refusal.message_key, "words": said}
    return JSONResponse(body, HTTPStatus.UNPROCESSABLE_ENTITY if told.refusal else HTTPStatus.OK, headers)


def told_on(path: str, **asked: str) -> Callable[[Handler], Handler]:
    """Accept the form from our own pages only, and tell every refusal on the page at `path`."""

    def around(handler: Handler) -> Handler:
        async def handled(request: Request) -> Response:
            try:
                from_our_page(request, current().origins)
                return await handler(request)
            except PortalError as refusal:
                return answer(request, Told(path, asked, refusal))

        return handled

    return around


@told_on(routes.LOGIN)
async def ask(request: Request) -> Response:
    """Send a message if we know the e-mail. The reply is the same when we do not."""
    form = await fields(request)
    who = visitor(request)
    # The same mark for a second message: then the first one's link still knows this browser.
    who = replace(who, browser=who.browser or logins.new_token())
    try:
        await in_thread(
            sign_in.request, desk(), who, form.get("email", ""), form.get("next", ""), clock.now()
        )
    except rules.BadEmail as refusal:
        onward = rules.local_path(form.get("next", ""))
        return answer(request, Told(routes.LOGIN, {"next": onward} if onward else {}, refusal))
    except rules.TooManyRequests as refusal:
        return answer(request, Told(routes.LOGIN, CODE_STEP, refusal))
    response = answer(request, Told(routes.LOGIN, CODE_STEP))
    cookies.keep_browser(response, request.headers, who.browser)
    return response


@told_on(routes.LOGIN, **CODE_STEP)
async def enter_code(request: Request) -> Response:
    """Sign in with the code."""
    form = await fields(request)
    signed_in = await in_thread(
        sign_in.redeem_code, desk(), visitor(request), form.get("code", ""), clock.now()
    )
    return welcome(request, signed_in)


@told_on(routes.LOGIN)
async def follow_link(request: Request) -> Response:
    """Sign in with the link: the form of the page that the link opens."""
    form = await fields(request)
    try:
        signed_in = await in_thread(sign_in.redeem_link, visitor(request), form.get("token", ""), clock.now())
    except (rules.AlreadyUsed, rules.Expired, rules.UnknownLink) as refusal:
        return answer(request, Told(routes.LOGIN, {"step": link_step(refusal)}, refusal))
    return welcome(request, signed_in)


@told_on(routes.LOGIN)
async def leave(request: Request) -> Response:
    """Sign out this browser, and have it drop what pages kept in it."""
    await in_thread(_end, visitor(request).login)
    return _goodbye(request, "signed_out")


@told_on(routes.LOGIN)
async def leave_everywhere(request: Request) -> Response:
    """Sign out every browser of whoever asks."""
    await in_thread(_end_everywhere, visitor(request).login)
    return _goodbye(request, "signed_out_everywhere")


@told_on(routes.HOME)
async def change_family(request: Request) -> Response:
    """Open another family of the guardian."""
    form = await fields(request)
    await in_thread(_switch, visitor(request).login, form.get("family", ""))
    return answer(request, Told(routes.HOME, {}))


def welcome(request: Request, signed_in: SignedIn) -> Response:
    """On to where they wanted to go, with the login's cookie."""
    response = answer(request, Told(signed_in.next_path or routes.HOME, {}))
    cookies.keep_login(response, request.headers, signed_in.token)
    return response


def link_step(refusal: PortalError) -> str:
    """What the sign-in page says of a link that does not sign in."""
    return "link_used" if isinstance(refusal, rules.AlreadyUsed) else "link_expired"


def _goodbye(request: Request, note: str) -> Response:
    response = answer(request, Told(routes.LOGIN, {"note": note}))
    response.headers["Clear-Site-Data"] = '"storage"'
    cookies.forget(response)
    return response


def _end(token: str) -> None:
    with unit_of_work() as db:
        logins.end(db, token, clock.now())


def _end_everywhere(token: str) -> None:
    now = clock.now()
    with unit_of_work() as db:
        actor = logins.actor_of(db, token, now)
        if actor is not None:
            logins.end_everywhere(db, actor, now)


def _switch(token: str, family: str) -> None:
    with unit_of_work() as db:
        actor = logins.actor_of(db, token, clock.now())
        if actor is None:
            raise SignedOut
        logins.switch_family(db, actor, family)


ROUTES = [
    Route(routes.AUTH_REQUEST, ask, methods=["POST"]),
    Route(routes.AUTH_CODE, enter_code, methods=["POST"]),
    Route(routes.AUTH_LINK, follow_link, methods=["POST"]),
    Route(routes.AUTH_SIGN_OUT, leave, methods=["POST"]),
    Route(routes.AUTH_SIGN_OUT_EVERYWHERE, leave_everywhere, methods=["POST"]),
    Route(routes.AUTH_FAMILY, change_family, methods=["POST"]),
]
