"""Small rows that the components draw and the pages' rows are made of.

Fields are ready to show: money, dates and sentences are text, `tone` names a class of the stylesheet
("p1" to "p6" for children, "adult"; "bad", "warn", "good", "note", "brand" or "" for meanings) and `icon`
a picture of assets/icons.svg. `member` holds public ids, separated by spaces, for the member switcher.
"""

from dataclasses import dataclass
from typing import Any, Self


class Shown:
    """All that one page or sheet shows: frozen all the way down, so whoever asks for a copy gets it itself.

    The framework copies a state's default for every window it opens.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True)
class Face:
    """One person: `initial` in their shape and hue; `name` for readers."""

    initial: str = ""
    tone: str = "adult"
    name: str = ""


@dataclass(frozen=True)
class Chip:
    """A status: icon and word, always both. `bare` for the normal, quiet ones."""

    tone: str = ""
    icon: str = ""
    word: str = ""
    bare: bool = False


@dataclass(frozen=True)
class Day:
    """A date inside the member's shape: "Sat", "14", on a stamp "March". `off`: cancelled or used."""

    weekday: str = ""
    number: str = ""
    tone: str = ""
    off: bool = False
    month: str = ""


@dataclass(frozen=True)
class Link:
    """Where it goes and what it says; `icon` optional. An empty `href` means there is no link."""

    href: str = ""
    label: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts: "When", "Thursdays, 16:30 to 17:00"; `note` is a second, quieter line."""

    label: str = ""
    value: str = ""
    note: str = ""
    href: str = ""
    strong: bool = False


@dataclass(frozen=True)
class TermStrip:
    """One tick per session or instalment: "did", "off", "miss", "next" or ""; `label` is the sentence."""

    ticks: tuple[str, ...] = ()
    label: str = ""
    caption: str = ""


@dataclass(frozen=True)
class TermKey:
    """What one kind of tick means: kind "off", words "2 cancelled"."""

    kind: str = ""
    words: str = ""


@dataclass(frozen=True)
class LineItem:
    """A row led by an icon in a circle, or by a face that has an initial, with chips or an amount."""

    member: str = ""
    face: Face = Face()
    icon: str = ""
    tone: str = "plain"
    title: str = ""
    meta: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    amount: str = ""
    after: str = ""
    href: str = ""
    download: Link = Link()
    current: bool = False


@dataclass(frozen=True)
class Segment:
    """One choice of a segmented control, or a place to jump to; `count` says what is found there."""

    href: str = ""
    label: str = ""
    count: str = ""
    current: bool = False
    icon: str = ""


@dataclass(frozen=True)
class ConsentChoice:
    """One question of the consent card; `text` is the version's full text, paragraph by paragraph."""

    key: str = ""
    title: str = ""
    words: str = ""
    needed: bool = False
    text: tuple[str, ...] = ()
