"""Days as people and their spreadsheets write them."""

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_DOTS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def as_date(said: str, *, month_first: bool = False) -> date | None:
    """2019-05-31, 31.5.2019 or 31/5/2019; None for what is no date.

    Slashes are read in the locale's order (`month_first`), and in the other one where that is no date.
    """
    if match := _ISO.fullmatch(said):
        year, month, day = map(int, match.groups())
        return _date(year, month, day)
    if match := _DOTS.fullmatch(said):
        day, month, year = map(int, match.groups())
        return _date(year, month, day)
    if match := _SLASHES.fullmatch(said):
        one, two, year = map(int, match.groups())
        usual, other = _date(year, two, one), _date(year, one, two)
        if month_first:
            usual, other = other, usual
        return usual or other
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
