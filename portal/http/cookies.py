"""The portal's cookies: names, reading, setting. Set by our own routes only, never by JavaScript.

`__Host-` makes browsers accept a cookie only as Secure and from this host: no sibling site can plant one. A
plain http demo cannot have that, so there the names are plain.
"""

from collections.abc import Iterable
from datetime import timedelta

from starlette.datastructures import Headers
from starlette.responses import Response

from portal.rules.sign_in import LOGIN_LIFE
from portal.settings import current

SESSION = "portal_session"
BROWSER = "portal_browser"
"""Marks the browser that asked for a sign-in message."""
BROWSER_LIFE = timedelta(hours=1)


def token_from(cookie_header: str) -> str:
    """The login's token in a Cookie header; empty when there is none."""
    return _read(cookie_header, SESSION)


def browser_from(cookie_header: str) -> str:
    """The mark of the browser that asked for a message; empty when there is none."""
    return _read(cookie_header, BROWSER)


def keep_login(response: Response, asked: Headers, token: str) -> None:
    """Stay signed in; the mark of asking has done its work."""
    _set(response, asked, SESSION, token, LOGIN_LIFE)
    _set(response, asked, BROWSER, "", timedelta())


def keep_browser(response: Response, asked: Headers, mark: str) -> None:
    """Know this browser again when its code or link comes."""
    _set(response, asked, BROWSER, mark, BROWSER_LIFE)


def forget(response: Response) -> None:
    """Take back every cookie, in each of the forms that it may have been set in."""
    for name in (SESSION, BROWSER):
        for attributes in (_lax(), _partitioned()) if _https() else (_lax(),):
            response.headers.append("set-cookie", _line(name, "", timedelta(), attributes))


def _read(cookie_header: str, name: str) -> str:
    # By hand: http.cookies gives the whole header up at one cookie that it cannot read, and a consent banner or a
    # statistics script of the provider's website, on the domain above, sets such ones.
    parts = (one.partition("=") for one in cookie_header.split(";"))
    return {given.strip(): value.strip() for given, _, value in parts}.get(_full(name), "")


def _set(response: Response, asked: Headers, name: str, value: str, life: timedelta) -> None:
    # Inside the provider's own website (a frame) only a partitioned cookie is kept by today's browsers.
    framed = _https() and asked.get("sec-fetch-dest") in ("iframe", "frame")
    response.headers.append("set-cookie", _line(name, value, life, _partitioned() if framed else _lax()))


def _line(name: str, value: str, life: timedelta, attributes: Iterable[str]) -> str:
    # Written out: http.cookies learns "Partitioned" only in Python 3.14. Values are tokens, URL-safe letters.
    return "; ".join(
        [f"{_full(name)}={value}", "Path=/", f"Max-Age={int(life.total_seconds())}", *attributes]
    )


def _lax() -> list[str]:
    return ["HttpOnly", *(["Secure"] if _https() else []), "SameSite=Lax"]


def _partitioned() -> list[str]:
    return ["HttpOnly", "Secure", "SameSite=None", "Partitioned"]


def _full(name: str) -> str:
    return f"__Host-{name}" if _https() else name


def _https() -> bool:
    return current().portal_url.startswith("https://")
