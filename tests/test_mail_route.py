"""MAIL_URL, read."""

import pytest

from portal.mail_route import MailRoute


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("log:", MailRoute("log")),
        ("smtp://mail.example", MailRoute("smtp", "mail.example", 587)),
        ("smtps://mail.example", MailRoute("smtps", "mail.example", 465)),
        ("smtp://nora:a%2Fb@mail.example:2525", MailRoute("smtp", "mail.example", 2525, "nora", "a/b")),
        ("smtp://[::1]:2525", MailRoute("smtp", "::1", 2525)),
        ("resend://re_Key_1", MailRoute("resend", key="re_Key_1")),
    ],
)
def test_a_mail_url_is_read_into_its_parts(text: str, route: MailRoute) -> None:
    assert MailRoute.parse(text) == route


@pytest.mark.parametrize("text", ["", "log:x", "http://mail.example", "smtp:", "resend:", "smtp://h:port"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|needs|takes|port"):
        MailRoute.parse(text)
