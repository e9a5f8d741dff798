"""The provider's brand, as the document and the logo's address need it; no actor: everybody sees it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from portal import routes
from portal.models.provider import ProviderSettings


@dataclass(frozen=True)
class Brand:
    """One colour in, every role out (assets/tokens.css)."""

    name: str
    short_name: str
    color: str
    allowed_sites: tuple[str, ...]
    """Origins that may embed the portal."""
    locale: str = "en"
    """What the provider speaks; a guardian may choose another language for their messages."""


def brand(db: Session) -> Brand:
    """One query."""
    found = db.execute(
        select(
            col(ProviderSettings.name),
            col(ProviderSettings.short_name),
            col(ProviderSettings.brand_color),
            col(ProviderSettings.allowed_sites),
            col(ProviderSettings.locale),
        ).where(col(ProviderSettings.id) == 1)
    ).one_or_none()
    if found is None:
        return Brand("Family Portal", "Family Portal", "#0e6e6e", ())
    name, short_name, color, sites, locale = found
    return Brand(name, short_name, color, tuple(sites.split()), locale)


def logo(db: Session) -> tuple[bytes, str] | None:
    """The logo's bytes and media type, if the provider has set one."""
    found = db.execute(select(col(ProviderSettings.logo), col(ProviderSettings.logo_type))).one_or_none()
    return (found[0], found[1]) if found and found[0] else None


def logo_address(provider: ProviderSettings) -> str:
    """Where the provider's own logo is served, empty for the built-in mark; a new logo has a new address."""
    return f"{routes.BRAND_LOGO}?v={provider.updated_at:%Y%m%d%H%M%S}" if provider.logo_type else ""
