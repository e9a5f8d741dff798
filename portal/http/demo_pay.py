"""The demo gateway's payment page. Nobody's money moves here, and outside a demo there is no such page."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portal import money, routes
from portal.components.elements import Node, el, render
from portal.components.links import button
from portal.db import reading
from portal.errors import PortalError
from portal.gateways import Standing, registry
from portal.gateways.demo import DemoGateway, Visit
from portal.http.forms import fields
from portal.http.page import document
from portal.http.threads import in_thread
from portal.services.brand import Brand, brand
from portal.settings import current

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
_CHOICES = {"pay": Standing.PAID, "later": Standing.PROCESSING, "fail": Standing.EXPIRED}


async def look(request: Request) -> Response:
    """What is to pay, and what a payer may do."""
    visit, of = await in_thread(_visit, request.path_params["visit"])
    drawn = {Standing.OPEN: _page, Standing.PROCESSING: _at_the_bank}.get(visit.standing)
    if drawn is None:
        return RedirectResponse(visit.back_url, HTTPStatus.SEE_OTHER)
    return HTMLResponse(document("Demo payment", of, render(drawn, visit, of)), headers=_HEADERS)


async def decide(request: Request) -> Response:
    """Told to the portal by the gateway's own signed message, then back; the way back itself proves nothing."""
    standing = _CHOICES.get((await fields(request)).get("choice", ""))
    visit, _ = await in_thread(_visit, request.path_params["visit"])
    if standing is not None:
        try:
            await in_thread(_gateway().decide, visit.external_id, standing)
        except PortalError:
            raise HTTPException(HTTPStatus.BAD_GATEWAY) from None
    return RedirectResponse(visit.back_url, HTTPStatus.SEE_OTHER)


def _gateway() -> DemoGateway:
    found = registry.in_use().get("demo")
    if not current().portal_demo or not isinstance(found, DemoGateway):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _visit(external_id: str) -> tuple[Visit, Brand]:
    visit = _gateway().visit(external_id)
    if visit is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    with reading() as db:
        return visit, brand(db)


def _page(visit: Visit, of: Brand) -> Node:
    """What to pay, and the three things that may come of it."""
    amount = money.show(visit.amount_minor, visit.currency)
    told = (
        "This is a demo: no money moves, and no card is needed. "
        "A slow bank takes until you let it finish, from the demo inbox."
    )
    choices = (
        _choice(f"Pay {amount}", "pay"),
        _choice("Pay by a slow bank", "later", "second"),
        _choice("Let it fail", "fail", "second"),
    )
    return _drawn(visit, of, amount, told, choices)


def _at_the_bank(visit: Visit, of: Brand) -> Node:
    """The money of a slow bank: a demo needs somebody to let it arrive."""
    amount = money.show(visit.amount_minor, visit.currency)
    told = "This is a demo: the bank takes as long as you like."
    choices = (_choice("Let the money arrive", "pay"), _choice("Let it fail", "fail", "second"))
    return _drawn(visit, of, f"{amount} is on its way", told, choices)


def _choice(words: str, value: str, look: str = "") -> Node:
    return button(words, look=f"{look} block", type="submit", name="choice", value=value)


def _drawn(visit: Visit, of: Brand, title: str, told: str, choices: tuple[Node, ...]) -> Node:
    back = el.a(f"Back to {of.short_name}", href=visit.back_url, class_name="btn quiet block")
    inside = el.div(
        el.p("Demo payment page", class_name="meta"),
        el.h1(title),
        el.p(visit.words, class_name="lead"),
        el.p(told, class_name="meta"),
        el.form(*choices, method="post", class_name="stack-s"),
        back,
        class_name="pad stack-s",
    )
    return el.main(
        el.div(inside, class_name="card narrow"),
        id="main",
        class_name="wrap page lone",
        data={"ready": "true"},
    )


_PATH = f"{routes.DEMO_PAY}/{{visit}}"
ROUTES = [Route(_PATH, look, methods=["GET"]), Route(_PATH, decide, methods=["POST"])]
