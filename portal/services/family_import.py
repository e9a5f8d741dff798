"""Importing families: guardians, members and bookings of a sheet, all or nothing.

The whole file is checked against the database and against itself before anything is written; what
is there already is left as it is, so that importing a file twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from babel.dates import get_date_format
from sqlmodel import Session

from portal.actor import Actor
from portal.documents.csv_in import Sheet
from portal.errors import PortalError
from portal.rules import family_rows
from portal.rules.family_rows import BadRow, FamilyRow, Reading, same_person
from portal.services import import_lookups, import_writing, provider
from portal.services.authority import provider_only
from portal.services.import_lookups import KnownCourse, KnownFamily, KnownGuardian, KnownMember
from portal.services.import_writing import Plan

Progress = Callable[[int, int], None]


class MissingColumns(PortalError):
    """The sheet lacks columns without which no row can be read."""

    message_key = "family_import.missing_columns"


class RepeatedColumns(PortalError):
    """Two columns of the sheet mean the same."""

    message_key = "family_import.repeated_columns"


@dataclass(frozen=True)
class Report:
    """What an import did, or would do; with errors, nothing."""

    rows: int
    guardians: int
    families: int
    members: int
    bookings: int
    unchanged: int
    """Rows that say nothing new."""
    errors: tuple[tuple[int, str], ...]
    """Line of the file, and why it cannot be taken."""
    notes: tuple[tuple[int, str], ...]
    """Line of the file, and what of it is not used."""


def import_families(
    db: Session,
    actor: Actor,
    sheet: Sheet,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Everything in the sheet, or nothing when a row is bad or it is a dry run; `progress` hears done, all."""
    provider_only(actor)
    missing = family_rows.missing(sheet.columns)
    if missing:
        raise MissingColumns(columns=", ".join(missing))
    if twice := family_rows.repeated(sheet.columns):
        raise RepeatedColumns(columns=", ".join(twice))
    importing = _Import(db, sheet, now)
    importing.plan_all(progress or (lambda _done, _of: None))
    report = importing.report()
    if not report.errors and not dry_run:
        import_writing.write(db, actor, importing.plan, report.rows, now)
    return report


@dataclass
class _Classes:
    """Courses by what a file may call them, in any case."""

    by_name: dict[str, list[KnownCourse]]

    @classmethod
    def of(cls, courses: Iterable[KnownCourse]) -> "_Classes":
        named: defaultdict[str, list[KnownCourse]] = defaultdict(list)
        for course in courses:
            named[course.name.casefold()].append(course)
            named[course.full_name.casefold()].append(course)
        return cls(dict(named))

    def called(self, said: str) -> list[KnownCourse]:
        """The courses of that name, at least one."""
        found = self.by_name.get(said.casefold())
        if not found:
            courses = [course for some in self.by_name.values() for course in some]
            named = [course.full_name if "," in said else course.name for course in courses]
            names = {name.casefold(): name for name in named}
            close = get_close_matches(said.casefold(), list(names), n=1)
            raise BadRow(
                f"No current class is called “{said}”." + (f" Is it “{names[close[0]]}”?" if close else "")
            )
        return found


class _Import:
    """One run over a sheet."""

    def __init__(self, db: Session, sheet: Sheet, now: datetime) -> None:
        settings = provider.get(db)
        today = provider.today(db, now)
        month_first = get_date_format("short", locale=settings.locale).pattern.lower().startswith("m")
        self.plan = Plan()
        self.db, self.sheet, self.now = db, sheet, now
        self.reading = Reading(today, month_first)
        self.errors: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str]] = []
        self.unchanged = 0

    def plan_all(self, progress: Progress) -> None:
        """Read every row, then decide what each adds."""
        rows = self._read_all()
        self.guardians = import_lookups.guardians(self.db, {row.email for row in rows})
        self.classes = _Classes.of(import_lookups.courses(self.db, self.now))
        for done, row in enumerate(rows, start=1):
            before = self.plan.size
            try:
                self._plan(row)
            except BadRow as bad:
                self.errors.append((row.line, str(bad)))
            else:
                self.unchanged += self.plan.size == before
            progress(done, len(rows))

    def report(self) -> Report:
        """The figures, and the bad rows in the order of the file."""
        plan = self.plan
        sizes = (len(plan.guardians), len(plan.families), len(plan.members), len(plan.bookings))
        rows = len(self.sheet.lines)
        return Report(rows, *sizes, self.unchanged, tuple(sorted(self.errors)), tuple(self.notes))

    def _read_all(self) -> list[FamilyRow]:
        rows = []
        for line in self.sheet.lines:
            try:
                rows.append(family_rows.read(line.number, line.cells, self.reading))
            except BadRow as bad:
                self.errors.append((line.number, str(bad)))
        return rows

    def _plan(self, row: FamilyRow) -> None:
        guardian = self._guardian(row)
        family = self._family(guardian, row)
        if not row.has_member:
            return
        member = self._member(family, row)
        if row.course:
            self._booking(family, member, row)

    def _guardian(self, row: FamilyRow) -> KnownGuardian:
        known = self.guardians.get(row.email)
        if known is None:
            known = self.guardians[row.email] = KnownGuardian(row.email, row.guardian, row.phone)
            self.plan.guardians.append(known)
        elif known.id is None:
            known.full_name, known.phone = known.full_name or row.guardian, known.phone or row.phone
        if row.guardian and known.full_name and not same_person(row.guardian, known.full_name):
            self.notes.append(
                (row.line, f"{row.email} is {known.full_name} already; “{row.guardian}” is not used.")
            )
        return known

    def _family(self, guardian: KnownGuardian, row: FamilyRow) -> KnownFamily:
        """Their only family, or the one in which the member is; a new one for a guardian without any."""
        if not guardian.families:
            surname = row.guardian.rpartition(" ")[2] or row.last_name or row.email.partition("@")[0]
            guardian.families.append(KnownFamily(name=surname))
            self.plan.families.append((guardian, guardian.families[0]))
        if len(guardian.families) == 1:
            return guardian.families[0]
        theirs = [family for family in guardian.families if self._same(family, row)]
        if len(theirs) != 1 and row.has_member:
            raise BadRow(f"{row.email} belongs to several families, and it is not clear which is meant.")
        return theirs[0] if theirs else guardian.families[0]

    def _same(self, family: KnownFamily, row: FamilyRow) -> KnownMember | None:
        name = f"{row.first_name} {row.last_name}"
        found = (one for one in family.members if same_person(f"{one.first_name} {one.last_name}", name))
        return next(found, None)

    def _member(self, family: KnownFamily, row: FamilyRow) -> KnownMember:
        known = self._same(family, row)
        if known is None:
            position = family.next_position()
            known = KnownMember(
                row.first_name, row.last_name, row.birth_date, position, is_adult=row.is_adult
            )
            family.members.append(known)
            self.plan.members.append((family, known))
        elif row.birth_date and known.birth_date and row.birth_date != known.birth_date:
            raise BadRow(f"{row.first_name} is in the family with another date of birth, {known.birth_date}.")
        elif row.birth_date and known.id is None:
            known.birth_date, known.is_adult = row.birth_date, row.is_adult
        return known

    def _booking(self, family: KnownFamily, member: KnownMember, row: FamilyRow) -> None:
        found = self.classes.called(row.course)
        if any(course.id in member.live_courses for course in found):
            return
        if len(found) > 1:
            choices = " or ".join(f"“{course.full_name}”" for course in found)
            raise BadRow(f"{len(found)} classes are called “{row.course}”. Write {choices}.")
        course = found[0]
        if not course.sessions:
            raise BadRow(f"“{course.name}” has no session to come.")
        if course.places_left <= 0:
            raise BadRow(f"“{course.name}” is full. Make room in it, or leave the class out of this row.")
        course.places_left -= 1
        member.live_courses.add(course.id)
        self.plan.bookings.append((family, member, course))
