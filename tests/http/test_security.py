import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal.errors import DatabaseUnavailable
from portal.http.security import CLOSED, Harden, Sites, inline_scripts

SCRIPT = "window.started = 1; // é"
PAGE = f'<script>{SCRIPT}</script><script src="/assets/a.js"></script><script type="module">go()</script>'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "orders").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "orders" / "index.html").write_text(PAGE)
    return tmp_path


def page(_request: Request) -> Response:
    return HTMLResponse(PAGE)


def strict_page(_request: Request) -> Response:
    return HTMLResponse(
        "x", headers={"content-security-policy": "default-src 'none'", "referrer-policy": "no-referrer"}
    )


def file(request: Request) -> Response:
    headers = {"etag": '"1"'} | ({"content-encoding": "gzip"} if "gzip" in request.url.path else {})
    return PlainTextResponse("x", 404 if "missing" in request.url.path else 200, headers)


def answer(_request: Request) -> Response:
    response = PlainTextResponse("x")
    response.set_cookie("portal_session", "x")
    return response


ROUTES = [
    Route("/", page),
    Route("/strict", strict_page),
    Route("/answer", answer, methods=["GET", "POST"]),
    *(Route(path, file) for path in ("/assets/{name}", "/fonts/{name}", "/icons.svg")),
    *(Route(path, file, methods=["GET", "POST"]) for path in CLOSED),
    Route("/_upload/{name:path}", file),
]


def nobody() -> Iterable[str]:
    return ()


async def get(
    build: Path, path: str, url: str = "https://portal.example", framed_by: Sites = nobody
) -> httpx.Response:
    app = Harden(Starlette(routes=ROUTES), lambda: url, build, framed_by)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as client:
        return await client.get(path)


def hash_of(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def test_every_inline_script_of_the_build_is_known_by_its_hash_once(build: Path) -> None:
    assert inline_scripts(build) == sorted([hash_of(SCRIPT), hash_of("go()")])


@pytest.mark.anyio
async def test_only_those_scripts_run(build: Path) -> None:
    policy = (await get(build, "/")).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["script-src"] == f"'self' {' '.join(sorted([repr(hash_of(SCRIPT)), repr(hash_of('go()'))]))}"
    assert rules["connect-src"] == "'self' wss://portal.example"
    assert rules["default-src"] == rules["base-uri"] == "'none'"


@pytest.mark.anyio
async def test_only_allowed_sites_may_frame_the_portal(build: Path) -> None:
    def one() -> Iterable[str]:
        return ["https://club.example"]

    def away() -> Iterable[str]:
        raise DatabaseUnavailable

    async def framers(by: Sites) -> str:
        policy = (await get(build, "/", framed_by=by)).headers["content-security-policy"]
        return str(policy.rpartition("frame-ancestors ")[2])

    assert await framers(one) == "'self' https://club.example"
    assert await framers(nobody) == await framers(away) == "'self'"


@pytest.mark.anyio
async def test_https_is_for_good_and_http_promises_nothing(build: Path) -> None:
    assert "max-age=31536000" in (await get(build, "/")).headers["strict-transport-security"]
    local = await get(build, "/", "http://localhost:8000")
    assert "strict-transport-security" not in local.headers
    assert "ws://localhost:8000" in local.headers["content-security-policy"]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/", "/icons.svg", "/nowhere", "/_upload"])
async def test_every_answer_is_taken_for_what_it_is(build: Path, path: str) -> None:
    headers = (await get(build, path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.anyio
async def test_what_a_route_says_itself_stands(build: Path) -> None:
    headers = (await get(build, "/strict")).headers

    assert headers["content-security-policy"] == "default-src 'none'"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "private, no-store"),
        ("/answer", "private, no-store"),
        ("/assets/home-1a2b3c.js", "public, max-age=31536000, immutable"),
        ("/assets/gzip-1a2b3c.js", "public, max-age=31536000, immutable"),
        ("/assets/missing-1a2b3c.js", "no-cache"),
        ("/icons.svg", "no-cache"),
        ("/icons.svg?v=1a2b3c4d", "public, max-age=31536000, immutable"),
        ("/fonts/figtree.woff2", "public, max-age=31536000, immutable"),
        ("/answer?v=1a2b3c4d", "private, no-store"),
        ("/nowhere?v=1a2b3c4d", "private, no-store"),
        ("/nowhere", "private, no-store"),
    ],
)
async def test_each_answer_is_kept_as_long_as_it_is_true(build: Path, path: str, kept: str) -> None:
    assert (await get(build, path)).headers["cache-control"] == kept


@pytest.mark.anyio
@pytest.mark.parametrize("path", [*CLOSED, "/_upload/file", "/?x=%00"])
async def test_the_frameworks_own_routes_are_closed(build: Path, path: str) -> None:
    assert (await get(build, path)).status_code == 404
