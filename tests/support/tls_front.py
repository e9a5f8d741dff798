"""TLS in front of servers that speak plain HTTP, as a proxy on the internet would have it.

As a program: python -m tests.support.tls_front PORT BEHIND [PORT BEHIND ...]
"""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import trustme

from portal.settings import ROOT
from tests.support.processes import answers, stop, wait_until

_HOSTS = ("localhost", "portal.localhost", "127.0.0.1")


@contextmanager
def tls_fronts(*ways: tuple[int, int]) -> Iterator[None]:
    """Each way is (the port to listen on with TLS, the port behind it); all bytes go on as they come."""
    numbers = [str(number) for way in ways for number in way]
    command = [sys.executable, "-m", "tests.support.tls_front", *numbers]
    front = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        for port, _ in ways:
            wait_until(lambda port=port: answers(port), front, 15, "the front")  # type: ignore[misc]
        yield
    finally:
        stop(front)


async def _serve(ways: list[tuple[int, int]]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(*_HOSTS).configure_cert(context)
    for port, behind in ways:
        await asyncio.start_server(_joined(behind), "127.0.0.1", port, ssl=context)
    await asyncio.Event().wait()


def _joined(behind: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", behind)
            await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer), return_exceptions=True)

    return joined


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    asyncio.run(_serve(list(zip(given[::2], given[1::2], strict=True))))
