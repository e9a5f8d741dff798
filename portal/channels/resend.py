"""Resend, by its own package."""

import base64

import resend
from resend.exceptions import ResendError
from resend.http_client_requests import RequestsClient

from portal.channels.email import CALENDAR_FILE, CALENDAR_METHOD, Letter, Refused

TIMEOUT = 20
"""Seconds until the request is given up."""
_FOR_EVER = {400, 422}
"""A fault of the letter itself. A bad key, a spent quota, a fault of theirs: those are put right in time."""


class ResendSender:
    """Sends with the outbox row as idempotency key: within 24 hours, the same letter twice is one letter."""

    def __init__(
        self, key: str, mail_from: str, api_url: str | None = None, *, timeout: int = TIMEOUT
    ) -> None:
        # The package keeps these for the whole process; there is one sender a process.
        resend.api_key = key
        resend.default_http_client = RequestsClient(timeout=timeout)
        if api_url:
            resend.api_url = api_url
        self._from = mail_from

    def send(self, letter: Letter) -> str:
        """Resend's id of the letter."""
        params: resend.Emails.SendParams = {
            "from": self._from,
            "to": [letter.to_address],
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
        }
        if letter.headers:
            params["headers"] = letter.headers
        if letter.calendar:
            file = base64.b64encode(letter.calendar.encode()).decode()
            kind = f"text/calendar; method={CALENDAR_METHOD}; charset=utf-8"
            params["attachments"] = [{"filename": CALENDAR_FILE, "content": file, "content_type": kind}]
        try:
            accepted = resend.Emails.send(params, {"idempotency_key": letter.key})
        except ResendError as error:
            code = int(error.code) if str(error.code).isdigit() else 500
            raise Refused(f"{code} {error.message}", permanent=code in _FOR_EVER) from None
        except Exception as error:  # noqa: BLE001  # it raises what its parts raise; the letter stays
            raise Refused(f"Resend did not answer ({type(error).__name__})", permanent=False) from None
        return str(accepted["id"])
