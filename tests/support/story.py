"""A story that Hypothesis tells: acts in any order, each as refused as it would be, everything looked at after each."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test
from sqlalchemy import select
from sqlmodel import Session

from portal import db
from portal.actor import Actor
from portal.errors import PortalError
from portal.models.base import Table
from tests.factories import NOW, Household
from tests.support import ledgers, money_ledgers
from tests.support.books import Books, rewritten
from tests.support.proofs import FULL

Row = TypeVar("Row", bound=Table)
WHICH = st.integers(0, 60)
"""One of the rows there are, counted from the newest."""


STORIES = "stories"
"""What every story reaches."""


@dataclass(frozen=True)
class House:
    """Who is there and what they come to."""

    families: tuple[Household, ...]
    courses: tuple[int, ...]


class Story(RuleBasedStateMachine):
    """One transaction; every act in a savepoint of its own, as refused as it would be."""

    house: ClassVar[House]
    """Open before the first story begins."""
    reached: ClassVar[Counter[str]] = Counter()
    """In how many stories each thing was done."""

    def __init__(self) -> None:
        super().__init__()
        self.db = Session(db.engine(), expire_on_commit=False)
        self.families, self.courses = self.house.families, self.house.courses
        self.now, self.before = NOW, Books(self.db)
        self.done: set[str] = set()
        self.refused = self.is_looked_at = False

    def teardown(self) -> None:
        """Nothing is kept: the next story begins in the same house."""
        self.reached.update({*self.done, STORIES})
        self.db.rollback()
        self.db.close()

    def act(self, service: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Do it, or be refused and have changed nothing; anything else is a mistake."""
        self.is_looked_at = False
        savepoint = self.db.begin_nested()
        try:
            done = service(self.db, *arguments, **named)
        except PortalError:
            self.refused = True
            savepoint.rollback()
            self.db.expire_all()
            return None
        savepoint.commit()
        self.refused = False
        self.done.add(f"{service.__module__.rpartition('.')[2]}.{service.__name__}")
        return done

    def one(self, table: type[Row], which: int, *where: Any) -> Row | None:
        """A row of the table, counted from the newest; None when there is none."""
        key = table.id  # type: ignore[attr-defined]
        ids: Sequence[int] = self.db.execute(select(key).where(*where).order_by(key.desc())).scalars().all()
        if not ids:
            return None
        return self.db.get_one(table, ids[which % len(ids)], populate_existing=True)

    def guardian(self, family_id: int) -> Actor:
        """Who acts for the family."""
        return next(one.guardian for one in self.families if one.family_id == family_id)

    def member(self, which: int) -> tuple[Household, int]:
        """Somebody of some family."""
        everybody = [(home, member_id) for home in self.families for member_id in home.members.values()]
        return everybody[which % len(everybody)]

    @invariant()
    def everything_adds_up_and_nothing_was_rewritten(self) -> None:
        """Read anew from the rows, unless nothing was tried since the last look."""
        if self.is_looked_at:
            return
        self.db.flush()
        self.db.expire_all()
        after = Books(self.db)
        found = [*ledgers.faults(after), *money_ledgers.faults(after), *rewritten(self.before, after)]
        found += money_ledgers.went_back(self.before, after)
        assert found == [], found
        self.look_at(after)
        self.before, self.is_looked_at = after, True

    def look_at(self, books: Books) -> None:
        """What only this kind of story knows."""


def tell(
    machine: type[Story], house: House, examples: int, steps: int, phases: Sequence[Phase] = tuple(Phase)
) -> Counter[str]:
    """So many stories in this house; in how many of them each thing was done."""
    machine.house, machine.reached = house, Counter()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            phases=phases,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not FULL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.reached
