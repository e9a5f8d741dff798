"""The orders page: how many are to pay and paid, the list, and one order opened."""

from dataclasses import dataclass

from portal.rows.cards import PassCard, Tile
from portal.rows.common import Chip, Fact, LineItem, Link, Shown
from portal.rows.documents import DocumentRow


@dataclass(frozen=True)
class OrderLine:
    """A line of the account: "Swim cap", "Small, for Mila", "€8.00". `look`: "item" or "sum"."""

    label: str = ""
    note: str = ""
    amount: str = ""
    look: str = ""


@dataclass(frozen=True)
class OpenedOrder:
    """One order in full: what was bought, what was taken off, and what was paid or is still to pay."""

    number: str = ""
    date: str = ""
    chip: Chip = Chip()
    lines: tuple[OrderLine, ...] = ()
    not_taken_off: tuple[str, ...] = ()
    """Discounts that were looked at and did not come off, each with its reason."""
    documents: tuple[DocumentRow, ...] = ()
    payments: tuple[LineItem, ...] = ()
    passes: tuple[PassCard, ...] = ()
    buyer: tuple[Fact, ...] = ()
    switch_buyer: str = ""
    """The order's id while another buyer can be named; empty afterwards, and then `buyer_note` says why."""
    buyer_note: str = ""


@dataclass(frozen=True)
class OrdersView(Shown):
    """The whole page. `chosen`: the order was asked for, so that a phone shows it alone."""

    tiles: tuple[Tile, ...] = ()
    to_pay: tuple[LineItem, ...] = ()
    later: tuple[LineItem, ...] = ()
    paid: tuple[LineItem, ...] = ()
    cancelled: tuple[LineItem, ...] = ()
    show_all: Link = Link()
    empty_title: str = ""
    empty: str = ""
    """Why there is nothing at all."""
    note: str = ""
    opened: OpenedOrder = OpenedOrder()
    chosen: bool = False
