import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.sign_in import (
    ALPHABET,
    CODE_LENGTH,
    NEXT_MAX,
    NotACode,
    browser_name,
    code_of,
    local_path,
    shown,
)

codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
SAID_FOR = {"0": "0Oo", "1": "1IiLl"}


@given(codes, st.data())
def test_a_code_is_read_however_it_is_typed(code: str, data: st.DataObject) -> None:
    typed = ""
    for letter in code:
        typed += data.draw(st.sampled_from(SAID_FOR.get(letter, letter + letter.lower())))
        typed += data.draw(st.sampled_from(["", " ", "-", "–", "\u00a0", "\t", "\u200b"]))

    assert code_of(typed) == code


@given(codes)
def test_a_code_is_shown_as_it_can_be_typed(code: str) -> None:
    assert code_of(shown(code)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_of_ours_or_refused(typed: str) -> None:
    try:
        code = code_of(typed)
    except NotACode:
        return
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDEFG", "ABCDEU", "ABC_DE", "ABC.DE"])
def test_what_cannot_be_a_code_is_no_try(typed: str) -> None:
    with pytest.raises(NotACode):
        code_of(typed)


def test_the_alphabet_has_thirty_two_letters_that_cannot_be_mistaken() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")


@pytest.mark.parametrize("path", ["/", "/payments", "/bookings/b7x?tab=sessions", "/orders/a%20b"])
def test_a_path_of_the_portal_is_gone_on_to(path: str) -> None:
    assert local_path(path) == path


@given(
    st.sampled_from(["//", "/\\", "\\", "https:", "javascript:", "/auth/", " /", "/\t/", "/\n", "", "x"]),
    st.text(max_size=20),
)
def test_no_other_place_is_gone_on_to(start: str, rest: str) -> None:
    assert not local_path(start + rest)


def test_a_path_that_is_too_long_is_not_kept() -> None:
    assert not local_path("/" + "a" * NEXT_MAX)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Mac",
        ),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
