"""Sessions to choose one of, by day: for a make-up and for a visit."""

from dataclasses import dataclass

from portal.rows.common import Chip


@dataclass(frozen=True)
class Choice:
    """One session: `pays` says with what where that is to be said; one that cannot be chosen has a `reason`."""

    id: str = ""
    time: str = ""
    place: str = ""
    chip: Chip = Chip()
    pays: str = ""
    reason: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class ChoiceDay:
    """ "Saturday 14 March"."""

    name: str = ""
    choices: tuple[Choice, ...] = ()
