"""A backup that cannot be restored says why, and leaves what is there as it is."""

import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal import db
from portal.backups import BackupRefused
from tests.backups.conftest import House, note, noted
from tests.support.proofs import rounds


@contextmanager
def unchanged(house: House) -> Iterator[None]:
    before = house.rows()
    yield
    db.bind(house.url)
    assert house.rows() == before
    db.ping()


def rewritten(file: Path, **said: object) -> None:
    """Say something else in the manifest."""
    with zipfile.ZipFile(file) as archive:
        manifest, data = json.loads(archive.read("manifest.json")), archive.read("data")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, **said}))
        archive.writestr("data", data)


def test_a_file_that_was_cut_short_is_refused_wherever_it_was_cut(house: House) -> None:
    house.back_up()
    whole = house.file("house.backup").read_bytes()
    note()
    with unchanged(house):
        for length in (0, 3, 4, 40, 700, len(whole) // 2, len(whole) - 30, len(whole) - 1):
            house.file("cut.backup").write_bytes(whole[:length])
            with pytest.raises(BackupRefused, match=r"damaged or cut short|not a backup"):
                house.restore("cut.backup")


@pytest.mark.proof
def test_a_damaged_file_is_refused_or_what_it_holds_is_whole(house: House) -> None:
    note()
    house.back_up()
    before = house.rows()
    whole = house.file("house.backup").read_bytes()
    place = random.Random(12)
    for _ in range(rounds(8, 200)):
        damaged = bytearray(whole)
        damaged[place.randrange(len(whole))] ^= 1 << place.randrange(8)
        house.file("damaged.backup").write_bytes(damaged)
        try:
            house.restore("damaged.backup")
        except BackupRefused:
            db.bind(house.url)
        assert house.rows() == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n1,Mila\n", bytes(5000)])
def test_another_file_is_refused(house: House, content: bytes) -> None:
    house.file("other.backup").write_bytes(content)
    with unchanged(house), pytest.raises(BackupRefused, match=r"not a backup|cut short"):
        house.restore("other.backup")


def test_another_zip_is_refused(house: House) -> None:
    with zipfile.ZipFile(house.file("other.backup"), "w") as archive:
        archive.writestr("photo.jpg", b"...")
    with unchanged(house), pytest.raises(BackupRefused, match="is not a backup of the portal"):
        house.restore("other.backup")


@pytest.mark.parametrize(
    ("field", "said"), [(6, b"\x01\x00"), (8, b"\x63\x00")], ids=["encrypted", "of an unknown compression"]
)
def test_a_zip_that_cannot_be_opened_is_refused(house: House, field: int, said: bytes) -> None:
    house.back_up()
    whole = bytearray(house.file("house.backup").read_bytes())
    for header, offset in ((b"PK\x03\x04", field), (b"PK\x01\x02", field + 2)):
        at = whole.index(header) + offset
        whole[at : at + len(said)] = said
    house.file("other.backup").write_bytes(whole)
    with unchanged(house), pytest.raises(BackupRefused, match="damaged or cut short"):
        house.restore("other.backup")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"schema": "9999", "portal": "7.0"}, r"portal 7.0 \(schema 9999\), which is newer"),
        ({"format": 2}, "made by a newer portal"),
        ({"format": "1"}, "not a backup"),
        ({"kind": "mysql"}, "backup of mysql"),
    ],
)
def test_a_backup_of_a_newer_portal_is_refused(house: House, said: dict[str, object], words: str) -> None:
    house.back_up()
    rewritten(house.file("house.backup"), **said)
    with unchanged(house), pytest.raises(BackupRefused, match=words):
        house.restore()


def test_a_backup_of_an_older_portal_is_brought_here(older_house: House) -> None:
    before = older_house.rows()
    older_house.back_up()
    older_house.clear()

    older_house.restore()

    after = older_house.rows()
    assert {table: after[table] for table in before} == before
    db.ping()


def test_a_backup_that_cannot_be_brought_here_changes_nothing(
    older_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    older_house.back_up()
    db.migrate()
    note()

    def fail() -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(db, "migrate", fail)
    with unchanged(older_house), pytest.raises(BackupRefused, match="everything is as it was"):
        older_house.restore()
    assert noted() == 2


def test_data_inside_that_is_damaged_is_refused(house: House) -> None:
    house.back_up()
    with zipfile.ZipFile(house.file("house.backup")) as archive:
        manifest, data = archive.read("manifest.json"), archive.read("data")
    with zipfile.ZipFile(house.file("inside.backup"), "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("data", data[: len(data) // 2])
    with unchanged(house), pytest.raises(BackupRefused):
        house.restore("inside.backup")


@pytest.mark.parametrize("content", [b"hello", bytes(5000), b"SQLite format 3\0" + bytes(3000)])
def test_a_database_that_cannot_be_read_is_moved_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "portal.db"
    house = House(f"sqlite:///{file}", tmp_path)
    db.bind(house.url)
    db.migrate()
    note()
    house.back_up()
    db.engine().dispose()
    file.write_bytes(content)
    with pytest.raises(BackupRefused, match="--yes"):
        house.restore(replace=False)
    with pytest.raises(BackupRefused):
        house.back_up("damaged.backup")

    kept = house.restore().kept

    assert noted() == 2
    assert kept is not None
    assert kept.read_bytes() == content
