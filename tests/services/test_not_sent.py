import pytest
from sqlmodel import select

from portal.actor import SYSTEM
from portal.messages.kinds import Kind
from portal.messages.notes import Note
from portal.models.bookings import Attendance, Booking, Share
from portal.models.messages import Channel, MessagePreference, MessageStatus
from portal.rules.sharing import Invitation
from portal.services import notify, preferences, shares, still_theirs
from tests.factories import NOW, Household, Otterbrook
from tests.support.being_told import MORNING, SOON, TONIGHT, lease, messages, received


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


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
