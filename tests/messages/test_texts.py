import pytest

from portal.messages import templates, texts
from portal.messages.kinds import Kind, tags_of

TOLD = sorted(set(Kind) - {Kind.SIGN_IN})


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_has_words_in_every_language_that_use_only_its_tags(kind: Kind, language: str) -> None:
    words = texts.words(kind, language)

    for text in (words.subject, words.text, words.button):
        assert text.strip()
        templates.check(text, tags_of(kind))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_answers_to_somebody_who_waits_are_in_every_language(language: str) -> None:
    values = {"provider": "Otterbrook", "minutes": "10", "code": "7KQ 4MX", "email": "nora@new.example"}
    for what in ("sign_in", "email_change"):
        said, english = (texts.answering(what, one, values) for one in (language, "en"))
        assert said.keys() == english.keys()
        assert all(text.strip() for text in said.values())
        assert language == "en" or not set(said.values()) & set(english.values())


@pytest.mark.parametrize(
    ("locale", "language"),
    [("sk_SK", "sk"), ("de-AT", "de"), ("cs", "cs"), ("en_GB", "en"), ("fr", "en"), ("", "en")],
)
def test_a_locale_is_told_in_its_language_and_an_unknown_one_in_english(locale: str, language: str) -> None:
    assert texts.language(locale) == language
