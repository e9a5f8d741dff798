"""A booking's page through a share, and for who has none: what is seen, and what is not there."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.models.bookings import Share
from portal.models.commerce import ItemKind
from portal.services import (
    ordering,
    shares,
)
from portal.services.new_orders import DueDate, NewItem, NewOrder
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.dashboards import detail, milas, order_of, page
from tests.support.stories import shared_with_ruth


def test_a_share_without_payments_sees_no_money_at_all(world: Otterbrook) -> None:
    vale, booked = milas(world)
    order_of(world, vale, booked)
    view = page(world, shared_with_ruth(world, vale, booked.booking_id), booked.booking_id)
    assert view.payments == ()
    assert detail(view, "Price") is None
    assert "€" not in repr(view)


def test_a_share_with_payments_sees_those_of_this_booking_and_opens_none(world: Otterbrook) -> None:
    vale, booked = milas(world)
    order_of(world, vale, booked)
    ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
    view = page(world, ruth, booked.booking_id)
    assert [(line.amount, line.href) for line in view.payments] == [("€128.00", "")]
    assert detail(view, "Price") is not None


def test_a_share_with_payments_never_sees_an_order_with_something_else_in_it(world: Otterbrook) -> None:
    vale, booked = milas(world)
    items = [
        NewItem(
            ItemKind.BOOKING, "Little Waves 2", 12800, member_id=vale["Mila"], booking_id=booked.booking_id
        ),
        NewItem(ItemKind.GOODS, "Swim cap", 800),
    ]
    ordering.place(world.db, SYSTEM, NewOrder(vale.family_id, items, [DueDate(TODAY, TODAY)]), NOW)
    ruth = shared_with_ruth(world, vale, booked.booking_id, sees_payments=True)
    assert page(world, ruth, booked.booking_id).payments == ()
    assert page(world, vale.guardian, booked.booking_id).payments


def test_a_share_says_who_shares_and_shows_only_the_holder_and_itself(world: Otterbrook) -> None:
    vale, booked = milas(world)
    shares.share(world.db, vale.guardian, booked.booking_id, "Grandpa Bell", "grandpa@families.example", NOW)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    view = page(world, ruth, booked.booking_id)
    assert view.shared == "Nora Vale shares this booking with you. You see this booking and its sessions."
    assert "Grandpa Bell" not in [one.name for one in view.viewers]
    assert ("Ruth Bell", "You, can see, gets reminders") in [(one.name, one.can) for one in view.viewers]


def test_the_family_sees_who_can_see_the_booking(world: Otterbrook) -> None:
    vale, booked = milas(world)
    until = NOW + timedelta(days=30)
    shares.share(
        world.db,
        vale.guardian,
        booked.booking_id,
        "Omar Haddad",
        "omar@families.example",
        NOW,
        can_act=True,
        until=until,
    )
    shared_with_ruth(world, vale, booked.booking_id)
    world.db.execute(update(Share).where(col(Share.full_name) == "Ruth Bell").values(revoked_at=NOW))
    viewers = page(world, vale.guardian, booked.booking_id).viewers
    assert [(one.face.initial, one.name) for one in viewers] == [("NV", "Nora Vale"), ("OH", "Omar Haddad")]
    assert viewers[0].can.startswith("You, ")
    assert viewers[1].can == "Can see, cancel and sign up, until 11 April"


@pytest.mark.parametrize("tab", ["", "sessions"])
def test_a_booking_that_is_not_theirs_is_the_same_as_none(world: Otterbrook, tab: str) -> None:
    _, booked = milas(world)
    moreau = world.family("Moreau", "Lea")
    with pytest.raises(NotFound):
        page(world, moreau.guardian, booked.booking_id, tab=tab)
    with pytest.raises(NotFound):
        page(world, moreau.guardian, 0, tab=tab)


def test_a_revoked_share_is_the_same_as_none(world: Otterbrook) -> None:
    vale, booked = milas(world)
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    world.db.execute(update(Share).values(revoked_at=NOW))
    with pytest.raises(NotFound):
        page(world, ruth, booked.booking_id)


def test_a_share_of_one_booking_does_not_open_another_of_the_same_child(world: Otterbrook) -> None:
    vale, booked = milas(world)
    other = world.enrol(vale["Mila"], world.course())
    ruth = shared_with_ruth(world, vale, booked.booking_id)
    with pytest.raises(NotFound):
        page(world, ruth, other.booking_id)
