"""The consent card: what a guardian is asked, once for each version."""

from dataclasses import dataclass

from portal.rows.common import ConsentChoice, Shown


@dataclass(frozen=True)
class ConsentView(Shown):
    """The questions that wait for an answer; none means nothing to answer. `shown` names them all."""

    choices: tuple[ConsentChoice, ...] = ()
    shown: str = ""
    problem: str = ""
    next: str = ""
