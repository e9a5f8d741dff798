"""Break-ins over a raw socket, against the portal as it really runs, with the demo's families."""

import json
import random
from collections.abc import Callable

import pytest

import portal.portal  # noqa: F401 - registers every handler there is
from portal.http.frames import event_of
from tests.support import break_in
from tests.support.break_in import House, Victim
from tests.support.proofs import rounds
from tests.support.windows import STATE, Window, said, windows

FUZZ = rounds(1000, 20_000)
"""Messages invented in each house."""
NORA, OMAR, RUTH = "nora@demo.example", "omar@demo.example", "ruth@demo.example"
HOME = f"{STATE}.portal___state___home____home_state.load"


def nobody() -> str:
    return ""


def made_up() -> str:
    return "a-token-that-nobody-was-given"


def other_family() -> str:
    return break_in.sign_in(OMAR)


def share_taken_back() -> str:
    break_in.revoke_shares(RUTH)
    return break_in.sign_in(RUTH)


def share_over() -> str:
    break_in.let_shares_end(RUTH)
    return break_in.sign_in(RUTH)


def expired() -> str:
    login = break_in.sign_in(NORA)
    break_in.let_expire(login)
    return login


def signed_out() -> str:
    login = break_in.sign_in(NORA)
    break_in.sign_out(login)
    return login


def staff() -> str:
    return break_in.sign_in("staff@demo.example")


THIEVES = [nobody, made_up, other_family, share_taken_back, share_over, expired, signed_out, staff]


def stolen(house: House, told: str) -> list[str]:
    """The family's secrets in what was told."""
    return [secret for secret in sorted(house.victim.secrets) if secret in told]


def try_every_door(window: Window, victim: Victim) -> str:
    """Call every handler there is, with every payload, from every page; everything that was answered."""
    for name, payload, path in break_in.knocks(victim):
        window.send(name, payload, path)
    return said(window.answers_to_all())


@pytest.mark.parametrize("thief", THIEVES, ids=lambda thief: thief.__name__)
def test_no_door_tells_or_writes_anything_of_another_family(house: House, thief: Callable[[], str]) -> None:
    login = thief()
    before = break_in.rows(of_others_than=login)
    with windows() as opened:
        opened.append(house.open(login))
        told = try_every_door(opened[0], house.victim)

    assert told
    assert stolen(house, told) == []
    assert break_in.rows(of_others_than=login) == before


def test_the_family_itself_is_told(house: House) -> None:
    """The control: what is sought is really there, and the doors that were tried lead to it."""
    with windows() as opened:
        opened.append(house.open(break_in.sign_in(NORA)))
        told = try_every_door(opened[0], house.victim)

    assert len(stolen(house, told)) > 10


def test_a_share_shows_no_money(house: House) -> None:
    login = break_in.sign_in(RUTH)
    with windows() as opened:
        opened.append(house.open(login))
        told = try_every_door(opened[0], house.victim)

    assert [secret for secret in house.victim.money if secret in told] == []


def test_a_share_to_look_at_writes_nothing(house: House) -> None:
    login = break_in.sign_in(RUTH)
    before = break_in.rows(of_others_than=login)
    with windows() as opened:
        opened.append(house.open(login))
        try_every_door(opened[0], house.victim)

    assert break_in.rows(of_others_than=login) == before


@pytest.mark.parametrize("thief", [nobody, other_family], ids=lambda thief: thief.__name__)
def test_a_stolen_window_is_empty_for_a_thief(house: House, thief: Callable[[], str]) -> None:
    with windows() as opened:
        family = house.open(break_in.sign_in(NORA), path="/payments")
        assert stolen(house, family.page())
        family.close()
        opened.append(house.open(thief(), family.token, boot=False))
        told = try_every_door(opened[0], house.victim)
        opened[0].send(f"{STATE}.hydrate")
        opened[0].send(f"{STATE}.hydrate_and_load")
        told += said(opened[0].read())

    assert stolen(house, told) == []


def test_the_next_family_in_the_same_browser_finds_nothing_of_the_last(house: House) -> None:
    with windows() as opened:
        first = house.open(break_in.sign_in(NORA), path="/payments")
        first.page()
        first.close()
        second = house.open(break_in.sign_in(OMAR), first.token)
        opened.append(second)
        told = second.page()

    assert "Haddad" in told
    assert stolen(house, told) == []


def test_after_signing_out_an_open_socket_is_let_through_not_once_in_a_hundred(house: House) -> None:
    login = break_in.sign_in(NORA)
    with windows() as opened:
        window = house.open(login)
        opened.append(window)
        assert stolen(house, window.page())
        window.read()
        break_in.sign_out(login)
        for _ in range(100):
            window.send(HOME)
        answers = window.read(quiet=1)

    asked_to_sign_in = [one for one in answers if "/login" in json.dumps(one.get("events"))]
    assert len(asked_to_sign_in) == 100
    assert stolen(house, said(answers)) == []


def test_a_window_whose_login_ended_forgets_what_it_showed(house: House) -> None:
    login = break_in.sign_in(NORA)
    with windows() as opened:
        window = house.open(login)
        opened.append(window)
        window.page()
        window.read()
        break_in.sign_out(login)
        window.send(HOME)
        first = window.read()[0]

    emptied = first["delta"][HOME.removesuffix(".load")]
    assert emptied["status_rx_state_"] == "loading"
    assert emptied["view_rx_state_"]["headings"] == []


def test_a_login_whose_consent_is_due_is_led_to_the_card(house: House) -> None:
    with windows() as opened:
        window = house.open(break_in.sign_in("new@demo.example"), path="/sessions")
        opened.append(window)
        window.wait_for("/consent?next=/sessions")


@pytest.mark.proof
def test_nothing_a_client_invents_stops_the_portal_or_writes(house: House) -> None:
    chance = random.Random(6)
    login = break_in.sign_in(OMAR)
    before = break_in.rows(of_others_than=login)
    with windows() as opened:
        for number in range(FUZZ):
            if not opened or opened[-1].closed:
                opened.append(house.open(chance.choice(["", login]), boot=False))
            invented = _nonsense(chance, number)
            opened[-1].raw(invented)
            if event_of(invented) is None:
                opened[-1].read(quiet=5)
                assert opened.pop().closed
        for window in opened:
            window.read()
        opened.append(house.open(break_in.sign_in(NORA)))
        told = opened[-1].page()

    assert stolen(house, told)
    assert house.server.process.poll() is None
    assert "Traceback" not in house.server.log()
    assert _without_logins(break_in.rows(of_others_than=login)) == _without_logins(before)


def _without_logins(found: set[tuple[str, break_in.Row]]) -> set[tuple[str, break_in.Row]]:
    return {row for row in found if row[0] != "login_session"}


def _nonsense(chance: random.Random, number: int) -> str:
    """Mostly what our page could send if somebody else had written it, and some frames that it could not."""
    known = [*break_in.doors(), f"{STATE}.hydrate_and_load", f"{STATE}.setvar", f"{STATE}.nobody", "reload"]
    odd = {
        key: _odd(chance)
        for key in chance.choice([(), ("who",), ("asked", "given"), ("value",), ("vars", "hashes")])
    }
    path = chance.choice(
        ["/", "/bookings/x", "/orders/" + "9" * 300, "//evil.example", "/\\..\\", "/payments?open='--"]
    )
    place = {"pathname": path, "asPath": path, "query": {"open": str(number), "x": ["1", "2"]}}
    event: dict[str, object] = {
        "name": chance.choice(known),
        "payload": odd,
        "router_data": chance.choice([{}, place, place]),
    }
    if chance.random() < 0.1:
        event[chance.choice([*event])] = _odd(chance)
    framed = f"42/_event,{json.dumps(['event', event])}"
    broken = [
        "42",
        "4",
        "9",
        "41/_event,",
        "42/_event,[",
        "451-/_event,[]",
        "40/other,",
        framed[: number % 60],
        framed * 9,
    ]
    return framed if chance.random() < 0.95 else chance.choice(broken)


def _odd(chance: random.Random) -> object:
    nested: object = []
    for _ in range(chance.randrange(200)):
        nested = [nested]
    texts = [
        "",
        "x" * 5000,
        "\u0000",
        "\ud800",
        "' or 1=1 --",
        "../../etc/passwd",
        "__class__",
        "é" * 300,
        "all",
    ]
    others = [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        [],
        {},
        {"$ref": "#"},
        nested,
        {"a": nested},
        ["all"],
        {"who": "all"},
    ]
    return chance.choice([*texts, *others])
