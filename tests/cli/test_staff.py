import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from portal import db, passwords
from portal.cli import main
from portal.models.people import Staff

PETRA = "petra@otterbrook.example"


def add(portal: CliRunner, *arguments: str) -> Result:
    return portal.invoke(main, ["staff", "add", *arguments])


def test_a_password_is_made_and_shown_once(portal: CliRunner) -> None:
    said = add(portal, PETRA, "--name", "Petra Hanák", "--role", "manager")

    assert said.exit_code == 0
    password = said.output.split()[-1]
    with db.reading() as session:
        petra = session.exec(select(Staff)).one()
    assert (petra.full_name, petra.email, petra.role) == ("Petra Hanák", PETRA, "manager")
    assert passwords.password_matches(password, petra.password_hash)


@pytest.mark.parametrize(
    ("email", "words"), [(PETRA, "is a member of staff already"), ("petra", "Please check it")]
)
def test_what_cannot_be_is_said_and_changes_nothing(portal: CliRunner, email: str, words: str) -> None:
    add(portal, PETRA)
    said = add(portal, email)

    assert said.exit_code == 1
    assert words in said.output
    with db.reading() as session:
        assert len(session.exec(select(Staff)).all()) == 1
