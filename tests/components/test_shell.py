"""The frame around every page, as it is in the document."""

from portal.components.elements import render
from portal.components.shell import member_switcher
from portal.rows.common import Face
from portal.rows.shell import Member


def test_there_is_something_to_switch_once_there_is_a_member() -> None:
    mila = Member(id="m1", name="Mila", face=Face("M", "p1", "Mila"))

    assert "Everyone" in render(member_switcher, (mila,), "all")
    assert "Everyone" not in render(member_switcher, (), "all")
