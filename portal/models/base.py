"""What every table shares: naming, ids, instants, the topics a change concerns."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from portal import changes
from portal.ids import new_public_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """The base of every table; its metadata is what the migrations compare with."""

    metadata = MetaData(naming_convention=NAMES)

    def topics(self) -> Iterable[str]:
        """Whom a change of this row concerns: the family it belongs to, else nobody."""
        family_id = getattr(self, "family_id", None)
        return () if family_id is None else (changes.family(family_id),)


class ProviderTable(Table):
    """The base of what every family sees: a change concerns everyone."""

    def topics(self) -> Iterable[str]:
        """Everyone."""
        return (changes.EVERYONE,)


class Instant(TypeDecorator[datetime]):
    """An aware instant; stored in UTC and read back aware, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: nobody knows which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def instant(**options: Any) -> Any:
    """A column that holds an instant."""
    return Field(sa_type=Instant, **options)


def public_id() -> Any:
    """The column a browser may see."""
    return Field(default_factory=new_public_id, unique=True, max_length=24)


def reference(column: str, **options: Any) -> Any:
    """A foreign key, indexed unless said otherwise."""
    options.setdefault("index", True)
    return Field(foreign_key=column, **options)


def optional_reference(column: str, **options: Any) -> Any:
    """A foreign key that may be empty."""
    return reference(column, default=None, **options)


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    """The column holds one of these words."""
    words = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} in ({words})", name=f"{column}_known")


def check(name: str, condition: str) -> CheckConstraint:
    """A condition that holds for every row, whatever the code does."""
    return CheckConstraint(condition, name=name)
