"""Real mail servers on loopback, which do what they are told."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port


@dataclass
class MailServer:
    """Answers `reply` at the step `at`: "RCPT" or "DATA"; or it may "hang", or "drop" the line after DATA."""

    at: str = ""
    reply: str = ""
    received: list[Envelope] = field(default_factory=list)
    port: int = 0
    let_go: Event = field(default_factory=Event)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.at == "RCPT":
            return self.reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it so
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        if self.at == "DATA":
            return self.reply
        if self.at == "hang":
            await asyncio.to_thread(self.let_go.wait)
        self.received.append(envelope)
        if self.at == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 accepted"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """An SMTP server; change `at` and `reply` to make it misbehave."""
    server = MailServer()
    server.port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    server.let_go.set()
    controller.stop()


@dataclass
class ResendServer:
    """Speaks Resend's API: an accepted letter's id is the same for the same idempotency key."""

    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    hangs: bool = False
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)
    url: str = ""
    let_go: Event = field(default_factory=Event)

    def answer(self, headers: dict[str, str], letter: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append((headers, letter))
        if self.hangs:
            self.let_go.wait()
        if self.status != 200:
            return self.status, {"statusCode": self.status, **self.body}
        return 200, {"id": self.accepted.setdefault(headers["Idempotency-Key"], f"re_{len(self.accepted)}")}


@pytest.fixture
def resend_server() -> Iterator[ResendServer]:
    """Resend on loopback; change `status`, `body` or `hangs` to make it misbehave."""
    resend = ResendServer()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = resend.answer(dict(self.headers), letter)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        resend.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield resend
        resend.let_go.set()
        server.shutdown()
