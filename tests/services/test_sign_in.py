from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from portal import db
from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models.access import LoginChallenge, LoginFailure, LoginSession
from portal.models.messages import OutboxMessage
from portal.models.people import AuditEntry, Guardian
from portal.rules import sign_in as rules
from portal.rules.sign_in import ALPHABET
from portal.services import logins, sign_in
from portal.services.desk import Desk
from portal.services.sign_in import SignedIn, Visitor
from tests.factories import NOW, Household, Otterbrook

DESK = Desk(key="k" * 40, public_url="https://portal.example")
HERE = Visitor(address="192.0.2.7", browser="this browser")
NORA = "nora@vale.example"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def vale(fresh_db: str) -> Household:
    with db.unit_of_work() as session:
        return Otterbrook(session).family(email=NORA)


def ask(email: str = NORA, visitor: Visitor = HERE, now: datetime = NOW, next_path: str = "") -> None:
    sign_in.request(DESK, visitor, email, next_path, now)


def messages() -> list[OutboxMessage]:
    with db.reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def code() -> str:
    """The newest message's code, as its reader sees it."""
    return messages()[-1].body_text.partition("Your code: ")[2][:7]


def link() -> str:
    """The newest message's link, as its reader sees it."""
    return messages()[-1].body_text.partition(f"{DESK.public_url}/auth/link/")[2].split()[0]


def wrong_code() -> str:
    """A code that is none of ours: its first letter differs."""
    right = code()
    return ALPHABET[ALPHABET.index(right[0]) - 1] + right[1:]


def enter(typed: str, visitor: Visitor = HERE, now: datetime = NOW) -> SignedIn:
    return sign_in.redeem_code(DESK, visitor, typed, now)


def rows(table: type) -> int:
    with db.reading() as session:
        return len(session.exec(select(table)).all())


def test_the_code_opens_the_guardians_family(vale: Household) -> None:
    ask(next_path="/payments")
    signed_in = enter(code())

    with db.reading() as session:
        actor = logins.actor_of(session, signed_in.token, NOW)
    assert actor is not None
    assert (actor.kind, actor.guardian_id, actor.family_id) == (
        ActorKind.GUARDIAN,
        vale.guardian_id,
        vale.family_id,
    )
    assert signed_in.next_path == "/payments"


def test_the_link_signs_in_any_browser_once(vale: Household) -> None:
    ask()
    sign_in.redeem_link(Visitor(address="198.51.100.9"), link(), NOW)

    with pytest.raises(rules.AlreadyUsed):
        sign_in.redeem_link(HERE, link(), NOW)
    with pytest.raises(rules.AlreadyUsed):
        enter(code())


def test_a_code_works_in_the_browser_that_asked_and_nowhere_else(vale: Household) -> None:
    ask()

    with pytest.raises(rules.NothingAsked):
        enter(code(), Visitor(address=HERE.address, browser="another browser"))
    with pytest.raises(rules.NothingAsked):
        enter(code(), Visitor(address=HERE.address))
    assert enter(code())


def test_only_the_newest_code_works_and_the_older_link_still_does(vale: Household) -> None:
    ask()
    older_code, older_link = code(), link()
    ask()

    with pytest.raises(rules.WrongCode):
        enter(older_code)
    assert sign_in.redeem_link(HERE, older_link, NOW)


def test_an_unknown_e_mail_gets_a_challenge_and_no_message(vale: Household) -> None:
    ask("nobody@vale.example")

    assert rows(LoginChallenge) == 1
    assert messages() == []


def test_somebody_whose_data_was_erased_is_unknown(vale: Household) -> None:
    with db.unit_of_work() as session:
        nora = session.get(Guardian, vale.guardian_id)
        assert nora is not None
        nora.erased_at = NOW
    ask()

    assert messages() == []


def test_an_adult_who_only_has_a_share_signs_in_without_a_family(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        from portal.actor import SYSTEM
        from portal.services.shares import share

        world = Otterbrook(session)
        mila = world.family("Vale", "Mila")
        booked = world.enrol(mila["Mila"], world.course())
        share(session, SYSTEM, booked.booking_id, "Ruth Vale", "ruth@vale.example", NOW)
    ask("ruth@vale.example")
    signed_in = enter(code())

    with db.reading() as session:
        actor = logins.actor_of(session, signed_in.token, NOW)
    assert actor is not None
    assert actor.family_id is None


def test_a_message_works_for_ten_minutes_and_not_a_second_longer(vale: Household) -> None:
    ask()
    over = NOW + 10 * MINUTE

    for late in (lambda: enter(code(), now=over), lambda: sign_in.redeem_link(HERE, link(), over)):
        with pytest.raises(rules.Expired):
            late()
    assert enter(code(), now=over - timedelta(seconds=1))


def test_a_code_has_five_tries_and_the_link_still_works_after_them(vale: Household) -> None:
    ask()
    wrong = wrong_code()

    for left in (4, 3, 2, 1):
        with pytest.raises(rules.WrongCode) as told:
            enter(wrong)
        assert told.value.values == {"count": left}
    for typed in (wrong, code()):
        with pytest.raises(rules.TooManyTries):
            enter(typed)
    assert sign_in.redeem_link(HERE, link(), NOW)


def test_a_new_code_does_not_make_the_failures_forgotten(vale: Household) -> None:
    for _ in range(2):
        ask()
        for _ in range(5):
            with pytest.raises((rules.WrongCode, rules.TooManyTries)):
                enter(wrong_code())
    ask(now=NOW + 20 * HOUR)

    with pytest.raises(rules.CodesLocked):
        enter(code(), now=NOW + 20 * HOUR)
    assert sign_in.redeem_link(HERE, link(), NOW + 20 * HOUR), "links go on working"
    ask(now=NOW + 25 * HOUR)
    assert enter(code(), now=NOW + 25 * HOUR)


def test_a_right_code_is_not_a_failure(vale: Household) -> None:
    for _ in range(12):
        ask()
        enter(code())

    assert rows(LoginFailure) == 0


def test_what_cannot_be_a_code_costs_no_try(vale: Household) -> None:
    ask()
    for typed in ("hello", "", "12345"):
        with pytest.raises(rules.NotACode):
            enter(typed)

    assert rows(LoginFailure) == 0


@pytest.mark.parametrize("email", [NORA, "nobody@vale.example"])
def test_a_sixth_message_to_one_e_mail_within_the_hour_is_refused(vale: Household, email: str) -> None:
    for at in range(5):
        ask(email, Visitor(address=f"192.0.2.{at}", browser="b"), NOW + at * MINUTE)
    for elsewhere in ("198.51.100.1", "198.51.100.2"):
        with pytest.raises(rules.TooManyRequests):
            ask(email, Visitor(address=elsewhere, browser="b"), NOW + 59 * MINUTE)

    ask(email, now=NOW + HOUR)


def test_one_address_asks_for_twenty_messages_an_hour(vale: Household) -> None:
    for at in range(20):
        ask(f"guardian{at}@vale.example")
    with pytest.raises(rules.TooManyRequests):
        ask()

    ask(visitor=Visitor(address="192.0.2.8", browser="b"))
    ask(now=NOW + HOUR)


def test_whoever_signs_in_with_each_message_may_ask_again(vale: Household) -> None:
    for _ in range(8):
        ask()
        enter(code())

    assert len(messages()) == 8


def test_nothing_that_opens_a_door_is_kept_as_it_is(vale: Household) -> None:
    ask()
    typed, opened = code().replace(" ", ""), link()
    signed_in = enter(typed)

    with db.reading() as session:
        challenge, login = (
            session.exec(select(LoginChallenge)).one(),
            session.exec(select(LoginSession)).one(),
        )
    kept = f"{challenge.model_dump()} {login.model_dump()}"
    for secret in (typed, opened, signed_in.token, HERE.browser, HERE.address):
        assert secret not in kept


def test_old_challenges_and_failures_are_forgotten_after_a_day(vale: Household) -> None:
    ask()
    with pytest.raises(rules.WrongCode):
        enter(wrong_code())
    with db.unit_of_work() as session:
        sign_in.forget_old(session, NOW + timedelta(hours=24, seconds=1))

    assert rows(LoginChallenge) == rows(LoginFailure) == 0


def send_again(vale: Household, actor: Actor = SYSTEM, now: datetime = NOW) -> None:
    with db.reading() as session:
        public_id = session.get_one(Guardian, vale.guardian_id).public_id
    sign_in.send_again(DESK, actor, public_id, now)


def test_staff_send_a_fresh_message_whose_code_works_where_the_guardian_asked(vale: Household) -> None:
    ask(next_path="/payments")
    older = code()
    send_again(vale, now=NOW + MINUTE)

    assert [one.to_address for one in messages()] == [NORA, NORA]
    with pytest.raises(rules.WrongCode):
        enter(older, now=NOW + MINUTE)
    assert enter(code(), now=NOW + MINUTE).next_path == "/payments"
    with db.reading() as session:
        assert session.exec(select(AuditEntry.action)).all()[-1] == "sign_in.sent_again"


def test_the_link_of_a_message_that_staff_sent_works_where_nobody_asked(vale: Household) -> None:
    send_again(vale)

    assert not sign_in.look_at_link(link(), "", NOW)
    assert sign_in.redeem_link(Visitor("192.0.2.9"), link(), NOW).token


def test_only_staff_send_it_again_to_who_is_there_and_not_without_end(vale: Household) -> None:
    with pytest.raises(NotAllowed):
        send_again(vale, vale.guardian)
    with pytest.raises(NotFound):
        sign_in.send_again(DESK, SYSTEM, "nobody", NOW)
    for _ in range(rules.REQUESTS_PER_EMAIL):
        send_again(vale)
    with pytest.raises(rules.TooManyRequests):
        send_again(vale)
