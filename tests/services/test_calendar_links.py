"""Private calendar links: made, replaced, ended, and nobody else's."""

import pytest
from sqlalchemy import delete, select, update

from portal.actor import Actor, ActorKind
from portal.errors import NotFound
from portal.models.access import CalendarFeed
from portal.models.bookings import Share
from portal.models.people import FamilyGuardian, Guardian
from portal.services import calendar_feeds, calendar_reading
from tests.factories import NOW
from tests.support.feeds import KEY, URL, Calendars
from tests.support.stories import shared_with_ruth


def test_making_it_again_is_the_same_link_and_a_new_one_ends_the_old(calendars: Calendars) -> None:
    feed = calendars.made()
    old = calendars.token(feed)
    assert calendars.made() == feed
    calendar_feeds.remind(calendars.world.db, calendars.family.guardian, feed, 120, NOW)
    calendar_feeds.renew(calendars.world.db, calendars.family.guardian, feed, KEY, NOW)
    new = calendars.token(calendars.made())

    assert new != old
    with pytest.raises(NotFound):
        calendars.told(old)
    assert b"TRIGGER:-PT2H" in calendar_reading.read(calendars.world.db, new, URL, NOW).body


def test_an_ended_link_opens_nothing(calendars: Calendars) -> None:
    feed = calendars.made()
    token = calendars.token(feed)
    calendar_feeds.revoke(calendars.world.db, calendars.family.guardian, feed, NOW)
    with pytest.raises(NotFound):
        calendars.told(token)
    with pytest.raises(NotFound):
        calendars.token(feed)


def test_the_database_holds_nothing_that_opens_a_calendar(calendars: Calendars) -> None:
    token = calendars.token(calendars.made())
    (row,) = calendars.world.db.execute(select(CalendarFeed)).scalars()
    for held in (row.public_id, row.token_hash, row.content_hash, str(row.id)):
        with pytest.raises(NotFound):
            calendars.told(held)
    assert len(token) * 4 >= 128
    assert token not in repr(row.model_dump())


def test_with_another_key_a_link_works_on_and_is_not_shown_again(calendars: Calendars) -> None:
    feed = calendars.made()
    token = calendars.token(feed)
    with pytest.raises(calendar_feeds.LinkLost):
        calendar_feeds.address(calendars.world.db, calendars.family.guardian, feed, KEY + "x")
    assert calendars.told(token)


def test_nobody_else_sees_changes_or_ends_a_link_not_even_the_other_guardian(calendars: Calendars) -> None:
    feed = calendars.made()
    other = Actor(ActorKind.GUARDIAN, guardian_id=0, family_id=calendars.family.family_id)
    moreau = calendars.world.family("Moreau", "Lea").guardian
    for who in (other, moreau):
        assert [
            row.card.feed for row in calendar_feeds.sheet(calendars.world.db, who, NOW).rows if row.card.feed
        ] == []
        with pytest.raises(NotFound):
            calendar_feeds.revoke(calendars.world.db, who, feed, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.renew(calendars.world.db, who, feed, KEY, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.remind(calendars.world.db, who, feed, 30, NOW)
        with pytest.raises(NotFound):
            calendar_feeds.address(calendars.world.db, who, feed, KEY)
    with pytest.raises(NotFound):
        calendar_feeds.make(calendars.world.db, moreau, calendars.of_member("Mila"), KEY, NOW)


@pytest.mark.parametrize("gone", ["left the family", "erased"])
def test_a_guardian_who_is_gone_takes_their_links_along(calendars: Calendars, gone: str) -> None:
    token = calendars.token(calendars.made())
    if gone == "erased":
        calendars.world.db.execute(update(Guardian).values(erased_at=NOW))
    else:
        calendars.world.db.execute(delete(FamilyGuardian))
    with pytest.raises(NotFound):
        calendars.told(token)


def test_a_share_has_a_calendar_of_what_is_shared_which_empties_when_it_is_taken_back(
    calendars: Calendars,
) -> None:
    ruth = shared_with_ruth(calendars.world, calendars.family, calendars.mila.booking_id)
    token = calendars.token(calendars.made(actor=ruth), ruth)
    assert set(calendars.told(token).values()) == {"CONFIRMED Mila: Little Waves 2"}
    calendars.world.db.execute(update(Share).values(revoked_at=NOW))
    calendars.world.db.info.clear()
    assert calendars.told(token) == {}


def test_the_sheet_offers_everyone_and_each_child(calendars: Calendars) -> None:
    feed = calendars.made(calendars.of_member("Theo"))
    calendar_feeds.remind(calendars.world.db, calendars.family.guardian, feed, 120, NOW)
    rows = calendar_feeds.sheet(calendars.world.db, calendars.family.guardian, NOW).rows
    assert [(row.name, row.told) for row in rows] == [
        ("Everyone", "No link yet"),
        ("Mila", "No link yet"),
        ("Theo", "Made 12 March, reminds you 2 hours before"),
    ]
    assert [one.label for one in rows[2].reminders if one.current] == ["2 hours before"]
