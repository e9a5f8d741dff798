import pytest
from sqlmodel import select

from portal.actor import SYSTEM
from portal.errors import NotFound
from portal.messages.kinds import MANNERS, Kind
from portal.models.messages import MessagePreference
from portal.models.people import Guardian
from portal.services import preferences, provider
from portal.services.letters import off_token
from tests.factories import NOW, Household, Otterbrook

KEY = "a key of the server"


@pytest.fixture
def vale(world: Otterbrook) -> Household:
    return world.family("Vale", "Mila")


def wanted(world: Otterbrook, vale: Household, kind: Kind) -> tuple[bool, bool]:
    switched = world.db.exec(select(MessagePreference)).all()
    choice = next(one for one in preferences.choices(switched, whatsapp=True) if one.kind == kind)
    return choice.email, choice.whatsapp


def token(world: Otterbrook, vale: Household, kind: str = Kind.PAYMENT_DUE) -> str:
    return off_token(KEY, world.db.get_one(Guardian, vale.guardian_id).public_id, kind)


def test_everything_that_can_be_switched_off_is_listed() -> None:
    assert {kind for kind, _, _ in preferences.CHOICES} == {kind for kind in Kind if not MANNERS[kind].always}


def test_e_mail_is_wanted_and_whatsapp_is_not_until_somebody_says_so(
    world: Otterbrook, vale: Household
) -> None:
    assert wanted(world, vale, Kind.PAYMENT_DUE) == (True, False)

    preferences.prefer(world.db, vale.guardian, Kind.PAYMENT_DUE, "email", False, NOW)
    preferences.prefer(world.db, vale.guardian, Kind.PAYMENT_DUE, "whatsapp", True, NOW)
    preferences.prefer(world.db, vale.guardian, Kind.PAYMENT_DUE, "whatsapp", True, NOW)

    assert wanted(world, vale, Kind.PAYMENT_DUE) == (False, True)
    assert wanted(world, vale, Kind.PAYMENT_OVERDUE) == (True, False)


@pytest.mark.parametrize(
    ("kind", "channel"), [("sign_in", "email"), ("no_such", "email"), ("payment_due", "pigeon")]
)
def test_what_nobody_can_switch_is_not_there(
    world: Otterbrook, vale: Household, kind: str, channel: str
) -> None:
    with pytest.raises(NotFound):
        preferences.prefer(world.db, vale.guardian, kind, channel, False, NOW)


def test_a_letters_link_switches_its_kind_off_and_looking_at_it_does_not(
    world: Otterbrook, vale: Household
) -> None:
    assert preferences.behind(KEY, token(world, vale)) == "A payment is due"
    assert wanted(world, vale, Kind.PAYMENT_DUE) == (True, False)

    assert preferences.switch_off(world.db, KEY, token(world, vale)) == "A payment is due"
    assert preferences.switch_off(world.db, KEY, token(world, vale)) == "A payment is due"

    assert wanted(world, vale, Kind.PAYMENT_DUE) == (False, False)


def test_a_link_of_several_kinds_names_them_all_and_none_can_be_added(
    world: Otterbrook, vale: Household
) -> None:
    guardian = world.db.get_one(Guardian, vale.guardian_id).public_id
    both = off_token(KEY, guardian, Kind.SESSION_TOMORROW, Kind.PAYMENT_DUE)

    assert preferences.behind(KEY, both) == "A payment is due” and “A session tomorrow"
    for added in (both.replace("~", "~payment_overdue~"), both.replace("payment_due", "sign_in")):
        with pytest.raises(NotFound):
            preferences.switch_off(world.db, KEY, added)


def test_the_link_of_somebody_who_was_erased_writes_nothing(world: Otterbrook, vale: Household) -> None:
    world.db.get_one(Guardian, vale.guardian_id).erased_at = NOW

    with pytest.raises(NotFound):
        preferences.switch_off(world.db, KEY, token(world, vale))


def test_a_link_this_server_did_not_make_does_nothing(world: Otterbrook, vale: Household) -> None:
    good = token(world, vale)
    guardian, kind, _ = good.split(".")
    made_up = [
        "",
        ".",
        "..",
        good[:-1],
        f"{good}x",
        good.replace(kind, "payment_overdue"),
        f"{guardian}.sign_in.x",
    ]
    made_up += [off_token("another key", guardian, kind), token(world, vale, Kind.BOOKING_SHARED)]

    for one in made_up:
        with pytest.raises(NotFound):
            preferences.switch_off(world.db, KEY, one)
    assert world.db.exec(select(MessagePreference)).all() == []


def test_a_guardian_is_written_to_in_the_providers_language_until_they_choose_another(
    world: Otterbrook,
) -> None:
    provider.save(world.db, SYSTEM, {"locale": "sk_SK"}, NOW)
    vale = world.family("Vale", "Mila")
    guardian = world.db.get_one(Guardian, vale.guardian_id)
    assert [one.name for one in preferences.languages(guardian.locale) if one.chosen] == ["Slovenčina"]

    preferences.speak(world.db, vale.guardian, "de", NOW)

    assert [one.name for one in preferences.languages(guardian.locale) if one.chosen] == ["Deutsch"]
    with pytest.raises(NotFound):
        preferences.speak(world.db, vale.guardian, "tlh", NOW)
