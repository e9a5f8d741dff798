"""How to pay by bank transfer: one payment, or everything that is due under the family's own reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal import money
from portal.documents import payment_codes, qr
from portal.models.commerce import PaymentMethod
from portal.rows.transfers import BankTransfer, CopyLine
from portal.rules import transfers
from portal.rules.payments import SETTLED, PaymentState
from portal.rules.transfers import Transfer
from portal.services import payment_words as words
from portal.services.bank_account import takes_transfers, transfer_to
from portal.services.facts.payments import PaymentFact
from portal.services.scene import Scene
from portal.words import listed

SCAN = "Scan this in your banking app, or copy the details. Transfers take 1 to 2 working days."
ALONE, BESIDE = "Pay by bank transfer", "Or pay by bank transfer"
ANNOUNCED = "If you have not sent it yet"
COPY = "Copy the details into your banking app. Transfers take 1 to 2 working days."


def of_payment(scene: Scene, fact: PaymentFact, *, beside: bool = False) -> BankTransfer:
    """Nothing when there is nothing to pay, it comes another way already, or the provider takes no transfers.

    `beside` another way to pay.
    """
    wanted = fact.state not in SETTLED and fact.open_minor and not _comes_another_way(fact)
    if not wanted or not takes_transfers(scene.provider):
        return BankTransfer()
    name = words.face(scene, fact.member_id).name
    symbol = transfers.payment_symbol(fact.reference)
    said = ", ".join(part for part in (fact.label, name) if part)
    to = transfer_to(scene.provider, fact.open_minor, fact.currency, fact.reference, symbol, said)
    announced = fact.state is PaymentState.PROCESSING
    title = ANNOUNCED if announced else BESIDE if beside else ALONE
    return replace(_told(scene, to), title=title)


def _comes_another_way(fact: PaymentFact) -> bool:
    """On its way from a payment page: whoever transferred it too would pay twice."""
    return fact.state is PaymentState.PROCESSING and fact.method != PaymentMethod.BANK_TRANSFER


def of_everything_due(scene: Scene, facts: Sequence[PaymentFact]) -> BankTransfer:
    """All that is due or overdue of the family's own, in one transfer; nothing for a single payment."""
    family_id, currency = scene.actor.family_id, scene.provider.currency
    due = [
        fact for fact in facts if fact.to_pay and fact.family_id == family_id and fact.currency == currency
    ]
    if family_id is None or len(due) < 2 or not takes_transfers(scene.provider):
        return BankTransfer()
    reference = transfers.family_reference(scene.provider.order_prefix, family_id)
    symbol, said = transfers.family_symbol(family_id), listed([fact.reference for fact in due])
    total = sum(fact.open_minor for fact in due)
    return _told(scene, transfer_to(scene.provider, total, currency, reference, symbol, said))


def _told(scene: Scene, transfer: Transfer) -> BankTransfer:
    standard = transfers.code_standard(scene.provider.country, transfer.currency)
    picture = qr.svg(payment_codes.code(standard, transfer)) if standard else ""
    return BankTransfer(
        words=SCAN if picture else COPY,
        lines=tuple(_lines(scene, transfer)),
        picture=picture,
        label="QR code with the transfer details",
    )


def _lines(scene: Scene, transfer: Transfer) -> Iterator[CopyLine]:
    """In the order of a bank's form."""
    amount = money.plain(transfer.amount_minor, transfer.currency)
    yield _line("Account holder", transfer.holder)
    yield _line("IBAN", transfers.grouped(transfer.iban), transfer.iban)
    if transfer.bic:
        yield _line("BIC", transfer.bic)
    yield _line("Amount", scene.money(transfer.amount_minor, transfer.currency), amount)
    if transfer.variable_symbol:
        yield _line("Variable symbol", transfer.variable_symbol)
    yield _line("Reference", transfer.reference)
    yield _line("Message", transfer.message)


def _line(label: str, value: str, copied: str = "") -> CopyLine:
    named = label if label.isupper() else label.lower()
    return CopyLine(label, value, copied or value, f"Copy {named}", f"{label} copied")
