from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import col, select

from portal.actor import SYSTEM
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.bookings import Attendance, Booking, Share
from portal.models.messages import Channel, MessagePreference, MessageStatus, OutboxMessage
from portal.models.people import Guardian
from portal.rules.sharing import Invitation
from portal.services import families, notify, outbox, preferences, provider, shares, still_theirs
from portal.services.desk import Desk
from portal.services.families import NewGuardian
from tests.factories import NOW, Household, Otterbrook

DESK = Desk("a key of the server", "https://portal.example")
SOON = NOW + timedelta(minutes=1)
TONIGHT = datetime.fromisoformat("2026-03-12T22:30:00+01:00")
MORNING = datetime.fromisoformat("2026-03-13T08:00:00+01:00")


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def received(to: notify.Hearer, amount: str = "€62.00") -> Note:
    return Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Ballet", "amount": amount})


def called_off(to: notify.Hearer) -> Note:
    return Note(
        Kind.SESSION_CANCELLED,
        "/sessions",
        {"what": "Ballet", "member": "Mila", "day": "Thu", "time": "9:00"},
    )


def messages(world: Otterbrook) -> list[OutboxMessage]:
    return list(world.db.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def lease(world: Otterbrook, now: datetime) -> list[outbox.Leased]:
    return outbox.lease(world.db, now, 10, DESK)


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


def test_what_a_guardian_switched_off_is_not_sent_and_can_be_explained(
    world: Otterbrook, vale: Household
) -> None:
    off = MessagePreference(
        guardian_id=vale.guardian_id, kind=Kind.PAYMENT_RECEIVED, channel=Channel.EMAIL, wanted=False
    )
    world.db.add(off)
    world.db.flush()

    notify.tell_family(world.db, vale.family_id, received, NOW)

    assert lease(world, SOON) == []
    (message,) = messages(world)
    assert (message.status, message.last_error) == (MessageStatus.SKIPPED, notify.SWITCHED_OFF)


def test_what_is_switched_off_before_it_leaves_is_not_sent(world: Otterbrook, vale: Household) -> None:
    notify.tell_family(world.db, vale.family_id, received, NOW)
    preferences.prefer(world.db, vale.guardian, Kind.PAYMENT_RECEIVED, Channel.EMAIL, False, NOW)

    assert lease(world, SOON) == []
    assert messages(world)[0].last_error == notify.SWITCHED_OFF


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


@pytest.mark.parametrize("revoked", [False, True])
def test_what_waits_for_the_morning_is_not_sent_to_whom_it_is_shared_with_no_more(
    world: Otterbrook, vale: Household, revoked: bool
) -> None:
    booked = world.enrol(vale["Mila"], world.course())
    given = shares.share(world.db, SYSTEM, booked.booking_id, "Ruth", "ruth@vale.example", NOW)
    attendance = world.db.get_one(Attendance, booked.sessions[1].attendance_id)

    def tomorrow(to: notify.Hearer) -> Note:
        values = {"member": "Mila", "what": "Ballet", "day": "Thu", "time": "9:00", "place": "Hall"}
        return Note(Kind.SESSION_TOMORROW, "/sessions", values, f"attendance:{attendance.public_id}")

    notify.tell_about_booking(world.db, vale.family_id, booked.booking_id, tomorrow, TONIGHT)
    if revoked:
        shares.revoke(world.db, vale.guardian, world.db.get_one(Share, given).public_id, TONIGHT)

    told = {one.to_address for one in lease(world, MORNING)}

    assert told == ({vale.email} if revoked else {vale.email, "ruth@vale.example"})
    reasons = {one.to_address: one.last_error for one in messages(world)}
    assert reasons == {vale.email: "", "ruth@vale.example": still_theirs.NOT_THEIRS if revoked else ""}


def test_an_invitation_that_was_taken_back_before_it_left_is_not_sent(
    world: Otterbrook, vale: Household
) -> None:
    booked = world.enrol(vale["Mila"], world.course())
    booking = world.db.get_one(Booking, booked.booking_id).public_id
    shares.invite(world.db, vale.guardian, booking, Invitation("ruth@vale.example"), NOW)
    share = world.db.exec(select(Share)).one()

    assert messages(world)[0].kind == Kind.BOOKING_SHARED
    shares.revoke(world.db, vale.guardian, share.public_id, NOW)
    assert lease(world, SOON) == []

    shares.give_back(world.db, vale.guardian, share.public_id, NOW)
    shares.invite(world.db, vale.guardian, booking, Invitation("ruth@vale.example"), NOW)
    assert [one.to_address for one in lease(world, SOON)] == ["ruth@vale.example"]


def test_a_reminder_of_what_is_settled_is_not_sent(world: Otterbrook, vale: Household) -> None:
    def due(to: notify.Hearer) -> Note:
        return Note(
            Kind.PAYMENT_DUE, "/payments", {"what": "x", "amount": "x", "due": "x"}, "payment:settled"
        )

    notify.tell_family(world.db, vale.family_id, due, NOW)

    assert lease(world, SOON) == []
    assert messages(world)[0].status == MessageStatus.SKIPPED


@pytest.mark.parametrize("settled_first", [True, False])
def test_what_is_settled_is_in_no_letter_also_among_others_and_its_own_fate_says_so(
    world: Otterbrook, vale: Household, settled_first: bool
) -> None:
    def due(to: notify.Hearer) -> Note:
        return Note(Kind.PAYMENT_DUE, "/payments", {"what": "Old thing"}, "payment:settled")

    for telling in (due, received) if settled_first else (received, due):
        notify.tell_family(world.db, vale.family_id, telling, NOW)

    letters = lease(world, SOON)

    assert [one.written.subject for one in letters] == ["We have your €62.00"]
    assert "Old thing" not in letters[0].written.text
    fates = {one.kind: (one.status, one.last_error) for one in messages(world)}
    assert fates == {
        "payment_due": (MessageStatus.SKIPPED, "settled before it was sent"),
        "payment_received": (MessageStatus.SENDING, ""),
    }


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
