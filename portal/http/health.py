"""`/healthz`: whether the portal and each thing it stands on is well."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from portal import db, routes

_PARTS: dict[str, Callable[[], None]] = {"database": db.ping}


async def health(_request: Request) -> JSONResponse:
    """200 when every part answers, else 503 with the failing parts named."""
    parts = await run_in_threadpool(lambda: {name: _state(ask) for name, ask in _PARTS.items()})
    well = all(state == "ok" for state in parts.values())
    headers = {"cache-control": "no-store"}
    return JSONResponse({"status": "ok" if well else "failing", **parts}, 200 if well else 503, headers)


def _state(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:  # whatever it is, the part is not well, and the probe must answer
        return type(error).__name__
    return "ok"


ROUTES = [Route(routes.HEALTH, health)]
