"""The session cookie: its names, and how it is read from a Cookie header."""

from http.cookies import CookieError, SimpleCookie

PLAIN = "portal_session"
SECURE = f"__Host-{PLAIN}"
"""Under https: browsers accept this name only as Secure, for the whole site and from the site itself."""


def token_from(cookie_header: str) -> str:
    """The session token a Cookie header carries; empty when there is none."""
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return ""
    found = jar.get(SECURE) or jar.get(PLAIN)
    return found.value if found else ""
