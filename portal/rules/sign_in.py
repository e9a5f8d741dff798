"""Signing in: what a code looks like, how long it lives, how often it may be tried, and every refusal."""

import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

from portal.errors import PortalError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit; six of them are 30 bits."""
CODE_LENGTH = 6
CHALLENGE_LIFE = timedelta(minutes=10)
TRIES_PER_CODE = 5

FAILURES_PER_EMAIL = 10
FAILURE_WINDOW = timedelta(hours=24)

REQUESTS_PER_EMAIL = 5
REQUESTS_PER_ADDRESS = 20
REQUEST_WINDOW = timedelta(hours=1)

LOGIN_LIFE = timedelta(days=30)
LOGIN_IDLE = timedelta(days=14)

NEXT_MAX = 300
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_AUTH = "/auth/"


class BadEmail(PortalError):
    """What was typed cannot be an e-mail address."""

    message_key = "sign_in.bad_email"


class TooManyRequests(PortalError):
    """Five messages an hour to one e-mail, twenty an hour from one address."""

    message_key = "sign_in.too_many_requests"


class NothingAsked(PortalError):
    """This browser has not asked for a code, or its cookie is gone."""

    message_key = "sign_in.nothing_asked"


class NotACode(PortalError):
    """What was typed cannot be any code; it does not count as a try."""

    message_key = "sign_in.not_a_code"


class WrongCode(PortalError):
    """Another code than the newest one; `count` tries are left."""

    message_key = "sign_in.wrong_code"


class TooManyTries(PortalError):
    """The code was tried five times; a new one is needed."""

    message_key = "sign_in.too_many_tries"


class CodesLocked(PortalError):
    """Ten wrong codes for this e-mail in 24 hours; the link goes on working."""

    message_key = "sign_in.codes_locked"


class Expired(PortalError):
    """Ten minutes are over."""

    message_key = "sign_in.expired"


class AlreadyUsed(PortalError):
    """The message has signed somebody in once."""

    message_key = "sign_in.already_used"


class UnknownLink(PortalError):
    """No message of ours holds this link."""

    message_key = "sign_in.unknown_link"


class WrongPassword(PortalError):
    """Staff: the e-mail, the password or the one-time password is not right; which one is not said."""

    message_key = "sign_in.wrong_password"


class PasswordsLocked(PortalError):
    """Staff: ten failures in 24 hours."""

    message_key = "sign_in.passwords_locked"


class NotOurPage(PortalError):
    """The form was sent by a page of somebody else."""

    message_key = "sign_in.not_our_page"


def code_of(typed: str) -> str:
    """The code as we made it: any case, O as 0, I and L as 1, no spaces or dashes; else NotACode."""
    letters = unicodedata.normalize("NFKC", typed).upper()
    kept = "".join(
        letter for letter in letters if unicodedata.category(letter) not in ("Zs", "Pd", "Cc", "Cf")
    )
    code = kept.translate(_READ_AS)
    if len(code) != CODE_LENGTH or set(code) - set(ALPHABET):
        raise NotACode
    return code


def shown(code: str) -> str:
    """ "7KQ 4MX": three and three are read and typed with fewer mistakes."""
    return f"{code[:3]} {code[3:]}"


def local_path(said: str) -> str:
    """Where to go after signing in: a path of this portal and nothing else; empty when it is not one."""
    printable = said.isascii() and said.isprintable() and " " not in said
    if not printable or len(said) > NEXT_MAX or "\\" in said or said[:1] != "/" or said[:2] == "//":
        return ""
    parts = urlsplit(said)
    return "" if parts.scheme or parts.netloc or said.startswith(_AUTH) else said


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """ "Chrome on Android", as a guardian would say it; "A browser" when it does not tell."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
