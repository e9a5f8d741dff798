"""The suite's own promise: it speaks with this machine alone."""

import socket

import pytest

from tests.support.offline import BeyondThisMachine


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "portal.example"])
def test_no_test_speaks_with_another_machine(host: str) -> None:
    with pytest.raises(BeyondThisMachine, match=host):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.parametrize("way", ["connect", "connect_ex"])
def test_not_by_an_address_that_was_known_before_either(way: str) -> None:
    with socket.socket() as plain, pytest.raises(BeyondThisMachine):
        getattr(plain, way)(("192.0.2.1", 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection((host, listening.getsockname()[1]), timeout=5) as spoken,
    ):
        assert spoken.getpeername() == listening.getsockname()
