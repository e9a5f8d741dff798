from datetime import date

import pytest

from portal.rules import family_rows
from portal.rules.family_rows import BadRow, FamilyRow, Reading

TODAY = date(2026, 3, 12)


def read(month_first: bool = False, **cells: str) -> FamilyRow:
    said = {"Email": "jana@home.example", **{name.replace("_", " "): cell for name, cell in cells.items()}}
    return family_rows.read(7, said, Reading(TODAY, month_first))


def test_first_and_last_name_attend_and_another_full_name_is_the_guardian() -> None:
    row = read(Full_name="Jana Kováčová", First_name="Ema", Last_name="Kováčová", Class="Little Waves 2")
    assert (row.guardian, row.first_name, row.last_name, row.course) == (
        "Jana Kováčová",
        "Ema",
        "Kováčová",
        "Little Waves 2",
    )


@pytest.mark.parametrize("full_name", ["Ema Kováčová", "KOVACOVA Ema", ""])
def test_a_child_named_twice_leaves_the_guardian_without_an_invented_name(full_name: str) -> None:
    row = read(Full_name=full_name, First_name="Ema", Last_name="Kováčová", Date_of_Birth="2019-05-31")
    assert (row.guardian, row.first_name, row.is_adult) == ("", "Ema", False)


def test_a_grown_up_who_attends_is_the_guardian_too() -> None:
    row = read(Full_name="Peter Maria Novák", Date_of_Birth="1.1.1980", Class="Street Dance")
    assert (row.guardian, row.first_name, row.last_name, row.is_adult) == (
        "Peter Maria Novák",
        "Peter Maria",
        "Novák",
        True,
    )


def test_of_age_on_the_eighteenth_birthday() -> None:
    assert read(Full_name="Ada Bell", Date_of_Birth="2008-03-12").is_adult
    assert not read(Full_name="Ada Bell", Date_of_Birth="2008-03-13").is_adult


def test_a_name_alone_is_a_guardian_without_members() -> None:
    row = read(Full_name="Jana Kováčová", Phone="+421 900 111")
    assert (row.guardian, row.phone, row.has_member) == ("Jana Kováčová", "+421 900 111", False)


@pytest.mark.parametrize(
    ("said", "born"),
    [
        ("2019-05-31", date(2019, 5, 31)),
        ("2019-05-31 00:00:00", date(2019, 5, 31)),
        ("31.5.2019", date(2019, 5, 31)),
        ("31. 5. 2019", date(2019, 5, 31)),
        ("31/05/2019", date(2019, 5, 31)),
        ("05/31/2019", date(2019, 5, 31)),
        ("3/4/2020", date(2020, 4, 3)),
        ("29.2.2020", date(2020, 2, 29)),
    ],
)
def test_dates_as_people_write_them(said: str, born: date) -> None:
    assert read(Full_name="Ema Bell", Date_of_Birth=said).birth_date == born


def test_an_ambiguous_date_follows_the_providers_language() -> None:
    assert read(month_first=True, Full_name="Ema Bell", Date_of_Birth="3/4/2020").birth_date == date(
        2020, 3, 4
    )


@pytest.mark.parametrize(
    "said",
    ["31.2.2019", "29.2.2019", "5/2019", "19-05-31", "tomorrow", "2026-03-13", "1899-12-31", "2019-13-01"],
)
def test_what_is_no_date_of_birth_is_refused(said: str) -> None:
    with pytest.raises(BadRow, match="not a date"):
        read(Full_name="Ema Bell", Date_of_Birth=said)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Email": ""}, "no e-mail"),
        ({"Email": "jana"}, "not an e-mail"),
        ({"Full name": "", "First name": ""}, "no name"),
        ({"Full name": "x" * 161}, "longer than 160"),
        ({"Full name": "Jana\nKováčová"}, "unprintable"),
        ({"Full name": "Jana", "Phone": "call me"}, "not a phone"),
        ({"Full name": "Jana", "": "one too many"}, "more cells"),
    ],
)
def test_a_bad_row_says_why(cells: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRow, match=reason):
        family_rows.read(2, {"Email": "jana@home.example", "Full name": "Jana", **cells}, Reading(TODAY))


@pytest.mark.parametrize("said", ["Date of Birth", "date_of_birth", "DATE-OF-BIRTH", " date  of birth "])
def test_a_column_is_known_in_any_case_and_with_underscores(said: str) -> None:
    assert family_rows.column(said) == "date of birth"
    assert family_rows.is_known(said)


def test_columns_that_mean_the_same_are_named() -> None:
    assert family_rows.repeated(("Email", "Notes", "Full name", "notes", "e_mail")) == ["Email", "e_mail"]
    assert family_rows.repeated(("Email", "Email", "Full name")) == ["Email", "Email"]
    assert family_rows.repeated(("Email", "Full name", "First name")) == []


def test_missing_columns_are_named() -> None:
    assert family_rows.missing(("Phone",)) == ["Email", "Full name (or First name and Last name)"]
    assert family_rows.missing(("E-mail", "first_name")) == []
