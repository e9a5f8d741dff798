from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.documents import csv_in
from portal.errors import NotAllowed
from portal.models.bookings import Attendance, Booking
from portal.models.classes import ClassSession, ProgrammeKind
from portal.models.people import AuditEntry, Family, FamilyGuardian, Guardian, Member
from portal.rules.family_rows import is_known
from portal.services.family_import import MissingColumns, Report, import_families
from tests.factories import NOW, Otterbrook
from tests.support.queries import counted_queries

HEAD = "Full name,First name,Last name,Phone,Email,Date of Birth,Class\n"
JANA = "Jana Kováčová,Ema,Kováčová,+421 900 1,jana@home.example,2019-05-31,little waves 2\n"


@pytest.fixture
def world(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        made = Otterbrook(session)
        made.course("Little Waves 2", capacity=3)
        yield made


def bring_in(world: Otterbrook, rows: str, *, encoding: str = "utf-8", dry_run: bool = False) -> Report:
    sheet = csv_in.read((HEAD + rows).encode(encoding), is_known)
    return import_families(world.db, SYSTEM, sheet, NOW, dry_run=dry_run)


def count(world: Otterbrook, *tables: type) -> list[int]:
    return [world.db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def reasons(report: Report) -> list[str]:
    return [f"{line}: {reason}" for line, reason in report.errors]


def test_a_row_makes_a_guardian_a_family_a_member_and_a_booking(world: Otterbrook) -> None:
    report = bring_in(world, JANA)
    assert (report.guardians, report.families, report.members, report.bookings, report.errors) == (
        1,
        1,
        1,
        1,
        (),
    )
    guardian = world.db.execute(select(Guardian)).scalar_one()
    assert (guardian.full_name, guardian.email, guardian.phone) == (
        "Jana Kováčová",
        "jana@home.example",
        "+421 900 1",
    )
    ema = world.db.execute(select(Member)).scalar_one()
    assert (ema.first_name, ema.last_name, ema.birth_date, ema.position) == (
        "Ema",
        "Kováčová",
        date(2019, 5, 31),
        1,
    )
    assert world.db.execute(select(col(Family.name))).scalar_one() == "Kováčová"
    assert count(world, Attendance, FamilyGuardian, AuditEntry) == [7, 1, 1]
    assert world.db.execute(select(func.sum(col(ClassSession.taken)))).scalar_one() == 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250"])
def test_names_arrive_whole_in_every_encoding(world: Otterbrook, encoding: str) -> None:
    bring_in(world, JANA + "Jiří Dvořák,Žofia,Dvořáková,,jiri@home.example,,\n", encoding=encoding)
    assert set(world.db.execute(select(col(Guardian.full_name))).scalars()) == {
        "Jana Kováčová",
        "Jiří Dvořák",
    }


def test_western_names_arrive_whole_in_cp1252(world: Otterbrook) -> None:
    bring_in(world, "Hélène Béranger,Anaïs,Béranger,,helene@home.example,,\n", encoding="cp1252")
    assert world.db.execute(select(col(Guardian.full_name))).scalar_one() == "Hélène Béranger"


def test_rows_of_one_address_are_one_family(world: Otterbrook) -> None:
    bring_in(world, JANA + "Jana Kováčová,Adam,Kováč,,JANA@home.example,1.2.2021,\n")
    assert count(world, Guardian, Family, Member) == [1, 1, 2]
    assert sorted(world.db.execute(select(col(Member.position))).scalars()) == [1, 2]


def test_the_same_file_twice_changes_nothing(world: Otterbrook) -> None:
    rows = (
        JANA
        + "Peter Novák,,,,peter@home.example,1.1.1980,Little Waves 2\nOnly Guardian,,,,only@home.example,,\n"
    )
    bring_in(world, rows)
    before = count(world, Guardian, Family, Member, Booking, Attendance)
    again = bring_in(world, rows)
    assert (again.guardians, again.families, again.members, again.bookings, again.unchanged) == (
        0,
        0,
        0,
        0,
        3,
    )
    assert count(world, Guardian, Family, Member, Booking, Attendance) == before


def test_a_dry_run_says_the_same_and_writes_nothing(world: Otterbrook) -> None:
    dry = bring_in(world, JANA, dry_run=True)
    assert count(world, Guardian, Family, Member, Booking, AuditEntry) == [0, 0, 0, 0, 0]
    assert bring_in(world, JANA) == dry


def test_one_bad_row_and_nothing_of_the_file_is_taken(world: Otterbrook) -> None:
    report = bring_in(world, JANA + "Nobody,,,,not-an-address,,\n,,,,x@home.example,,\n")
    assert reasons(report) == ["3: “not-an-address” is not an e-mail address.", "4: There is no name."]
    assert count(world, Guardian, Family, Member, Booking) == [0, 0, 0, 0]


def test_a_class_that_is_not_known_names_one_that_is_close(world: Otterbrook) -> None:
    report = bring_in(world, JANA.replace("little waves 2", "Litle Waves 2"))
    assert reasons(report) == ["2: No current class is called “Litle Waves 2”. Is it “Little Waves 2”?"]


def test_a_class_that_is_over_or_visited_is_not_enrolled_in(world: Otterbrook) -> None:
    world.course("Autumn Ballet", starts_on=date(2025, 9, 4))
    world.course("Open Swim", world.programme(kind=ProgrammeKind.DROP_IN))
    for name in ("Autumn Ballet", "Open Swim"):
        assert "No current class" in reasons(bring_in(world, JANA.replace("little waves 2", name)))[0]


def test_classes_of_one_name_are_told_apart_by_day_and_time(world: Otterbrook) -> None:
    world.course("Little Waves 2", weekday=1)
    report = bring_in(world, JANA)
    assert "“Little Waves 2, Thu 16:30” or “Little Waves 2, Tue 16:30”" in reasons(report)[0]
    assert bring_in(world, JANA.replace("little waves 2", '"Little Waves 2, Tue 16:30"')).bookings == 1
    assert bring_in(world, JANA).unchanged == 1


def test_a_class_takes_no_more_than_it_has_places(world: Otterbrook) -> None:
    rows = "".join(JANA.replace("jana@", f"jana{at}@") for at in range(4))
    assert reasons(bring_in(world, rows)) == [
        "5: “Little Waves 2” is full. Make room in it, or leave the class out of this row."
    ]
    assert count(world, Booking) == [0]


def test_a_family_that_is_known_gets_only_what_is_new(world: Otterbrook) -> None:
    vale = world.family("Vale", "Mila", email="nora@demo.example")
    report = bring_in(
        world,
        "Nora Vale,Mila,Vale,,nora@demo.example,,Little Waves 2\nNora Vale,Theo,Vale,,nora@demo.example,,\n",
    )
    assert (report.guardians, report.families, report.members, report.bookings) == (0, 0, 1, 1)
    assert world.db.execute(select(col(Booking.member_id))).scalar_one() == vale["Mila"]


def test_another_name_for_a_known_guardian_is_noted_and_not_used(world: Otterbrook) -> None:
    report = bring_in(world, JANA + JANA.replace("Jana Kováčová", "Janka Nová"))
    assert report.notes == ((3, "jana@home.example is Jana Kováčová already; “Janka Nová” is not used."),)
    assert world.db.execute(select(col(Guardian.full_name))).scalar_one() == "Jana Kováčová"


def test_another_date_of_birth_for_the_same_child_is_an_error(world: Otterbrook) -> None:
    bring_in(world, JANA)
    report = bring_in(world, JANA.replace("2019-05-31", "2019-05-13"))
    assert reasons(report) == ["2: Ema is in the family with another date of birth, 2019-05-31."]


def test_a_guardian_of_two_families_needs_a_member_who_is_known(world: Otterbrook) -> None:
    world.family("Rivera", "Lola", email="alex@homes.example")
    world.family("Lind", "Max", email="alex@homes.example")
    report = bring_in(
        world, "Alex,Lola,Rivera,,alex@homes.example,,Little Waves 2\nAlex,Zoe,Rivera,,alex@homes.example,,\n"
    )
    assert reasons(report) == [
        "3: alex@homes.example belongs to several families, and it is not clear which is meant."
    ]


def test_formulas_are_only_names(world: Otterbrook) -> None:
    bring_in(world, "=1+1,Ema,Bell,,x@home.example,,\n")
    assert world.db.execute(select(col(Guardian.full_name))).scalar_one() == "=1+1"


def test_missing_columns_are_named(world: Otterbrook) -> None:
    sheet = csv_in.read(b"Phone,Class\n1,2\n", is_known)
    with pytest.raises(MissingColumns) as refusal:
        import_families(world.db, SYSTEM, sheet, NOW)
    assert refusal.value.values["columns"] == "Email, Full name (or First name and Last name)"


def test_a_guardian_does_not_import(world: Otterbrook) -> None:
    vale = world.family()
    with pytest.raises(NotAllowed):
        import_families(world.db, vale.guardian, csv_in.read((HEAD + JANA).encode(), is_known), NOW)


def test_the_progress_reaches_the_last_row(world: Otterbrook) -> None:
    told: list[tuple[int, int]] = []
    sheet = csv_in.read((HEAD + JANA * 3).encode(), is_known)
    import_families(world.db, SYSTEM, sheet, NOW, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_more_rows_do_not_mean_more_queries_to_check_them(world: Otterbrook) -> None:
    sent = []
    for rows in (2, 200):
        text = "".join(
            JANA.replace("jana@", f"jana{at}@").replace("little waves 2", "") for at in range(rows)
        )
        with counted_queries() as queries:
            bring_in(world, text, dry_run=True)
        sent.append(len(queries))
    assert sent[0] == sent[1]
