"""The sheet of a visit, and a pass at the desk: what is shown before anything is pressed."""

import pytest

from portal.actor import SYSTEM
from portal.errors import PortalError
from portal.models.benefits import Pass
from portal.models.classes import Programme
from portal.rows.visits import VisitSheet
from portal.rules.conditions import Unmet
from portal.services import (
    check_in,
    visits,
)
from tests.factories import NOW, Otterbrook
from tests.support.places import public_id
from tests.support.pool import Pool, billed, key
from tests.support.queries import counted_queries


def test_the_sheet_begins_with_the_first_who_may_come(world: Otterbrook) -> None:
    pool = Pool(world)
    programme = public_id(world, Programme, pool.programme)
    assert pool.chosen(programme) == "Mila"
    pool.sells(entries=3, member_id=pool.vale["Theo"])
    assert pool.chosen(programme) == "Theo"


def look(pool: Pool, opened_from: str, member: str = "", session: str = "") -> VisitSheet:
    pool.world.db.flush()
    return visits.sheet(pool.world.db, pool.nora, opened_from, member, session, NOW)


def test_the_sheet_tells_what_a_choice_costs_before_it_is_made(pool: Pool) -> None:
    card = pool.sells(entries=3)
    seen = look(pool, card, pool.member("Theo"), pool.session(1))

    assert (seen.title, seen.by, seen.member) == ("Come to Open Swim", card, pool.member("Theo"))
    assert seen.button == "Book Thu 19 March, 16:30"
    assert seen.terms == (
        "One entry of Pool pass. 2 entries are left after it. Cancel in time and it comes back."
    )
    assert [member.name for member in seen.members] == ["Mila", "Theo"]


def test_what_the_sheet_refuses_the_click_refuses_for_the_same_reason(pool: Pool) -> None:
    card = pool.sells(entries=2)
    pool.books(card, "Mila")
    pool.books(card, "Theo")
    choices = [choice for day in look(pool, card).days for choice in day.choices]

    assert choices[1].reason == "There is a place for this visit already. You find it under Sessions."
    assert choices[2].reason == "Every entry of this pass has been used. Please ask us for a new one."
    for weeks, reason in ((1, "drop_ins.already_going"), (2, "passes.used_up")):
        with pytest.raises(Unmet) as refused:
            pool.books(card, "Mila", weeks)
        assert key(refused) == reason


def test_a_family_without_a_pass_is_told_so_once(pool: Pool) -> None:
    programme = public_id(pool.world, Programme, pool.programme)
    seen = look(pool, programme)

    assert seen.notice == "You need a pass for these sessions, and there is none yet. Please ask us for one."
    assert all(choice.reason for day in seen.days for choice in day.choices)


def test_a_choice_that_has_become_impossible_is_no_choice(pool: Pool) -> None:
    card = pool.sells(entries=1)
    pool.books(card)
    seen = look(pool, card, pool.member("Mila"), pool.session(1))

    assert (seen.session, seen.button) == ("", "")


def test_where_the_programme_bills_the_price_is_on_the_button(world: Otterbrook) -> None:
    pool = billed(world)
    seen = look(pool, public_id(world, Programme, pool.programme), session=pool.session(1))

    assert (seen.by, seen.button) == ("billed", "Book Thu 19 March, 16:30 for €9.00")
    assert seen.terms == "€9.00, to pay by 22 March. Cancel in time and it need not be paid."


def test_a_pass_of_one_member_is_chosen_for_nobody_else(pool: Pool) -> None:
    card = pool.sells(member_id=pool.vale["Theo"])
    seen = look(pool, card)

    assert (seen.member, seen.members) == (pool.member("Theo"), ())
    assert seen.why == "Choose when Theo comes."


def test_a_sheet_costs_as_many_queries_for_many_sessions_and_passes_as_for_few(pool: Pool) -> None:
    card = pool.sells()

    def cost() -> int:
        pool.world.db.flush()
        pool.world.db.expunge_all()
        pool.world.db.info.clear()
        with counted_queries() as sent:
            look(pool, card)
        return len(sent)

    few = cost()
    for _ in range(4):
        pool.sells()
        pool.world.course("Open Swim", pool.programme)
    assert cost() == few <= 8


def test_a_pass_is_shown_at_the_desk_as_a_code_that_names_it_alone(pool: Pool) -> None:
    card = pool.sells(entries=3)
    shown = check_in.show(pool.world.db, pool.nora, card, NOW)

    assert (shown.title, shown.left) == ("Pool pass", "3 entries left")
    assert shown.picture.startswith("<svg")
    pass_id = check_in.find(pool.world.db, SYSTEM, f" {card.upper()} ")
    assert public_id(pool.world, Pass, pass_id) == card
    with pytest.raises(PortalError):
        check_in.find(pool.world.db, pool.nora, card)
