import stat
from threading import Event, Thread

import pytest
from sqlalchemy import make_url

from portal import db
from portal.backups import BackupRefused
from tests.backups.conftest import House, note, noted


def test_what_was_backed_up_comes_back(house: House) -> None:
    note()
    before = house.rows()
    made = house.back_up()
    note()

    restored = house.restore()

    assert house.rows() == before
    assert restored.manifest == made
    assert (made.kind, made.schema) == (make_url(house.url).get_backend_name(), db.revisions()[-1])
    db.ping()


def test_a_new_row_finds_its_place_after_a_restore(house: House) -> None:
    house.back_up()
    house.restore()
    note()

    assert noted() == 2


def test_a_backup_is_of_one_moment_while_others_write(house: House) -> None:
    enough, troubles = Event(), []

    def write() -> None:
        while not enough.is_set():
            try:
                note()
            except Exception as error:  # noqa: BLE001 - whatever it is, a family would have seen it
                troubles.append(error)

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for number in range(3):
        house.back_up(f"{number}.backup")
    enough.set()
    for writer in writers:
        writer.join()

    assert not troubles
    at_the_end, found = noted(), []
    for number in range(3):
        house.restore(f"{number}.backup")
        found.append(noted())
    assert all(together % 2 == 0 for together in found), "half a transaction is in a backup"
    assert found == sorted(found)
    assert 0 < found[-1] <= at_the_end


def test_data_is_not_replaced_without_being_asked_twice(house: House) -> None:
    house.back_up()
    note()
    with pytest.raises(BackupRefused, match="--yes"):
        house.restore(replace=False)

    assert noted() == 2


def test_what_was_there_is_kept_and_can_come_back_too(house: House) -> None:
    house.back_up()
    note()
    kept = house.restore().kept
    assert noted() == 0
    assert kept is not None

    house.restore(kept.name)

    assert noted() == 2


def test_a_database_that_is_empty_takes_a_backup_without_questions(house: House) -> None:
    house.back_up()
    before = house.rows()
    house.clear()

    assert house.restore(replace=False).kept is None
    assert house.rows() == before


def test_a_backup_is_for_its_owners_eyes(house: House) -> None:
    house.back_up()
    note()
    kept = house.restore().kept

    assert kept is not None
    assert {stat.S_IMODE(file.stat().st_mode) for file in (kept, house.file("house.backup"))} == {0o600}


def test_a_backup_is_never_written_over_another(house: House) -> None:
    house.back_up()
    first = house.file("house.backup").read_bytes()
    with pytest.raises(BackupRefused, match="there already"):
        house.back_up()

    assert house.file("house.backup").read_bytes() == first


def test_an_empty_database_has_nothing_to_back_up(house: House) -> None:
    house.clear()
    with pytest.raises(BackupRefused, match="nothing to back up"):
        house.back_up()


def test_nothing_is_left_lying_about(house: House) -> None:
    house.back_up()
    house.restore()

    assert {file.suffix for file in house.shelf.iterdir()} <= {".backup", ".db"}


def test_a_backup_goes_to_a_database_of_its_own_kind(house: House) -> None:
    house.back_up()
    other = "sqlite:///other.db" if "postgresql" in house.url else "postgresql://portal@127.0.0.1/portal"
    with pytest.raises(BackupRefused, match="its own kind"):
        House(other, house.shelf).restore()
