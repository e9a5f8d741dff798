"""Where a request comes from: which page sent it, and which network address."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection, Request

from portal.rules.sign_in import NotOurPage

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def from_our_page(request: Request, origins: Sequence[str]) -> None:
    """Refuse a form that another site's page sent, or that does not say where it comes from.

    Sec-Fetch-Site comes first: a page under `no-referrer`, as the link's, sends "Origin: null" even to us.
    """
    site = request.headers.get("sec-fetch-site")
    ours = site == "same-origin" if site else request.headers.get("origin") in origins
    if not ours:
        raise NotOurPage


def client_address(request: HTTPConnection, proxies: Sequence[Network]) -> str:
    """The network address that asks, as limits count it; X-Forwarded-For counts behind trusted proxies only.

    IPv6 counts by /64: a home has that many addresses, and an attacker too.
    """
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    found = _parsed(request.client.host if request.client else "")
    while found is not None and hops and any(found in network for network in proxies):
        found = _parsed(hops.pop())
    return "unknown" if found is None else _counted(found)


def _parsed(said: str) -> Address | None:
    try:
        address = ip_address(said)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(address: Address) -> str:
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
