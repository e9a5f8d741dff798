"""Money: integer minor units and an ISO currency; shown in the provider's language."""

from babel.numbers import format_currency, get_currency_precision

MINUS = "\N{MINUS SIGN}"


def show(amount_minor: int, currency: str, locale: str = "en_GB") -> str:
    """`14800, "EUR"` as "€148.00"; negative amounts start with a true minus sign."""
    digits = get_currency_precision(currency)
    # Whole minor units to a decimal string without floats: exact for any amount.
    units = f"{abs(amount_minor):0{digits + 1}d}"
    number = f"{units[:-digits]}.{units[-digits:]}" if digits else units
    shown = format_currency(number, currency, locale=locale)
    return f"{MINUS}{shown}" if amount_minor < 0 else shown


def show_change(amount_minor: int, currency: str, locale: str = "en_GB") -> str:
    """A ledger's change, with its sign: "+€12.00" or "−€8.00"."""
    return ("+" if amount_minor > 0 else "") + show(amount_minor, currency, locale)
