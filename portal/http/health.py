"""`/healthz`: whether the portal and each thing it stands on is well."""

from functools import cache
from http import HTTPStatus

import redis
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from portal import db, routes
from portal.errors import SchemaOutOfDate
from portal.http.threads import in_thread
from portal.settings import current

_SECONDS = 2.0
"""How long Redis may take; a probe that waits longer than its prober is no answer."""


async def health(_request: Request) -> JSONResponse:
    """200 when every part answers, else 503 with the failing parts named."""
    parts = await in_thread(lambda: {**_database(), "redis": _redis()})
    well = all(state in ("ok", "not used") for state in parts.values())
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(
        {"status": "ok" if well else "failing", **parts}, status, {"cache-control": "no-store"}
    )


def _database() -> dict[str, str]:
    """Both from one question: a database that is away may take seconds to say so."""
    try:
        db.ping()
    except SchemaOutOfDate:
        return {"database": "ok", "schema": "out of date"}
    except Exception:  # noqa: BLE001  # whatever it is, the part is not well, and the probe must answer
        return {"database": "unreachable", "schema": "unknown"}
    return {"database": "ok", "schema": "ok"}


def _redis() -> str:
    url = current().redis_url
    if url is None:
        return "not used"
    try:
        _client(url).ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)


ROUTES = [Route(routes.HEALTH, health)]
