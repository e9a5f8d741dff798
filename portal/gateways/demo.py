"""The demo's gateway: a payment page of our own, records of its own, and messages it signs and sends over HTTP.

It takes no money and exists in a demo only. Its records are files beside the demo's data: like any gateway, it
knows nothing of our tables, and we believe it only what it says when asked.
"""

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx

from portal import routes
from portal.gateways.gateway import (
    Asked,
    BadSignature,
    Event,
    GatewayAway,
    GatewayRefused,
    Opened,
    Present,
    Standing,
)

SIGNATURE = "demo-signature"
TOLERANCE = 300
_ID = re.compile(r"demo_[0-9a-f]{32}")
_STAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Visit:
    """What the gateway keeps of a visit to its page."""

    external_id: str
    key: str
    amount_minor: int
    currency: str
    words: str
    back_url: str
    standing: Standing = Standing.OPEN
    refunded_minor: int = 0
    refund_keys: tuple[str, ...] = ()


class DemoGateway:
    """Keeps its visits in `folder`, and tells the portal at `portal_url` of what happens to them."""

    name = "demo"
    pays_at = ""

    def __init__(self, folder: Path, secret: str, portal_url: str) -> None:
        self._folder = folder
        self._secret = secret.encode()
        self._portal_url = portal_url

    def least_minor(self, currency: str) -> int:
        """Anything."""
        return 1

    def open(self, asked: Asked) -> Opened:
        """A visit of this key; the same one when it is asked for again."""
        external_id = f"demo_{hashlib.sha256(asked.key.encode()).hexdigest()[:32]}"
        if self.visit(external_id) is None:
            visit = Visit(
                external_id, asked.key, asked.amount_minor, asked.currency, asked.words, asked.back_url
            )
            self._keep(visit)
        return Opened(external_id, f"{routes.DEMO_PAY}/{external_id}")

    def close(self, external_id: str) -> None:
        """An open visit is expired."""
        visit = self.visit(external_id)
        if visit is not None and visit.standing is Standing.OPEN:
            self._keep(replace(visit, standing=Standing.EXPIRED))

    def verified(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """HMAC-SHA256 over the time and the raw body, not older than five minutes."""
        stamp, _, signature = headers.get(SIGNATURE, "").partition(".")
        fresh = _STAMP.fullmatch(stamp) and abs(time.time() - int(stamp)) <= TOLERANCE
        if not fresh or not hmac.compare_digest(signature.encode(), self._signed(stamp, body).encode()):
            raise BadSignature
        try:
            said = json.loads(body)
            return Event(str(said["id"]), str(said["kind"]), str(said["visit"]))
        except (ValueError, KeyError, TypeError):
            raise BadSignature from None

    def present(self, external_id: str) -> Present:
        """As its records say."""
        visit = self.visit(external_id)
        if visit is None:
            raise GatewayAway
        paid = visit.amount_minor if visit.standing is Standing.PAID else 0
        amounts = paid, visit.refunded_minor
        given = frozenset(visit.refund_keys)
        return Present(external_id, visit.key, visit.standing, *amounts, visit.currency, given)

    def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Kept once for each key, and told each time: we may be asked again because the telling failed."""
        visit = self.visit(external_id)
        if visit is None or visit.standing is not Standing.PAID:
            raise GatewayAway
        if key not in visit.refund_keys:
            refunded = visit.refunded_minor + amount_minor
            if refunded > visit.amount_minor:
                raise GatewayRefused
            self._keep(replace(visit, refunded_minor=refunded, refund_keys=(*visit.refund_keys, key)))
        self._tell(external_id, "refunded", key)

    def visit(self, external_id: str) -> Visit | None:
        """What is kept of a visit; None for one that never was."""
        if not _ID.fullmatch(external_id):
            return None
        try:
            said = json.loads((self._folder / f"{external_id}.json").read_text())
        except FileNotFoundError:
            return None
        keys = tuple(said.pop("refund_keys", ()))
        return Visit(**{**said, "standing": Standing(said["standing"]), "refund_keys": keys})

    def on_their_way(self) -> list[Visit]:
        """Visits that a slow bank has not finished, in no particular order."""
        found = (self.visit(kept.stem) for kept in self._folder.glob("demo_*.json"))
        return [visit for visit in found if visit is not None and visit.standing is Standing.PROCESSING]

    def decide(self, external_id: str, standing: Standing) -> Visit | None:
        """What the person at the payment page did; an ended visit stays as it is. The portal is told."""
        visit = self.visit(external_id)
        if visit is None:
            return None
        if visit.standing in (Standing.OPEN, Standing.PROCESSING):
            visit = replace(visit, standing=standing)
            self._keep(visit)
        self._tell(external_id, str(standing), secrets.token_hex(8))
        return visit

    def signed(self, body: bytes, at: int | None = None) -> dict[str, str]:
        """The header that makes these bytes a message of this gateway."""
        stamp = str(int(time.time()) if at is None else at)
        return {SIGNATURE: f"{stamp}.{self._signed(stamp, body)}"}

    def _tell(self, external_id: str, kind: str, key: str) -> None:
        body = json.dumps(
            {"id": f"evt_{external_id}_{kind}_{key}", "kind": kind, "visit": external_id}
        ).encode()
        try:
            httpx.post(
                f"{self._portal_url}{routes.WEBHOOK_DEMO}",
                content=body,
                headers=self.signed(body),
                timeout=10,
            ).raise_for_status()
        except httpx.HTTPError:
            raise GatewayAway from None

    def _signed(self, stamp: str, body: bytes) -> str:
        return hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()

    def _keep(self, visit: Visit) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._folder / f".{visit.external_id}.{secrets.token_hex(4)}"
        new.write_text(json.dumps(asdict(visit)))
        new.replace(self._folder / f"{visit.external_id}.json")
