"""The sheet in which an order gets another buyer."""

from dataclasses import dataclass

from portal.rows.common import Shown


@dataclass(frozen=True)
class BuyerSheet(Shown):
    """What is filled in now."""

    order: str = ""
    why: str = ""
    name: str = ""
    address: str = ""
    company_id: str = ""
    vat_id: str = ""
