import pytest

from portal.rules import contacts


@pytest.mark.parametrize(
    "said",
    ["nora@demo.example", " Nora@Demo.Example ", "n.v+swim@mail.otterbrook.example", "jürgen@müller.example"],
)
def test_an_address_is_trimmed_and_lower_cased(said: str) -> None:
    assert contacts.email(said) == said.strip().lower()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nora",
        "nora@",
        "@demo.example",
        "nora@demo",
        "nora@@demo.example",
        "no ra@demo.example",
        "nora@demo..example",
        "nora@demo.example,sam@demo.example",
        "Nora <nora@demo.example>",
        "a@" + "b" * 250 + ".example",
        "nora@demo.example\n.x",
    ],
)
def test_what_cannot_be_an_address_is_none(said: str) -> None:
    assert contacts.email(said) is None


def test_a_name_has_composed_letters_and_single_spaces() -> None:
    assert contacts.name("  Zu\u0301zana \u00a0 Kova\u0301c\u030cova\u0301 ") == "Zúzana Kováčová"


@pytest.mark.parametrize("said", ["a\nb", "a\tb", "a\x07", "a\u202eb", "a\u200bb"])
def test_characters_that_no_name_has_are_found(said: str) -> None:
    assert contacts.has_control_characters(said)
    assert not contacts.has_control_characters("Đorđe O’Connor-Šimková")
