"""Home: what is to pay, the next session, what is coming up, and the rest in short; for everyone and each child."""

from datetime import time, timedelta

from sqlalchemy import update

from portal.actor import SYSTEM, Actor
from portal.models.benefits import PassKind
from portal.models.bookings import Share
from portal.models.discounts import DiscountKind
from portal.rows.home import HomeView
from portal.services import attendance, discounts, home, passes, timetable, trials, waiting_list
from portal.services.discounts import NewDiscount
from portal.services.passes import NewPass
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.buying import LATE, Shop
from tests.support.queries import counted_queries
from tests.support.stories import shared_with_ruth

LONG_AGO = NOW - timedelta(days=60)


def page(world: Otterbrook, actor: Actor) -> HomeView:
    """Home as this actor sees it after what was told so far."""
    world.db.flush()
    world.db.expunge_all()
    world.db.info.clear()
    return home.read(world.db, actor, NOW, {})


def test_a_family_without_anything_is_told_where_to_begin(world: Otterbrook) -> None:
    view = page(world, world.family("Vale", "Mila").guardian)

    assert view.empty
    assert (view.headings[0].title, view.headings[0].lead) == ("Welcome, Nora", "Thursday 12 March")
    assert view.headings[1].lead == "Thursday 12 March"
    assert [one.words for one in view.without_next] == [
        "No sessions are coming up.",
        "Mila has no session coming up.",
    ]
    assert (view.tickets, view.bookings, view.due.count) == ((), (), 0)


def test_the_greeting_knows_the_hour_and_each_child_has_a_week(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    world.enrol(vale["Mila"], world.course(), LONG_AGO)
    everyone, mila, theo = page(world, vale.guardian).headings

    assert everyone.title == "Good afternoon, Nora"
    assert everyone.lead == "Thursday 12 March. One session left this week."
    assert (mila.title, mila.lead) == ("Mila’s week", "Thursday 12 March. One session left this week.")
    assert (theo.title, theo.lead) == ("Theo’s week", "Thursday 12 March. No sessions left this week.")


def test_only_what_the_family_shares_is_said_to_be_shared(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    everyone, mila = page(world, vale.guardian).notes
    assert everyone.words.startswith("Payments, orders, credit and passes belong to the whole family.")
    assert mila.words == "payments, orders, credit and passes. They belong to your family account."

    own = NewPass(vale.family_id, PassKind.PERMANENT, "Studio practice", TODAY, member_id=vale["Mila"])
    passes.sell(world.db, SYSTEM, own, "Bought", NOW)
    sibling = NewDiscount(
        vale.family_id, DiscountKind.SIBLING, "Sibling", TODAY, percent_basis_points=1000, automatic=True
    )
    discounts.grant(world.db, SYSTEM, sibling, NOW)

    everyone, mila = page(world, vale.guardian).notes
    assert everyone.words.startswith("Payments, orders, credit and shared passes belong to the whole family.")
    assert mila.words.startswith("payments, orders, credit, shared passes and the sibling discount. They")


def test_the_ticket_is_the_next_session_of_whoever_is_chosen(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo", "Juno")
    world.enrol(vale["Mila"], world.course("Little Waves 2"), LONG_AGO)
    world.enrol(vale["Theo"], world.course("Robotics", weekday=4), LONG_AGO)
    view = page(world, vale.guardian)
    ids = [heading.whose for heading in view.headings]

    assert [(one.whose, one.title) for one in view.tickets] == [
        ("all", "Little Waves 2"),
        (ids[1], "Little Waves 2"),
        (ids[2], "Robotics"),
    ]
    assert view.tickets[0].countdown == "Starts in 2 h 20 min"
    assert [one.whose for one in view.without_next] == [ids[3]]


def test_what_is_on_the_ticket_is_not_told_twice(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(), LONG_AGO)
    everyone, mila = page(world, vale.guardian).coming_up

    assert len(everyone.rows) == home.COMING_UP
    assert everyone.rows == mila.rows
    assert {row.day.number for row in everyone.rows} == {"19", "26", "2", "9"}


def test_a_cancelled_session_is_nobodys_next(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY), LONG_AGO)
    attendance.cancel(world.db, vale.guardian, booked.sessions[0].attendance_id, LONG_AGO)

    assert page(world, vale.guardian).tickets[0].stamp.number == "19"


def test_a_place_given_up_can_be_taken_again_from_home_and_no_other_row_has_a_button(
    world: Otterbrook,
) -> None:
    vale = world.family("Vale", "Mila")
    booked = world.enrol(vale["Mila"], world.course(starts_on=TODAY), LONG_AGO)
    attendance.cancel(world.db, vale.guardian, booked.sessions[1].attendance_id, LONG_AGO)
    given_up, *others = page(world, vale.guardian).coming_up[0].rows
    assert (given_up.going.sign_back_up, given_up.going.cancel) == ("Sign back up", "")
    assert {row.going.cancel + row.going.sign_back_up for row in others} == {""}


def test_a_session_that_runs_is_still_there_and_one_that_ended_is_not(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    running = world.course("Runs", starts_local=time(14), ends_local=time(15))
    ended = world.course("Ended", starts_local=time(13), ends_local=time(14, 10))
    world.enrol(vale["Mila"], running, LONG_AGO)
    world.enrol(vale["Theo"], ended, LONG_AGO)
    view = page(world, vale.guardian)

    assert view.tickets[0].title == "Runs"
    assert view.tickets[-1].stamp.number == "19"


def test_what_is_due_stands_with_its_total(world: Otterbrook, shop: Shop) -> None:
    shop.buys("Ballet", 6200, LATE, member="Mila")
    shop.buys("Robotics", 14800)
    due = page(world, shop.family.guardian).due

    assert (due.count, due.total) == (2, "€210.00")
    assert [line.amount for line in due.lines] == ["€62.00", "€148.00"]


def test_what_is_paid_is_not_due(world: Otterbrook, shop: Shop) -> None:
    shop.pays(shop.buys("Ballet", 6200), 6200)

    assert page(world, shop.family.guardian).due.count == 0


def test_another_familys_things_are_nowhere(world: Otterbrook) -> None:
    vale, brook = world.family("Vale", "Mila"), world.family("Brook", "Ida")
    world.enrol(brook["Ida"], world.course("Hidden"), LONG_AGO)
    world.order(brook.family_id, 6200)
    told = repr(page(world, vale.guardian))

    assert "Ida" not in told
    assert "Hidden" not in told
    assert "62.00" not in told


def test_somebody_with_a_share_sees_that_booking_and_no_money(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", "Theo")
    shared = world.enrol(vale["Mila"], world.course("Shared"), LONG_AGO)
    world.enrol(vale["Theo"], world.course("Hidden"), LONG_AGO)
    world.order(vale.family_id, 6200)
    view = page(world, shared_with_ruth(world, vale, shared.booking_id))

    assert view.shares_only
    assert [row.title for row in view.bookings] == ["Shared"]
    assert (view.tiles, view.passes, view.notes, view.due.count) == ((), (), (), 0)
    assert "Hidden" not in repr(view)
    assert "62.00" not in repr(view)


def test_who_may_only_look_is_not_told_to_book_a_make_up(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    shared = world.enrol(vale["Mila"], world.course(), LONG_AGO)
    ruth = shared_with_ruth(world, vale, shared.booking_id)
    attendance.cancel(world.db, vale.guardian, shared.sessions[-1].attendance_id, NOW)
    (told,) = page(world, vale.guardian).nudges
    assert told.title == "Mila has a make-up to use"
    assert page(world, ruth).nudges == ()
    world.db.execute(update(Share).values(can_act=True))
    assert page(world, ruth).nudges == (told,)


def test_nothing_else_is_planned_only_where_something_is(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    world.enrol(vale["Mila"], world.course(starts_on=TODAY, ends_on=TODAY), LONG_AGO)
    assert page(world, vale.guardian).coming_up[0].nothing == "Nothing else is planned yet."
    idle = world.family("Bell", "Ida")
    assert page(world, idle.guardian).coming_up[0].nothing == "Nothing is planned yet."


def asks(world: Otterbrook, vale: Household) -> None:
    trials.enquire(
        world.db, vale.guardian, vale.family_id, world.programme(), "May she watch?", NOW, vale["Mila"]
    )


def test_an_enquiry_is_on_home_also_where_there_is_nothing_else(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    asks(world, vale)
    seen = page(world, vale.guardian)

    assert seen.empty
    assert [chip.word for one in seen.enquiries for chip in one.chips] == ["Your enquiry is with us"]


def test_a_place_that_is_kept_is_the_first_thing_worth_doing_and_gone_when_it_is_over(
    world: Otterbrook,
) -> None:
    vale, course = world.family("Vale", "Theo"), world.course("Stroke School 2", capacity=0)
    waiting_list.join(world.db, SYSTEM, vale["Theo"], course, NOW - timedelta(days=3))
    assert page(world, vale.guardian).nudges == ()

    timetable.change_capacity(world.db, SYSTEM, course, 1, NOW - timedelta(hours=47))
    (nudge,) = page(world, vale.guardian).nudges
    assert nudge.title == "A place for Theo in Stroke School 2"
    assert nudge.words == "€112.00, kept until Thu 12 March at 15:10."

    over = home.read(world.db, vale.guardian, NOW + timedelta(hours=1), {})
    assert over.nudges == ()


def test_home_costs_as_many_queries_for_a_large_family_as_for_a_small_one(world: Otterbrook) -> None:
    small, large = world.family("Small", "Mila"), world.family("Large", *"ABCDEF", "Mila")
    course = world.course(capacity=20)
    for family in (small, large):
        for member_id in family.members.values():
            world.enrol(member_id, course, starts_on=TODAY)
    for _ in range(3):
        asks(world, large)
    asks(world, small)
    costs = []
    for family in (small, large):
        world.db.flush()
        world.db.expunge_all()
        world.db.info.clear()
        with counted_queries() as sent:
            home.read(world.db, family.guardian, NOW, {})
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 11
