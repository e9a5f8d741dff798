"""The consent card's form: answered once, and kept with the account."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import clock, routes
from portal.db import unit_of_work
from portal.errors import SignedOut
from portal.http.auth import Told, answer, told_on, visitor
from portal.http.forms import pairs
from portal.http.threads import in_thread
from portal.rules.sign_in import local_path
from portal.services import consent_card
from portal.services.logins import actor_of


@told_on(routes.LOGIN)
async def agree(request: Request) -> Response:
    """Keep the answers to the questions that were shown, then go on to where the guardian was going."""
    form = await pairs(request)
    shown = {key for name, value in form if name == "shown" for key in value.split()}
    ticked = {name for name, value in form if value == "yes"}
    onward = local_path(dict(form).get("next", ""))
    try:
        await in_thread(_answer, visitor(request).login, shown, ticked)
    except consent_card.NeededConsent as refusal:
        return answer(request, Told(routes.CONSENT, {"next": onward} if onward else {}, refusal))
    return answer(request, Told(onward or routes.HOME, {}))


def _answer(token: str, shown: set[str], ticked: set[str]) -> None:
    now = clock.now()
    with unit_of_work() as db:
        actor = actor_of(db, token, now)
        if actor is None:
            raise SignedOut
        consent_card.answer(db, actor, shown, ticked, now)


ROUTES = [Route(routes.AUTH_CONSENT, agree, methods=["POST"])]
