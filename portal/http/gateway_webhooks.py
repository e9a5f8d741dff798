"""What payment gateways tell: the raw body is verified, the visit's present state is fetched, both are taken in."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import clock, routes
from portal.db import transact
from portal.errors import PortalError
from portal.gateways import BadSignature, registry
from portal.http.forms import body
from portal.http.threads import in_thread
from portal.services import checkout_events

_LARGEST = 512 * 1024
_log = logging.getLogger(__name__)


def webhook(name: str) -> Callable[[Request], Awaitable[Response]]:
    """The route of one gateway: 204 taken in (also if it was before), 400 not theirs, 503 to be sent again."""

    async def told(request: Request) -> Response:
        if name not in registry.in_use():
            return Response(status_code=HTTPStatus.NOT_FOUND)
        said = await body(request, _LARGEST)
        try:
            await in_thread(_taken_in, name, said, dict(request.headers))
        except BadSignature:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except PortalError as trouble:
            _log.warning("a message of %s waits to be sent again: %s", name, trouble.message_key)
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return told


def _taken_in(name: str, body: bytes, headers: dict[str, str]) -> None:
    gateway = registry.in_use()[name]
    event = gateway.verified(body, headers)
    present = gateway.present(event.external_id) if event.external_id else None

    transact(lambda db: checkout_events.take_in(db, name, event, present, clock.now()))


ROUTES = [
    Route(routes.WEBHOOK_STRIPE, webhook("stripe"), methods=["POST"]),
    Route(routes.WEBHOOK_DEMO, webhook("demo"), methods=["POST"]),
]
