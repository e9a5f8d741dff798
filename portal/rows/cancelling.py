"""The sheet behind "Can't come", and what can be done about a session from its row."""

from dataclasses import dataclass

from portal.rows.common import Shown


@dataclass(frozen=True)
class Going:
    """What can be done about one member at one session: `cancel` and `sign_back_up` are labels, empty for no button.

    `about` says for readers which session is meant: "Mila, Little Waves 2, Thu 12 March, 16:30".
    """

    attendance: str = ""
    cancel: str = ""
    sign_back_up: str = ""
    about: str = ""


@dataclass(frozen=True)
class Consequence:
    """What cancelling now leads to; tone "good", "warn", "plain", or "" when it is refused."""

    tone: str = "plain"
    icon: str = "info"
    title: str = ""
    words: str = ""


@dataclass(frozen=True)
class Reason:
    """Why the member can't come: "unwell", "Unwell"."""

    key: str = ""
    words: str = ""


@dataclass(frozen=True)
class CancelSheet(Shown):
    """Everything to know before confirming. `outcome` is what was promised, so that nothing else is done."""

    attendance: str = ""
    outcome: str = ""
    title: str = ""
    words: str = ""
    consequence: Consequence = Consequence()
    reasons: tuple[Reason, ...] = ()
    later: str = ""
    confirm: str = ""
    """Empty when it can't be cancelled any more."""
    keep: str = ""


@dataclass(frozen=True)
class Done:
    """What was done, in the words of a toast; `was` is how it stood before."""

    words: str = ""
    was: str = ""
