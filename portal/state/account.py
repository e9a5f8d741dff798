"""What the account page shows, and answering a consent again."""

from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from portal.rows.account import AccountView
from portal.services import account, erasure, preferences
from portal.state.base import PageState
from portal.state.policies import Flag, Policy, allow

ConsentKey = Annotated[str, Field(strict=True, pattern=r"^[a-z_]{1,40}\.[0-9]{1,6}$")]
MessageKind = Annotated[str, Field(strict=True, pattern=r"^[a-z_]{1,40}$")]
ChannelName = Literal["email", "whatsapp"]
Language = Literal["en", "sk", "cs", "de"]


class AccountState(PageState, rx.State):
    """Also for a guardian whose required consents wait: they may look at their data and leave."""

    view: AccountView = AccountView()
    service = staticmethod(account.read)

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def load(self) -> None:
        """Read the page again."""
        await self._read_again()

    @rx.event
    @allow(Policy.SIGNED_IN, asked=ConsentKey, given=Flag)
    async def answer(self, asked: str, given: bool) -> None:
        """Give or take back what is optional, and show it."""
        await self._act(account.answer, asked, given)

    @rx.event
    @allow(Policy.SIGNED_IN, kind=MessageKind, channel=ChannelName, wanted=Flag)
    async def prefer(self, kind: str, channel: str, wanted: bool) -> None:
        """Get this kind of message there, or not."""
        await self._act(preferences.prefer, kind, channel, wanted)

    @rx.event
    @allow(Policy.SIGNED_IN, language=Language)
    async def speak(self, language: str) -> None:
        """Get messages in this language."""
        await self._act(preferences.speak, language)

    @rx.event
    @allow(Policy.SIGNED_IN)
    async def keep_everything(self) -> None:
        """Take back that everything be erased."""
        await self._act(erasure.cancel)
