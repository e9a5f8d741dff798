"""What one row of a family import says; who is guardian and who attends is explained in docs/import.md."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.rules import contacts
from portal.rules.days import as_date

COLUMNS = ("full name", "first name", "last name", "phone", "email", "date of birth", "class")
NAMES = ("full name", "first name")
OF_AGE, OLDEST = 18, 1900
LONGEST = {"full name": 160, "first name": 80, "last name": 80, "phone": 40, "email": 254, "class": 160}
_PHONE = re.compile(r"[+\d][\d\s()./-]*")


class BadRow(Exception):
    """Why a row cannot be taken, as a sentence for the person who made the file."""


@dataclass(frozen=True)
class FamilyRow:
    """A guardian by e-mail, and who attends, if anybody. `guardian` is empty when the row names none."""

    line: int
    email: str
    guardian: str
    phone: str
    first_name: str
    last_name: str
    birth_date: date | None
    is_adult: bool
    course: str

    @property
    def has_member(self) -> bool:
        """Somebody attends; otherwise the row is about a guardian alone."""
        return bool(self.first_name)


@dataclass(frozen=True)
class Reading:
    """How dates are read: today, and whether 3/4/2020 is 4 March (`month_first`) or 3 April."""

    today: date
    month_first: bool = False


def column(said: str) -> str:
    """A column's name whatever its case and separators: "Date_of_birth" as "date of birth"."""
    words = re.sub(r"[\s_-]+", " ", said).strip().casefold()
    return {"e mail": "email"}.get(words, words)


def is_known(said: str) -> bool:
    """The import reads this column."""
    return column(said) in COLUMNS


def missing(columns: tuple[str, ...]) -> list[str]:
    """Columns without which no row can be read, in their own words."""
    have = {column(said) for said in columns}
    wanted = [] if "email" in have else ["Email"]
    return wanted if have.intersection(NAMES) else [*wanted, "Full name (or First name and Last name)"]


def repeated(columns: tuple[str, ...]) -> list[str]:
    """Columns as written that mean what another one means: nobody could say which of the two counts."""
    times = Counter(map(column, columns))
    return [said for said in columns if is_known(said) and times[column(said)] > 1]


def read(line: int, cells: Mapping[str, str], reading: Reading) -> FamilyRow:
    """The row, or BadRow with the first reason."""
    said = {column(name): contacts.name(cell) for name, cell in cells.items() if is_known(name)}
    _refuse_odd(cells, said)
    email = contacts.email(said.get("email", ""))
    if email is None:
        raise BadRow(
            f"“{said['email']}” is not an e-mail address." if said.get("email") else "There is no e-mail."
        )
    born = _birth_date(said.get("date of birth", ""), reading)
    of_age = born is not None and _years(born, reading.today) >= OF_AGE
    guardian, first, last = _people(said, of_age=of_age, attends=born is not None or bool(said.get("class")))
    if said.get("class") and not first:
        raise BadRow("There is a class, but nobody to attend it.")
    return FamilyRow(line, email, guardian, _phone(said), first, last, born, of_age, said.get("class", ""))


def same_person(one: str, other: str) -> bool:
    """The same words in any order and case, with or without accents."""
    return _bare(one) == _bare(other)


def _refuse_odd(cells: Mapping[str, str], said: Mapping[str, str]) -> None:
    if "" in cells:
        raise BadRow("There are more cells than columns. Is a comma or semicolon missing its quotes?")
    for name, cell in cells.items():
        if is_known(name) and contacts.has_control_characters(cell.strip()):
            raise BadRow(
                f"{column(name).capitalize()} has a line break, a tab or another unprintable character."
            )
    for name, longest in LONGEST.items():
        if len(said.get(name, "")) > longest:
            raise BadRow(f"{name.capitalize()} is longer than {longest} characters.")


def _people(said: Mapping[str, str], *, of_age: bool, attends: bool) -> tuple[str, str, str]:
    """Guardian's name, member's first and last name."""
    full, first, last = (said.get(name, "") for name in ("full name", "first name", "last name"))
    if not full and not first:
        raise BadRow("There is no name.")
    if not first:
        if not attends:
            return full, "", ""
        first, last = _split(full)
    own = not full or same_person(full, f"{first} {last}")
    if not own:
        return full, first, last
    return (f"{first} {last}".strip() if of_age else ""), first, last


def _split(full: str) -> tuple[str, str]:
    first, _, last = full.rpartition(" ")
    return (first, last) if first else (last, "")


def _birth_date(said: str, reading: Reading) -> date | None:
    if not said:
        return None
    born = as_date(said, month_first=reading.month_first)
    if born is None:
        raise BadRow(f"“{said}” is not a date. Write it as 2019-05-31 or 31.5.2019.")
    if born.year < OLDEST or born > reading.today:
        raise BadRow(f"“{said}” is not a date of birth.")
    return born


def _phone(said: Mapping[str, str]) -> str:
    phone = said.get("phone", "")
    if phone and not _PHONE.fullmatch(phone):
        raise BadRow(f"“{phone}” is not a phone number.")
    return phone


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _bare(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return sorted("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
