"""Where mail goes, read from MAIL_URL."""

from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import unquote, urlsplit

Kind = Literal["log", "smtp", "smtps", "resend"]
_FORMS = "log:, smtp://user:password@host:port, smtps://user:password@host:port or resend://KEY"
_DEFAULT_PORT = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailRoute:
    """One way of sending mail: `smtps` is TLS at once, `smtp` starts it where the server offers it."""

    kind: Kind = "log"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> "MailRoute":
        """The route `text` names; ValueError says which forms there are, never what was given."""
        scheme, _, rest = text.strip().partition(":")
        for kind in get_args(Kind):
            if scheme == kind:
                return _OF_KIND[kind](kind, rest.removeprefix("//"))
        raise ValueError(f"must be {_FORMS}")


def _log(_kind: Kind, rest: str) -> MailRoute:
    if rest:
        raise ValueError("log: takes nothing after the colon")
    return MailRoute(kind="log")


def _resend(_kind: Kind, rest: str) -> MailRoute:
    if not rest:
        raise ValueError("needs the key: resend://KEY")
    return MailRoute(kind="resend", key=rest)


def _smtp(kind: Kind, rest: str) -> MailRoute:
    parts = urlsplit(f"{kind}://{rest}")
    try:
        port = parts.port or _DEFAULT_PORT[kind]
    except ValueError:
        raise ValueError("has a port that is not a number from 1 to 65535") from None
    if not parts.hostname:
        raise ValueError(f"needs a host: {kind}://user:password@host:port")
    return MailRoute(kind, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))


_OF_KIND = {"log": _log, "smtp": _smtp, "smtps": _smtp, "resend": _resend}
