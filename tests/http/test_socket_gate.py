"""The gate before the live connection, on its own, with frames as a browser sends them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from portal.http.socket_gate import KNOWN_AS, LARGEST, Rates, SocketGate
from portal.services.logins import token_hash
from portal.settings import current

OURS = "https://portal.example"
EVENT = '42/_event,["event",{"name":"page.load"}]'
UNKNOWN = '42/_event,["event",{"name":"page.setvar"}]'


@pytest.fixture(autouse=True)
def a_demos_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The gate asks whether cookies are https cookies; nothing of the surrounding environment answers."""
    monkeypatch.setenv("PORTAL_DEMO", "1")
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    current.cache_clear()
    yield
    current.cache_clear()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Behind:
    """What the framework gets to see."""

    scopes: list[Scope] = field(default_factory=list)
    heard: list[Message] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        while (message := await receive())["type"] != "websocket.disconnect":
            self.heard.append(message)
        await send({"type": "websocket.send", "text": "too late"})


async def connect(
    *frames: str | bytes,
    origin: str | None = OURS,
    path: str = "/_event/",
    rates: Rates | None = None,
    **headers: str,
) -> tuple[Behind, list[Message]]:
    """A whole connection that sends these frames; what came through, and what the client was answered."""
    behind, answers = Behind(), []
    said = {"origin": origin, **headers}
    scope = {
        "type": "websocket",
        "path": path,
        "client": ("192.0.2.7", 50000),
        "headers": [(name.encode(), value.encode()) for name, value in said.items() if value is not None],
    }
    kinds = ((("text" if isinstance(frame, str) else "bytes"), frame) for frame in frames)
    messages = iter(
        [{"type": "websocket.receive", kind: frame} for kind, frame in kinds]
        + [{"type": "websocket.disconnect"}]
    )

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        answers.append(message)

    bounds = rates or Rates()
    gate = SocketGate(behind, lambda: [OURS], lambda event: event == "page.load", lambda: bounds)
    await gate(scope, receive, send)
    return behind, answers


def codes(answers: list[Message]) -> list[int]:
    return [message["code"] for message in answers if message["type"] == "websocket.close"]


@pytest.mark.anyio
async def test_a_page_of_ours_comes_through() -> None:
    behind, answers = await connect("3", EVENT)

    assert [message["text"] for message in behind.heard] == ["3", EVENT]
    assert codes(answers) == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    "origin", [None, "", "null", "https://evil.example", f"{OURS}.evil.example", "http://portal.example"]
)
async def test_any_other_page_and_no_page_is_refused(origin: str | None) -> None:
    behind, answers = await connect(EVENT, origin=origin)

    assert behind.scopes == []
    assert codes(answers) == [1008]


@pytest.mark.anyio
async def test_there_is_no_socket_anywhere_else() -> None:
    behind, _ = await connect(EVENT, path="/other")

    assert behind.scopes == []


@pytest.mark.anyio
async def test_the_cookie_ends_at_the_gate() -> None:
    behind, _ = await connect(
        cookie="portal_session=secret; portal_browser=mark", authorization="Bearer mine"
    )
    headers = dict(behind.scopes[0]["headers"])

    assert headers[KNOWN_AS.encode()].decode() == f"{token_hash('secret')}:{token_hash('mark')}"
    assert b"cookie" not in headers
    assert b"secret" not in json.dumps([[str(part) for part in one] for one in headers.items()]).encode()


@pytest.mark.anyio
async def test_a_client_cannot_say_itself_who_it_is() -> None:
    behind, _ = await connect(authorization=f"{token_hash('stolen')}:")

    assert [value for name, value in behind.scopes[0]["headers"] if name == KNOWN_AS.encode()] == [b":"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"binary", 1003),
        ('42/_event,["event",{"name":"page.load","payload":{"x":"' + "x" * LARGEST + '"}}]', 1009),
        ('42/_event,["ping"]' + "é" * (LARGEST // 2), 1009),
        ("42/_event,[", 1008),
    ],
    ids=["binary", "too long", "too long in bytes", "broken"],
)
async def test_what_no_page_sends_ends_the_connection(frame: str | bytes, code: int) -> None:
    behind, answers = await connect(frame, EVENT)

    assert behind.heard == []
    assert codes(answers) == [code]
    assert [message["type"] for message in answers] == ["websocket.close"]


@pytest.mark.anyio
async def test_an_event_that_nobody_may_call_is_left_out_and_the_connection_lives() -> None:
    behind, answers = await connect(UNKNOWN, EVENT)

    assert [message["text"] for message in behind.heard] == [EVENT]
    assert codes(answers) == []


@pytest.mark.anyio
async def test_a_window_that_sends_too_often_is_closed_and_the_next_one_starts_afresh() -> None:
    rates = Rates(a_second=10)
    behind, answers = await connect(*[EVENT] * 50, rates=rates)
    again, _ = await connect(*[EVENT] * 5, rates=rates)

    assert len(behind.heard) == 10
    assert codes(answers) == [1008]
    assert len(again.heard) == 5


@pytest.mark.anyio
async def test_an_address_that_connects_too_often_is_refused() -> None:
    rates = Rates(a_second=1)
    through = [bool((await connect(rates=rates))[0].scopes) for _ in range(40)]

    assert through == [True] * 30 + [False] * 10
