"""The same page as a server without scripts would send it: what the first view is measured against."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

_SCRIPTS = re.compile(
    r'<script.*?</script>|<link [^>]*rel="modulepreload"[^>]*>|<template id="held">.*?</template>', re.DOTALL
)
_ASKED = ("Cookie", "Accept-Encoding", "If-None-Match", "If-Modified-Since")
_TOLD = ("Content-Type", "Content-Encoding", "Cache-Control", "ETag", "Last-Modified", "Vary")


@contextmanager
def plain(portal: str) -> Iterator[str]:
    """The address of a front of `portal` that leaves out everything but the page, its styles and pictures."""
    front = ThreadingHTTPServer(("localhost", 0), type("Front", (_Front,), {"portal": portal}))
    Thread(target=front.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{front.server_port}"
    finally:
        front.shutdown()
        front.server_close()


def _answer(asked: Request) -> Any:
    """Whatever the portal says; "not modified" is an answer too."""
    try:
        return urlopen(asked, timeout=30)
    except HTTPError as other:
        return other


class _Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal = ""

    def do_GET(self) -> None:
        """Pass it on; a document without its scripts."""
        headers = {name: self.headers[name] for name in _ASKED if name in self.headers}
        with _answer(Request(self.portal + self.path, headers=headers)) as answer:
            body = answer.read()
            told = {name: answer.headers[name] for name in _TOLD if name in answer.headers}
        if told.get("Content-Type", "").startswith("text/html"):
            told["Content-Encoding"] = "gzip"
            body = gzip.compress(_SCRIPTS.sub("", gzip.decompress(body).decode()).encode(), 5)
        self.send_response(answer.status)
        for name, value in {**told, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Quiet."""
