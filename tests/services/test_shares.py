from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import changes, db
from portal.errors import NotFound
from portal.messages.notes import unpacked
from portal.models.bookings import Attendance, AttendanceStatus, Share
from portal.rules.conditions import Unmet
from portal.rules.sharing import Invitation
from portal.services import attendance, booking, share_sheet, shares
from portal.services.next_change import day_ends
from portal.services.scene import set_scene
from tests.factories import NOW, TODAY, Otterbrook
from tests.support.sharing_vales import RUTH, Vales


def test_an_invited_adult_sees_the_booking_and_is_written_to(vales: Vales) -> None:
    said = vales.invite(full_name="Ruth Bell")

    (message,) = vales.messages()
    assert said == f"Ruth Bell can see Little Waves 2 now. We have written to {RUTH}."
    assert vales.sees(vales.guest())
    assert (message.to_address, message.kind) == (RUTH, "booking_shared")
    (note,) = unpacked(message.content)
    assert note.path == f"/bookings/{vales.booking}"
    assert note.values == {
        "by": "Nora Vale",
        "member": "Mila",
        "what": "Little Waves 2",
        "until": "",
        "act": "",
    }
    assert vales.acts() == ["share.given"]


@pytest.mark.parametrize(
    ("last_day", "until"), [(date(2026, 4, 30), "30 April"), (date(2027, 4, 30), "30 April 2027")]
)
def test_an_invitation_says_what_it_allows_and_until_when(vales: Vales, last_day: date, until: str) -> None:
    vales.invite(can_act=True, last_day=last_day)

    (note,) = unpacked(vales.messages()[0].content)
    assert (note.values["act"], note.values["until"]) == ("yes", until)
    assert vales.share_of().can_act


def test_inviting_the_same_address_again_changes_its_share(vales: Vales) -> None:
    vales.invite(full_name="Ruth Bell")
    vales.invite(" Ruth@Bell.example", can_act=True, sees_payments=True, last_day=TODAY)

    (share,) = vales.world.db.execute(select(Share)).scalars()
    assert (share.full_name, share.can_act, share.sees_payments) == ("Ruth Bell", True, True)
    assert share.until is not None
    assert len(vales.messages()) == 2


def test_who_was_shared_with_until_a_day_that_is_over_can_be_invited_again(vales: Vales) -> None:
    vales.invite(last_day=TODAY)
    tomorrow = timedelta(days=1)
    assert not vales.sees(vales.guest(), tomorrow)
    shares.invite(vales.world.db, vales.family.guardian, vales.booking, Invitation(RUTH), NOW + tomorrow)
    assert vales.sees(vales.guest(), tomorrow)


def test_a_share_is_over_with_the_last_second_of_its_day(vales: Vales) -> None:
    vales.invite(last_day=TODAY)
    until = vales.share_of().until
    assert until is not None
    second = timedelta(seconds=1)
    assert vales.sees(vales.guest(), until - second - NOW)
    assert not vales.sees(vales.guest(), until - NOW)


def test_an_open_window_asks_again_no_later_than_the_share_is_over(vales: Vales) -> None:
    vales.invite(last_day=TODAY)
    until = vales.share_of().until
    view = booking.read(vales.world.db, vales.guest(), NOW, {"booking_id": vales.booking})
    assert until is not None
    assert view.changes_at is not None
    assert view.changes_at <= until == day_ends(set_scene(vales.world.db, vales.guest(), NOW))


def test_a_share_is_changed_without_another_message(vales: Vales) -> None:
    vales.invite(full_name="Ruth Bell")
    share = vales.share_of()
    said = shares.change(
        vales.world.db,
        vales.family.guardian,
        share.public_id,
        Invitation("", "Grandma", can_act=True, last_day=TODAY),
        NOW,
    )
    assert said == "Changed what Grandma can see."
    assert (share.email, share.can_act, share.until is None) == (RUTH, True, False)
    assert len(vales.messages()) == 1
    assert vales.acts() == ["share.given", "share.changed"]


def test_a_share_that_was_taken_back_shows_nothing_and_can_be_given_back(vales: Vales) -> None:
    vales.invite(full_name="Ruth Bell")
    share = vales.share_of().public_id
    assert shares.revoke(vales.world.db, vales.family.guardian, share, NOW) == (
        "Ruth Bell no longer sees Little Waves 2."
    )
    assert not vales.sees(vales.guest())
    with pytest.raises(NotFound):
        shares.revoke(vales.world.db, vales.family.guardian, share, NOW)
    shares.give_back(vales.world.db, vales.family.guardian, share, NOW)
    assert vales.sees(vales.guest())
    assert len(vales.messages()) == 1


def test_giving_back_after_inviting_anew_leaves_one_share(vales: Vales) -> None:
    vales.invite()
    share = vales.share_of().public_id
    shares.revoke(vales.world.db, vales.family.guardian, share, NOW)
    vales.invite(can_act=True)
    shares.give_back(vales.world.db, vales.family.guardian, share, NOW)
    standing = vales.world.db.execute(select(col(Share.can_act)).where(col(Share.revoked_at).is_(None)))
    assert standing.scalars().all() == [True]


def test_giving_back_when_the_new_share_is_over_already_leaves_it_over(vales: Vales) -> None:
    vales.invite()
    share = vales.share_of().public_id
    shares.revoke(vales.world.db, vales.family.guardian, share, NOW)
    vales.invite(last_day=TODAY)
    shares.give_back(vales.world.db, vales.family.guardian, share, NOW + timedelta(days=1))
    assert not vales.sees(vales.guest(), timedelta(days=1))


def test_whoever_it_is_shared_with_may_leave(vales: Vales) -> None:
    vales.invite()
    assert share_sheet.of_leaving(vales.world.db, vales.guest(), vales.booking, NOW).leaving
    said = shares.leave(vales.world.db, vales.guest(), vales.booking, NOW)
    assert said == "You no longer see Little Waves 2."
    assert not vales.sees(vales.guest())
    with pytest.raises(NotFound):
        share_sheet.of_leaving(vales.world.db, vales.family.guardian, vales.booking, NOW)


def test_a_share_to_look_at_does_not_act_and_one_to_act_does_until_it_is_over(vales: Vales) -> None:
    vales.invite()
    coming, later = vales.booked.sessions[3].attendance_id, vales.booked.sessions[4].attendance_id
    with pytest.raises(Unmet, match=r"sharing\.view_only"):
        attendance.cancel(vales.world.db, vales.guest(), coming, NOW)
    vales.invite(can_act=True, last_day=TODAY)
    attendance.cancel(vales.world.db, vales.guest(), coming, NOW)
    assert vales.world.db.get_one(Attendance, coming).status == AttendanceStatus.CANCELLED
    with pytest.raises(NotFound):
        attendance.cancel(vales.world.db, vales.guest(), later, NOW + timedelta(days=1))


def test_the_family_may_change_each_share_and_share_again(vales: Vales) -> None:
    vales.invite()
    asked = {"booking_id": vales.booking}
    ours = booking.read(vales.world.db, vales.family.guardian, NOW, asked)
    theirs = booking.read(vales.world.db, vales.guest(), NOW, asked)
    assert ours.can_share
    assert not theirs.can_share
    assert [bool(one.share) for one in ours.viewers] == [False, False, True]
    assert [one.share for one in theirs.viewers if one.share] == []


@pytest.fixture
def heard() -> Iterator[set[str]]:
    told: set[str] = set()
    deaf = changes.listen(told.update)
    yield told
    deaf()


def test_taking_back_tells_the_windows_of_the_family_and_of_the_guest(fresh_db: str, heard: set[str]) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        family = world.family("Vale", "Mila")
        vales = Vales(world, family, world.enrol(family["Mila"], world.course()))
        vales.invite()
        share, guest = vales.share_of().public_id, vales.guest()
    heard.clear()
    with db.unit_of_work() as session:
        shares.revoke(session, family.guardian, share, NOW)
    assert guest.guardian_id is not None
    assert {changes.family(family.family_id), changes.guardian(guest.guardian_id)} <= heard
