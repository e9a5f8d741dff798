from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from portal.channels import Letter, Refused
from portal.channels.smtp import SmtpSender
from portal.mail_route import MailRoute
from tests.channels.conftest import MailServer
from tests.support.processes import free_port

LETTER = Letter(
    "b7x", "sign_in", "nora@vale.example", "Sign in to Otterbrook", "Ahoj, čau", "<p>Ahoj, čau</p>"
)


def sender(port: int, timeout: float = 5.0) -> SmtpSender:
    route = MailRoute("smtp", "127.0.0.1", port)
    return SmtpSender(route, "Otterbrook Š <hello@portal.example>", timeout=timeout)


def refusal(port: int, timeout: float = 5.0) -> Refused:
    with pytest.raises(Refused) as refused:
        sender(port, timeout).send(LETTER)
    return refused.value


def received(server: MailServer) -> EmailMessage:
    content = server.received[-1].content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_arrives_as_text_and_as_html(mail_server: MailServer) -> None:
    message_id = sender(mail_server.port).send(LETTER)

    message = received(mail_server)
    parts = {part.get_content_type(): part.get_content().strip() for part in message.iter_parts()}
    assert parts == {"text/plain": "Ahoj, čau", "text/html": "<p>Ahoj, čau</p>"}
    assert message["To"] == "nora@vale.example"
    assert message["From"] == "Otterbrook Š <hello@portal.example>"
    assert message["Message-ID"] == message_id == "<b7x@portal.example>"


def test_the_way_out_and_the_calendar_file_go_with_it(mail_server: MailServer) -> None:
    off, file = (
        "https://portal.example/messages/off/x",
        "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
    )
    sender(mail_server.port).send(replace(LETTER, off_url=off, calendar=file))

    message = received(mail_server)
    assert message["List-Unsubscribe"] == f"<{off}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_param("method")) == ("text/calendar", "PUBLISH")
    assert attached.get_content().splitlines() == file.splitlines()


def test_an_essential_letter_says_no_way_out(mail_server: MailServer) -> None:
    sender(mail_server.port).send(LETTER)

    assert received(mail_server)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("at", "reply", "permanent"),
    [
        ("RCPT", "550 no such mailbox", True),
        ("RCPT", "450 mailbox busy", False),
        ("DATA", "554 refused as spam", True),
        ("DATA", "452 out of storage", False),
    ],
)
def test_5xx_is_for_ever_and_4xx_for_now(
    mail_server: MailServer, at: str, reply: str, permanent: bool
) -> None:
    mail_server.at, mail_server.reply = at, reply

    refused = refusal(mail_server.port)

    assert refused.permanent is permanent
    assert refused.reason == reply
    assert "nora" not in str(refused)


def test_a_server_that_hangs_is_left_after_the_timeout(mail_server: MailServer) -> None:
    mail_server.at = "hang"

    assert not refusal(mail_server.port, timeout=0.3).permanent


def test_a_connection_dropped_after_the_letter_is_tried_again_with_the_same_id(
    mail_server: MailServer,
) -> None:
    mail_server.at = "drop"
    assert not refusal(mail_server.port).permanent

    mail_server.at = ""
    sender(mail_server.port).send(LETTER)
    first, second = (message_from_bytes(envelope.content) for envelope in mail_server.received)  # type: ignore[arg-type]
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_away_is_tried_again() -> None:
    refused = refusal(free_port())

    assert not refused.permanent
    assert refused.reason == "the mail server did not answer (ConnectionRefusedError)"


def test_a_domain_with_other_letters_is_written_as_mail_servers_know_it(mail_server: MailServer) -> None:
    sender(mail_server.port).send(replace(LETTER, to_address="nora@bücher.example"))

    assert received(mail_server)["To"] == "nora@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address", ["a..b@vale.example", ".nora@vale.example", "josé@vale.example", "a@x..y"]
)
def test_what_no_letter_can_be_written_to_is_given_up_at_once_and_says_so(address: str) -> None:
    with pytest.raises(Refused) as refused:
        sender(free_port()).send(replace(LETTER, to_address=address))

    assert refused.value.permanent
    assert refused.value.reason == "no letter can be written to this address"


def test_an_address_cannot_add_a_header(mail_server: MailServer) -> None:
    smuggled = Letter("b7x", "sign_in", "nora@vale.example\r\nBcc: all@vale.example", "s", "t", "h")
    with pytest.raises(Refused):
        sender(mail_server.port).send(smuggled)

    assert mail_server.received == []


def test_a_password_is_not_sent_over_the_network_without_tls(
    monkeypatch: pytest.MonkeyPatch, mail_server: MailServer
) -> None:
    monkeypatch.setattr("portal.channels.smtp._LOCAL", ())
    route = MailRoute("smtp", "127.0.0.1", mail_server.port, "user", "password")

    with pytest.raises(Refused, match="refused") as refused:
        SmtpSender(route, "hello@portal.example").send(LETTER)
    assert "no TLS" in refused.value.reason
