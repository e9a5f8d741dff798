"""TLS from the first byte, and TLS that the server offers, against a real server with its own certificate."""

import ssl
from collections.abc import Iterator

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from portal.channels import Refused
from portal.channels.smtp import SmtpSender
from portal.mail_route import MailRoute
from tests.channels.conftest import MailServer
from tests.channels.test_smtp import LETTER
from tests.support.processes import free_port


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["smtp", "smtps"])
def tls_server(
    request: pytest.FixtureRequest, authority: trustme.CA
) -> Iterator[tuple[MailRoute, MailServer]]:
    server = MailServer(port=free_port())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    from_the_start = request.param == "smtps"
    controller = Controller(
        server,
        hostname="localhost",
        port=server.port,
        authenticator=lambda *_: AuthResult(success=True),
        auth_require_tls=not from_the_start,
        auth_required=True,
        **(
            {"ssl_context": context} if from_the_start else {"tls_context": context, "require_starttls": True}
        ),
    )
    controller.start()
    yield MailRoute(request.param, "localhost", server.port, "user", "password"), server
    controller.stop()


def send(route: MailRoute, trusted: ssl.SSLContext | None = None) -> None:
    SmtpSender(route, "hello@portal.example", tls=trusted).send(LETTER)


def test_the_letter_goes_through_tls_after_a_login(
    tls_server: tuple[MailRoute, MailServer], authority: trustme.CA
) -> None:
    route, server = tls_server
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    send(route, trusted)

    assert len(server.received) == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(tls_server: tuple[MailRoute, MailServer]) -> None:
    route, server = tls_server
    with pytest.raises(Refused) as refused:
        send(route)

    assert not refused.value.permanent
    assert server.received == []
