import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from portal import db
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.access import LoginSession
from portal.models.messages import OutboxMessage
from portal.models.people import Guardian
from portal.rules import sign_in
from portal.services import email_change, logins, notify, outbox
from portal.services.desk import Desk
from portal.services.email_change import Codes
from portal.services.sign_in import Visitor, redeem_link, request
from tests.factories import NOW, Household, Otterbrook

DESK = Desk("a key of the server", "https://portal.example")
NEW = "nora@new.example"
_CODE = re.compile(r"address: (\w{3} \w{3})")


@pytest.fixture
def vale(fresh_db: str) -> Household:
    with db.unit_of_work() as session:
        return Otterbrook(session).family("Vale", "Mila", email="nora@vale.example")


def ask(vale: Household, new: str = NEW) -> str:
    return email_change.ask(DESK, vale.guardian, new, NOW)


def codes() -> dict[str, str]:
    """The newest code that each address was sent."""
    with db.reading() as session:
        asked = select(OutboxMessage).where(OutboxMessage.kind == email_change.KIND)
        sent = session.exec(asked.order_by(col(OutboxMessage.id))).all()
    return {one.to_address: _CODE.findall(one.body_text)[0] for one in sent}


def confirm(vale: Household, old: str, new: str, later: timedelta = timedelta()) -> str:
    return email_change.confirm(DESK, vale.guardian, Codes(old, new), NOW + later)


def email_of(vale: Household) -> str:
    with db.reading() as session:
        return session.get_one(Guardian, vale.guardian_id).email


def test_with_both_codes_the_address_is_changed_once(vale: Household) -> None:
    ask(vale, " Nora@New.example ")
    said = codes()

    assert confirm(vale, said[vale.email].lower(), said[NEW]) == NEW
    assert email_of(vale) == NEW
    with pytest.raises(email_change.WrongCodes):
        confirm(vale, said[vale.email], said[NEW])


def test_one_code_alone_changes_nothing_and_the_fifth_try_is_the_last(vale: Household) -> None:
    ask(vale)
    said = codes()
    for _ in range(sign_in.TRIES_PER_CODE):
        with pytest.raises(email_change.WrongCodes):
            confirm(vale, said[vale.email], said[vale.email])
    with pytest.raises(email_change.WrongCodes):
        confirm(vale, said[vale.email], said[NEW])

    assert email_of(vale) == vale.email


def test_the_codes_work_for_ten_minutes(vale: Household) -> None:
    ask(vale)
    said = codes()

    with pytest.raises(email_change.WrongCodes):
        confirm(vale, said[vale.email], said[NEW], sign_in.CHALLENGE_LIFE)
    assert confirm(vale, said[vale.email], said[NEW], sign_in.CHALLENGE_LIFE - timedelta(seconds=1)) == NEW


def test_an_address_of_somebody_else_gets_no_letter_and_looks_the_same(vale: Household) -> None:
    with db.unit_of_work() as session:
        Otterbrook(session).family("Other", email="taken@x.example")

    assert ask(vale, "taken@x.example") == "taken@x.example"
    assert set(codes()) == {vale.email}


def test_what_cannot_be_an_address_or_is_the_same_is_refused(vale: Household) -> None:
    with pytest.raises(sign_in.BadEmail):
        ask(vale, "nora")
    with pytest.raises(email_change.SameEmail):
        ask(vale, vale.email.upper())


def test_it_can_be_asked_five_times_an_hour(vale: Household) -> None:
    for _ in range(sign_in.REQUESTS_PER_EMAIL):
        ask(vale)
    with pytest.raises(email_change.TooMany):
        ask(vale)


def test_other_browsers_are_signed_out_and_the_letters_keep_no_code(vale: Household) -> None:
    with db.unit_of_work() as session:
        logins.open_for_guardian(session, vale.guardian_id, "Firefox", NOW)
    ask(vale)
    said = codes()
    confirm(vale, said[vale.email], said[NEW])

    with db.unit_of_work() as session:
        assert all(one.revoked_at for one in session.exec(select(LoginSession)).all())
        for leased in outbox.lease(session, NOW, 10):
            outbox.sent(session, leased, "id", NOW)
    with db.reading() as session:
        assert set(session.exec(select(OutboxMessage.body_text)).all()) == {""}


def test_the_old_address_opens_nothing_any_more_and_what_waits_goes_to_the_new_one(vale: Household) -> None:
    visitor = Visitor("203.0.113.7", "a browser")
    request(DESK, visitor, vale.email, "", NOW)
    with db.unit_of_work() as session:
        note = Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Ballet", "amount": "€62.00"})
        notify.tell_family(session, vale.family_id, lambda to: note, NOW)
        mail = session.exec(select(OutboxMessage.body_text).where(OutboxMessage.kind == "sign_in")).one()
    link = re.findall(r"/auth/link/(\S+)", mail)[0]
    ask(vale)
    said = codes()
    confirm(vale, said[vale.email], said[NEW])

    with pytest.raises(sign_in.UnknownLink):
        redeem_link(visitor, link, NOW)
    with db.reading() as session:
        waiting = select(OutboxMessage.to_address).where(OutboxMessage.kind == "payment_received")
        assert session.exec(waiting).all() == [NEW]


def test_both_letters_are_in_the_language_of_their_reader(vale: Household) -> None:
    with db.unit_of_work() as session:
        session.get_one(Guardian, vale.guardian_id).locale = "de"
    ask(vale)

    with db.reading() as session:
        subjects = set(session.exec(select(OutboxMessage.subject)).all())
    assert subjects == {"Ihre neue E-Mail-Adresse"}
