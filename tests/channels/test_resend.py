import base64
from dataclasses import replace

import pytest

from portal.channels import Letter, Post, Refused, sender_for
from portal.channels.resend import ResendSender
from portal.mail_route import MailRoute
from tests.channels.conftest import ResendServer

LETTER = Letter("b7x", "sign_in", "nora@vale.example", "Sign in to Otterbrook", "text", "<p>html</p>")


def sender(server: ResendServer, timeout: int = 5) -> ResendSender:
    return ResendSender("re_key", "Otterbrook <hello@portal.example>", server.url, timeout=timeout)


def test_a_letter_is_sent_with_its_key(resend_server: ResendServer) -> None:
    assert sender(resend_server).send(LETTER) == "re_0"

    headers, letter = resend_server.asked[0]
    assert headers["Authorization"] == "Bearer re_key"
    assert headers["Idempotency-Key"] == "b7x"
    assert letter == {
        "from": "Otterbrook <hello@portal.example>",
        "to": ["nora@vale.example"],
        "subject": "Sign in to Otterbrook",
        "text": "text",
        "html": "<p>html</p>",
    }


def test_the_way_out_and_the_calendar_file_go_with_it(resend_server: ResendServer) -> None:
    off, file = (
        "https://portal.example/messages/off/x",
        "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
    )
    sender(resend_server).send(replace(LETTER, off_url=off, calendar=file))

    _, letter = resend_server.asked[0]
    assert letter["headers"] == {
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    (attached,) = letter["attachments"]
    assert base64.b64decode(attached["content"]).decode() == file
    assert attached["content_type"] == "text/calendar; method=PUBLISH; charset=utf-8"


def test_the_same_letter_twice_is_one_letter(resend_server: ResendServer) -> None:
    sending = sender(resend_server)

    assert sending.send(LETTER) == sending.send(LETTER)
    assert len(resend_server.accepted) == 1


@pytest.mark.parametrize(
    ("status", "name", "permanent"),
    [
        (422, "validation_error", True),
        (400, "validation_error", True),
        (401, "missing_api_key", False),
        (403, "invalid_api_key", False),
        (409, "concurrent_idempotent_requests", False),
        (429, "rate_limit_exceeded", False),
        (500, "application_error", False),
        (503, "unknown", False),
    ],
)
def test_only_a_bad_letter_is_refused_for_ever(
    resend_server: ResendServer, status: int, name: str, permanent: bool
) -> None:
    resend_server.status, resend_server.body = status, {"name": name, "message": "why not"}
    with pytest.raises(Refused) as refused:
        sender(resend_server).send(LETTER)

    assert refused.value.permanent is permanent
    assert refused.value.reason.startswith(str(status))


def test_resend_that_hangs_or_is_away_is_tried_again(resend_server: ResendServer) -> None:
    resend_server.hangs = True
    with pytest.raises(Refused) as hanging:
        sender(resend_server, timeout=1).send(LETTER)
    with pytest.raises(Refused) as away:
        ResendSender("re_key", "hello@portal.example", "http://127.0.0.1:9").send(LETTER)

    assert not hanging.value.permanent
    assert not away.value.permanent


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("log:", "LogSender"),
        ("smtp://mail.example", "SmtpSender"),
        ("smtps://mail.example", "SmtpSender"),
        ("resend://key", "ResendSender"),
    ],
)
def test_mail_url_names_the_sender(url: str, kind: str) -> None:
    assert type(sender_for(Post(MailRoute.parse(url), "hello@portal.example"))).__name__ == kind
