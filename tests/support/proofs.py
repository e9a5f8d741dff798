"""How much a proof does: enough to catch a mistake in the suite, the specified figure in `make proofs`."""

import os

FULL = os.environ.get("PORTAL_PROOFS") == "full"


def rounds(suite: int, full: int) -> int:
    """`suite` in an ordinary run of the tests, `full` where the whole proof is asked for."""
    return full if FULL else suite
