"""Somebody who guesses codes for an e-mail they know, as fast as the limits let them."""

from collections import Counter
from datetime import timedelta
from random import Random

from portal.errors import PortalError
from portal.rules import sign_in as rules
from portal.services import sign_in
from tests.factories import NOW
from tests.support.sign_in_racing import DESK, HERE, NORA

SIGNED_IN = "signed in"
A_CODE_EVERY = timedelta(minutes=12)
"""Five requests an hour."""


def guess(times: int) -> Counter[str]:
    """How often each answer came, with a new code every five guesses."""
    random, now, answers = Random(7), NOW, Counter[str]()
    for number in range(times):
        if number % rules.TRIES_PER_CODE == 0:
            now += A_CODE_EVERY
            sign_in.request(DESK, HERE, NORA, "", now)
        typed = "".join(random.choices(rules.ALPHABET, k=rules.CODE_LENGTH))
        try:
            sign_in.redeem_code(DESK, HERE, typed, now)
            answers[SIGNED_IN] += 1
        except PortalError as refusal:
            answers[refusal.message_key] += 1
    return answers


def compared(answers: Counter[str]) -> int:
    """How many guesses were held against a code; the others were refused unseen."""
    return answers["sign_in.wrong_code"] + answers["sign_in.too_many_tries"] + answers[SIGNED_IN]
