"""Everything the portal holds about a family and the guardian who asks, as it is held."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, Table, false, or_, select
from sqlmodel import Session

from portal.actor import Actor
from portal.documents.csv_out import sheet
from portal.models import Table as Model
from portal.services import audit
from portal.services.consent_card import guardian_of

SECRETS = frozenset({"token_hash", "code_hash", "link_hash", "browser_hash", "address_hash", "lease"})
SECRET_OF = frozenset({("email_change", "old_code_hash"), ("email_change", "new_code_hash")})
"""Keys, not data: who has them could sign in."""
LOOKED_UP = {
    "class_session": "session_id",
    "course": "course_id",
    "programme": "programme_id",
    "place": "place_id",
    "consent_version": "consent_version_id",
}
"""The provider's own tables that the family's rows point at: without them a booking has no name."""
_ONES_OWN = ("login_session", "outbox_message")
"""Of an adult, not of the family: the other parent's browsers and letters are theirs."""
README = """What the portal holds about you and your family, made {made}.

data.json has every table in one file; the CSV files are the same, one table each, for a spreadsheet.
A column that ends in _id points at the row with that id in another table. Amounts are in minor units (cents),
times in UTC. Left out: keys that would let somebody sign in as you.
"""


@dataclass(frozen=True)
class Held:
    """One table's rows that concern who asks."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def export(db: Session, actor: Actor, now: datetime) -> bytes:
    """A ZIP of JSON and CSV: the open family's data and the guardian's own. That it was made is written down."""
    held = list(_held(db, actor))
    audit.note(db, actor, actor.family_id, "data.exported", "", now)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(made=f"{now:%Y-%m-%d %H:%M} UTC"))
        archive.writestr("data.json", json.dumps(_as_json(held), ensure_ascii=False, indent=1))
        for one in held:
            archive.writestr(f"{one.table}.csv", sheet(one.columns, one.rows))
    return file.getvalue()


def _held(db: Session, actor: Actor) -> Iterator[Held]:
    """Table by table, from the metadata itself: a table that is added is exported."""
    pointed: dict[str, set[int]] = {name: set() for name in LOOKED_UP}
    for table in Model.metadata.sorted_tables:
        mine = concerns(table, actor)
        if mine is None:
            continue
        found = _rows(db, table, mine)
        _follow(found, pointed)
        yield found
    yield from _looked_up(db, pointed)


def _looked_up(db: Session, pointed: dict[str, set[int]]) -> Iterator[Held]:
    """What the rows point at, in the order in which those point on: sessions, courses, programmes, places."""
    for name in LOOKED_UP:
        table = Model.metadata.tables[name]
        found = _rows(db, table, table.c.id.in_(sorted(pointed[name])))
        _follow(found, pointed)
        yield found


def _follow(found: Held, pointed: dict[str, set[int]]) -> None:
    """Add the rows of the provider's tables that these rows point at."""
    for name, column in LOOKED_UP.items():
        if column in found.columns:
            at = found.columns.index(column)
            pointed[name].update(row[at] for row in found.rows if row[at] is not None)


def concerns(table: Table, actor: Actor) -> ColumnElement[bool] | None:
    """Which rows are about the family or the guardian; None for tables about nobody."""
    guardian_id, family_id = guardian_of(actor), actor.family_id
    if table.name == "guardian":
        return table.c.id == guardian_id
    if table.name == "family":
        return table.c.id == family_id if family_id is not None else false()
    if table.name in _ONES_OWN:
        return table.c.guardian_id == guardian_id
    about = []
    if "family_id" in table.c and family_id is not None:
        about.append(table.c.family_id == family_id)
    if "guardian_id" in table.c:
        about.append(table.c.guardian_id == guardian_id)
    return or_(*about) if about else None


def _rows(db: Session, table: Table, mine: ColumnElement[bool]) -> Held:
    columns = [column for column in table.c if not _is_key(table.name, column.name, column.type)]
    query: Select[Any] = select(*columns).where(mine).order_by(table.c.id)
    rows = tuple(tuple(_said(value) for value in row) for row in db.execute(query))
    return Held(table.name, tuple(column.name for column in columns), rows)


def _is_key(table: str, column: str, kind: object) -> bool:
    return column in SECRETS or (table, column) in SECRET_OF or isinstance(kind, LargeBinary)


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _as_json(held: list[Held]) -> dict[str, list[dict[str, Any]]]:
    return {one.table: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in held}
