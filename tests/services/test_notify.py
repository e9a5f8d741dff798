from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import select

from portal.actor import SYSTEM
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.messages import Channel, MessagePreference
from portal.models.people import Guardian
from portal.services import families, notify, outbox, preferences, provider, shares
from portal.services.families import NewGuardian
from tests.factories import NOW, Household, Otterbrook
from tests.support.being_told import DESK, MORNING, SOON, TONIGHT, called_off, lease, messages, received


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def test_every_guardian_of_the_family_is_told(world: Otterbrook, vale: Household) -> None:
    notify.tell_family(world.db, vale.family_id, received, NOW)

    assert [one.to_address for one in lease(world, SOON)] == [vale.email]


def test_what_is_told_once_is_told_once_whoever_asks(world: Otterbrook, vale: Household) -> None:
    for _ in range(3):
        notify.tell_family(world.db, vale.family_id, received, NOW, "payment_received:p1")
    notify.tell_family(world.db, vale.family_id, received, NOW, "payment_received:p2")

    assert len(messages(world)) == 2


def test_a_burst_is_one_letter(world: Otterbrook, vale: Household) -> None:
    for amount in ("€1.00", "€2.00", "€3.00"):
        notify.tell_family(world.db, vale.family_id, partial(received, amount=amount), NOW)

    (letter,) = lease(world, SOON)

    assert letter.written.subject == "Otterbrook Classes: 3 things to know"
    assert [one.status for one in messages(world)] == ["sending", "together", "together"]
    assert lease(world, SOON) == []


def test_a_letter_that_may_have_arrived_is_tried_again_as_it_was(world: Otterbrook, vale: Household) -> None:
    notify.tell_family(world.db, vale.family_id, received, NOW)
    (first,) = lease(world, SOON)
    outbox.failed(world.db, first, "451 later", False, SOON)
    notify.tell_family(world.db, vale.family_id, received, SOON)

    letters = lease(world, SOON + timedelta(minutes=2))

    assert [one.written.subject for one in letters] == ["We have your €62.00", "We have your €62.00"]
    assert letters[0].public_id == first.public_id


def test_a_guardian_of_two_families_gets_a_letter_about_each(world: Otterbrook, vale: Household) -> None:
    other = world.family("Moss")
    families.add_guardian(world.db, SYSTEM, other.family_id, NewGuardian("Nora Vale", vale.email), NOW)
    for family_id in (vale.family_id, other.family_id):
        notify.tell_family(world.db, family_id, received, NOW)

    to_nora = [one for one in lease(world, SOON) if one.to_address == vale.email]

    assert [one.written.subject for one in to_nora] == ["We have your €62.00", "We have your €62.00"]


def test_what_can_wait_waits_for_the_morning(world: Otterbrook, vale: Household) -> None:
    notify.tell_family(world.db, vale.family_id, received, TONIGHT)

    assert lease(world, MORNING - timedelta(seconds=1)) == []
    assert len(lease(world, MORNING)) == 1


def test_what_came_due_while_nothing_ran_waits_for_the_morning_too(
    world: Otterbrook, vale: Household
) -> None:
    notify.tell_family(world.db, vale.family_id, received, NOW)

    assert lease(world, TONIGHT) == []
    assert len(lease(world, MORNING)) == 1


def test_what_was_not_accepted_in_the_evening_is_tried_again_in_the_morning(
    world: Otterbrook, vale: Household
) -> None:
    evening = TONIGHT - timedelta(hours=2)
    notify.tell_family(world.db, vale.family_id, received, evening)
    (first,) = lease(world, evening + timedelta(minutes=1))
    outbox.failed(world.db, first, "451 later", False, evening + timedelta(minutes=1))

    assert lease(world, TONIGHT) == []
    assert [one.public_id for one in lease(world, MORNING)] == [first.public_id]


def test_what_would_be_too_old_in_the_morning_is_tried_at_night(world: Otterbrook, vale: Household) -> None:
    early = MORNING - timedelta(hours=23, minutes=50)
    notify.tell_family(world.db, vale.family_id, received, early)
    (first,) = lease(world, early + timedelta(minutes=1))
    outbox.failed(world.db, first, "451 later", False, early + timedelta(minutes=1))

    assert [one.public_id for one in lease(world, TONIGHT)] == [first.public_id]


def test_a_letter_whose_worker_died_in_the_evening_waits_for_the_morning_too(
    world: Otterbrook, vale: Household
) -> None:
    evening = TONIGHT - timedelta(hours=2)
    notify.tell_family(world.db, vale.family_id, received, evening)
    lease(world, evening + timedelta(minutes=1))

    assert lease(world, TONIGHT) == []
    assert outbox.next_due(world.db) == MORNING


def test_a_cancelled_session_is_told_at_once_even_at_night(world: Otterbrook, vale: Household) -> None:
    notify.tell_family(world.db, vale.family_id, called_off, TONIGHT)

    assert len(lease(world, TONIGHT)) == 1


@pytest.mark.parametrize("offered", [True, False])
def test_whatsapp_goes_beside_where_it_is_offered_and_wanted_and_there_is_a_number(
    world: Otterbrook, vale: Household, offered: bool
) -> None:
    provider.save(world.db, SYSTEM, {"whatsapp": offered}, NOW)
    world.db.get_one(Guardian, vale.guardian_id).phone = "+421900123456"
    wanted = MessagePreference(
        guardian_id=vale.guardian_id, kind=Kind.PAYMENT_RECEIVED, channel=Channel.WHATSAPP, wanted=True
    )
    world.db.add(wanted)
    world.db.flush()

    notify.tell_family(world.db, vale.family_id, received, NOW)

    told = [("email", vale.email), ("whatsapp", "+421900123456")]
    assert [(one.channel, one.to_address) for one in messages(world)] == told[: 1 + offered]


def test_who_shares_a_booking_hears_of_it_until_the_share_ends(world: Otterbrook, vale: Household) -> None:
    booked = world.enrol(vale["Mila"], world.course())
    shares.share(
        world.db, SYSTEM, booked.booking_id, "Ruth", "ruth@vale.example", NOW, until=NOW + timedelta(days=2)
    )

    for at in (NOW, NOW + timedelta(days=3)):
        notify.tell_about_booking(world.db, vale.family_id, booked.booking_id, called_off, at)

    assert [one.to_address for one in messages(world)].count("ruth@vale.example") == 1


def test_the_way_out_names_the_guardian_and_cannot_be_made_by_others(
    world: Otterbrook, vale: Household
) -> None:
    notify.tell_family(world.db, vale.family_id, received, NOW)

    (letter,) = lease(world, SOON)

    guardian = world.db.get_one(Guardian, vale.guardian_id)
    assert letter.written.off_url.startswith(
        f"https://portal.example/messages/off/{guardian.public_id}.payment_received."
    )


def test_the_way_out_of_one_letter_about_several_things_is_out_of_all_of_them(
    world: Otterbrook, vale: Household
) -> None:
    def ready(to: notify.Hearer) -> Note:
        return Note(Kind.DOCUMENT_READY, "/payments", {"what": "Invoice", "amount": "€62.00"})

    for telling in (received, ready, received):
        notify.tell_family(world.db, vale.family_id, telling, NOW)
    (letter,) = lease(world, SOON)

    preferences.switch_off(world.db, DESK.key, letter.written.off_url.rpartition("/")[2])

    switched = world.db.exec(select(MessagePreference)).all()
    assert {(one.kind, one.wanted) for one in switched} == {
        ("payment_received", False),
        ("document_ready", False),
    }
