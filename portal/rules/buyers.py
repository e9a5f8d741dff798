"""Who an order is invoiced to, and until when that may be changed."""

from dataclasses import dataclass

from portal.rules.conditions import Condition


@dataclass(frozen=True)
class Buyer:
    """A person or a company, as it stands on an invoice."""

    name: str = ""
    address: str = ""
    company_id: str = ""
    vat_id: str = ""

    def tidied(self) -> "Buyer":
        """Each in one line, without blanks around it and without control characters."""
        return Buyer(*map(_one_line, (self.name, self.address, self.company_id, self.vat_id)))


def can_switch(*, stands: bool, invoiced: bool) -> list[Condition]:
    """What must hold before another buyer is asked for: what is issued is never changed."""
    return [
        Condition("buyer.order_cancelled", stands),
        Condition("buyer.invoiced", not invoiced),
    ]


def is_named(buyer: Buyer) -> list[Condition]:
    """An invoice is to somebody."""
    return [Condition("buyer.no_name", bool(buyer.name))]


def _one_line(said: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())
