"""What Resend says of letters it accepted: delivered, bounced, complained. Its signature is on the raw body."""

from http import HTTPStatus
from typing import Any

import resend
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import clock, routes
from portal.db import unit_of_work
from portal.http.forms import body
from portal.http.threads import in_thread
from portal.services import delivery_log
from portal.services.delivery_log import Outcome
from portal.settings import current

_LARGEST = 256 * 1024
_OUTCOMES = {
    "email.delivered": Outcome.DELIVERED,
    "email.bounced": Outcome.BOUNCED,
    "email.complained": Outcome.COMPLAINED,
}


async def told(request: Request) -> Response:
    """204 when it is taken in or none of our concern; 400 for a signature that is not theirs, or is old."""
    secret = current().resend_webhook_secret
    if not secret:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    said = await body(request, _LARGEST)
    try:
        event = _verified(said.decode(), request, secret)
    except (ValueError, TypeError):
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    outcome = _OUTCOMES.get(str(event.get("type")))
    if outcome is not None:
        await in_thread(_report, event.get("data") or {}, outcome)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _verified(text: str, request: Request, secret: str) -> dict[str, Any]:
    """Resend's own check; ValueError for what they did not sign lately, TypeError for what is no event."""
    said: resend.WebhookHeaders = {
        "id": request.headers.get("svix-id", ""),
        "timestamp": request.headers.get("svix-timestamp", ""),
        "signature": request.headers.get("svix-signature", ""),
    }
    event: Any = resend.Webhooks.verify({"payload": text, "headers": said, "webhook_secret": secret})
    if not isinstance(event, dict):
        raise TypeError("an event is an object")
    return event


def _report(data: dict[str, Any], outcome: Outcome) -> None:
    reason = (data.get("bounce") or {}).get("message") or ""
    with unit_of_work() as db:
        delivery_log.report(db, str(data.get("email_id") or ""), outcome, str(reason), clock.now())


ROUTES = [Route(routes.WEBHOOK_RESEND, told, methods=["POST"])]
