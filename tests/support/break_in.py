"""What a break-in needs: whose data is sought, who tries, every door of the house, and what was written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

from pydantic import TypeAdapter, ValidationError
from reflex_base.registry import RegistrationContext
from sqlalchemy import Connection, MetaData, Table, select
from sqlmodel import Session, col

from portal import clock, db
from portal.models.access import LoginSession
from portal.models.bookings import Share
from portal.models.people import Guardian, Staff
from portal.services import logins
from portal.state.guard import event_rule
from tests.support.portal_server import PortalServer
from tests.support.proofs import rounds
from tests.support.windows import Window, open_window

MONEY = ("order", "payment", "invoice", "pass", "discount")
_VALUES: tuple[Any, ...] = (
    "all",
    "email",
    True,
    1,
    30,
    "privacy.1",
    "",
    {"email": "thief@demo.example", "can": "act"},
    {"email": "another@demo.example"},
    "payment_due",
)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Victim:
    """The family whose data is sought; `ids` are what a thief may have picked up and now names."""

    secrets: frozenset[str]
    money: frozenset[str]
    """The part of the secrets that somebody with a share must not see either."""
    ids: tuple[str, ...]
    paths: tuple[str, ...]


def victim(email: str = "nora@demo.example") -> Victim:
    """Read from whatever tables there are, so that a new kind of row is a secret by itself."""
    with db.engine().connect() as connection:
        tables = _tables(connection)
        guardian, link = tables["guardian"], tables["family_guardian"]
        of_family = select(link.c.family_id).join(guardian, guardian.c.id == link.c.guardian_id)
        family_id = connection.scalars(of_family.where(guardian.c.email == email)).one()
        found = {
            name: list(connection.scalars(select(table.c.public_id).where(table.c.family_id == family_id)))
            for name, table in tables.items()
            if {"family_id", "public_id"} <= set(table.c.keys())
        }
        ids = tuple(found[name][0] for name in ("booking", "order", "payment", "member"))
        ids += _to_cancel_and_to_take_again(connection, tables["attendance"], family_id)
        ids += (*_to_use_and_to_enrol(connection, tables, family_id), _to_book(connection, tables, family_id))
    booking, order, payment, *_ = ids
    everything = {email, *(one for of_table in found.values() for one in of_table)} - set(ids)
    return Victim(
        secrets=frozenset(everything),
        money=frozenset(everything.intersection(*([one for name in MONEY for one in found[name]],))),
        ids=ids,
        paths=("/", f"/bookings/{booking}", f"/orders/{order}", f"/payments?open={payment}"),
    )


def _to_cancel_and_to_take_again(
    connection: Connection, attendance: Table, family_id: int
) -> tuple[str, str]:
    """The newest attendance that is still going, and the newest one that a guardian cancelled."""
    of_family = select(attendance.c.public_id).where(attendance.c.family_id == family_id)
    newest = of_family.order_by(attendance.c.session_id.desc())
    going = connection.scalars(newest.where(attendance.c.status == "going")).first()
    cancelled = newest.where(attendance.c.status == "cancelled", attendance.c.decided_by == "guardian")
    return str(going), str(connection.scalars(cancelled).first())


def _to_use_and_to_enrol(
    connection: Connection, tables: Mapping[str, Table], family_id: int
) -> tuple[str, str]:
    """A pass with entries left, and a trial with an open offer."""
    card, booking, offer = tables["pass"], tables["booking"], tables["trial_offer"]
    usable = select(card.c.public_id).where(card.c.family_id == family_id, card.c.entries_left > 1)
    tried = select(booking.c.public_id).join(offer, offer.c.booking_id == booking.c.id)
    open_offers = tried.where(booking.c.family_id == family_id, offer.c.status == "offered")
    return str(connection.scalars(usable).first()), str(connection.scalars(open_offers).first())


def _to_book(connection: Connection, tables: Mapping[str, Table], family_id: int) -> str:
    """A make-up that can be booked."""
    make_up = tables["make_up"]
    of_family = select(make_up.c.public_id).where(make_up.c.family_id == family_id)
    return str(connection.scalars(of_family.where(make_up.c.status == "available")).first())


@dataclass(frozen=True)
class House:
    """A running portal whose database is opened here too, and the family whose data is sought."""

    server: PortalServer
    redis_url: str | None
    victim: Victim

    def open(self, login: str = "", token: str | None = None, **more: Any) -> Window:
        """A window of this portal."""
        return open_window(self.server.url, login, token, **more)


def doors() -> dict[str, list[dict[str, Any]]]:
    """Every registered handler by its full name, with arguments that fit its schema, in several ways."""
    names = [name for name in RegistrationContext.get().event_handlers if "portal___" in name]
    return {name: list(_payloads(name)) for name in sorted(names)}


def knocks(victim: Victim) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every handler with every payload: from every page where the page is all it goes by, else from each in turn."""
    pages = cycle(victim.paths)
    for name, payloads in doors().items():
        for payload in with_ids(payloads, victim.ids):
            for _ in range(rounds(1, len(victim.paths)) if payload else len(victim.paths)):
                yield name, payload, next(pages)


def with_ids(payloads: list[dict[str, Any]], ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """The same, and with each of these ids in the place of every text."""
    stolen = [
        {key: one if isinstance(value, str) else value for key, value in payload.items()}
        for payload in payloads
        for one in ids
        if any(isinstance(value, str) for value in payload.values())
    ]
    return [*payloads, *stolen]


def sign_in(email: str) -> str:
    """A fresh login of a guardian or of staff, made in the database; its cookie."""
    now = clock.now()
    with db.unit_of_work() as session:
        guardian_id = session.execute(select(col(Guardian.id)).where(col(Guardian.email) == email)).scalar()
        if guardian_id is not None:
            return logins.open_for_guardian(session, guardian_id, "", now)
        staff_id = session.execute(select(col(Staff.id)).where(col(Staff.email) == email)).scalar_one()
        return logins.open_for_staff(session, staff_id, "", now)


def sign_out(login: str) -> None:
    """End a login, in another process than the server's."""
    with db.unit_of_work() as session:
        logins.end(session, login, clock.now())


def let_expire(login: str) -> None:
    """Move a login's end into the past."""
    with db.unit_of_work() as session:
        found = session.execute(_login(login)).scalar_one()
        found.expires_at = clock.now() - timedelta(seconds=1)
        session.add(found)


def revoke_shares(email: str) -> None:
    """Take back everything that is shared with this guardian."""
    with db.unit_of_work() as session:
        guardian_id = session.execute(
            select(col(Guardian.id)).where(col(Guardian.email) == email)
        ).scalar_one()
        for share in session.execute(select(Share).where(col(Share.guardian_id) == guardian_id)).scalars():
            share.revoked_at = clock.now()
            session.add(share)


def let_shares_end(email: str) -> None:
    """Everything that is shared with this guardian was so until a second ago."""
    with db.unit_of_work() as session:
        of = select(Share).join(Guardian, col(Guardian.id) == col(Share.guardian_id))
        for share in session.execute(of.where(col(Guardian.email) == email)).scalars():
            share.until = clock.now() - timedelta(seconds=1)
            session.add(share)


def give_back_shares() -> None:
    """Undo that, and that they may act."""
    with db.unit_of_work() as session:
        for share in session.execute(select(Share)).scalars():
            share.revoked_at = share.until = None
            share.can_act = False
            session.add(share)


def rows(of_others_than: str = "") -> set[tuple[str, Row]]:
    """Every row of the database, but for what belongs to the login with this cookie and to its guardian."""
    with db.engine().connect() as connection:
        login, guardian_id = _own(connection, of_others_than)
        return {
            (name, tuple(row))
            for name, table in _tables(connection).items()
            # Of a letter the outbox's row tells whose it is; the demo's inbox only shows it.
            if name != "demo_mail"
            for row in connection.execute(select(table))
            if not (name == "login_session" and row.id == login)
            and not (name == "guardian" and row.id == guardian_id)
            and not (guardian_id is not None and getattr(row, "guardian_id", None) == guardian_id)
        }


def _own(connection: Connection, login: str) -> tuple[int | None, int | None]:
    if not login:
        return None, None
    with Session(connection) as session:
        found = session.execute(_login(login)).scalar()
        return (found.id, found.guardian_id) if found else (None, None)


def _login(login: str) -> Any:
    return select(LoginSession).where(col(LoginSession.token_hash) == logins.token_hash(login))


def _tables(connection: Connection) -> Mapping[str, Table]:
    found = MetaData()
    found.reflect(connection)
    return found.tables


def _payloads(name: str) -> Iterator[dict[str, Any]]:
    rule = event_rule(name)
    arguments = rule.arguments if rule else {}
    fitting = {key: _fitting(kind) for key, kind in arguments.items()}
    for key, values in fitting.items():
        assert values, f"no known value fits {name}({key}); add one, so that this door is tried too"
    for at in range(max((len(values) for values in fitting.values()), default=1)):
        yield {key: values[at % len(values)] for key, values in fitting.items()}


def _fitting(kind: TypeAdapter[Any]) -> list[Any]:
    """What we know of that fits; for a form that none of it does, one filled in by its schema."""
    known = [one for one in _VALUES if _fits(kind, one)]
    schema = kind.json_schema()
    filled_in = _filled_in(schema, schema.get("$defs", {}))
    return known or [one for one in (filled_in,) if _fits(kind, one)]


def _filled_in(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The plainest value of a JSON schema."""
    if "$ref" in schema:
        return _filled_in(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema:
        return _filled_in(schema["anyOf"][0], definitions)
    fields = {name: _filled_in(field, definitions) for name, field in schema.get("properties", {}).items()}
    plainest = {"object": fields, "string": "x", "integer": 1, "number": 1, "boolean": True, "array": []}
    return plainest.get(schema.get("type", ""))


def _fits(kind: TypeAdapter[Any], value: Any) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True
