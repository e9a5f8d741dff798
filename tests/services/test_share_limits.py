"""Who may share, change and stop, and who may not: refusals change nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlmodel import col

from portal import db
from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.messages.notes import unpacked
from portal.models.bookings import Booking, Share
from portal.models.people import Guardian
from portal.rules.conditions import Unmet
from portal.rules.sharing import Invitation
from portal.services import booking, provider, share_sheet, shares
from tests.factories import NOW, Otterbrook
from tests.support.sharing_vales import RUTH, Vales


def test_refusals_change_nothing_and_write_to_nobody(vales: Vales) -> None:
    for email in ("nora@vale.example", "sam@vale.example", "nobody"):
        with pytest.raises(Unmet):
            vales.invite(email)
    provider.save(vales.world.db, SYSTEM, {"sharing": False}, NOW)
    with pytest.raises(Unmet, match="switched_off"):
        vales.invite()
    assert vales.messages() == []
    assert vales.world.db.execute(select(Share)).all() == []


def test_whoever_it_is_shared_with_cannot_share_on_however_much_they_may_do(vales: Vales) -> None:
    vales.invite(can_act=True, sees_payments=True)
    with pytest.raises(Unmet, match=r"sharing\.not_yours"):
        vales.invite("friend@bell.example", by=vales.guest())
    with pytest.raises(Unmet, match=r"sharing\.not_yours"):
        share_sheet.of_booking(vales.world.db, vales.guest(), vales.booking, NOW)


def test_another_family_can_neither_share_nor_change_nor_stop(vales: Vales) -> None:
    vales.invite()
    share, moreau = vales.share_of().public_id, vales.world.family("Moreau", "Lea").guardian
    attempts = (
        lambda actor: vales.invite("friend@bell.example", by=actor),
        lambda actor: shares.change(vales.world.db, actor, share, Invitation(RUTH, can_act=True), NOW),
        lambda actor: shares.revoke(vales.world.db, actor, share, NOW),
        lambda actor: share_sheet.of_share(vales.world.db, actor, share, NOW),
        lambda actor: shares.leave(vales.world.db, actor, vales.booking, NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt(moreau)


def test_whoever_it_is_shared_with_cannot_change_or_stop_a_share(vales: Vales) -> None:
    vales.invite()
    vales.invite("friend@bell.example")
    for share in (vales.share_of().public_id, vales.share_of("friend@bell.example").public_id):
        with pytest.raises(NotFound):
            shares.change(vales.world.db, vales.guest(), share, Invitation(RUTH, can_act=True), NOW)
        with pytest.raises(NotFound):
            shares.revoke(vales.world.db, vales.guest(), share, NOW)


def test_the_provider_shares_in_its_own_name(vales: Vales) -> None:
    vales.invite(by=vales.world.staff())
    (note,) = unpacked(vales.messages()[0].content)
    assert note.values["by"] == "Otterbrook Classes"


def test_the_family_is_not_told_who_an_address_belongs_to(vales: Vales) -> None:
    stranger = vales.world.family("Moreau", "Lea")
    assert "Moreau" not in vales.invite(stranger.email)
    view = booking.read(vales.world.db, vales.family.guardian, NOW, {"booking_id": vales.booking})
    assert [one.name for one in view.viewers] == ["Nora Vale", "Sam Vale", stranger.email]


def test_many_who_invite_the_same_stranger_at_once_make_one_share_and_one_guardian(fresh_db: str) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        family = world.family("Vale", "Mila", "Theo")
        booked = [world.enrol(member, world.course()).booking_id for member in family.members.values()]
        bookings = [session.get_one(Booking, one).public_id for one in booked]

    def invite(number: int) -> str:
        with db.unit_of_work() as session:
            return shares.invite(session, family.guardian, bookings[number % 2], Invitation(RUTH), NOW)

    with ThreadPoolExecutor(8) as racing:
        said = list(racing.map(invite, range(16)))

    assert len(said) == 16
    with db.reading() as session:
        assert sorted(session.execute(select(col(Share.booking_id))).scalars()) == sorted(booked)
        assert len(session.execute(select(Guardian).where(col(Guardian.email) == RUTH)).all()) == 1
