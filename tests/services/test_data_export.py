import csv
import io
import json
import zipfile
from typing import Any

import pytest
from sqlmodel import select

from portal.actor import SYSTEM, Actor, ActorKind
from portal.documents.csv_out import sheet
from portal.models import Table
from portal.models.access import LoginSession
from portal.models.messages import OutboxMessage
from portal.models.people import AuditEntry, Guardian, Member
from portal.services import data_export, families, logins, reminders, shares
from portal.services.families import NewGuardian
from tests.factories import NOW, Household, Otterbrook

CANARY, OTHERS = "canary-of-the-vales", "canary-of-others"


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    """A family with something in many tables, and another one beside it."""
    vale, adeyemi = world.family("Vale", "Mila"), world.family("Adeyemi", "Ade")
    for family, said in ((vale, CANARY), (adeyemi, OTHERS)):
        member = world.db.get_one(Member, next(iter(family.members.values())))
        member.health_note = said
        booked = world.enrol(member.id or 0, world.course())
        shares.share(world.db, SYSTEM, booked.booking_id, said, f"{said}@vale.example", NOW)
        world.order(family.family_id, 6200)
        logins.open_for_guardian(world.db, family.guardian_id, "Firefox", NOW)
    world.db.flush()
    return vale


def exported(world: Otterbrook, actor: Actor) -> tuple[dict[str, list[dict[str, Any]]], zipfile.ZipFile]:
    archive = zipfile.ZipFile(io.BytesIO(data_export.export(world.db, actor, NOW)))
    return json.loads(archive.read("data.json")), archive


def test_what_is_held_about_the_family_is_there_and_nothing_of_another(
    world: Otterbrook, vale: Household
) -> None:
    data, archive = exported(world, vale.guardian)

    assert [one["first_name"] for one in data["member"]] == ["Mila"]
    assert {"order", "order_item", "payment", "booking", "attendance", "share", "login_session"} <= set(data)
    assert data["course"][0]["name"] == "Little Waves 2"
    assert data["programme"]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert CANARY in everything
    assert OTHERS not in everything
    assert world.db.exec(select(AuditEntry.action)).all()[-1] == "data.exported"


def test_another_adult_of_the_family_keeps_their_own_browsers_and_letters(
    world: Otterbrook, vale: Household
) -> None:
    new = NewGuardian("Sam Vale", "sam@vale.example")
    sam = families.add_guardian(world.db, SYSTEM, vale.family_id, new, NOW)
    logins.open_for_guardian(world.db, sam, "Sam’s browser", NOW)
    world.order(vale.family_id, 6200, due=(NOW.date(),))
    reminders.remind(world.db, SYSTEM, NOW)
    data, _ = exported(world, vale.guardian)

    assert [one["guardian_id"] for one in data["login_session"]] == [vale.guardian_id]
    assert data["outbox_message"]
    assert {one["guardian_id"] for one in data["outbox_message"]} == {vale.guardian_id}
    told = world.db.exec(select(OutboxMessage.guardian_id)).all()
    assert sam in told


def test_the_tables_say_the_same_as_the_one_file(world: Otterbrook, vale: Household) -> None:
    data, archive = exported(world, vale.guardian)

    rows = list(csv.DictReader(io.StringIO(archive.read("attendance.csv").decode("utf-8-sig"))))
    assert [row["public_id"] for row in rows] == [one["public_id"] for one in data["attendance"]]


def test_every_table_about_a_family_or_a_guardian_is_exported() -> None:
    somebody = Actor(ActorKind.GUARDIAN, login_id=1, guardian_id=1, family_id=1)
    tables = Table.metadata.sorted_tables
    about = {
        table.name
        for table in tables
        if {"family_id", "guardian_id"} & set(table.c.keys()) or table.name in ("family", "guardian")
    }

    assert {table.name for table in tables if data_export.concerns(table, somebody) is not None} == about


def test_keys_that_would_let_somebody_sign_in_are_left_out(world: Otterbrook, vale: Household) -> None:
    _, archive = exported(world, vale.guardian)

    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for token_hash in world.db.exec(select(LoginSession.token_hash)).all():
        assert token_hash not in everything
    named = {f"{table.name}.{column.name}" for table in Table.metadata.sorted_tables for column in table.c}
    hashes = {name for name in named if name.endswith("_hash")}
    kept_out = {name for name in hashes if name.split(".")[1] in data_export.SECRETS}
    kept_out |= {".".join(pair) for pair in data_export.SECRET_OF}
    # Of texts that whoever holds the file may read, and of a staff password, which is of no family.
    assert hashes - kept_out == {
        "calendar_feed.content_hash",
        "consent_version.text_hash",
        "consent_answer.text_hash",
        "staff.password_hash",
    }


def test_who_has_no_family_open_gets_what_is_about_themselves(world: Otterbrook, vale: Household) -> None:
    alone = Actor(ActorKind.GUARDIAN, login_id=1, guardian_id=vale.guardian_id)

    data, _ = exported(world, alone)

    assert data["family"] == []
    assert "payment" not in data
    assert data["guardian"][0]["email"] == world.db.get_one(Guardian, vale.guardian_id).email


def test_a_cell_that_a_spreadsheet_would_run_is_a_text() -> None:
    rows = [["=1+1", "+421", "-x", "@x", "\tx", "\rx", "plain", -5, None, True]]

    (line,) = csv.reader(io.StringIO(sheet([], rows).decode("utf-8-sig").split("\r\n", 1)[1], newline=""))

    assert line == ["'=1+1", "'+421", "'-x", "'@x", "'\tx", "'\rx", "plain", "-5", "", "True"]
