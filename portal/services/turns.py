"""Taking turns: what is counted before it is added to is counted by one at a time."""

import hashlib

from sqlalchemy import text
from sqlmodel import Session


def take_turns(db: Session, *names: str) -> None:
    """Wait until no other transaction holds any of these names; they are free again when this one ends.

    SQLite lets one transaction write at a time, so there the turn is ours already.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    for number in sorted(
        {_number(name) for name in names}
    ):  # one order for everybody: nobody waits in a circle
        db.execute(text("select pg_advisory_xact_lock(:number)"), {"number": number})


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
