from datetime import timedelta

import pytest

from portal.actor import SYSTEM
from portal.errors import NotAllowed
from portal.messages import Written
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.messages import Channel, MessagePreference, MessageStatus
from portal.models.people import Guardian
from portal.services import delivery_log, notify, outbox
from portal.services.delivery_log import Outcome, in_words
from tests.factories import NOW, Household, Otterbrook

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def tell(world: Otterbrook, vale: Household) -> None:
    note = Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Ballet", "amount": "€62.00"})
    notify.tell_family(world.db, vale.family_id, lambda to: note, NOW)


def send(world: Otterbrook, sender_message_id: str = "re_1") -> None:
    for leased in outbox.lease(world.db, SOON, 10):
        outbox.sent(world.db, leased, sender_message_id, SOON)
    world.db.expire_all()


def said(world: Otterbrook, vale: Household) -> list[str]:
    world.db.expire_all()
    return [in_words(fate) for fate in delivery_log.of_family(world.db, SYSTEM, vale.family_id)]


def test_the_mail_service_says_what_became_of_a_message(world: Otterbrook, vale: Household) -> None:
    tell(world, vale)
    assert said(world, vale) == ["waits to be sent"]
    send(world)
    assert said(world, vale) == ["was accepted by the mail service"]
    delivery_log.report(world.db, "re_1", Outcome.DELIVERED, "", SOON)
    assert said(world, vale) == ["was delivered"]


def test_a_message_that_came_back_says_why_and_never_counts_as_delivered_again(
    world: Otterbrook, vale: Household
) -> None:
    tell(world, vale)
    send(world)
    delivery_log.report(world.db, "re_1", Outcome.BOUNCED, "mailbox full", SOON)
    delivery_log.report(world.db, "re_1", Outcome.DELIVERED, "", SOON)

    assert said(world, vale) == ["came back: mailbox full"]


def test_words_about_a_message_we_do_not_know_change_nothing(world: Otterbrook, vale: Household) -> None:
    tell(world, vale)

    assert not delivery_log.report(world.db, "re_other", Outcome.BOUNCED, "", SOON)
    delivery_log.report(world.db, "", Outcome.BOUNCED, "", SOON)
    assert said(world, vale) == ["waits to be sent"]


def test_what_went_in_one_letter_shares_its_fate(world: Otterbrook, vale: Household) -> None:
    tell(world, vale)
    tell(world, vale)
    send(world)
    delivery_log.report(world.db, "re_1", Outcome.BOUNCED, "no such box", SOON)

    fates = delivery_log.of_family(world.db, SYSTEM, vale.family_id)
    world.db.expire_all()
    assert {fate.status for fate in fates} == {MessageStatus.BOUNCED}


def test_why_a_parent_got_nothing_can_be_read(world: Otterbrook, vale: Household) -> None:
    world.db.add(
        MessagePreference(
            guardian_id=vale.guardian_id, kind=Kind.PAYMENT_RECEIVED, channel=Channel.EMAIL, wanted=False
        )
    )
    tell(world, vale)

    assert said(world, vale) == ["was not sent: switched off by the guardian"]


def test_the_sign_in_messages_of_its_adults_are_in_the_familys_log_and_nobody_elses(
    world: Otterbrook, vale: Household
) -> None:
    moss = world.family("Moss")
    for who in (vale, moss):
        written = Written("Sign in", "the text", "")
        outbox.queue(world.db, "sign_in", who.email, written, NOW, guardian_id=who.guardian_id, secret=True)
    tell(world, vale)

    fates = delivery_log.of_family(world.db, SYSTEM, vale.family_id)

    assert [(fate.kind, fate.to_address) for fate in fates] == [
        ("payment_received", vale.email),
        ("sign_in", vale.email),
    ]
    assert fates[0].waits_until == NOW + notify.GATHER


def test_what_one_adult_got_is_read_by_itself(world: Otterbrook, vale: Household) -> None:
    moss = world.family("Moss")
    for who in (vale, moss):
        tell(world, who)
    nora = world.db.get_one(Guardian, vale.guardian_id).public_id

    assert [fate.to_address for fate in delivery_log.of_guardian(world.db, SYSTEM, nora)] == [vale.email]
    with pytest.raises(NotAllowed):
        delivery_log.of_guardian(world.db, vale.guardian, nora)


def test_the_log_is_the_providers(world: Otterbrook, vale: Household) -> None:
    with pytest.raises(NotAllowed):
        delivery_log.of_family(world.db, vale.guardian, vale.family_id)
