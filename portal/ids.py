"""Public ids: what a browser may see instead of a row number."""

import secrets

_ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
_LENGTH = 16


def new_public_id() -> str:
    """16 characters of a 30-letter alphabet: 78 random bits, safe in URLs and CSS selectors."""
    # A letter first, so that the id may also stand as an HTML id or a CSS identifier.
    first = secrets.choice(_ALPHABET[:22])
    return first + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
