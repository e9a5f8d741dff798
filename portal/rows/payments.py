"""The payments page: what is to pay, what is on its way, what is paid, and one payment opened."""

from dataclasses import dataclass

from portal.rows.common import Chip, Face, Fact, LineItem, Link, Shown, TermStrip
from portal.rows.documents import DocumentRow
from portal.rows.online import PayOnline, Told
from portal.rows.transfers import BankTransfer


@dataclass(frozen=True)
class OpenedPayment:
    """One payment in full. `face` has no initial when it is the whole family's; then there is an `icon`."""

    id: str = ""
    face: Face = Face()
    icon: str = ""
    title: str = ""
    about: str = ""
    amount: str = ""
    chip: Chip = Chip()
    strip: TermStrip = TermStrip()
    words: str = ""
    online: PayOnline = PayOnline()
    transfer: BankTransfer = BankTransfer()
    facts: tuple[Fact, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    history: tuple[LineItem, ...] = ()


@dataclass(frozen=True)
class PaymentsView(Shown):
    """The whole page. `chosen`: the payment was asked for, so that a phone shows it alone."""

    lead: str = ""
    to_pay: tuple[LineItem, ...] = ()
    to_pay_total: str = ""
    told: Told = Told()
    pay_all: PayOnline = PayOnline()
    transfer_all: BankTransfer = BankTransfer()
    """Everything that is due in one transfer; without lines for a single payment."""
    later: tuple[LineItem, ...] = ()
    paid: tuple[LineItem, ...] = ()
    paid_count: str = ""
    show_all: Link = Link()
    void: tuple[LineItem, ...] = ()
    settled: str = ""
    """Nothing is to pay: what comes next."""
    empty_title: str = ""
    empty: str = ""
    """Why there is nothing at all."""
    note: str = ""
    opened: OpenedPayment = OpenedPayment()
    chosen: bool = False
