"""Putting a new row into the database."""

from sqlmodel import Session

from portal.models.base import Table


def store(db: Session, row: Table) -> int:
    """Write the row now, so that its constraints speak here and not at the commit; its id."""
    db.add(row)
    db.flush()
    row_id: int = row.id  # type: ignore[attr-defined]  # every table has one
    return row_id
