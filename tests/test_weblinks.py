"""Which addresses may become a link."""

import pytest

from portal.weblinks import web_address


@pytest.mark.parametrize(
    "address", ["https://meet.example/a?b=c", "http://maps.example", "  https://meet.example "]
)
def test_web_pages_may(address: str) -> None:
    assert web_address(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "meet.example",
        "https://",
        "http://[",
        "mailto:a@b.c",
    ],
)
def test_nothing_else_may(address: str) -> None:
    assert web_address(address) == ""
