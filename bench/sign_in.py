"""Proofs of signing in, at full length: `python -m bench.sign_in`. Shorter ones are in the suite."""

import tempfile
from pathlib import Path

from portal import db
from tests.factories import Otterbrook
from tests.support.sign_in_guessing import SIGNED_IN, compared, guess
from tests.support.sign_in_racing import NORA, race_rounds
from tests.support.sign_in_timing import gap_of_medians

ROUNDS = 200
GUESSES = 10_000


def main() -> None:
    """Print each figure beside its requirement."""
    with tempfile.TemporaryDirectory() as folder:
        url = _fresh(Path(folder) / "races.db")
        for how in ("code", "link"):
            winners = race_rounds(url, how, ROUNDS, processes=5, threads=10)
            each = sorted(set(winners))
            print(f"50 at once on one {how}, {ROUNDS} rounds: {each} signed in each (required: [1])")
        _fresh(Path(folder) / "guesses.db")
        answers = guess(GUESSES)
        print(
            f"{GUESSES} guesses: {answers[SIGNED_IN]} signed in, {compared(answers)} compared (required: 0)"
        )
        _fresh(Path(folder) / "timing.db")
        gap = gap_of_medians(500)
        print(f"known and unknown, 500 each: medians {gap:.2f} ms apart (required: under 5)")


def _fresh(file: Path) -> str:
    url = f"sqlite:///{file}"
    db.bind(url)
    db.migrate()
    with db.unit_of_work() as session:
        Otterbrook(session).family(email=NORA)
    return url


if __name__ == "__main__":
    main()
