"""The sheet in which an order gets another buyer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BuyerSheet:
    """What is filled in now."""

    order: str = ""
    why: str = ""
    name: str = ""
    address: str = ""
    company_id: str = ""
    vat_id: str = ""
