"""Paying: a native form, so that it works before the script is there, answered with the way to the gateway."""

import logging
import re
from collections.abc import Mapping
from contextlib import suppress

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import clock, routes
from portal.db import transact, unit_of_work
from portal.errors import PortalError, SignedOut
from portal.gateways import registry
from portal.http.auth import Told, answer, desk, visitor
from portal.http.forms import fields
from portal.http.origin import from_our_page
from portal.http.threads import in_thread
from portal.services import checkouts
from portal.services.checkouts import Begun, Wanted
from portal.services.logins import actor_of
from portal.settings import current

_AMOUNT = re.compile(r"[0-9]{1,12}")
_log = logging.getLogger(__name__)


async def pay(request: Request) -> Response:
    """303 to the gateway's page, or back to the payments with what came of it; a refusal is said there."""
    try:
        from_our_page(request, current().origins)
        form = await fields(request)
        where = await in_thread(_begun, visitor(request).login, _wanted(form))
    except SignedOut:
        return answer(request, Told(routes.LOGIN, {"next": routes.PAYMENTS}))
    except PortalError as refusal:
        return answer(request, Told(routes.PAYMENTS, {}, refusal))
    return answer(request, Told(where, {}))


def _wanted(form: Mapping[str, str]) -> Wanted:
    """What was pressed; an amount in it can only refuse, and never sets what is paid."""
    payments, shown = tuple(form.get("payments", "").split()), form.get("shown", "")
    at_most = int(shown) if _AMOUNT.fullmatch(shown) else None
    return Wanted(payments, form.get("credit") == "yes", at_most)


def _begun(token: str, wanted: Wanted) -> str:
    """The visit is counted in one transaction, opened at the gateway outside of any, and kept in another."""
    gateways, name = registry.in_use(), registry.chosen()
    now = clock.now()

    def begin(db: Session) -> Begun:
        actor = actor_of(db, token, now)
        if actor is None:
            raise SignedOut
        return checkouts.begin(db, actor, wanted, name, desk(), now)

    begun = transact(begin)
    for begun_at, external_id in begun.replaced:
        # It ends by itself in time; money that comes for it all the same becomes credit.
        with suppress(PortalError, KeyError):
            gateways[begun_at].close(external_id)
    return _opened(begun, name)


def _opened(begun: Begun, name: str) -> str:
    if begun.asked is None:
        return begun.url or routes.PAYMENTS
    gateway = registry.in_use()[name]
    visit = gateway.open(begun.asked)
    with unit_of_work() as db:
        wanted = checkouts.opened(db, begun.checkout, visit)
    if not wanted:
        # Two pages for the same money would be paid twice.
        with suppress(PortalError):
            gateway.close(visit.external_id)
        raise checkouts.BegunElsewhere
    _log.info("a family goes to %s to pay", name)
    return visit.url


ROUTES = [Route(routes.PAY, pay, methods=["POST"])]
