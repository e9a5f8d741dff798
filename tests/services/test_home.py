from datetime import timedelta

from portal.actor import SYSTEM, Actor
from portal.rows.home import HomeView
from portal.services import home, timetable, trials, waiting_list
from tests.factories import NOW, TODAY, Household, Otterbrook
from tests.support.queries import counted_queries


def look(world: Otterbrook, actor: Actor) -> HomeView:
    world.db.flush()
    world.db.expunge_all()
    world.db.info.clear()
    return home.read(world.db, actor, NOW, {})


def asks(world: Otterbrook, vale: Household) -> None:
    trials.enquire(
        world.db, vale.guardian, vale.family_id, world.programme(), "May she watch?", NOW, vale["Mila"]
    )


def test_an_enquiry_is_on_home_also_where_there_is_nothing_else(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    asks(world, vale)
    seen = look(world, vale.guardian)

    assert seen.empty
    assert [chip.word for one in seen.enquiries for chip in one.chips] == ["Your enquiry is with us"]


def test_a_place_that_is_kept_is_the_first_thing_worth_doing_and_gone_when_it_is_over(
    world: Otterbrook,
) -> None:
    vale, course = world.family("Vale", "Theo"), world.course("Stroke School 2", capacity=0)
    waiting_list.join(world.db, SYSTEM, vale["Theo"], course, NOW - timedelta(days=3))
    assert look(world, vale.guardian).nudges == ()

    timetable.change_capacity(world.db, SYSTEM, course, 1, NOW - timedelta(hours=47))
    (nudge,) = look(world, vale.guardian).nudges
    assert nudge.title == "A place for Theo in Stroke School 2"
    assert nudge.words == "Kept until Thu 12 March at 15:10."

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
