"""What every sender of e-mail promises."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One e-mail. `key` is the same at every try of one message, so that a receiver can know it again."""

    key: str
    kind: str
    to_address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    off_url: str = field(default="", repr=False)
    """One tap there switches letters like this off; empty for what is essential."""
    calendar: str = field(default="", repr=False)
    """An iCalendar file to go with it; empty for none."""
    channel: str = "email"
    language: str = "en"

    @property
    def headers(self) -> dict[str, str]:
        """What mail programs read to offer one-tap unsubscribing (RFC 8058)."""
        if not self.off_url:
            return {}
        return {
            "List-Unsubscribe": f"<{self.off_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


CALENDAR_FILE, CALENDAR_METHOD = "session.ics", "PUBLISH"
"""As the file itself says (METHOD), and its media type has to say too (RFC 6047, 2.4)."""


class Refused(Exception):
    """The letter was not accepted. `permanent`: trying again would be refused again."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.reason = " ".join(reason.split())
        self.permanent = permanent
        super().__init__("a letter was refused")  # the reason may hold the address, and errors end up in logs


class EmailSender(Protocol):
    """Sends one letter and waits until it is accepted; called in a thread."""

    def send(self, letter: Letter) -> str:
        """The sender's own id of the accepted letter; Refused when it was not, for whatever reason."""
