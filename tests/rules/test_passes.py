from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.rules.ages import Ages
from portal.rules.passes import (
    OpenSession,
    PassTerms,
    Visit,
    Visitor,
    can_be_billed,
    can_visit,
    opens,
    pass_for,
    why_no_pass,
)
from tests.factories import NOW, TODAY
from tests.support.conditions import told

MILA, THEO, SWIM, DANCE = 1, 2, 10, 11
PASS = PassTerms("swim", None, None, TODAY, TODAY + timedelta(days=30), 4, paid=True)
VISIT = Visit(MILA, SWIM, TODAY)
SECOND = timedelta(seconds=1)
MILA_COMES = Visitor("Mila", None, going=False)
FIVE_TODAY = date(TODAY.year - 5, TODAY.month, TODAY.day)
SIX_AND_ELEVEN_MONTHS = date(TODAY.year - 7, TODAY.month, TODAY.day) + timedelta(days=1)


def why(terms: PassTerms, visit: Visit = VISIT, *, shared: bool = True) -> str:
    return told(opens(terms, visit, shared=shared))


def session(**changes: object) -> OpenSession:
    return replace(OpenSession(True, True, NOW + SECOND, 1, TODAY), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        (PASS, ""),
        (replace(PASS, member_id=THEO), "passes.other_member"),
        (replace(PASS, programme_id=DANCE), "passes.other_programme"),
        (replace(PASS, programme_id=SWIM, member_id=MILA), ""),
        (replace(PASS, entries_left=0), "passes.used_up"),
        (replace(PASS, entries_left=1), ""),
        (replace(PASS, entries_left=None), ""),
        (replace(PASS, paid=False), "passes.unpaid"),
        (replace(PASS, valid_until=TODAY), ""),
        (replace(PASS, valid_until=TODAY - timedelta(days=1)), "passes.expired"),
        (replace(PASS, valid_until=None), ""),
        (replace(PASS, valid_from=TODAY + timedelta(days=1)), "passes.not_yet"),
    ],
)
def test_each_pass_says_the_one_reason_it_does_not_open_a_session(terms: PassTerms, key: str) -> None:
    assert why(terms) == key


def test_where_passes_are_not_shared_a_family_pass_stays_with_who_used_it_first() -> None:
    assert why(replace(PASS, used_by=THEO), shared=False) == "passes.not_shared"
    assert why(replace(PASS, used_by=MILA), shared=False) == ""
    assert why(PASS, shared=False) == ""
    assert why(replace(PASS, used_by=THEO), shared=True) == ""


@pytest.mark.parametrize(("seconds", "key"), [(1, ""), (0, "drop_ins.started"), (-1, "drop_ins.started")])
def test_a_visit_can_be_booked_until_the_second_before_the_start(seconds: int, key: str) -> None:
    open_until = session(starts_at=NOW + timedelta(seconds=seconds))
    assert told(can_visit(open_until, MILA_COMES, NOW)) == key


@pytest.mark.parametrize(
    ("changes", "going", "key"),
    [
        ({"drop_in": False}, False, "drop_ins.not_a_drop_in"),
        ({"scheduled": False}, False, "drop_ins.called_off"),
        ({"free_places": 0}, True, "drop_ins.already_going"),
        ({"free_places": 0}, False, "drop_ins.full"),
    ],
)
def test_a_session_that_cannot_be_visited_says_why(changes: dict[str, object], going: bool, key: str) -> None:
    assert told(can_visit(session(**changes), replace(MILA_COMES, going=going), NOW)) == key


@pytest.mark.parametrize(
    ("born", "key"),
    [
        (FIVE_TODAY + timedelta(days=1), "drop_ins.too_young"),
        (FIVE_TODAY, ""),
        (SIX_AND_ELEVEN_MONTHS, ""),
        (SIX_AND_ELEVEN_MONTHS - timedelta(days=1), "drop_ins.too_old"),
        (None, ""),
    ],
)
def test_a_visit_is_for_who_is_of_the_age_on_that_day(born: date | None, key: str) -> None:
    five_and_six = session(ages=Ages(60, 83))
    assert told(can_visit(five_and_six, replace(MILA_COMES, birth_date=born), NOW)) == key


@pytest.mark.parametrize(
    ("price", "billed", "held"), [(900, True, True), (900, False, False), (None, True, False)]
)
def test_without_a_pass_a_visit_needs_a_price_and_a_programme_that_bills(
    price: int | None, billed: bool, held: bool
) -> None:
    assert can_be_billed(price, billed=billed)[0].held is held


def test_what_is_not_counted_is_used_first_then_what_ends_first() -> None:
    ends_soon = replace(PASS, id="soon", valid_until=date(2026, 3, 20))
    unlimited = replace(PASS, id="unlimited", entries_left=None, valid_until=None)
    used_up = replace(PASS, id="gone", entries_left=0, valid_until=TODAY)

    assert pass_for([PASS, ends_soon, unlimited, used_up], VISIT, shared=True) is unlimited
    assert pass_for([PASS, ends_soon, used_up], VISIT, shared=True) is ends_soon
    assert pass_for([used_up], VISIT, shared=True) is None


def test_the_reason_told_is_that_of_the_pass_that_comes_nearest() -> None:
    used_up, unpaid = replace(PASS, entries_left=0), replace(PASS, paid=False)
    nearest = why_no_pass([used_up, unpaid], VISIT, shared=True)

    assert nearest is not None
    assert nearest.message_key == "passes.unpaid"
    assert why_no_pass([], VISIT, shared=True) is None
