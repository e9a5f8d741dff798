from ipaddress import ip_network

import pytest
from starlette.requests import Request

from portal.http.origin import client_address

PROXY = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def asked_from(client: str | None, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (client, 1) if client else None})


@pytest.mark.parametrize(
    ("client", "forwarded", "counted"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "203.0.113.9, 198.51.100.1, 10.0.0.6", "198.51.100.1"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "hello", "unknown"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("testclient", "", "unknown"),
        (None, "", "unknown"),
    ],
)
def test_the_address_is_the_last_that_nobody_could_invent(
    client: str | None, forwarded: str, counted: str
) -> None:
    assert client_address(asked_from(client, forwarded), PROXY) == counted
