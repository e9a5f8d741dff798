"""Choosing a visit to a drop-in session, and showing a pass at the desk."""

import reflex as rx

from portal.rows.visits import CheckIn, VisitSheet
from portal.services import check_in, drop_ins, visits
from portal.state.policies import Policy, PublicId, allow
from portal.state.sheet import SheetState


class VisitState(SheetState, rx.State):
    """The sheet shows each choice with what pays for it; what is pressed is what was shown."""

    view: VisitSheet = VisitSheet()

    @rx.event
    @allow(Policy.FAMILY, about=PublicId)
    async def choose(self, about: str) -> None:
        """Open it from a programme, a booking or a pass."""
        await self._open(visits.sheet, about, "", "")

    @rx.event
    @allow(Policy.FAMILY, member=PublicId)
    async def pick_member(self, member: str) -> None:
        """Somebody else comes."""
        await self._open(visits.sheet, self.view.about, member, self.view.session)

    @rx.event
    @allow(Policy.FAMILY, session=PublicId)
    async def pick_session(self, session: str) -> None:
        """At another time."""
        await self._open(visits.sheet, self.view.about, self.view.member, session)

    @rx.event
    @allow(Policy.FAMILY)
    async def book(self) -> None:
        """Take the place with what was shown to pay for it; refused, the sheet shows what is true now."""
        asked = self.view
        done = await self._do(drop_ins.book, asked)
        if done:
            await self._toast(done)
        else:
            await self._look_or_leave(visits.sheet, asked.about, asked.member, asked.session)


class CheckInState(SheetState, rx.State):
    """A pass with its code."""

    view: CheckIn = CheckIn()

    @rx.event
    @allow(Policy.FAMILY, pass_id=PublicId)
    async def show(self, pass_id: str) -> None:
        """Open it."""
        await self._open(check_in.show, pass_id)
