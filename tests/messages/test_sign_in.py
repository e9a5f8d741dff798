from dataclasses import dataclass

import pytest

from portal.messages import answers
from portal.messages.colour import on


@dataclass(frozen=True)
class Brand:
    name: str = "Otterbrook Classes"
    color: str = "#0e6e6e"


LINK = "https://portal.example/auth/link/abc"


def test_the_message_holds_the_code_and_the_link_in_both_forms() -> None:
    written = answers.sign_in(Brand(), "7KQ 4MX", LINK)

    assert "7KQ 4MX" in written.text
    assert "7KQ 4MX" in written.html
    assert f"\n{LINK}\n" in written.text
    assert f'href="{LINK}"' in written.html


def test_the_subject_is_kept_so_it_holds_no_code() -> None:
    assert answers.sign_in(Brand(), "7KQ 4MX", LINK).subject == "Sign in to Otterbrook Classes"


def test_it_is_told_in_the_readers_language() -> None:
    written = answers.sign_in(Brand(), "7KQ 4MX", LINK, "sk_SK")

    assert written.subject == "Prihlásenie: Otterbrook Classes"
    assert "Váš kód: 7KQ 4MX" in written.text
    assert '<html lang="sk">' in written.html
    assert "Sign in" not in written.text + written.html


def test_a_providers_name_is_a_text_and_never_markup() -> None:
    written = answers.sign_in(Brand(name="<script>Otter & Co\r\nBcc: x"), "7KQ 4MX", LINK)

    assert "<script>" not in written.html
    assert "&lt;script&gt;Otter &amp; Co" in written.html
    assert written.subject == "Sign in to <script>Otter & Co Bcc: x"


@pytest.mark.parametrize(
    ("color", "words"),
    [("#0e6e6e", "#ffffff"), ("#f5c518", "#000000"), ("#000000", "#ffffff"), ("#ffffff", "#000000")],
)
def test_words_on_the_brand_can_be_read(color: str, words: str) -> None:
    assert on(color) == words
