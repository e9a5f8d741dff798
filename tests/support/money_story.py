"""Families owe and pay in every way there is; the provider, the bank and the gateway do what they may, in any order."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.models.banking import BankLine, BankLineStatus
from portal.models.benefits import CreditEntryKind
from portal.models.bookings import Attendance, AttendanceStatus
from portal.models.checkouts import Checkout
from portal.models.classes import ClassSession, PassRule, ProgrammeKind
from portal.models.commerce import ItemKind, Payment, PaymentEvent, PaymentEventKind, PaymentMethod
from portal.models.people import AuditEntry, Member
from portal.models.provider import ProviderSettings
from portal.rows.visits import VisitSheet
from portal.services import (
    attendance,
    checkout_ends,
    credit,
    drop_ins,
    ordering,
    payments_received,
)
from portal.services.credit import Cause
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import TODAY, Otterbrook
from tests.support import money_ledgers
from tests.support.bank_story import Bank
from tests.support.books import Books
from tests.support.online_story import AMOUNT, OWED, Online
from tests.support.story import WHICH, House

FAMILY = st.integers(0, 1)
BY_HAND = (PaymentMethod.CASH, PaymentMethod.BANK_TRANSFER)


def open_shop() -> House:
    """Made once and kept: two families that owe something already, and open sessions billed by the visit."""
    with db.unit_of_work() as session:
        world = Otterbrook(session, settings={"invoices": True})
        vale, bell = world.family("Vale", "Mila"), world.family("Bell", "Juno")
        pool = world.programme(
            kind=ProgrammeKind.DROP_IN, pass_rule=PassRule.BILLED, unit_price_minor=900, make_ups=False
        )
        weeks = {"starts_on": TODAY + timedelta(days=7), "ends_on": TODAY + timedelta(weeks=3)}
        open_swim = world.course("Open Swim", pool, **weeks)
        world.order(vale.family_id, 6200, 900, due=(TODAY, TODAY + timedelta(days=30)))
        world.order(bell.family_id, 900)
        return House((vale, bell), (open_swim,))


class Money(Online, Bank):
    """Orders and visits, credit, a gateway, a bank, and the provider's own hand."""

    def __init__(self) -> None:
        super().__init__()
        self.by_hand = 0
        """What came in otherwise than by the gateway and the bank."""

    @initialize(when_paid=st.booleans())
    def issues_invoices(self, when_paid: bool) -> None:
        """At once, or with the first money."""
        self.db.get_one(ProviderSettings, 1).invoice_when_paid = when_paid

    # What is owed

    @rule(family=FAMILY, amount=AMOUNT, times=st.integers(1, 3))
    def orders(self, family: int, amount: int, times: int) -> None:
        due = [DueDate(TODAY, TODAY + timedelta(days=30 * at)) for at in range(times)]
        new = NewOrder(self.families[family].family_id, [NewItem(ItemKind.GOODS, "Swim cap", amount)], due)
        self.act(ordering.place, SYSTEM, new, self.now)

    @rule(who=WHICH, at=WHICH)
    def comes_for_a_visit(self, who: int, at: int) -> None:
        home, member_id = self.member(who)
        session = self.one(ClassSession, at, col(ClassSession.starts_at) > self.now)
        if session is not None:
            member = self.db.get_one(Member, member_id).public_id
            seen = VisitSheet(member=member, session=session.public_id, by=drop_ins.BILLED, price_minor=900)
            self.act(drop_ins.book, home.guardian, seen, self.now)

    @rule(which=WHICH)
    def cannot_come(self, which: int) -> None:
        """In time: its bill is taken back, and nothing may refuse that."""
        going = self.one(Attendance, which, col(Attendance.status) == AttendanceStatus.GOING)
        if going is not None:
            self.act(attendance.cancel, self.guardian(going.family_id), going.id, self.now)
            assert not self.refused

    # Credit

    @rule(family=FAMILY, amount=AMOUNT, kind=st.sampled_from(["prepaid", "compensation"]))
    def is_given_credit(self, family: int, amount: int, kind: str) -> None:
        home = self.families[family].family_id
        self.act(credit.move, home, CreditEntryKind(kind), amount, Cause("Given"), self.now)
        self.by_hand += amount

    @rule(which=WHICH, amount=AMOUNT)
    def uses_credit(self, which: int, amount: int) -> None:
        asked = self.one(Payment, which, col(Payment.status).in_(OWED))
        if asked is not None:
            amount = min(amount, asked.amount_minor - asked.received_minor)
            actor = self.guardian(asked.family_id)
            self.act(payments_received.use_credit, actor, asked.id, amount, "Used", self.now)

    # By hand

    @rule(which=WHICH, amount=AMOUNT, method=st.sampled_from(BY_HAND))
    def pays_by_hand(self, which: int, amount: int, method: PaymentMethod) -> None:
        """Also what is settled: it becomes credit."""
        asked = self.one(Payment, which)
        if asked is not None:
            self.act(payments_received.receive, SYSTEM, asked.id, amount, method, self.now)
            self.by_hand += 0 if self.refused else amount

    @rule(which=WHICH)
    def announces(self, which: int) -> None:
        asked = self.one(Payment, which, col(Payment.status).in_(OWED))
        if asked is not None:
            self.act(payments_received.announce, self.guardian(asked.family_id), asked.id, self.now)

    # The clock

    @rule(minutes=st.sampled_from([10, 45, 3000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.act(checkout_ends.expire, SYSTEM, self.now)

    def look_at(self, books: Books) -> None:
        """The portal has what was handed in, less what was handed back: by hand, by the bank, at the gateway."""
        visits = books[Checkout]
        has = self.by_hand + sum(visit.received_minor - visit.refunded_minor for visit in visits)
        has += sum(
            int(note.detail.split()[0]) for note in books[AuditEntry] if note.action == money_ledgers.BEYOND
        )
        has += sum(one.amount_minor for one in books[BankLine] if one.status == BankLineStatus.MATCHED)
        for event in books[PaymentEvent]:
            if event.kind == PaymentEventKind.REFUNDED and event.method in BY_HAND:
                has -= event.amount_minor
        assert money_ledgers.worth(books) == has
