import pytest
from click.testing import CliRunner, Result

from portal import db
from portal.cli import main
from portal.services import provider

NAMES = ("name=Škola Vydra", "short_name=Vydra")


def run(portal: CliRunner, *words: str) -> Result:
    return portal.invoke(main, ["provider", "set", *words])


def test_a_provider_is_set_up_and_later_changed_in_part(portal: CliRunner) -> None:
    first = run(portal, *NAMES, "currency=CZK", "timezone=Europe/Prague", "locale=cs_CZ", "notice_hours=24")
    assert (first.exit_code, first.output) == (
        0,
        "Set: name, short_name, currency, timezone, locale, notice_hours.\n",
    )
    assert run(portal, "make_ups=no", "contact_email=a=b@vydra.example").exit_code == 0

    with db.reading() as session:
        held = provider.get(session)
    assert (held.name, held.currency, held.notice_hours) == ("Škola Vydra", "CZK", 24)
    assert (held.make_ups, held.contact_email) == (False, "a=b@vydra.example")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("currency=EUR",), "name: Field required"),
        ((*NAMES, "currency=EURO"), "currency: "),
        ((*NAMES, "currency=ZZZ"), "currency: not a currency, such as EUR"),
        ((*NAMES, "locale=xx_YY"), "locale: not a language and country, such as en_GB"),
        ((*NAMES, "timezone=Bratislava"), "Please write it as in Europe/Bratislava"),
        (
            (*NAMES, "allowed_sites=https://a.example; script-src *"),
            "allowed_sites: not sites such as https://",
        ),
        ((*NAMES, "notice_hours=soon"), "notice_hours: "),
        ((*NAMES, "notice_hours=-1"), "notice_hours: not possible"),
        ((*NAMES, "late_cancellation=maybe"), "late_cancellation: not possible"),
        ((*NAMES, "id=2"), "There is no such setting"),
        ((*NAMES, "colour=red"), "There is no such setting"),
        ((*NAMES, "currency"), "“currency” is not NAME=VALUE"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    portal: CliRunner, words: tuple[str, ...], reason: str
) -> None:
    refused = run(portal, *words)
    assert refused.exit_code == 1
    assert reason in refused.output
    assert "Nothing was changed." in refused.output
    with db.reading() as session:
        assert not provider.is_set_up(session)
