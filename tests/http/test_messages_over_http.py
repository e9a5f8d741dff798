"""The routes that mail programs and mail services call: no cookie, no page of ours, only what they hold."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from portal import db, settings
from portal.http import messages_off, resend_webhook
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.messages import MessagePreference, MessageStatus, OutboxMessage
from portal.models.people import Guardian
from portal.services import notify, outbox
from portal.services.letters import off_token
from tests.factories import NOW, Household, Otterbrook
from tests.http.conftest import SECRET, Configure, StillClock

pytestmark = pytest.mark.anyio
HOOK = "whsec_" + base64.b64encode(b"a secret of the tests 0123456789").decode()


@pytest.fixture
def vale(fresh_db: str) -> Household:
    with db.unit_of_work() as session:
        return Otterbrook(session).family("Vale", "Mila")


@pytest.fixture
async def outside(configured: Configure, still_clock: StillClock) -> AsyncIterator[httpx.AsyncClient]:
    configured(RESEND_WEBHOOK_SECRET=HOOK)
    app = Starlette(routes=[*messages_off.ROUTES, *resend_webhook.ROUTES])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost:8300"
    ) as client:
        yield client


def link(vale: Household) -> str:
    with db.reading() as session:
        public_id = session.get_one(Guardian, vale.guardian_id).public_id
    return f"/messages/off/{off_token(SECRET, public_id, Kind.PAYMENT_DUE)}"


def switched_off() -> int:
    with db.reading() as session:
        return len(
            session.exec(select(MessagePreference).where(col(MessagePreference.wanted).is_(False))).all()
        )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_database_that_is_away_is_said(
    outside: httpx.AsyncClient, vale: Household, method: str
) -> None:
    path = link(vale)
    db.bind("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert (await outside.request(method, path)).status_code == 503


async def test_looking_switches_nothing_off_and_one_post_does(
    vale: Household, outside: httpx.AsyncClient
) -> None:
    page = await outside.get(link(vale))
    await outside.head(link(vale))
    assert "Switch off “A payment is due”?" in page.text
    assert switched_off() == 0

    done = await outside.post(link(vale), content="List-Unsubscribe=One-Click")

    assert done.status_code == 200
    assert switched_off() == 1


async def test_a_made_up_link_is_not_there(vale: Household, outside: httpx.AsyncClient) -> None:
    for path in (f"{link(vale)}x", "/messages/off/x", "/messages/off/a.b.c"):
        refused = await outside.get(path)
        assert (refused.status_code, "This link does not work" in refused.text) == (404, True)
        assert 'href="/account#messages"' in refused.text
        assert (await outside.post(path)).status_code == 404
    assert switched_off() == 0


def sent_message(vale: Household) -> None:
    note = Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Ballet", "amount": "€62.00"})
    with db.unit_of_work() as session:
        notify.tell_family(session, vale.family_id, lambda to: note, NOW)
        (leased,) = outbox.lease(session, NOW + timedelta(minutes=1), 5)
        outbox.sent(session, leased, "re_7", NOW)


def signed(event: object, secret: str = HOOK, at: int | None = None) -> tuple[str, dict[str, str]]:
    body, stamp = json.dumps(event), str(int(time.time()) if at is None else at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, f"msg_1.{stamp}.{body}".encode(), hashlib.sha256).digest()).decode()
    return body, {"svix-id": "msg_1", "svix-timestamp": stamp, "svix-signature": f"v1,{mac}"}


def status() -> MessageStatus:
    with db.reading() as session:
        return MessageStatus(session.exec(select(OutboxMessage.status)).one())


BOUNCED = {"type": "email.bounced", "data": {"email_id": "re_7", "bounce": {"message": "mailbox full"}}}


async def test_resend_tells_that_a_letter_came_back(vale: Household, outside: httpx.AsyncClient) -> None:
    sent_message(vale)
    body, headers = signed(BOUNCED)

    for _ in range(2):
        assert (await outside.post("/webhooks/resend", content=body, headers=headers)).status_code == 204

    assert status() == MessageStatus.BOUNCED


async def test_words_that_are_not_signed_by_resend_or_are_old_change_nothing(
    vale: Household, outside: httpx.AsyncClient
) -> None:
    sent_message(vale)
    body, headers = signed(BOUNCED)
    stale = signed(BOUNCED, at=int(time.time()) - 3600)
    other = signed(BOUNCED, secret="whsec_" + base64.b64encode(b"another").decode())
    tries = [(f"{body} ", headers), (body, {}), (body, {**headers, "svix-signature": "v1,x"}), stale, other]

    for said, under in tries:
        assert (await outside.post("/webhooks/resend", content=said, headers=under)).status_code == 400
    assert status() == MessageStatus.SENT


async def test_without_its_secret_there_is_no_such_route(
    outside: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESEND_WEBHOOK_SECRET")
    settings.current.cache_clear()
    body, headers = signed(BOUNCED)

    assert (await outside.post("/webhooks/resend", content=body, headers=headers)).status_code == 404
