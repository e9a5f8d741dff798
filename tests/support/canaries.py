"""Looking for what must not be seen again: in what was logged, and in every table."""

from collections.abc import Iterable, Mapping

from sqlalchemy import inspect, text

from portal import db

LOG = "the log"


def places(logged: str) -> dict[str, str]:
    """All there is to search, by name. A row is printed as a tuple: as a Row its long values would be cut short."""
    with db.engine().connect() as connection:
        rows = {
            name: connection.execute(text(f'select * from "{name}"')).all()
            for name in inspect(connection).get_table_names()
        }
    return {LOG: logged, **{name: str([tuple(row) for row in found]) for name, found in rows.items()}}


def found(canaries: Iterable[str], where: Mapping[str, str]) -> set[str]:
    """The places that hold one of them."""
    sought = list(canaries)
    assert all(sought), "an empty canary is found everywhere"
    return {name for name, content in where.items() if any(one in content for one in sought)}
