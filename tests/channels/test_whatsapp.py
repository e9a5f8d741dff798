"""WhatsApp's exact HTTP shape, against an endpoint on loopback."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from portal.channels import Letter, LogSender, Postman, Refused
from portal.channels.whatsapp import WhatsAppSender

LETTER = Letter(
    "k1",
    "payment_due",
    "+421900123456",
    "s",
    "Ballet: €62.00\nhttps://x",
    "",
    channel="whatsapp",
    language="sk",
)


@dataclass
class CloudApi:
    status: int = 200
    answer: Any = field(default_factory=lambda: {"messages": [{"id": "wamid.1"}]})
    hangs: bool = False
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""
    let_go: Event = field(default_factory=Event)


@pytest.fixture
def cloud() -> Iterator[CloudApi]:
    api = CloudApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            api.asked.append((self.path, self.headers["Authorization"], body))
            if api.hangs:
                api.let_go.wait(5)
            said = json.dumps(api.answer).encode()
            self.send_response(api.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield api
    api.let_go.set()
    server.shutdown()
    server.server_close()


def sender(api: CloudApi, timeout: float = 5) -> Postman:
    return Postman(LogSender(), WhatsAppSender("the-token", "1055", api.url, timeout=timeout))


def test_a_message_goes_as_an_approved_template_in_the_readers_language(cloud: CloudApi) -> None:
    assert sender(cloud).send(LETTER) == "wamid.1"

    path, authorization, body = cloud.asked[0]
    assert (path, authorization) == ("/1055/messages", "Bearer the-token")
    assert body == {
        "messaging_product": "whatsapp",
        "to": "421900123456",
        "type": "template",
        "biz_opaque_callback_data": "k1",
        "template": {
            "name": "payment_due",
            "language": {"code": "sk"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Ballet: €62.00 https://x"}]}
            ],
        },
    }


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (401, False), (429, False), (500, False)]
)
def test_only_a_fault_of_the_message_is_for_ever(cloud: CloudApi, status: int, permanent: bool) -> None:
    cloud.status, cloud.answer = status, {"error": {"message": "why not"}}

    with pytest.raises(Refused) as refused:
        sender(cloud).send(LETTER)

    assert (refused.value.permanent, refused.value.reason) == (permanent, f"{status} why not")


def test_an_answer_that_does_not_come_or_cannot_be_read_is_tried_again(cloud: CloudApi) -> None:
    cloud.answer = ["odd"]
    with pytest.raises(Refused) as unread:
        sender(cloud).send(LETTER)
    cloud.hangs = True
    with pytest.raises(Refused) as hung:
        sender(cloud, timeout=0.1).send(LETTER)

    assert not unread.value.permanent
    assert not hung.value.permanent


def test_where_whatsapp_is_not_set_up_that_is_said_and_e_mail_goes_on() -> None:
    with pytest.raises(Refused, match="refused"):
        Postman(LogSender()).send(LETTER)
    assert (
        Postman(LogSender()).send(Letter("k2", "payment_due", "nora@vale.example", "s", "t", "h")) == "log:k2"
    )
