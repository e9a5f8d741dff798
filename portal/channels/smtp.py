"""SMTP: TLS from the first byte (smtps) or where the server offers it (smtp); every wait has an end."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from portal.channels.email import CALENDAR_FILE, CALENDAR_METHOD, Letter, Refused
from portal.mail_route import MailRoute

TIMEOUT = 20.0
"""Seconds for each answer of the server; a letter needs eight at most, within the outbox's lease."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


class SmtpSender:
    """One connection a letter: few letters, no connection that has died unnoticed."""

    def __init__(
        self, route: MailRoute, mail_from: str, *, timeout: float = TIMEOUT, tls: ssl.SSLContext | None = None
    ) -> None:
        self._route = route
        self._from = mail_from
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: Letter) -> str:
        """The Message-ID, which is the same at every try: mail programs show a repeated letter once."""
        try:
            message = self._message(letter)
        except (ValueError, MessageError):
            raise Refused("no letter can be written to this address", permanent=True) from None
        with _as_refusals():
            server = self._connected()
            try:
                server.send_message(message)
            finally:
                _leave(server)
        return str(message["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        route = self._route
        if route.kind == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                route.host, route.port, timeout=self._timeout, context=self._tls
            )
        else:
            server = smtplib.SMTP(route.host, route.port, timeout=self._timeout)
        try:
            self._greet(server)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        safe = self._route.kind == "smtps" or self._route.host in _LOCAL
        if self._route.kind == "smtp" and server.has_extn("starttls"):
            server.starttls(context=self._tls)
            server.ehlo()
            safe = True
        if self._route.user:
            if not safe:
                raise Refused("the mail server offers no TLS, so the password was not sent", permanent=False)
            server.login(self._route.user, self._route.password)

    def _message(self, letter: Letter) -> EmailMessage:
        name, address = parseaddr(self._from)
        message = EmailMessage()
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(addr_spec=_in_ascii(letter.to_address))
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{letter.key}@{address.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        for header, value in letter.headers.items():
            message[header] = value
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        if letter.calendar:
            method = {"method": CALENDAR_METHOD}
            message.add_attachment(letter.calendar, subtype="calendar", filename=CALENDAR_FILE, params=method)
        return message


def _in_ascii(address: str) -> str:
    """A domain with letters beyond ASCII as every mail server knows it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


@contextmanager
def _as_refusals() -> Iterator[None]:
    """5xx about this letter is for ever. All else (4xx, the server away, our own login) may be well later."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise Refused(_words(code, said), permanent=code >= 500) from None
    except smtplib.SMTPDataError as error:
        raise Refused(_words(error.smtp_code, error.smtp_error), permanent=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:
        raise Refused(_words(error.smtp_code, error.smtp_error), permanent=False) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Refused(f"the mail server did not answer ({type(error).__name__})", permanent=False) from None


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. The letter is accepted or not by now: how the goodbye goes changes nothing."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
