"""Stripe as its package sees it: a loopback endpoint that speaks the shapes of its API, and signs its events."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

API_VERSION = "2025-03-31.basil"
SESSIONS = "/v1/checkout/sessions"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


@dataclass
class StripeEndpoint:
    """What Stripe keeps. `trouble` is answered instead: a status, or "hang"; "once" for the next request only."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    charges: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    disputes: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: int | str = 0
    once: int = 0
    over: Event = field(default_factory=Event)

    def pays(self, session_id: str, status: str = "succeeded") -> dict[str, Any]:
        """The payer is through: the session is complete, and its payment succeeded, is processing or failed."""
        session, paid = self.sessions[session_id], status == "succeeded"
        intent = f"pi_{session_id.removeprefix('cs_test_')}"
        session.update(
            status="complete", payment_status="paid" if paid else "unpaid", payment_intent=intent, url=None
        )
        self.charges[intent] = {
            "id": f"ch_{intent}",
            "object": "charge",
            "amount": session["amount_total"],
            "amount_refunded": 0,
            "disputed": False,
            "payment_intent": intent,
            "_intent_status": status,
        }
        return self.charges[intent]

    def answer(self, one: Asked) -> tuple[int, dict[str, Any]]:
        """What the API says."""
        key = one.headers.get("idempotency-key", "")
        if one.method == "POST" and key in self.kept:
            return 200, self.kept[key]
        made = self._made(one)
        if made is None:
            return 404, _error("resource_missing", "No such checkout session")
        if "error" not in made and one.method == "POST" and key:
            self.kept[key] = made
        return (400 if "error" in made else 200), made

    def _made(self, one: Asked) -> dict[str, Any] | None:
        made: dict[str, Any] | None = None
        match one.method, one.path.removeprefix("/v1/").split("/"):
            case "POST", ["checkout", "sessions"]:
                made = self._create(one.fields)
            case "GET", ["checkout", "sessions"]:
                found = [
                    x for x in self.sessions.values() if x["payment_intent"] == one.fields["payment_intent"]
                ]
                made = {"object": "list", "url": SESSIONS, "has_more": False, "data": found}
            case "GET", ["checkout", "sessions", session_id] if session_id in self.sessions:
                made = self._expanded(session_id, "payment_intent.latest_charge" in one.fields.values())
            case "GET", ["disputes"]:
                made = {"object": "list", "url": "/v1/disputes", "has_more": False, "data": self.disputes}
            case "POST", ["checkout", "sessions", session_id, "expire"] if session_id in self.sessions:
                made = self._expire(session_id)
            case "GET", ["refunds"]:
                made = {"object": "list", "url": "/v1/refunds", "has_more": False, "data": self.refunds}
            case "POST", ["refunds"]:
                made = self._refund(one.fields)
        return made

    def _create(self, said: dict[str, str]) -> dict[str, Any]:
        session_id = f"cs_test_{len(self.sessions) + 1:03}"
        self.sessions[session_id] = {
            "id": session_id,
            "object": "checkout.session",
            "client_reference_id": said.get("client_reference_id"),
            "amount_total": int(said["line_items[0][price_data][unit_amount]"]),
            "currency": said["line_items[0][price_data][currency]"],
            "mode": said["mode"],
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "url": f"https://checkout.stripe.com/c/pay/{session_id}",
        }
        return self.sessions[session_id]

    def _expanded(self, session_id: str, expand: bool) -> dict[str, Any]:
        session = self.sessions[session_id]
        intent = session["payment_intent"]
        if not expand or intent is None:
            return session
        charge = {**self.charges[intent]}
        status = charge.pop("_intent_status")
        whole = {"id": intent, "object": "payment_intent", "status": status, "latest_charge": charge}
        return {**session, "payment_intent": whole}

    def _expire(self, session_id: str) -> dict[str, Any]:
        session = self.sessions[session_id]
        if session["status"] != "open":
            return _error(None, 'Only Checkout Sessions with a status in ["open"] can be expired.')
        session.update(status="expired", url=None)
        return session

    def _refund(self, said: dict[str, str]) -> dict[str, Any]:
        charge = self.charges[said["payment_intent"]]
        if charge["amount_refunded"] + int(said["amount"]) > charge["amount"]:
            return _error("charge_already_refunded", "Charge has already been refunded.")
        charge["amount_refunded"] += int(said["amount"])
        made = {
            "id": f"re_{len(self.refunds)}",
            "object": "refund",
            "amount": int(said["amount"]),
            "status": "succeeded",
            "metadata": {"refund": said["metadata[refund]"]},
        }
        self.refunds.append(made)
        return made


def _error(code: str | None, message: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "code": code, "message": message}}


@contextmanager
def stripe_endpoint() -> Iterator[StripeEndpoint]:
    """Listening on a free port of this machine alone."""
    of = StripeEndpoint()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(of))
    of.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield of
    finally:
        of.over.set()
        server.shutdown()
        server.server_close()


def _handler(of: StripeEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._speak("GET", urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._speak("POST", self.rfile.read(int(self.headers.get("content-length", "0"))).decode())

        def log_message(self, *_: object) -> None:
            """Quiet: what was asked is kept."""

        def _speak(self, method: str, said: str) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Asked(method, urlsplit(self.path).path, dict(parse_qsl(said)), headers)
            of.asked.append(one)
            if of.trouble == "hang":
                of.over.wait(30)
                return
            trouble, of.once = of.once or int(of.trouble), 0
            status, body = (trouble, _error(None, "Trouble")) if trouble else of.answer(one)
            written = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

    return Handler


def event(kind: str, thing: dict[str, Any], event_id: str = "evt_1") -> bytes:
    """The body of a webhook: Stripe's event around the object."""
    said = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": 1773320000,
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return json.dumps(said, indent=2).encode()


def signature(body: bytes, secret: str, at: int | None = None) -> dict[str, str]:
    """The header of Stripe's scheme: HMAC-SHA256 over the time, a dot and the raw body."""
    stamp = int(time.time()) if at is None else at
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={stamp},v1={made}"}
