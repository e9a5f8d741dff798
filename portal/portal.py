"""The composition root: pages, HTTP routes and what runs for the life of the process. Nobody imports it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

import reflex as rx
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from portal import clock, db, routes
from portal.actor import Actor
from portal.channels import EmailSender, Post, Postman, sender_for
from portal.channels.registry import whatsapp_for
from portal.components.early_presses import early_presses
from portal.components.elements import render
from portal.components.states import first_view_slot
from portal.components.storage import storage_for_frames
from portal.components.styles import FONT, STYLESHEETS
from portal.components.takeover import held_rows
from portal.errors import DatabaseUnavailable, NotFound, SignedOut
from portal.gateways import registry
from portal.gateways.registry import Till, gateways_for
from portal.http import (
    auth,
    brand,
    calendars,
    consent,
    cookies,
    demo_inbox,
    demo_pay,
    downloads,
    gateway_webhooks,
    health,
    messages_off,
    my_data,
    pay,
    quiet_logs,
    resend_webhook,
)
from portal.http.documents import Document, Documents, away
from portal.http.filling import Sight
from portal.http.link_page import LinkPage
from portal.http.origin import client_address
from portal.http.security import Harden
from portal.http.socket_gate import Rates, SocketGate
from portal.jobs import keep_for_demo, run_jobs
from portal.pages import consent as consent_page
from portal.pages import login, trouble
from portal.pages.frame import Section
from portal.pages.sections import HOME, SECTIONS
from portal.pages.titles import window_title
from portal.relay import Line, relay
from portal.services import consent_card, login_page, shell
from portal.services.brand import brand as brand_of
from portal.services.desk import Desk
from portal.services.looks import looks
from portal.settings import ROOT, current
from portal.state import failures
from portal.state.arrival import Arrival
from portal.state.consent import ConsentState
from portal.state.guard import Guard, event_rule
from portal.state.live import hub
from portal.state.login import LoginState
from portal.state.sockets import Sockets
from portal.state.toast import Toast

quiet_logs.install()
line = Line()


@asynccontextmanager
async def open_house() -> AsyncIterator[None]:
    """The clock and the database, opened when the server starts and not when the front end is built."""
    clock.use_environment()
    db.bind(current().database_url)
    registry.use(gateways_for(till()))
    stop = asyncio.Event()
    jobs = asyncio.create_task(run_jobs(postman(), stop, Desk(current().portal_secret, current().portal_url)))
    yield
    stop.set()
    await jobs
    db.engine().dispose()


async def keep_windows_fresh() -> None:
    """The live hub, for as long as the server runs."""
    known, sockets = current(), Sockets(app)
    others = relay(known.redis_url, known.portal_data_dir, server=True, line=line)
    await hub.run(others, sockets.send, sockets.here)


def till() -> Till:
    """What the settings say about paying online."""
    known = current()
    return Till(
        known.portal_url,
        known.portal_secret,
        known.portal_data_dir,
        known.portal_demo,
        known.stripe_secret_key,
        known.stripe_webhook_secret,
        known.stripe_api_base,
    )


def pays_at() -> tuple[str, ...]:
    """The sites of payment pages, to which our forms may lead."""
    return tuple(gateway.pays_at for gateway in registry.in_use().values() if gateway.pays_at)


def postman() -> EmailSender:
    """What MAIL_URL names, and WhatsApp where it is set up; a demo's messages go to its inbox."""
    known = current()
    keep = keep_for_demo if known.portal_demo else None
    email = sender_for(Post(known.mail_url, known.mail_from or "", known.resend_api_url, keep))
    whatsapp = whatsapp_for(known.whatsapp_token, known.whatsapp_phone_id, known.whatsapp_api_base)
    return Postman(email, whatsapp)


def first_view(
    section: Section, session: Session, actor: Actor | None, now: datetime, asked: Mapping[str, str]
) -> Sight:
    """A section as HTML for whoever is signed in."""
    if actor is None:
        raise SignedOut
    found = looks.at(session, actor, now, section.state.service, asked)
    if found.view is None:
        raise NotFound
    return Sight(section.first_view(found.shell, found.view), section.held(found.shell, found.view, asked))


def missing_view(session: Session, actor: Actor | None, now: datetime, _asked: Mapping[str, str]) -> Sight:
    """What is shown for what is not there, or not theirs."""
    return Sight(HOME.missing_view(shell.read(session, actor, now)) if actor else "")


def login_view(session: Session, _actor: Actor | None, now: datetime, asked: Mapping[str, str]) -> Sight:
    """The sign-in page at the step this browser is at."""
    visitor = login_page.Visitor(asked[cookies.BROWSER], current().portal_demo)
    return Sight(render(login.body, login_page.read(session, visitor, now, asked)))


def consent_view(session: Session, actor: Actor | None, now: datetime, asked: Mapping[str, str]) -> Sight:
    """The consent card of whoever is signed in."""
    if actor is None:
        raise SignedOut
    around = shell.read(session, actor, now)
    return Sight(render(consent_page.body, around, consent_card.read(session, actor, now, asked)))


def is_known(event: str) -> bool:
    """Whether anybody may send an event of this name."""
    return event_rule(event) is not None


def framed_by() -> tuple[str, ...]:
    """The websites that show this portal in a frame."""
    with db.reading() as session:
        return brand_of(session).allowed_sites


documents = partial(
    Documents,
    pages=[
        *(Document(one.route, one.title, partial(first_view, one)) for one in SECTIONS),
        Document(routes.LOGIN, "Sign in", login_view, protected=False, for_signed_out=True),
        Document(routes.CONSENT, "Your consent", consent_view),
    ],
    missing=missing_view,
)
link_page = LinkPage(partial(render, login.body))
http = Starlette(
    routes=[
        *health.ROUTES,
        *brand.ROUTES,
        *auth.ROUTES,
        *consent.ROUTES,
        *calendars.ROUTES,
        *downloads.ROUTES,
        *demo_inbox.ROUTES,
        *link_page.routes(),
        *demo_pay.ROUTES,
        *gateway_webhooks.ROUTES,
        *messages_off.ROUTES,
        *pay.ROUTES,
        *my_data.ROUTES,
        *resend_webhook.ROUTES,
    ],
    # Whichever route has no words of its own for it: the link of a letter, the provider's logo.
    exception_handlers={DatabaseUnavailable: away},
)
gate = partial(
    SocketGate,
    origins=lambda: current().origins,
    is_known=is_known,
    rates=lambda: Rates(current().events_per_second),
    address=lambda scope: client_address(HTTPConnection(scope), current().trusted_proxies),
    line=line,
)
harden = partial(
    Harden,
    url=lambda: current().portal_url,
    build=ROOT / ".web/build/client",
    framed_by=framed_by,
    pays_at=pays_at,
)
app = rx.App(
    api_transformer=[http, documents, gate, harden],
    stylesheets=list(STYLESHEETS),
    head_components=[
        storage_for_frames(),
        early_presses(),
        rx.el.link(
            rel="preload", href=FONT, custom_attrs={"as": "font"}, type="font/woff2", cross_origin="anonymous"
        ),
        rx.el.script(src="/sheet.js", type="module"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    ],
    html_lang="en-GB",
    # What a page with parameters is until its script is there: its first view.
    hydrate_fallback=first_view_slot,
    # The portal says itself that it is reconnecting, and shows no stack traces.
    app_wraps={(55, "ErrorBoundary"): trouble.error_boundary, (150, "HeldRows"): held_rows},
    toaster=None,
    backend_exception_handler=failures.of_server,
    frontend_exception_handler=failures.of_window,
)
app.register_lifespan_task(open_house)
app.register_lifespan_task(keep_windows_fresh)
app.add_middleware(Guard())
app.add_middleware(Arrival())
for one in SECTIONS:
    app.add_page(
        one.as_built(), route=one.route, title=window_title(one.title), on_load=[one.state.load, Toast.arrive]
    )
app.add_page(login.page, route=routes.LOGIN, title=window_title("Sign in"), on_load=LoginState.load)
app.add_page(
    consent_page.page, route=routes.CONSENT, title=window_title("Your consent"), on_load=ConsentState.load
)
app.add_page(trouble.missing, route="404", title=window_title("No such page"))
