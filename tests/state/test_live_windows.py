"""Windows that stay true: a change committed anywhere shows in the windows it concerns, and in no others."""

import json
import urllib.request
from itertools import count

from sqlmodel import col, select

from portal import changes, db, relay
from portal.models.people import FamilyGuardian, Guardian, Member
from tests.support import break_in
from tests.support.break_in import House
from tests.support.portal_server import PortalServer
from tests.support.windows import COOKIE, STATE, Window, windows

NORA, SAM, OMAR, RUTH = "nora@demo.example", "sam@demo.example", "omar@demo.example", "ruth@demo.example"
_numbers = count(1)
WITHIN = 1.0
"""Seconds in which an open window shows what was committed."""


def show(house: House, email: str, path: str = "/") -> Window:
    """A signed-in window that shows its page."""
    window = house.open(break_in.sign_in(email), path=path)
    window.page()
    window.read()
    return window


def rename_a_child(house: House, of: str) -> str:
    """Commit a change of this family's in this process and leave word as commands do; the new name."""
    name = f"Miluška {next(_numbers)}"
    others = relay.relay(house.redis_url, house.server.folder, server=False)
    deaf = changes.listen(others.tell)
    with db.unit_of_work() as session:
        family_id = select(FamilyGuardian.family_id).join(Guardian).where(col(Guardian.email) == of)
        child = session.exec(select(Member).where(col(Member.family_id).in_(family_id))).first()
        assert child is not None
        child.first_name = name
        session.add(child)
    deaf()
    return name


def sign_out(server: PortalServer, login: str, everywhere: bool = False) -> None:
    """As the account menu's form does."""
    path = "/auth/sign-out-everywhere" if everywhere else "/auth/sign-out"
    headers = {"Origin": server.url, "Sec-Fetch-Site": "same-origin", "Cookie": f"{COOKIE}={login}"}
    asked = urllib.request.Request(f"{server.url}{path}", data=b"", headers=headers, method="POST")
    urllib.request.urlopen(asked, timeout=10)


def test_a_choice_made_in_one_window_shows_in_the_other_within_a_second(house: House) -> None:
    login = break_in.sign_in(NORA)
    with windows() as opened:
        for _ in range(6 if house.redis_url else 2):
            opened.append(house.open(login))
            opened[-1].page()
            opened[-1].read()
        with db.reading() as session:
            child = session.exec(select(Member).where(Member.first_name == "Mila")).first()
        assert child is not None
        opened[0].send(f"{STATE}.portal___state___base____shell.choose", {"who": child.public_id})
        took = [window.follow(10, f'"who": "{child.public_id}"') for window in opened[1:]]

    assert max(took) < WITHIN


def test_what_another_process_commits_shows_within_a_second(house: House) -> None:
    with windows() as opened:
        opened.extend([show(house, NORA), show(house, SAM)])
        name = rename_a_child(house, NORA)
        took = [window.follow(10, name) for window in opened]

    assert max(took) < WITHIN


def test_a_change_of_one_family_disturbs_no_other(house: House) -> None:
    with windows() as opened:
        opened.extend([show(house, NORA), show(house, OMAR)])
        opened[0].follow(10, rename_a_child(house, NORA))

        assert opened[1].read() == []


def test_signing_out_everywhere_empties_every_open_window_at_once(house: House) -> None:
    login = break_in.sign_in(NORA)
    with windows() as opened:
        opened.extend([house.open(login), show(house, NORA, "/payments")])
        opened[0].page()
        sign_out(house.server, login, everywhere=True)
        took = [window.follow(10, "/login") for window in opened]

    assert max(took) < WITHIN


def test_a_share_that_is_taken_back_leaves_nothing_in_the_open_window(house: House) -> None:
    booking = house.victim.paths[1]
    others = relay.relay(house.redis_url, house.server.folder, server=False)
    with windows() as opened:
        opened.append(house.open(break_in.sign_in(RUTH), path=booking))
        assert "Little Waves 2" in opened[0].page()
        opened[0].read()
        deaf = changes.listen(others.tell)
        break_in.revoke_shares(RUTH)
        deaf()
        took = opened[0].follow(10, '"missing"')
        told = json.dumps(opened[0].answers[-1], ensure_ascii=False)

    assert took < WITHIN
    assert '"coming": []' in told
    assert '"members": []' in told
    assert "Mila" not in told


def test_a_burst_of_changes_is_a_handful_of_hints(house: House) -> None:
    with windows() as opened:
        opened.append(show(house, NORA))
        names = [rename_a_child(house, NORA) for _ in range(30)]
        opened[0].follow(10, names[-1])
        hints = [one for one in opened[0].answers if one.get("events")]

    assert len(hints) < 15


def test_a_hint_carries_no_data(house: House) -> None:
    with windows() as opened:
        opened.append(show(house, NORA))
        rename_a_child(house, NORA)
        hint = opened[0].read(quiet=2)[0]

    assert not hint.get("delta")
    assert [(event["name"].rpartition(".")[2], event["payload"]) for event in hint["events"]] == [
        ("load", {})
    ]
