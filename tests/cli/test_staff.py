import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from portal import db, passwords, settings
from portal.cli import main
from portal.models.people import Staff

PETRA = "petra@otterbrook.example"


@pytest.fixture(autouse=True)
def _settings(fresh_db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """A portal with this database."""
    for name, value in {
        "PORTAL_DEMO": "1",
        "DATABASE_URL": fresh_db,
        "PORTAL_DATA_DIR": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()


def add(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["staff", "add", *arguments])


def test_a_password_is_made_and_shown_once() -> None:
    said = add(PETRA, "--name", "Petra Hanák", "--role", "manager")

    assert said.exit_code == 0
    password = said.output.split()[-1]
    with db.reading() as session:
        petra = session.exec(select(Staff)).one()
    assert (petra.full_name, petra.email, petra.role) == ("Petra Hanák", PETRA, "manager")
    assert passwords.password_matches(password, petra.password_hash)


@pytest.mark.parametrize(
    ("email", "words"), [(PETRA, "is a member of staff already"), ("petra", "Please check it")]
)
def test_what_cannot_be_is_said_and_changes_nothing(email: str, words: str) -> None:
    add(PETRA)
    said = add(email)

    assert said.exit_code == 1
    assert words in said.output
    with db.reading() as session:
        assert len(session.exec(select(Staff)).all()) == 1
