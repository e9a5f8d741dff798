"""Documents to download."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import clock, routes
from portal.actor import Actor
from portal.http.guardians import NEVER_KEPT, for_guardian
from portal.services import downloads, records
from portal.services.downloads import File

Making = Callable[[Session, Actor, str, datetime], File]
"""What is asked for, for whoever asks; NotFound when it is not theirs."""


def _serving(make: Making, *, before_consent: bool = False) -> Callable[[Request], Awaitable[Response]]:
    def answer(db: Session, actor: Actor, request: Request) -> Response:
        return _file(make(db, actor, request.path_params.get("public_id", ""), clock.now()))

    return for_guardian(answer, before_consent=before_consent)


def _file(found: File) -> Response:
    """Opened by the browser's own reader where it has one, saved under a name that says what it is."""
    said = {"Content-Disposition": f'inline; filename="{found.name}"'}
    return Response(found.body, headers=NEVER_KEPT | said, media_type="application/pdf")


ROUTES = [
    Route(routes.CONSENT_RECORD, _serving(records.consents, before_consent=True)),
    Route(routes.ATTENDANCE_STATEMENT, _serving(records.attendance)),
    Route(routes.DOCUMENT, _serving(downloads.document)),
]
