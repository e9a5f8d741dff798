"""No test reaches beyond this machine: this process refuses to, by address and by name."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

NAMES = frozenset({None, "", "localhost"})


class BeyondThisMachine(AssertionError):
    """A test would have spoken with somebody else's machine."""


def stay_here(patch: pytest.MonkeyPatch) -> None:
    """Let sockets connect to this machine alone, and look up no name but its own."""
    look_up = socket.getaddrinfo

    def looked_up(host: Any, *asked: Any, **more: Any) -> Any:
        _refuse_unless_here(host)
        return look_up(host, *asked, **more)

    patch.setattr(socket, "getaddrinfo", looked_up)
    for way in ("connect", "connect_ex"):
        patch.setattr(socket.socket, way, _guarded(getattr(socket.socket, way)))


def _guarded(connect: Any) -> Any:
    def connected(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_here(address[0])
        return connect(self, address)

    return connected


def _refuse_unless_here(host: object) -> None:
    said = host.decode() if isinstance(host, bytes) else host
    if said in NAMES:
        return
    try:
        here = ip_address(str(said)).is_loopback
    except ValueError:  # a name, which only somebody else's machine can resolve
        here = False
    if not here:
        raise BeyondThisMachine(said)
