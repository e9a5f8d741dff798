"""What the database knows that could tell what a bank line is for. Loaded once for a whole statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from portal.models.banking import BankLine, BankLineStatus
from portal.models.commerce import Order, OrderStatus, Payment, PaymentStatus
from portal.models.people import Family, FamilyGuardian, Guardian
from portal.rules import transfers
from portal.rules.bank_lines import BankEntry, Said, plain, references, symbols
from portal.rules.bank_matching import Candidate, Evidence
from portal.services import provider

OPEN = frozenset({PaymentStatus.UNPAID, PaymentStatus.PROCESSING})


@dataclass
class Books:
    """Everything by what a line may say. `payments` change while a statement is worked off: look at them anew."""

    payments: dict[int, Candidate] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_symbol: dict[str, int] = field(default_factory=dict)
    by_order: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    families: dict[str, int] = field(default_factory=dict)
    by_account: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def evidence(self, entry: BankEntry) -> Evidence:
        """What is found for one line."""
        said, numbers = references(entry), symbols(entry)
        named = {id_ for one in said for id_ in self._payments_named(one)}
        named |= {self.by_symbol[one] for one in numbers if one in self.by_symbol}
        families = {
            self.families[key] for one in said if (key := f"{one.letters}{one.number}") in self.families
        }
        families |= {self.families[one] for one in numbers if one in self.families}
        orders = {id_ for one in said if one.part is None for id_ in self.by_order.get(_order(one), ())}
        return Evidence(
            named=self._candidates(named),
            ordered=[one for one in self._candidates(orders) if one.open_minor],
            families=families,
            by_account=self.by_account.get(entry.payer_iban, set()) if entry.payer_iban else set(),
            by_name=self.by_name.get(_words(entry.payer_name), set()) if entry.payer_name else set(),
            same_amount=[
                one
                for one in self.payments.values()
                if one.open_minor == entry.amount_minor and one.currency == entry.currency
            ],
        )

    def _payments_named(self, said: Said) -> list[int]:
        """With its dash one payment; without, whichever of its digits may be the part."""
        if said.part is not None:
            keys = [f"{said.letters}{said.number}-{said.part}"]
        else:
            digits = str(said.number)
            keys = [f"{said.letters}{digits[:-at]}-{int(digits[-at:])}" for at in (1, 2) if len(digits) > at]
        return [self.by_reference[key] for key in keys if key in self.by_reference]

    def _candidates(self, ids: set[int]) -> list[Candidate]:
        return [self.payments[id_] for id_ in sorted(ids)]


def read_books(db: Session) -> Books:
    """So many queries whatever the statement."""
    # What is open is locked before any receipt takes its number. Whoever receives money elsewhere has locked
    # its payment before asking for a number too, so nobody waits in a circle.
    still_open = select(col(Payment.id)).where(col(Payment.status).in_(OPEN)).order_by(col(Payment.id))
    db.execute(still_open.with_for_update()).all()
    books, prefix = Books(), provider.get(db).order_prefix
    rows = db.execute(
        select(Payment, col(Order.number), col(Order.status)).join(
            Order, col(Order.id) == col(Payment.order_id)
        )
    )
    for payment, number, status in rows:
        _take_in(books, payment, number, stands=status == OrderStatus.STANDING)
    for family_id in db.execute(select(col(Family.id)).where(col(Family.erased_at).is_(None))).scalars():
        books.families[transfers.family_reference(prefix, family_id)] = family_id
        books.families[transfers.family_symbol(family_id)] = family_id
    _take_in_payers(db, books)
    return books


def note(books: Books, payment: Payment) -> None:
    """The payment as it is after money came or went."""
    known = books.payments[payment.id or 0]
    books.payments[known.id] = _candidate(payment, stands=True)


def _take_in(books: Books, payment: Payment, order_number: str, *, stands: bool) -> None:
    found = _candidate(payment, stands=stands)
    books.payments[found.id] = found
    books.by_reference[payment.reference] = found.id
    symbol = transfers.payment_symbol(payment.reference)
    if symbol:
        books.by_symbol[symbol] = found.id
    books.by_order[order_number.replace("-", "")].append(found.id)


def _take_in_payers(db: Session, books: Books) -> None:
    """Names of guardians and buyers, and accounts that were matched before."""
    guardians = select(col(FamilyGuardian.family_id), col(Guardian.full_name)).join(
        Guardian, col(Guardian.id) == col(FamilyGuardian.guardian_id)
    )
    buyers = select(col(Family.id), col(Family.billing_name)).where(col(Family.erased_at).is_(None))
    for family_id, name in [*db.execute(guardians).all(), *db.execute(buyers).all()]:
        if name:
            books.by_name[_words(name)].add(family_id)
    accounts = select(col(BankLine.payer_iban), col(BankLine.family_id)).where(
        col(BankLine.status) == BankLineStatus.MATCHED,
        col(BankLine.family_id).is_not(None),
        col(BankLine.payer_iban) != "",
    )
    for iban, family_id in db.execute(accounts.distinct()):
        books.by_account[iban].add(family_id)


def _candidate(payment: Payment, *, stands: bool) -> Candidate:
    still = max(0, payment.amount_minor - payment.received_minor)
    return Candidate(
        id=payment.id or 0,
        family_id=payment.family_id,
        order_id=payment.order_id,
        open_minor=still if payment.status in OPEN and stands else 0,
        currency=payment.currency,
        due_on=payment.due_on,
    )


def _order(said: Said) -> str:
    return f"{said.letters}{said.number}"


def _words(name: str) -> str:
    """The same for "Nora Vale", "VALE NORA" and "Vale, Nóra"."""
    return " ".join(sorted(plain(name).replace("/", " ").replace(":", " ").split()))


def same_again(db: Session, found: Sequence[tuple[str, BankEntry]]) -> set[str]:
    """The identities among these that were imported before."""
    known: set[str] = set()
    for at in range(0, len(found), 500):
        some = [identity for identity, _ in found[at : at + 500]]
        query = select(col(BankLine.identity)).where(col(BankLine.identity).in_(some))
        known |= set(db.execute(query).scalars())
    return known
