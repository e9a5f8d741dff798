"""The account: who is signed in, where, and what they agreed to."""

from dataclasses import dataclass

from portal.rows.common import Chip, Fact, LineItem, Link, Shown


@dataclass(frozen=True)
class FamilyRow:
    """A family of this guardian; `current` is the one whose portal is open."""

    id: str = ""
    name: str = ""
    words: str = ""
    current: bool = False


@dataclass(frozen=True)
class ConsentRow:
    """A question as it stands: the answer, since when, and the full text of its newest version.

    `action` names what the button does; it is empty for what is needed to run the classes.
    """

    key: str = ""
    title: str = ""
    words: str = ""
    chip: Chip = Chip()
    since: str = ""
    text: tuple[str, ...] = ()
    action: str = ""
    given: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """One answer of the past, with the text as it was then."""

    icon: str = ""
    title: str = ""
    words: str = ""
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageChoice:
    """A kind of message, and whether it is wanted on each channel that is offered."""

    kind: str = ""
    title: str = ""
    words: str = ""
    email: bool = True
    whatsapp: bool = False
    has_whatsapp: bool = False


@dataclass(frozen=True)
class LanguageChoice:
    """A language we write in, by its own name."""

    id: str = ""
    name: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class AccountView(Shown):
    """My data, my consents, my devices."""

    about: tuple[Fact, ...] = ()
    families: tuple[FamilyRow, ...] = ()
    members: tuple[LineItem, ...] = ()
    consents: tuple[ConsentRow, ...] = ()
    history: tuple[AnswerRow, ...] = ()
    history_count: str = ""
    messages: tuple[MessageChoice, ...] = ()
    languages: tuple[LanguageChoice, ...] = ()
    export: Link = Link()
    erasure: str = ""
    """When everything will be erased, in words; empty when nobody has asked for that."""
    devices: tuple[LineItem, ...] = ()
    devices_words: str = ""
    contact: str = ""
    shares_only: bool = False
