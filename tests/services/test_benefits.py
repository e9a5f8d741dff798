from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlmodel import Session

from portal import db
from portal.actor import SYSTEM, Actor, ActorKind
from portal.models.benefits import CreditEntryKind, PassKind
from portal.models.discounts import DiscountKind
from portal.rows.benefits import BenefitsView
from portal.rules.passes import Visit
from portal.services import attendance, benefits, credit, discounts, passes, shares
from portal.services.credit import Cause
from portal.services.discounts import NewDiscount
from portal.services.families import NewGuardian, known_guardian
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.make_ups import book as book_make_up
from tests.support.queries import counted_queries

LATER = date(2026, 6, 30)


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def look(house: Otterbrook, actor: Actor, now: datetime = NOW, **asked: str) -> BenefitsView:
    house.db.info.clear()
    return benefits.read(house.db, actor, now, asked)


def cancelled(house: Otterbrook, vale: Household, name: str = "Mila", weeks: int = 1, course: int = 0) -> int:
    """A session cancelled well in time; the id of the make-up it gives."""
    course = course or house.course("Little Waves 2", house.programme(make_ups=True))
    booked = house.enrol(vale[name], course)
    made = attendance.cancel(
        house.db, vale.guardian, booked.on(TODAY + timedelta(weeks=weeks)).attendance_id, NOW
    )
    assert made is not None
    return made


def test_a_make_up_to_book_says_what_it_replaces_and_by_when(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    cancelled(house, vale)

    (waiting,) = look(house, vale.guardian).make_ups.waiting

    assert waiting.nudge.title == "Mila has a make-up to use"
    assert waiting.nudge.words == (
        "It replaces Thu 19 March. Book it by 18 May. Mila is in every session to come already."
    )
    assert (waiting.nudge.asks, waiting.nudge.press) == ("wait", "Tell me when a place opens")
    assert waiting.history[0].title == "Given for Thu 19 March, 16:30"
    assert waiting.history[0].href.startswith("/bookings/")


def test_a_booked_make_up_says_when_where_and_instead_of_what(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo")
    programme = house.programme(make_ups=True)
    made = cancelled(house, vale, course=house.course("Little Waves 2", programme))
    other = house.course("Little Waves 3", programme, weekday=5)
    book_make_up(house, vale.guardian, made, house.session_on(other, date(2026, 3, 21)), NOW)

    view = look(house, vale.guardian)
    (row,) = view.make_ups.rows

    assert not view.make_ups.waiting
    assert row.title == "Little Waves 3"
    assert row.words.startswith("Mila, 21 March at 16:30, Harbour Pool")
    assert row.words.endswith("Instead of Thu 19 March")
    assert [chip.word for chip in row.chips] == ["Make-up booked"]
    assert [line.title for line in row.history] == [
        "Given for Thu 19 March, 16:30",
        "Booked for Sat 21 March, 16:30",
    ]


def test_a_make_up_that_nobody_booked_is_expired_the_day_after_and_says_by_when(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    cancelled(house, vale)

    (row,) = look(house, vale.guardian, NOW + timedelta(days=70)).make_ups.rows

    assert row.words == "Mila, for 19 March. Not used by 18 May"
    assert row.day.off


def test_the_jump_links_count_what_can_be_used_now_for_each_choice(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo")
    cancelled(house, vale)
    shared = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, LATER, 10)
    passes.sell(house.db, SYSTEM, shared, "", NOW)
    theos = NewPass(
        vale.family_id, PassKind.PERMANENT, "Studio practice", TODAY, LATER, member_id=vale["Theo"]
    )
    passes.sell(house.db, SYSTEM, theos, "", NOW)

    everyone, mila, theo = look(house, vale.guardian).jumps

    assert [item.count for item in everyone.links] == ["1", "2", "€0.00", "0"]
    assert [item.count for item in mila.links] == ["1", "1", "€0.00", "0"]
    assert [item.count for item in theo.links] == ["0", "2", "€0.00", "0"]


def test_two_members_at_one_session_are_one_line_of_the_pass(house: Otterbrook) -> None:
    vale = house.family("Vale", "Theo", "Juno")
    course = house.course("Open Swim", house.programme("Open Swim"))
    coming = {name: house.enrol(vale[name], course).on(TODAY + timedelta(weeks=1)) for name in vale.members}
    pass_id = passes.sell(
        house.db, SYSTEM, NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, LATER, 10), "", NOW
    )
    for name, one in coming.items():
        passes.use(house.db, pass_id, Visit(vale[name], 1, TODAY), one.attendance_id, "", NOW)

    (kept,) = look(house, vale.guardian).passes.open

    assert (kept.card.left, kept.card.words) == ("8", "entries left until 30 June 2026")
    assert kept.card.about == "10 entries, shared by the family"
    assert sum(hole.used for hole in kept.card.holes) == 2
    assert kept.count == "2 of 10"
    assert kept.history[0].title == "Thu 19 March, 16:30"
    assert kept.history[0].words.startswith("Theo and Juno, Harbour Pool")
    assert kept.history[0].amount == "2"
    assert kept.history[1].title == "Bought"


def test_an_expired_pass_says_what_was_left_and_an_unlimited_one_until_when(house: Otterbrook) -> None:
    vale = house.family("Vale", "Juno")
    past = date(2025, 12, 31)
    gym = NewPass(
        vale.family_id, PassKind.PUNCH_CARD, "Toddler gym", date(2025, 1, 1), past, 5, member_id=vale["Juno"]
    )
    passes.sell(house.db, SYSTEM, gym, "", NOW)
    studio = NewPass(
        vale.family_id, PassKind.PERMANENT, "Studio practice", TODAY, LATER, member_id=vale["Juno"]
    )
    passes.sell(house.db, SYSTEM, studio, "", NOW)

    rows = {row.title: row for row in look(house, vale.guardian).passes.rows}

    assert rows["Toddler gym, 5 entries"].words == "Juno, 5 entries were left on 31 December 2025"
    assert rows["Studio practice"].words == "Juno, unlimited until 30 June 2026"


def test_the_ledger_gives_the_balance_after_each_line_and_leads_to_its_cause(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    course = house.course("Little Waves 2")
    booked = house.enrol(vale["Mila"], course)
    next_week = booked.on(TODAY + timedelta(weeks=1))
    attendance.call_off(house.db, SYSTEM, next_week.session_id, "Pool closed", NOW, credit_minor=1200)
    placed = house.order(vale.family_id, 6200)
    used = Cause("Used for a swim cap", order_id=placed.order_id)
    credit.move(house.db, vale.family_id, CreditEntryKind.USED, -800, used, NOW)

    part = look(house, vale.guardian).credit
    newest, first = part.lines

    assert part.balance == "€4.00"
    assert (newest.amount, newest.after) == ("−€8.00", "€4.00 left")
    assert newest.href.startswith("/orders/")
    assert (first.title, first.amount, first.after) == ("Pool closed", "+€12.00", "€12.00")
    assert first.meta == ("12 March, Mila’s Little Waves 2",)
    assert first.href.startswith("/bookings/")


def test_a_family_without_credit_is_told_how_it_comes_about(house: Otterbrook) -> None:
    part = look(house, house.family("Vale", "Mila").guardian).credit

    assert part.balance == "€0.00"
    assert not part.lines
    assert "the money waits here" in part.words


def test_a_discount_says_what_it_is_worth_and_whose_it_is(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila")
    sibling = NewDiscount(
        vale.family_id, DiscountKind.SIBLING, "Sibling discount", TODAY, LATER, percent_basis_points=1000
    )
    discounts.grant(house.db, SYSTEM, sibling, NOW)
    welcome = NewDiscount(
        vale.family_id,
        DiscountKind.VOUCHER,
        "Welcome",
        date(2025, 9, 1),
        date(2025, 12, 31),
        amount_minor=1500,
        member_id=vale["Mila"],
    )
    discounts.grant(house.db, SYSTEM, welcome, NOW)

    rows = {row.title: row for row in look(house, vale.guardian).discounts.rows}

    assert [chip.word for chip in rows["Sibling discount, 10%"].chips] == ["Available", "Whole family"]
    assert rows["Sibling discount, 10%"].member == ""
    assert rows["Welcome, €15.00"].words == "Mila, ended on 31 December 2025"
    assert rows["Welcome, €15.00"].member


def test_a_choice_that_has_none_says_so_by_name_and_how_one_comes_about(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo")
    cancelled(house, vale)

    (nothing,) = look(house, vale.guardian).make_ups.nothing

    assert nothing.title == "Theo has no make-ups"
    assert "cancel a class in time" in nothing.words


def test_another_family_sees_nothing_of_it(house: Otterbrook) -> None:
    vale, other = house.family("Vale", "Mila"), house.family("Moss", "Ida")
    cancelled(house, vale)
    passes.sell(
        house.db, SYSTEM, NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, LATER, 10), "", NOW
    )
    credit.move(house.db, vale.family_id, CreditEntryKind.PREPAID, 2000, Cause("Paid in advance"), NOW)

    view = look(house, other.guardian)

    found = (view.make_ups.waiting, view.make_ups.rows, view.passes.open, view.credit.lines)
    assert not any(found)
    assert view.credit.balance == "€0.00"


def test_an_adult_with_only_a_share_sees_the_shared_bookings_make_up_and_no_money(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo")
    course = house.course("Little Waves 2", house.programme(make_ups=True))
    booked = house.enrol(vale["Mila"], course)
    attendance.cancel(house.db, vale.guardian, booked.on(TODAY + timedelta(weeks=1)).attendance_id, NOW)
    cancelled(house, vale, "Theo")
    credit.move(house.db, vale.family_id, CreditEntryKind.PREPAID, 2000, Cause("Paid in advance"), NOW)
    shares.share(house.db, vale.guardian, booked.booking_id, "Ruth Bell", "ruth@bell.example", NOW)
    ruth_id = known_guardian(house.db, SYSTEM, NewGuardian("Ruth Bell", "ruth@bell.example"), NOW)

    view = look(house, Actor(ActorKind.GUARDIAN, guardian_id=ruth_id))

    assert view.shares_only
    assert [one.nudge.title for one in view.make_ups.waiting] == ["Mila has a make-up to use"]
    assert view.credit.balance == "€0.00"


def test_a_long_list_is_cut_short_for_each_member_and_shown_whole_when_asked(house: Otterbrook) -> None:
    vale = house.family("Vale", "Mila", "Theo")
    for number in range(9):
        old = NewPass(
            vale.family_id,
            PassKind.ENTRY,
            f"Pass {number}",
            date(2025, 1, 1),
            date(2025, 6, 1),
            5,
            vale["Mila"],
        )
        passes.sell(house.db, SYSTEM, old, "", NOW)
    theos = NewPass(
        vale.family_id, PassKind.ENTRY, "Theo’s", date(2024, 1, 1), date(2024, 6, 1), 5, vale["Theo"]
    )
    passes.sell(house.db, SYSTEM, theos, "", NOW)

    short = look(house, vale.guardian).passes
    whole = look(house, vale.guardian, all="1").passes

    assert len(short.rows) == benefits.SHOWN + 1, "Theo's only pass is there although Mila's come first"
    assert short.more.label == "Show all 10 passes"
    assert len(whole.rows) == 10
    assert not whole.more.href


@pytest.mark.parametrize("size", [1, 6])
def test_the_page_costs_six_queries_however_much_there_is(house: Otterbrook, size: int) -> None:
    vale = house.family("Vale", "Mila")
    names = count(1)
    for _ in range(size):
        cancelled(house, vale, course=house.course(f"Course {next(names)}", house.programme(make_ups=True)))
        sold = NewPass(vale.family_id, PassKind.ENTRY, "Open Swim pass", TODAY, LATER, 10)
        passes.sell(house.db, SYSTEM, sold, "", NOW)
        credit.move(house.db, vale.family_id, CreditEntryKind.PREPAID, 100, Cause("Paid in advance"), NOW)
    house.db.commit()

    with counted_queries() as sent, Session(db.engine()) as session:
        benefits.read(session, vale.guardian, NOW)

    assert len(sent) == 6
