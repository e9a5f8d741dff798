"""The provider's settings: one row, read by everybody, changed by the provider alone."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portal.actor import Actor
from portal.errors import PortalError
from portal.models.benefits import CreditEntry
from portal.models.provider import Holiday, ProviderSettings
from portal.services.authority import provider_only

_SITE = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_SET_BY_THE_HOUSE = {"id", "updated_at"}


class NotSetUp(PortalError):
    """The provider has not been set up yet."""

    message_key = "provider.not_set_up"


class UnknownSetting(PortalError):
    """There is no such setting."""

    message_key = "provider.unknown_setting"


class BadSetting(PortalError):
    """A value that its setting cannot have; `name` and `why` say which."""

    message_key = "provider.bad_setting"


class BadBrandColor(PortalError):
    """A brand colour is written #rrggbb."""

    message_key = "provider.bad_brand_color"


class UnknownZone(PortalError):
    """Not an IANA time zone, such as Europe/Bratislava."""

    message_key = "provider.unknown_zone"


class CreditInThisCurrency(PortalError):
    """Families hold credit, which would be as much in another currency overnight."""

    message_key = "provider.credit_in_this_currency"


def is_set_up(db: Session) -> bool:
    """A provider is there."""
    return db.get(ProviderSettings, 1) is not None


def get(db: Session) -> ProviderSettings:
    """The provider's settings; the services' own, never handed to a page."""
    found = db.get(ProviderSettings, 1)
    if found is None:
        raise NotSetUp
    return found


def zone(db: Session) -> ZoneInfo:
    """The provider's time zone."""
    return ZoneInfo(get(db).timezone)


def today(db: Session, now: datetime) -> date:
    """The provider's calendar day."""
    return now.astimezone(zone(db)).date()


def days_off(db: Session) -> frozenset[date]:
    """The provider's holidays."""
    return frozenset(db.execute(select(col(Holiday.day))).scalars())


def save(db: Session, actor: Actor, changes: dict[str, object], now: datetime) -> None:
    """Set what `changes` names and leave the rest; the first save, with the names, makes the row."""
    provider_only(actor)
    unknown = sorted(set(changes) - (set(ProviderSettings.model_fields) - _SET_BY_THE_HOUSE))
    if unknown:
        raise UnknownSetting(names=", ".join(unknown))
    _check(changes)
    settings = db.get(ProviderSettings, 1)
    if settings is not None and changes.get("currency", settings.currency) != settings.currency:
        _refuse_while_there_is_credit(db)
    if settings is None:
        settings = ProviderSettings.model_validate({"updated_at": now, **changes})
    else:
        settings.sqlmodel_update({"updated_at": now, **changes})
    db.add(settings)
    db.flush()


def save_words(db: Session, actor: Actor, words: Mapping[str, str], now: datetime) -> None:
    """The same for values as somebody typed them: each becomes of its setting's kind, or is refused."""
    provider_only(actor)
    there = db.get(ProviderSettings, 1)
    held = there.model_dump() if there else {}
    try:
        read = ProviderSettings.model_validate({**held, "updated_at": now, **words})
        save(db, actor, {name: getattr(read, name, value) for name, value in words.items()}, now)
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        raise BadSetting(name=fault["loc"][0], why=fault["msg"]) from None
    except IntegrityError as error:
        raise BadSetting(
            name=", ".join(words), why=f"not possible ({str(error.orig).splitlines()[0]})"
        ) from None


def _refuse_while_there_is_credit(db: Session) -> None:
    held = select(func.sum(col(CreditEntry.change_minor)))
    if db.execute(held).scalar():
        raise CreditInThisCurrency


def _check(changes: dict[str, object]) -> None:
    color, name = changes.get("brand_color"), changes.get("timezone")
    if color is not None and not _COLOR.fullmatch(str(color)):
        raise BadBrandColor(color=color)
    if name is not None and name not in available_timezones():
        raise UnknownZone(zone=name)
    if str(changes.get("currency", "EUR")) not in list_currencies():
        raise BadSetting(name="currency", why="not a currency, such as EUR")
    if not all(map(_SITE.fullmatch, str(changes.get("allowed_sites", "")).split())):
        raise BadSetting(name="allowed_sites", why="not sites such as https://www.school.example")
    try:
        Locale.parse(str(changes.get("locale", "en_GB")))
    except (UnknownLocaleError, ValueError):
        raise BadSetting(name="locale", why="not a language and country, such as en_GB") from None
