from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.pricing import ORDER, Line, Offer, OfferKind, Receipt, price, prorated

TODAY = date(2026, 3, 12)
CLASS = Line(10000, member_id=1, is_class=True, sibling=True, returning=True)


def offer(kind: OfferKind, number: int = 1, **more: object) -> Offer:
    given_off = {} if "amount_minor" in more else {"percent_basis_points": 1000}
    return Offer(number, kind, kind.title(), "EUR", TODAY, **{**given_off, **more})  # type: ignore[arg-type]


GRANTED, VOUCHER = offer(OfferKind.GRANTED), offer(OfferKind.VOUCHER)
SIBLING, LOYALTY = offer(OfferKind.SIBLING, automatic=True), offer(OfferKind.LOYALTY, automatic=True)


def receipt(*lines: Line, vouchers: tuple[Offer, ...] = ()) -> Receipt:
    return price(lines, vouchers, "EUR", TODAY)


def reasons(of: Receipt) -> list[str]:
    return [step.reason.removeprefix("pricing.") for step in of.refused]


@st.composite
def offers(draw: st.DrawFn, kinds: tuple[OfferKind, ...]) -> Offer:
    percent = draw(st.none() | st.integers(0, 10000))
    return Offer(
        id=draw(st.integers(1, 5)),
        kind=draw(st.sampled_from(kinds)),
        label="Off",
        currency=draw(st.sampled_from(("EUR", "CZK"))),
        valid_from=TODAY + timedelta(draw(st.integers(-1, 1))),
        valid_until=draw(st.none() | st.just(TODAY) | st.just(TODAY - timedelta(1))),
        percent_basis_points=percent,
        amount_minor=draw(st.integers(0, 20000)) if percent is None else None,
        uses_left=draw(st.none() | st.integers(0, 2)),
        member_id=draw(st.none() | st.integers(1, 2)),
        automatic=draw(st.booleans()),
    )


@st.composite
def bought(draw: st.DrawFn) -> Line:
    sessions = draw(st.integers(1, 40))
    return Line(
        unit_minor=draw(st.integers(0, 10**6)),
        quantity=draw(st.integers(1, 4)),
        member_id=draw(st.none() | st.integers(1, 2)),
        is_class=draw(st.booleans()),
        is_credit=draw(st.booleans()),
        sessions_left=draw(st.integers(0, sessions)),
        sessions_all=sessions,
        sibling=draw(st.booleans()),
        returning=draw(st.booleans()),
        offers=tuple(draw(st.lists(offers(ORDER[:3]), max_size=4))),
    )


@settings(max_examples=40)
@given(st.lists(bought(), min_size=1, max_size=5), st.lists(offers(ORDER[3:]), max_size=3))
def test_every_cent_is_explained_and_nothing_is_negative(lines: list[Line], vouchers: list[Offer]) -> None:
    made = price(lines, vouchers, "EUR", TODAY)
    before = sum(line.price_minor for line in made.lines)
    steps = [step for line in made.lines for step in line.steps] + list(made.steps)
    assert made.total_minor == before - sum(step.off_minor for step in steps)
    assert 0 <= made.total_minor <= before
    assert all(line.left_minor >= 0 for line in made.lines)
    assert all(bool(step.reason) != bool(step.off_minor) for step in steps)


@settings(max_examples=40)
@given(st.lists(bought(), min_size=1, max_size=5), st.lists(offers(ORDER[3:]), max_size=3))
def test_each_discount_looks_at_what_the_ones_before_it_left(
    lines: list[Line], vouchers: list[Offer]
) -> None:
    made = price(lines, vouchers, "EUR", TODAY)
    for line in made.lines:
        for at, step in enumerate(line.steps):
            assert step.before_minor == line.price_minor - sum(one.off_minor for one in line.steps[:at])
    assert all(
        [ORDER.index(step.offer.kind) for step in line.steps]
        == sorted(ORDER.index(offer.kind) for offer in line.line.offers)
        for line in made.lines
    )


@settings(max_examples=40)
@given(bought(), st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_discounts_are_named(line: Line, random: object) -> None:
    unlike = tuple(
        {(one.kind, one.percent_basis_points is None, one.id): one for one in line.offers}.values()
    )
    named = list(unlike)
    random.shuffle(named)  # type: ignore[attr-defined]
    assert receipt(replace(line, offers=unlike)).lines[0].steps == (
        receipt(replace(line, offers=tuple(named))).lines[0].steps
    )


@settings(max_examples=40)
@given(st.integers(0, 10**7), st.integers(1, 60))
def test_the_price_of_fewer_sessions_is_never_more(unit: int, sessions: int) -> None:
    prices = [prorated(unit, left, sessions) for left in range(sessions + 1)]
    assert prices == sorted(prices)
    assert (prices[0], prices[-1]) == (0, unit)
    assert all(abs(2 * one * sessions - 2 * unit * left) <= sessions for left, one in enumerate(prices))


def test_sibling_loyalty_granted_and_the_voucher_last() -> None:
    line = replace(CLASS, offers=(GRANTED, LOYALTY, SIBLING))
    made = receipt(line, vouchers=(VOUCHER,))
    assert [step.off_minor for step in made.lines[0].steps] == [1000, 900, 810]
    assert [(step.before_minor, step.off_minor) for step in made.steps] == [(7290, 729)]
    assert made.total_minor == 6561


def test_a_percentage_comes_before_an_amount() -> None:
    amount = offer(OfferKind.GRANTED, 1, amount_minor=1500)
    made = receipt(replace(CLASS, offers=(amount, offer(OfferKind.GRANTED, 2))))
    assert [step.off_minor for step in made.lines[0].steps] == [1000, 1500]


@pytest.mark.parametrize(
    ("line", "refused", "reason"),
    [
        (CLASS, replace(GRANTED, valid_from=TODAY + timedelta(1)), "not_yet"),
        (
            CLASS,
            replace(GRANTED, valid_from=TODAY - timedelta(9), valid_until=TODAY - timedelta(1)),
            "expired",
        ),
        (CLASS, replace(GRANTED, uses_left=0), "used_up"),
        (CLASS, replace(offer(OfferKind.GRANTED, amount_minor=500), currency="CZK"), "other_currency"),
        (CLASS, replace(GRANTED, member_id=2), "other_member"),
        (replace(CLASS, is_class=False), SIBLING, "classes_only"),
        (replace(CLASS, sibling=False), SIBLING, "no_sibling"),
        (replace(CLASS, returning=False), LOYALTY, "first_course"),
        (replace(CLASS, is_credit=True), GRANTED, "credit_is_worth_itself"),
        (replace(CLASS, unit_minor=0), GRANTED, "nothing_left"),
    ],
)
def test_a_discount_that_is_not_taken_off_says_why(line: Line, refused: Offer, reason: str) -> None:
    made = receipt(replace(line, offers=(refused,)))
    assert reasons(made) == [reason]
    assert made.total_minor == line.unit_minor


def test_a_discount_that_somebody_named_does_not_ask_for_its_rule() -> None:
    line = replace(CLASS, is_class=False, sibling=False, offers=(replace(SIBLING, automatic=False),))
    assert receipt(line).total_minor == 9000


def test_a_discount_for_one_use_is_taken_off_one_line() -> None:
    once = replace(GRANTED, uses_left=1)
    made = receipt(replace(CLASS, offers=(once,)), replace(CLASS, offers=(once,)))
    assert (made.total_minor, reasons(made)) == (19000, ["used_up"])


def test_what_found_nothing_left_can_be_used_another_time() -> None:
    once = offer(OfferKind.GRANTED, 3, amount_minor=500, uses_left=1)
    made = receipt(replace(CLASS, unit_minor=0, offers=(once,)), replace(CLASS, offers=(once,)))
    assert (made.total_minor, reasons(made)) == (9500, ["nothing_left"])


def test_a_voucher_makes_no_credit_out_of_nothing() -> None:
    made = receipt(replace(CLASS, is_credit=True), vouchers=(VOUCHER,))
    assert (made.total_minor, reasons(made)) == (10000, ["nothing_left"])


def test_more_sessions_to_come_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="sessions"):
        prorated(100, 9, 8)
