from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models import Table
from portal.models.banking import BankLine
from portal.models.bookings import LIVE, Booking, OfferStatus, Share, WaitingListEntry
from portal.models.commerce import Payment
from portal.models.people import AuditEntry, Family, FamilyRole, Guardian, Member
from portal.rules.conditions import Unmet
from portal.rules.erasure import WAIT
from portal.services import (
    bank_statements,
    erasure,
    families,
    logins,
    notify,
    preferences,
    shares,
    waiting_list,
    withdrawals,
)
from portal.services.facts.account import account_facts
from portal.services.families import NewGuardian
from portal.services.scene import set_scene
from tests.factories import NOW, Household, Otterbrook
from tests.support.being_told import called_off
from tests.support.statements import Paid, camt

DUE = NOW + WAIT
CANARY = "canarybird"


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    """A family whose holder asks; everything that names them holds the canary."""
    family_id = families.add_family(world.db, SYSTEM, CANARY, NOW, billing=(CANARY, CANARY))
    holder = NewGuardian(f"Nora {CANARY}", f"{CANARY}@families.example", phone=CANARY)
    guardian_id = families.add_guardian(world.db, SYSTEM, family_id, holder, NOW, FamilyRole.HOLDER)
    member_id = world.member(family_id, CANARY, CANARY, health_note=CANARY)
    return Household(family_id, guardian_id, holder.email, {"Mila": member_id})


def waits(world: Otterbrook, vale: Household) -> bool:
    return erasure.open_request(world.db, vale.guardian) is not None


def found(world: Otterbrook) -> set[str]:
    """The columns in which the canary still sings."""
    world.db.flush()
    return {
        f"{table.name}.{column}"
        for table in Table.metadata.sorted_tables
        for row in world.db.execute(table.select()).mappings()
        for column, value in row.items()
        if CANARY in str(value).casefold()
    }


def _long_ago(world: Otterbrook, vale: Household) -> int:
    """A booking whose sessions are all over: nothing of it is still to come."""
    begun = NOW - timedelta(weeks=12)
    course = world.course(starts_on=begun.date())
    return world.enrol(vale["Mila"], course, now=begun - timedelta(weeks=1)).booking_id


def test_nothing_is_erased_before_its_time_and_it_can_be_taken_back_until_then(
    world: Otterbrook, vale: Household
) -> None:
    erasure.ask(world.db, vale.guardian, NOW)
    assert erasure.erase_due(world.db, SYSTEM, DUE - timedelta(seconds=1)) == 0

    erasure.cancel(world.db, vale.guardian, DUE - timedelta(seconds=1))

    assert not waits(world, vale)
    assert erasure.erase_due(world.db, SYSTEM, DUE) == 0
    assert found(world) >= {"family.name", "guardian.email", "guardian.phone", "member.health_note"}


def test_when_its_time_has_come_it_cannot_be_taken_back(world: Otterbrook, vale: Household) -> None:
    erasure.ask(world.db, vale.guardian, NOW)

    with pytest.raises(NotFound):
        erasure.cancel(world.db, vale.guardian, DUE)


def test_after_it_no_table_knows_their_names_and_the_money_is_still_there(
    world: Otterbrook, vale: Household
) -> None:
    shares.share(world.db, SYSTEM, _long_ago(world, vale), "Ruth", "ruth@share.example", NOW)
    notify.tell_family(world.db, vale.family_id, called_off, NOW)
    preferences.prefer(world.db, vale.guardian, "payment_due", "email", False, NOW)
    logins.open_for_guardian(world.db, vale.guardian_id, CANARY, NOW)
    erasure.ask(world.db, vale.guardian, NOW)
    assert erasure.erase_due(world.db, SYSTEM, DUE) == 1
    world.db.expire_all()

    assert found(world) == set()
    assert world.db.exec(select(Share.email)).all() == [""]
    assert world.db.get_one(Family, vale.family_id).erased_at == DUE
    assert world.db.get_one(Member, vale["Mila"]).first_name == "Erased"
    assert world.db.get_one(Guardian, vale.guardian_id).email.endswith("@erased.invalid")
    assert world.db.exec(select(AuditEntry.action)).all()[-1] == "erasure.done"
    assert erasure.erase_due(world.db, SYSTEM, DUE) == 0


@pytest.mark.parametrize(
    ("planted", "where"),
    [
        ("update audit_entry set detail = 'for Canarybird'", "audit_entry.detail"),
        ("update member set health_note = 'canarybird has asthma'", "member.health_note"),
        (
            """update outbox_message set content = '[{"values": {"who": "canarybird"}}]'""",
            "outbox_message.content",
        ),
        ("update share set full_name = 'canarybird', revoked_at = null", "share.full_name"),
    ],
)
def test_the_search_finds_a_name_that_was_left(
    world: Otterbrook, vale: Household, planted: str, where: str
) -> None:
    """The control of the proof above: one leftover in one column of one row is found, and told by its place."""
    shares.share(world.db, SYSTEM, _long_ago(world, vale), "Ruth", "ruth@share.example", NOW)
    notify.tell_family(world.db, world.family("Okafor").family_id, called_off, NOW)
    erasure.ask(world.db, vale.guardian, NOW)
    erasure.erase_due(world.db, SYSTEM, DUE)
    assert found(world) == set()

    world.db.execute(text(planted))

    assert found(world) == {where}


def test_money_that_came_to_the_bank_stays_and_nobody_is_named_as_its_payer(
    world: Otterbrook, vale: Household
) -> None:
    due = world.order(vale.family_id, 6200)
    reference = world.db.get_one(Payment, due.payment_ids[0]).reference
    statement = bank_statements.read(world.db, camt(Paid(message=f"{reference} for {CANARY}", payer=CANARY)))
    assert bank_statements.bring_in(world.db, SYSTEM, statement, "march.xml", NOW).matched == 1
    erasure.ask(world.db, vale.guardian, NOW)
    erasure.erase_due(world.db, SYSTEM, DUE)
    world.db.expire_all()

    line = world.db.exec(select(BankLine)).one()
    assert (line.amount_minor, line.family_id) == (6200, vale.family_id)
    assert line.payer_name + line.payer_iban + line.symbol + line.message == ""
    again = bank_statements.bring_in(world.db, SYSTEM, statement, "march.xml", DUE)
    assert (again.known, again.new) == (1, 0)


def test_what_is_still_due_or_still_to_come_is_settled_first(world: Otterbrook, vale: Household) -> None:
    placed = world.order(vale.family_id, 6200)
    with pytest.raises(Unmet, match="owes"):
        erasure.ask(world.db, vale.guardian, NOW)
    assert placed

    world.enrol(vale["Mila"], world.course())
    world.db.execute(text("update payment set received_minor = amount_minor, status = 'paid'"))
    with pytest.raises(Unmet, match="still_coming"):
        erasure.ask(world.db, vale.guardian, NOW)
    assert not waits(world, vale)


def test_who_has_no_family_open_neither_sees_nor_takes_back_what_somebody_else_asked_for(
    world: Otterbrook, vale: Household
) -> None:
    sam = families.add_guardian(
        world.db, SYSTEM, vale.family_id, NewGuardian("Sam", "sam@families.example"), NOW
    )
    erasure.ask(world.db, Actor(ActorKind.GUARDIAN, guardian_id=sam, family_id=vale.family_id), NOW)
    ruth = families.known_guardian(world.db, SYSTEM, NewGuardian("Ruth", "ruth@share.example"), NOW)
    outsider = Actor(ActorKind.GUARDIAN, guardian_id=ruth)

    assert erasure.open_request(world.db, outsider) is None
    assert account_facts(world.db, set_scene(world.db, outsider, NOW)).erasure is None
    with pytest.raises(NotFound):
        erasure.cancel(world.db, outsider, NOW)


def test_it_is_asked_for_once(world: Otterbrook, vale: Household) -> None:
    erasure.ask(world.db, vale.guardian, NOW)

    with pytest.raises(Unmet, match="asked_already"):
        erasure.ask(world.db, vale.guardian, NOW)


def test_an_adult_who_does_not_hold_the_account_leaves_alone(world: Otterbrook, vale: Household) -> None:
    sam = families.add_guardian(
        world.db, SYSTEM, vale.family_id, NewGuardian("Sam Vale", "sam@vale.example"), NOW
    )
    erasure.ask(world.db, Actor(ActorKind.GUARDIAN, guardian_id=sam, family_id=vale.family_id), NOW)

    assert erasure.erase_due(world.db, SYSTEM, DUE) == 1
    world.db.expire_all()

    assert world.db.get_one(Guardian, sam).full_name == "Erased"
    assert world.db.get_one(Guardian, vale.guardian_id).email == vale.email
    assert world.db.get_one(Family, vale.family_id).erased_at is None


def test_who_holds_another_familys_account_does_not_leave_it_without_anybody(
    world: Otterbrook, vale: Household
) -> None:
    own = families.add_family(world.db, SYSTEM, "Own", NOW)
    sam = NewGuardian("Sam", "sam@x.example")
    sam_id = families.add_guardian(world.db, SYSTEM, own, sam, NOW, FamilyRole.HOLDER)
    families.add_guardian(world.db, SYSTEM, vale.family_id, sam, NOW)

    with pytest.raises(Unmet, match="holds_another"):
        erasure.ask(world.db, Actor(ActorKind.GUARDIAN, guardian_id=sam_id, family_id=vale.family_id), NOW)

    erasure.ask(world.db, Actor(ActorKind.GUARDIAN, guardian_id=sam_id, family_id=own), NOW)
    erasure.erase_due(world.db, SYSTEM, DUE)
    world.db.expire_all()
    assert world.db.get_one(Family, own).erased_at == DUE
    assert world.db.get_one(Guardian, sam_id).email == "sam@x.example"


def test_an_adult_of_two_families_stays_in_the_other(world: Otterbrook, vale: Household) -> None:
    other = world.family("Other")
    gran = families.add_guardian(world.db, SYSTEM, vale.family_id, NewGuardian("Gran", "gran@x.example"), NOW)
    families.add_guardian(world.db, SYSTEM, other.family_id, NewGuardian("Gran", "gran@x.example"), NOW)
    erasure.ask(world.db, vale.guardian, NOW)
    erasure.erase_due(world.db, SYSTEM, DUE)
    world.db.expire_all()

    assert world.db.get_one(Guardian, gran).email == "gran@x.example"
    actor = Actor(ActorKind.GUARDIAN, guardian_id=gran, family_id=other.family_id)
    assert erasure.open_request(world.db, actor) is None
    assert [one.guardian_id for one in notify.of_family(world.db, vale.family_id)] == []


def test_no_line_keeps_a_place_for_a_family_that_is_gone(world: Otterbrook, vale: Household) -> None:
    course, moss = world.course(capacity=1), world.family("Moss", "Ida", "Ben")
    there = world.enrol(moss["Ida"], course, now=NOW)
    waiting_list.join(world.db, SYSTEM, vale["Mila"], course, NOW)
    behind = waiting_list.join(world.db, SYSTEM, moss["Ben"], course, NOW)
    erasure.ask(world.db, vale.guardian, NOW)
    erasure.erase_due(world.db, SYSTEM, DUE)

    withdrawals.withdraw(world.db, SYSTEM, there.booking_id, "Moved away", DUE)

    world.db.expire_all()
    offered = select(WaitingListEntry.booking_id).where(WaitingListEntry.status == OfferStatus.OFFERED)
    assert world.db.exec(offered).all() == [behind]
    live = select(Booking).where(col(Booking.family_id) == vale.family_id, col(Booking.status).in_(LIVE))
    assert world.db.exec(live).all() == []


def test_only_the_house_erases(world: Otterbrook, vale: Household) -> None:
    with pytest.raises(NotAllowed):
        erasure.erase_due(world.db, vale.guardian, DUE)
