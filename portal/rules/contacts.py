"""What people type as a name, an e-mail or a phone number, made the same wherever it comes from."""

import re
import unicodedata

_EMAIL = re.compile(r"[^\s@,;<>\"()\[\]]{1,64}@(?:[^\s@.,;<>\"()\[\]]+\.)+[^\s@.,;<>\"()\[\]]{2,}")
EMAIL_MAX = 254


def email(said: str) -> str | None:
    """Trimmed and lower-cased; None when it cannot be an e-mail address."""
    address = said.strip().lower()
    return address if len(address) <= EMAIL_MAX and _EMAIL.fullmatch(address) else None


def name(said: str) -> str:
    """Composed letters, single spaces, trimmed; the words themselves are left as they are."""
    return " ".join(unicodedata.normalize("NFC", said).split())


def has_control_characters(said: str) -> bool:
    """Characters that no name has: line breaks, tabs, bells, text direction marks."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for letter in said)
