from dataclasses import dataclass

from portal.messages.kinds import Kind
from portal.messages.letters import Reader, letter
from portal.messages.notes import Note, packed, unpacked
from portal.messages.texts import Words

OFF = "https://portal.example/messages/off/token"
NORA = Reader("Nora", "en", "https://portal.example", OFF)
DUE = Note(
    Kind.PAYMENT_DUE,
    "/payments?open=p7",
    {"what": "Ballet, Juno", "amount": "€62.00", "due": "20 March"},
    "payment:p7",
)
RECEIVED = Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "Swimming, Mila", "amount": "€148.00"})
CANCELLED = Note(
    Kind.SESSION_CANCELLED, "/sessions", {"what": "Ballet", "member": "Juno", "day": "Tue", "time": "17:15"}
)


@dataclass(frozen=True)
class Brand:
    name: str = "Otterbrook Classes"
    color: str = "#0e6e6e"


def none_of_their_own(kind: Kind, language: str) -> Words | None:
    return None


def test_a_letter_says_it_in_text_and_html_and_leads_to_the_right_page() -> None:
    written = letter(Brand(), NORA, [DUE], none_of_their_own)

    assert written.subject == "Ballet, Juno: €62.00, due by 20 March"
    assert "Hello Nora," in written.text
    assert "\nhttps://portal.example/payments?open=p7\n" in written.text
    assert 'href="https://portal.example/payments?open=p7"' in written.html
    assert "Pay €62.00" in written.html


def test_several_things_are_one_letter() -> None:
    written = letter(Brand(), NORA, [DUE, RECEIVED], none_of_their_own)

    assert written.subject == "Otterbrook Classes: 2 things to know"
    assert "Ballet, Juno" in written.text
    assert "Swimming, Mila" in written.text


def test_each_reader_is_told_in_their_own_language() -> None:
    assert (
        letter(Brand(), Reader("Jana", "sk", ""), [RECEIVED], none_of_their_own).subject
        == "Platba €148.00 prišla"
    )


def test_what_is_essential_offers_no_one_tap_way_out() -> None:
    assert letter(Brand(), NORA, [DUE], none_of_their_own).off_url == OFF
    assert letter(Brand(), NORA, [CANCELLED], none_of_their_own).off_url == ""


def test_the_providers_own_words_win() -> None:
    own = Words("{{ amount }} please", "Dear {{ name }}, see {{ WIDGET_PROFILE_URL }}", "Pay")

    written = letter(Brand(), NORA, [DUE], lambda kind, language: own)

    assert written.subject == "€62.00 please"
    assert "Dear Nora, see https://portal.example" in written.text


def test_words_that_broke_since_are_replaced_by_the_houses() -> None:
    broken = Words("{{ gone }}", "{{ gone }}", "{{ gone }}")

    assert (
        letter(Brand(), NORA, [DUE], lambda kind, language: broken).subject
        == "Ballet, Juno: €62.00, due by 20 March"
    )


def test_a_name_is_a_text_and_never_markup_nor_a_header() -> None:
    note = Note(Kind.PAYMENT_RECEIVED, "/payments", {"what": "<b>Ballet</b>\r\nBcc: x", "amount": "€1.00"})

    written = letter(Brand(), NORA, [note], none_of_their_own)

    assert "<b>Ballet</b>" not in written.html
    assert (
        "\n"
        not in letter(
            Brand(), NORA, [Note(Kind.DOCUMENT_READY, "/", {"what": "a\nb"})], none_of_their_own
        ).subject
    )


def test_notes_are_kept_as_they_were() -> None:
    assert unpacked(packed([DUE, CANCELLED])) == [DUE, CANCELLED]
    assert unpacked("") == []
