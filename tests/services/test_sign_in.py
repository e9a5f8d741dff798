from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from portal import db
from portal.actor import SYSTEM, Actor, ActorKind
from portal.errors import NotAllowed, NotFound
from portal.models.access import LoginChallenge
from portal.models.people import AuditEntry, Guardian
from portal.rules import sign_in as rules
from portal.services import logins, sign_in
from portal.services.sign_in import Visitor
from tests.factories import NOW, Household, Otterbrook
from tests.support.signing_in import (
    DESK,
    HERE,
    MINUTE,
    NORA,
    ask,
    code,
    enter,
    link,
    messages,
    rows,
)


def test_the_code_opens_the_guardians_family(nora: Household) -> None:
    ask(next_path="/payments")
    signed_in = enter(code())

    with db.reading() as session:
        actor = logins.actor_of(session, signed_in.token, NOW)
    assert actor is not None
    assert (actor.kind, actor.guardian_id, actor.family_id) == (
        ActorKind.GUARDIAN,
        nora.guardian_id,
        nora.family_id,
    )
    assert signed_in.next_path == "/payments"


def test_the_link_signs_in_any_browser_once(nora: Household) -> None:
    ask()
    sign_in.redeem_link(Visitor(address="198.51.100.9"), link(), NOW)

    with pytest.raises(rules.AlreadyUsed):
        sign_in.redeem_link(HERE, link(), NOW)
    with pytest.raises(rules.AlreadyUsed):
        enter(code())


def test_a_code_works_in_the_browser_that_asked_and_nowhere_else(nora: Household) -> None:
    ask()

    with pytest.raises(rules.NothingAsked):
        enter(code(), Visitor(address=HERE.address, browser="another browser"))
    with pytest.raises(rules.NothingAsked):
        enter(code(), Visitor(address=HERE.address))
    assert enter(code())


def test_only_the_newest_code_works_and_the_older_link_still_does(nora: Household) -> None:
    ask()
    older_code, older_link = code(), link()
    ask()

    with pytest.raises(rules.WrongCode):
        enter(older_code)
    assert sign_in.redeem_link(HERE, older_link, NOW)


def test_an_unknown_e_mail_gets_a_challenge_and_no_message(nora: Household) -> None:
    ask("nobody@vale.example")

    assert rows(LoginChallenge) == 1
    assert messages() == []


def test_somebody_whose_data_was_erased_is_unknown(nora: Household) -> None:
    with db.unit_of_work() as session:
        session.get_one(Guardian, nora.guardian_id).erased_at = NOW
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


def test_a_message_works_for_ten_minutes_and_not_a_second_longer(nora: Household) -> None:
    ask()
    over = NOW + 10 * MINUTE

    for late in (lambda: enter(code(), now=over), lambda: sign_in.redeem_link(HERE, link(), over)):
        with pytest.raises(rules.Expired):
            late()
    assert enter(code(), now=over - timedelta(seconds=1))


def send_again(nora: Household, actor: Actor = SYSTEM, now: datetime = NOW) -> None:
    with db.reading() as session:
        public_id = session.get_one(Guardian, nora.guardian_id).public_id
    sign_in.send_again(DESK, actor, public_id, now)


def test_staff_send_a_fresh_message_whose_code_works_where_the_guardian_asked(nora: Household) -> None:
    ask(next_path="/payments")
    older = code()
    send_again(nora, now=NOW + MINUTE)

    assert [one.to_address for one in messages()] == [NORA, NORA]
    with pytest.raises(rules.WrongCode):
        enter(older, now=NOW + MINUTE)
    assert enter(code(), now=NOW + MINUTE).next_path == "/payments"
    with db.reading() as session:
        assert session.exec(select(AuditEntry.action)).all()[-1] == "sign_in.sent_again"


def test_the_link_of_a_message_that_staff_sent_works_where_nobody_asked(nora: Household) -> None:
    send_again(nora)

    assert not sign_in.look_at_link(link(), "", NOW)
    assert sign_in.redeem_link(Visitor("192.0.2.9"), link(), NOW).token


def test_only_staff_send_it_again_to_who_is_there_and_not_without_end(nora: Household) -> None:
    with pytest.raises(NotAllowed):
        send_again(nora, nora.guardian)
    with pytest.raises(NotFound):
        sign_in.send_again(DESK, SYSTEM, "nobody", NOW)
    for _ in range(rules.REQUESTS_PER_EMAIL):
        send_again(nora)
    with pytest.raises(rules.TooManyRequests):
        send_again(nora)
