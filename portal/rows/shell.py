"""What is around every page: whose portal it is, who looks at it, and whose data can be chosen."""

from dataclasses import dataclass

from portal.rows.common import Face, Shown


@dataclass(frozen=True)
class Member:
    """One choice of the member switcher."""

    id: str = ""
    name: str = ""
    face: Face = Face()


@dataclass(frozen=True)
class FamilyChoice:
    """One family of a guardian who belongs to several."""

    id: str = ""
    name: str = ""
    current: bool = False


@dataclass(frozen=True)
class ShellView(Shown):
    """The frame's values. `logo` is an address, or empty for the built-in mark; `unpaid` 0 shows no badge."""

    brand: str = ""
    logo: str = ""
    initials: str = ""
    guardian: str = ""
    email: str = ""
    members: tuple[Member, ...] = ()
    who: str = "all"
    """The chosen member's id, as the server keeps it."""
    families: tuple[FamilyChoice, ...] = ()
    unpaid: int = 0
    updated_at: str = ""
    help_url: str = ""
    policies_url: str = ""
