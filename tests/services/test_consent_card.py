from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.models.access import ConsentAnswer, ConsentVersion
from portal.services import account, consent_card, consents
from portal.services.consents import NewConsent
from tests.factories import NOW, Otterbrook

PRIVACY = NewConsent("privacy", "Terms and privacy", "I have read them.", "First.\n\nSecond\nline.", True, 1)
PHOTOS = NewConsent("photos", "Photos in class", "They may be in photos.", "Photos.", False, 2)


@pytest.fixture
def house(fresh_db: str) -> Iterator[Otterbrook]:
    with db.unit_of_work() as session:
        made = Otterbrook(session)
        consents.publish(session, SYSTEM, PRIVACY, NOW)
        consents.publish(session, SYSTEM, PHOTOS, NOW)
        yield made


def test_the_card_asks_what_is_needed_first_and_gives_each_text_in_full(house: Otterbrook) -> None:
    nora = house.family().guardian

    privacy, photos = consent_card.read(house.db, nora, NOW, {}).choices

    assert (privacy.key, privacy.needed) == ("privacy.1", True)
    assert privacy.text == ("First.", "Second line.")
    assert (photos.key, photos.needed) == ("photos.1", False)


def test_it_is_asked_once_and_what_was_not_ticked_is_answered_too(house: Otterbrook) -> None:
    nora = house.family().guardian

    consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["privacy.1"], NOW)

    assert not consent_card.read(house.db, nora, NOW, {}).choices
    answers = house.db.exec(select(ConsentAnswer).order_by(ConsentAnswer.id)).all()  # type: ignore[arg-type]
    assert [answer.given for answer in answers] == [True, False]


def test_without_what_is_needed_nothing_is_saved(house: Otterbrook) -> None:
    nora = house.family().guardian

    with pytest.raises(consent_card.NeededConsent):
        consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["photos.1"], NOW)

    assert len(consent_card.read(house.db, nora, NOW, {}).choices) == 2


def test_a_new_version_is_asked_again_and_only_that(house: Otterbrook) -> None:
    nora = house.family().guardian
    consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["privacy.1"], NOW)
    consents.publish(house.db, SYSTEM, PRIVACY, NOW + timedelta(days=1))

    assert [one.key for one in consent_card.read(house.db, nora, NOW, {}).choices] == ["privacy.2"]


def test_a_version_published_while_the_card_was_open_is_not_answered_by_it(house: Otterbrook) -> None:
    nora = house.family().guardian
    consents.publish(house.db, SYSTEM, PHOTOS, NOW)

    consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["privacy.1", "photos.1"], NOW)

    assert [one.key for one in consent_card.read(house.db, nora, NOW, {}).choices] == ["photos.2"]


def test_sending_the_card_twice_changes_nothing(house: Otterbrook) -> None:
    nora = house.family().guardian
    for _ in range(2):
        consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["privacy.1"], NOW)

    assert len(house.db.exec(select(ConsentAnswer)).all()) == 2


def test_nobody_but_a_guardian_answers(house: Otterbrook) -> None:
    with pytest.raises(NotAllowed):
        consent_card.answer(house.db, house.staff(), ["privacy.1"], ["privacy.1"], NOW)


def test_what_is_optional_can_be_taken_back_and_given_again_and_every_answer_stays(house: Otterbrook) -> None:
    nora = house.family().guardian
    consent_card.answer(house.db, nora, ["privacy.1", "photos.1"], ["privacy.1", "photos.1"], NOW)

    account.answer(house.db, nora, "photos.1", False, NOW + timedelta(hours=1))
    account.answer(house.db, nora, "photos.1", False, NOW + timedelta(hours=2))

    view = account.read(house.db, nora, NOW + timedelta(hours=3), {})
    privacy, photos = view.consents
    assert (photos.action, photos.chip.word, photos.since) == (
        "Agree",
        "Not agreed",
        "Since 12 March at 15:10",
    )
    assert privacy.action == "", "what is needed is not taken back with a button"
    assert [line.title for line in view.history] == [
        "Said no to “Photos in class”",
        "Agreed to “Photos in class”",
        "Agreed to “Terms and privacy”",
    ]
    assert view.history_count == "3 answers"


def test_what_is_needed_cannot_be_taken_back_and_an_old_version_cannot_be_answered(house: Otterbrook) -> None:
    nora = house.family().guardian
    consents.publish(house.db, SYSTEM, PHOTOS, NOW)

    with pytest.raises(NotAllowed):
        account.answer(house.db, nora, "privacy.1", False, NOW)
    with pytest.raises(NotFound):
        account.answer(house.db, nora, "photos.1", True, NOW)


def test_each_answer_keeps_the_hash_of_what_was_read(house: Otterbrook) -> None:
    nora = house.family().guardian
    consent_card.answer(house.db, nora, ["privacy.1"], ["privacy.1"], NOW)

    answer = house.db.exec(select(ConsentAnswer)).one()
    version = house.db.get_one(ConsentVersion, answer.consent_version_id)
    assert answer.text_hash == version.text_hash
