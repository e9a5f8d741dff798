"""Which of the encodings that spreadsheets write a file is in. The answer depends on the bytes alone.

Marks first, then UTF-8, which nothing else looks like by chance. What is left was saved on a
Windows computer, in its Central European (cp1250) or Western (cp1252) page. The two agree on most
letters; where they differ, a byte is usually a consonant in one and a vowel in the other ("č" or
"è", "ř" or "ø"), or a letter in one and a sign in the other ("ľ" or "¾"). So the letters around it
tell: a consonant stands beside vowels, a vowel between consonants, a sign not within a word.
"""

import codecs
import unicodedata

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS_IN_UTF16 = 10
"""Of so many bytes at least one is zero: column names are Latin letters. A stray one is a damaged file."""
CENTRAL, WESTERN = "cp1250", "cp1252"
VOWELS = frozenset("aeiouyæœø")
WESTERN_PAIRS = frozenset({"ão", "ãe", "õe", "ña", "ñe", "ñi", "ño", "ñu"})
"""Where both readings are of a kind: no Central European language has "ăo", "őe", or "ń" before a vowel."""


def encoding_of(data: bytes) -> str:
    """The name of a codec that reads these bytes: utf-8(-sig), utf-16(-le, -be), cp1250 or cp1252."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    sample = data[:1000]
    if sample.count(0) * _ZEROS_IN_UTF16 > len(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_page(data)
    return "utf-8"


def _windows_page(data: bytes) -> str:
    central, western = (data.decode(page, errors="replace") for page in (CENTRAL, WESTERN))
    differing = [at for at, (one, other) in enumerate(zip(central, western, strict=True)) if one != other]
    likely_central = sum(_likely(central, at) for at in differing)
    likely_western = sum(_likely(western, at) for at in differing)
    return WESTERN if likely_western > likely_central else CENTRAL


def _likely(text: str, at: int) -> int:
    """How well a character suits its neighbours; a sign inside a word, or no character at all, does not."""
    if not text[at].isalpha():
        return -2
    if text[at : at + 2].lower() in WESTERN_PAIRS:
        return 3
    beside = [letter for letter in text[max(0, at - 1) : at] + text[at + 1 : at + 2] if letter.isalpha()]
    vowels = sum(_is_vowel(letter) for letter in beside)
    consonants = len(beside) - vowels
    return consonants - vowels if _is_vowel(text[at]) else vowels - consonants


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter.lower())[0] in VOWELS
