from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed
from portal.models.benefits import Pass, PassEntry, PassKind
from portal.rules.conditions import Unmet
from portal.rules.passes import Visit
from portal.services import passes
from portal.services.passes import NewPass, OutOfRange
from tests.factories import NOW, TODAY, Household, Otterbrook


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        yield Otterbrook(session)


def sold(world: Otterbrook, vale: Household, **values: object) -> int:
    kind = PassKind.ENTRY if values.get("entries_total") else PassKind.PERMANENT
    new = NewPass(vale.family_id, kind, "Open Swim pass", TODAY, **values)  # type: ignore[arg-type]
    return passes.sell(world.db, SYSTEM, new, "Bought", NOW)


def history(world: Otterbrook) -> list[tuple[str, int, int]]:
    rows = world.db.execute(select(PassEntry).order_by(col(PassEntry.id))).scalars()
    return [(row.kind, row.change, row.left_after) for row in rows]


def use(world: Otterbrook, pass_id: int, member_id: int, days: int = 0) -> None:
    visit = Visit(member_id, 1, TODAY + timedelta(days=days))
    passes.use(world.db, pass_id, visit, None, "Open Swim", NOW)


def test_every_movement_is_a_line_with_what_is_left(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    card = sold(world, vale, entries_total=2)
    use(world, card, vale["Mila"])
    passes.correct(world.db, SYSTEM, card, 1, "Pool closed early", NOW)
    assert history(world) == [("bought", 2, 2), ("used", -1, 1), ("corrected", 1, 2)]


def test_the_last_entry_opens_and_then_nothing(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    card = sold(world, vale, entries_total=1)
    use(world, card, vale["Mila"])
    with pytest.raises(Unmet):
        use(world, card, vale["Mila"])


def test_a_permanent_pass_is_written_down_and_never_counted(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    card = sold(world, vale)
    for _ in range(3):
        use(world, card, vale["Mila"])
    assert history(world)[-1] == ("used", 0, 0)


def test_a_pass_opens_on_its_last_day_and_not_after_it(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    card = sold(world, vale, entries_total=5, valid_until=TODAY + timedelta(days=1))
    use(world, card, vale["Mila"], days=1)
    with pytest.raises(Unmet) as refusal:
        use(world, card, vale["Mila"], days=2)
    assert refusal.value.message_key == "passes.expired"


def test_an_unpaid_pass_opens_nothing(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    with pytest.raises(Unmet):
        use(world, sold(world, vale, entries_total=5, paid=False), vale["Mila"])


@pytest.mark.parametrize("change", [-3, 1])
def test_a_correction_stays_between_none_and_all(world: Otterbrook, change: int) -> None:
    vale = world.family("Vale", "Mila")
    with pytest.raises(OutOfRange):
        passes.correct(world.db, SYSTEM, sold(world, vale, entries_total=2), change, "Wrong", NOW)


def test_a_guardian_corrects_nothing(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    with pytest.raises(NotAllowed):
        passes.correct(world.db, vale.guardian, sold(world, vale, entries_total=2), 0, "", NOW)


def test_the_table_itself_refuses_a_count_below_zero(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila")
    card = sold(world, vale, entries_total=2)
    with pytest.raises(IntegrityError), world.db.begin_nested():
        world.db.execute(update(Pass).where(col(Pass.id) == card).values(entries_left=-1))
