"""Money comes to the bank, with and without a word about what it is for; statements come again."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlmodel import col

from portal.actor import SYSTEM
from portal.models.banking import BankLine, BankLineStatus
from portal.models.commerce import Payment
from portal.models.people import Family
from portal.rules.bank_lines import BankEntry
from portal.rules.transfers import family_symbol, payment_symbol
from portal.services import bank_matching, bank_statements
from portal.services.bank_statements import CAMT, Statement
from tests.factories import TODAY
from tests.support.story import WHICH, Story

AMOUNT = st.sampled_from([900, 1, 450, 6200, 12000])


class Bank(Story):
    """Statements, and what a person makes of their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[Statement] = []

    @rule(
        which=WHICH,
        family=st.integers(0, 1),
        amount=AMOUNT,
        says=st.sampled_from(["payment", "family", "nothing"]),
    )
    def money_comes_to_the_bank(self, which: int, family: int, amount: int, says: str) -> None:
        """All of a payment, or any sum; with its reference, the family's, or none."""
        asked, family_id = self.one(Payment, which), self.families[family].family_id
        symbols = {
            "payment": payment_symbol(asked.reference) if asked else "",
            "family": family_symbol(family_id),
        }
        if asked is not None and which % 2:
            amount = max(1, asked.amount_minor - asked.received_minor)
        number = f"B{len(self.statements)}"
        entry = BankEntry(1, TODAY, amount, "EUR", symbol=symbols.get(says, ""), bank_id=number)
        self.statements.append(Statement(CAMT, (entry,), (), 0, "camt.053"))
        self.reads(self.statements[-1])

    @precondition(lambda self: self.statements)
    @rule(which=WHICH)
    def a_statement_comes_again(self, which: int) -> None:
        self.reads(self.statements[which % len(self.statements)], new=0)

    def reads(self, statement: Statement, *, new: int = 1) -> None:
        report = self.act(bank_statements.bring_in, SYSTEM, statement, "march.xml", self.now)
        assert report.new == new

    @rule(which=WHICH, to=WHICH, how=st.sampled_from(["payment", "family", "nobody"]))
    def a_person_decides(self, which: int, to: int, how: str) -> None:
        line = self.one(BankLine, which, col(BankLine.status) == BankLineStatus.WAITING)
        asked, family = self.one(Payment, to), self.one(Family, to)
        if line is None or asked is None or family is None:
            return
        if how == "payment":
            self.act(bank_matching.assign, SYSTEM, line.public_id, asked.public_id, self.now)
        elif how == "family":
            self.act(bank_matching.assign_to_family, SYSTEM, line.public_id, family.public_id, self.now)
        else:
            self.act(bank_matching.put_aside, SYSTEM, line.public_id, "Rent", self.now)

    @rule(which=WHICH)
    def a_match_is_taken_apart(self, which: int) -> None:
        line = self.one(BankLine, which, col(BankLine.status) == BankLineStatus.MATCHED)
        if line is not None:
            self.act(bank_matching.unmatch, SYSTEM, line.public_id, self.now)
