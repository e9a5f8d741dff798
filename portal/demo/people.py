"""Consent answers of the demo's guardians."""

from collections.abc import Mapping
from datetime import datetime

from portal.demo.house import House
from portal.demo.texts import PRIVACY
from portal.services import consents


def consent(house: House, guardian_id: int, now: datetime, optional: Mapping[str, bool]) -> None:
    """They have read the privacy notice, and answered the optional ones; nobody is asked twice."""
    if guardian_id in house.answered:
        return
    house.answered.add(guardian_id)
    answers = {PRIVACY: True, **optional}
    consents.answer(
        house.db, guardian_id, {house.consents[kind]: given for kind, given in answers.items()}, now
    )
