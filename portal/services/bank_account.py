"""The account that families transfer money to."""

from portal.models.provider import ProviderSettings
from portal.rules import transfers
from portal.rules.transfers import Transfer


def takes_transfers(provider: ProviderSettings) -> bool:
    """The provider has switched transfers on and said to which account."""
    return provider.bank_transfer and bool(provider.iban)


def transfer_to(
    provider: ProviderSettings, amount_minor: int, currency: str, reference: str, symbol: str, message: str
) -> Transfer:
    """A transfer of this amount; the `symbol` is left out where the country's banks know none."""
    return Transfer(
        holder=provider.account_holder or provider.legal_name or provider.name,
        iban=transfers.compact(provider.iban),
        bic=provider.bic,
        amount_minor=amount_minor,
        currency=currency,
        reference=reference,
        variable_symbol=symbol if transfers.has_variable_symbols(provider.country) else "",
        message=message,
    )
