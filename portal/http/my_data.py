"""The file with everything the portal holds about whoever is signed in."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal import clock, routes
from portal.actor import ActorKind
from portal.db import unit_of_work
from portal.errors import DatabaseUnavailable, SignedOut
from portal.http.auth import visitor
from portal.http.documents import unavailable
from portal.http.threads import in_thread
from portal.services import data_export
from portal.services.logins import actor_of

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Disposition": 'attachment; filename="my-data.zip"',
    "X-Content-Type-Options": "nosniff",
}


async def export(request: Request) -> Response:
    """The ZIP; whoever is signed out signs in first. Only for a click on our page, for that it was made is kept."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    try:
        file = await in_thread(_export, visitor(request).login)
    except DatabaseUnavailable:
        return unavailable()
    except SignedOut:
        return RedirectResponse(f"{routes.LOGIN}?next={routes.ACCOUNT}", HTTPStatus.SEE_OTHER)
    return Response(file, media_type="application/zip", headers=_HEADERS)


def _export(token: str) -> bytes:
    now = clock.now()
    with unit_of_work() as db:
        actor = actor_of(db, token, now)
        if actor is None or actor.kind is not ActorKind.GUARDIAN:
            raise SignedOut
        return data_export.export(db, actor, now)


ROUTES = [Route(routes.EXPORT, export, methods=["GET"])]
