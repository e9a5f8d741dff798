"""The sheet in which a session is chosen for a make-up."""

from dataclasses import dataclass

from portal.rows.choosing import ChoiceDay
from portal.rows.common import Shown


@dataclass(frozen=True)
class MakeUpFilter:
    """ "Weekends": only some of the sessions are shown."""

    id: str = ""
    label: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class MakeUpSheet(Shown):
    """What can be chosen. `nothing` says why there is none, and `waiting` that the family is in the line.

    `button` repeats the choice, and is empty until there is one; `wait` and `stop` name the ways into the line and out.
    """

    make_up: str = ""
    title: str = ""
    why: str = ""
    filters: tuple[MakeUpFilter, ...] = ()
    days: tuple[ChoiceDay, ...] = ()
    nothing: str = ""
    waiting: str = ""
    note: str = ""
    wanted: str = ""
    session: str = ""
    button: str = ""
    wait: str = ""
    stop: str = ""
