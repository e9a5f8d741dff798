"""Money: integer minor units and an ISO currency; shown in the provider's language."""

from babel.numbers import format_currency, get_currency_precision

MINUS = "\N{MINUS SIGN}"


def show(amount_minor: int, currency: str, locale: str = "en_GB") -> str:
    """`14800, "EUR"` as "€148.00"; negative amounts start with a true minus sign."""
    shown = format_currency(plain(abs(amount_minor), currency), currency, locale=locale)
    return f"{MINUS}{shown}" if amount_minor < 0 else shown


def decimals(currency: str) -> int:
    """How many digits of an amount in minor units are behind the point: 2 of the euro, 0 of the yen."""
    return int(get_currency_precision(currency))


def plain(amount_minor: int, currency: str) -> str:
    """`14800, "EUR"` as "148.00", as a bank's form wants it: made without floats, exact for any amount."""
    digits = decimals(currency)
    units = f"{abs(amount_minor):0{digits + 1}d}"
    number = f"{units[:-digits]}.{units[-digits:]}" if digits else units
    return f"-{number}" if amount_minor < 0 else number


def show_change(amount_minor: int, currency: str, locale: str = "en_GB") -> str:
    """A ledger's change, with its sign: "+€12.00" or "−€8.00"."""
    return ("+" if amount_minor > 0 else "") + show(amount_minor, currency, locale)
