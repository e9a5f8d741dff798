from datetime import timedelta

import pytest

from portal.actor import SYSTEM
from portal.errors import NotAllowed, NotFound
from portal.messages.templates import BrokenTemplate
from portal.services import message_templates, notify, outbox
from tests.factories import NOW, Otterbrook
from tests.support.being_told import DESK, received

KIND = "payment_received"


def sent(world: Otterbrook) -> str:
    vale = world.family("Vale")
    notify.tell_family(world.db, vale.family_id, received, NOW)
    (letter,) = outbox.lease(world.db, NOW + timedelta(minutes=1), 5, DESK)
    return letter.written.subject


def test_the_providers_words_are_sent_until_they_are_taken_back(world: Otterbrook) -> None:
    message_templates.save(world.db, SYSTEM, KIND, "en", "Old words", "Hello", NOW)
    message_templates.save(world.db, SYSTEM, KIND, "en", "{{ amount }}, thanks", "Dear {{ name }}", NOW)
    assert sent(world) == "€62.00, thanks"

    message_templates.restore(world.db, SYSTEM, KIND, "en")
    assert sent(world) == "We have your €62.00"


def test_words_are_seen_with_samples_before_they_are_kept(world: Otterbrook) -> None:
    shown = message_templates.preview(
        world.db, SYSTEM, KIND, "sk", "{{ amount }}", "Ahoj {{ name }}, {{ WIDGET_PROFILE_URL }}"
    )

    assert shown.subject == "€62.00"
    assert "Ahoj Nora, https://portal.example" in shown.text
    assert sent(world) == "We have your €62.00"


@pytest.mark.parametrize(
    ("subject", "text", "line"), [("", "x", 1), ("x", " ", 1), ("x", "a\n{{ surname }}", 2), ("{{ x", "x", 1)]
)
def test_broken_words_are_refused_and_those_before_stay(
    world: Otterbrook, subject: str, text: str, line: int
) -> None:
    with pytest.raises(BrokenTemplate) as refused:
        message_templates.save(world.db, SYSTEM, KIND, "en", subject, text, NOW)

    assert refused.value.values["line"] == line
    assert sent(world) == "We have your €62.00"


def test_signing_in_and_unknown_languages_cannot_be_written_anew(world: Otterbrook) -> None:
    for kind, language in (("sign_in", "en"), (KIND, "fr"), ("no_such", "en")):
        with pytest.raises(NotFound):
            message_templates.save(world.db, SYSTEM, kind, language, "x", "x", NOW)


def test_families_do_not_write_the_providers_words(world: Otterbrook) -> None:
    with pytest.raises(NotAllowed):
        message_templates.save(world.db, world.family("Vale").guardian, KIND, "en", "x", "x", NOW)
