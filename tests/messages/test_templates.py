import pytest

from portal.messages.templates import BrokenTemplate, check, fill

TAGS = {
    "name": "Nora",
    "portal_url": "https://portal.example",
    "WIDGET_PROFILE_URL": "https://portal.example",
}


def test_tags_are_filled_and_what_is_filled_in_is_never_a_tag_itself() -> None:
    assert fill("Hello {{ name }}", {"name": "{{ portal_url }}"}) == "Hello {{ portal_url }}"


def test_the_older_name_of_the_portals_address_still_works() -> None:
    assert fill("{{ WIDGET_PROFILE_URL }}/payments", TAGS) == "https://portal.example/payments"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Hello\n{{ name }", 2, "unexpected"),
        ("Hello\n\n{{ surname }}", 3, "no tag surname"),
        ("{{ name.__class__ }}", 1, "only tags"),
        ("{{ name() }}", 1, "only tags"),
        ("{% for x in name %}{{ x }}{% endfor %}", 1, "only tags"),
        ("{% include 'sign_in.txt' %}", 1, "only tags"),
        ("{{ 'x' * 10000000 }}", 1, "only tags"),
        ("{% if name %}", 1, "end"),
        ("x" * 20_001, 1, "longer"),
    ],
)
def test_a_broken_text_is_refused_with_its_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(BrokenTemplate) as refused:
        check(text, TAGS)

    assert refused.value.values["line"] == line
    assert reason in str(refused.value.values["reason"])
