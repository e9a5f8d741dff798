"""The consent card where no document brought it."""

import reflex as rx

from portal.rows.consent import ConsentView
from portal.services import consent_card
from portal.state.base import PageState
from portal.state.policies import Policy, allow


class ConsentState(PageState, rx.State):
    """The questions that wait; the answer is a native form's."""

    view: ConsentView = ConsentView()
    service = staticmethod(consent_card.read)

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def load(self) -> None:
        """Read the questions again."""
        await self._read_again()
