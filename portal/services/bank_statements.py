"""Importing bank statements: what is new in them is matched, all or nothing; the same one twice changes nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import get_date_format
from sqlalchemy import literal, or_, select
from sqlmodel import Session, col

from portal import money
from portal.actor import Actor
from portal.documents import bank_csv, camt, csv_in
from portal.documents.bank_csv import BadLine
from portal.documents.camt import BadEntry
from portal.models.banking import BankLine, BankLineStatus
from portal.models.commerce import Payment
from portal.rules.bank_lines import BankEntry, identities
from portal.rules.bank_matching import Decision, decide
from portal.services import bank_matching, provider
from portal.services.authority import provider_only
from portal.services.bank_evidence import Books, note, read_books, same_again
from portal.services.turns import take_turns

Progress = Callable[[int, int], None]
CSV, CAMT = "csv", "camt"
LEAST_COLUMNS = 2
"""So many columns have to be known in the line that names them."""


@dataclass(frozen=True)
class Statement:
    """What a file says: the money that came in, the lines that cannot be read, how many lines are something else."""

    source: str
    entries: tuple[BankEntry, ...]
    errors: tuple[tuple[int, str], ...]
    others: int
    about: str


@dataclass(frozen=True)
class Waits:
    """A line for a person: where it stands, what came from whom, and why it waits."""

    line: int
    words: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What an import did, or would do; nothing when there are errors."""

    new: int
    matched: int
    known: int
    waiting: tuple[Waits, ...]
    errors: tuple[tuple[int, str], ...]


def read(db: Session, data: bytes, encoding: str = "") -> Statement:
    """The statement in these bytes, camt.053 or CSV, whichever it is."""
    settings = provider.get(db)
    if camt.looks_like_xml(data):
        return _read_camt(data)
    month_first = get_date_format("short", locale=settings.locale).pattern.lower().startswith("m")
    sheet = csv_in.read(data, bank_csv.is_known, encoding, LEAST_COLUMNS)
    entries, errors, others = [], [], 0
    for line, found in bank_csv.entries(sheet, settings.currency, month_first=month_first):
        if isinstance(found, BadLine):
            errors.append((line.number, str(found)))
        elif found is None:
            others += 1
        else:
            entries.append(found)
    return Statement(CSV, tuple(entries), tuple(errors), others, f"CSV in {sheet.encoding}")


def bring_in(
    db: Session,
    actor: Actor,
    statement: Statement,
    file_name: str,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """All that is new in it, or nothing when a line is bad or it is a dry run; `progress` hears done, all."""
    provider_only(actor)
    if statement.errors:
        return Report(0, 0, 0, (), statement.errors)
    take_turns(db, "bank statements")
    tried = db.begin_nested()
    report = _Import(db, statement, file_name, now).run(progress or (lambda _done, _of: None))
    if dry_run:
        tried.rollback()
    else:
        tried.commit()
    return report


class _Import:
    """One run over a statement."""

    def __init__(self, db: Session, statement: Statement, file_name: str, now: datetime) -> None:
        self.db, self.statement, self.now = db, statement, now
        self.file_name = file_name[:200]
        self.currency = provider.get(db).currency
        self.waiting: list[Waits] = []
        self.counts: Counter[str] = Counter()

    def run(self, progress: Progress) -> Report:
        """Line by line, each seeing what the ones before it have paid."""
        found = list(identities(self.statement.entries))
        known, books = same_again(self.db, found), read_books(self.db)
        for done, (identity, entry) in enumerate(found, start=1):
            if identity in known:
                self.counts["known"] += 1
            else:
                known.add(identity)
                self._take_in(identity, entry, books)
            progress(done, len(found))
        counts = self.counts
        return Report(counts["new"], counts["matched"], counts["known"], tuple(self.waiting), ())

    def _take_in(self, identity: str, entry: BankEntry, books: Books) -> None:
        decision = self._doubt(entry) or decide(entry, books.evidence(entry), self.currency)
        line = self._line(identity, entry)
        self.db.add(line)
        self.db.flush()
        self.counts["new"] += 1
        for payment_id in bank_matching.follow(self.db, line, decision, self.now):
            note(books, self.db.get_one(Payment, payment_id))
        if line.status == BankLineStatus.MATCHED:
            self.counts["matched"] += 1
            if entry.payer_iban and line.family_id is not None:
                books.by_account[entry.payer_iban].add(line.family_id)
        else:
            self.waiting.append(Waits(entry.line, _words(entry), line.reason))

    def _doubt(self, entry: BankEntry) -> Decision | None:
        """The same money in a statement of the other kind has another identity; a person says which it is."""
        same = select(col(BankLine.id)).where(
            col(BankLine.source) != self.statement.source,
            col(BankLine.booked_on) == entry.booked_on,
            col(BankLine.amount_minor) == entry.amount_minor,
            col(BankLine.currency) == entry.currency,
            or_(col(BankLine.payer_iban).in_(("", entry.payer_iban)), literal(not entry.payer_iban)),
        )
        if self.db.execute(same.limit(1)).scalar() is None:
            return None
        return Decision(reason="The same day and amount came in a statement of the other kind already.")

    def _line(self, identity: str, entry: BankEntry) -> BankLine:
        return BankLine(
            identity=identity,
            source=self.statement.source,
            file_name=self.file_name,
            file_line=entry.line,
            booked_on=entry.booked_on,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            payer_name=entry.payer_name,
            payer_iban=entry.payer_iban,
            symbol=entry.symbol,
            message=entry.message,
            imported_at=self.now,
        )


def _read_camt(data: bytes) -> Statement:
    """A bad entry of a statement is told alone: the file is the bank's, and nobody mends it by hand."""
    try:
        entries: Sequence[BankEntry] = camt.read(data)
    except BadEntry as bad:
        return Statement(
            CAMT, (), ((int(str(bad.values["line"])), str(bad.values["reason"])),), 0, "camt.053"
        )
    return Statement(CAMT, tuple(entries), (), 0, "camt.053")


def _words(entry: BankEntry) -> str:
    """ "12 March 2026, 62.00 EUR from Nora Vale, “ballet”"."""
    amount = f"{money.plain(entry.amount_minor, entry.currency)} {entry.currency}"
    payer = f" from {entry.payer_name or entry.payer_iban}" if entry.payer_name or entry.payer_iban else ""
    said = f", “{entry.message[:60]}”" if entry.message else ""
    return f"{entry.booked_on.isoformat()}, {amount}{payer}{said}"
