"""Who may show a booking to whom, and until when."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules import contacts
from portal.rules.conditions import Condition
from portal.words import midnight

MOST_PEOPLE = 10
"""Adults who see one booking through a share."""
MOST_INVITATIONS, INVITATIONS_WITHIN = 20, timedelta(days=1)
"""Of one family: each sends a message to whatever address was typed."""
LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Invitation:
    """What is filled in: whom, what they may do, and the last day; without one, until it is revoked."""

    email: str
    full_name: str = ""
    can_act: bool = False
    sees_payments: bool = False
    last_day: date | None = None


@dataclass(frozen=True)
class SharedBooking:
    """A booking as far as sharing goes. E-mails are lower-cased."""

    ours: bool
    """Of the family of whoever asks, or asked by the provider."""
    provider: str
    switched_on: bool
    over: bool
    today: date
    own_email: str = ""
    guardians: Mapping[str, str] = field(default_factory=dict)
    """The family's guardians: e-mail to name."""
    shared_with: Set[str] = frozenset()
    """The e-mails of those who see it now."""
    invited_lately: int = 0


def can_share(booking: SharedBooking) -> list[Condition]:
    """What must hold before anybody is named: the button is there when all of it does."""
    return [
        Condition("sharing.not_yours", booking.ours),
        Condition("sharing.switched_off", booking.switched_on, values={"provider": booking.provider}),
        Condition("sharing.booking_over", not booking.over),
    ]


def can_invite(booking: SharedBooking, invitation: Invitation) -> list[Condition]:
    """The same, and that this adult can be invited."""
    email = contacts.email(invitation.email) or ""
    again = email in booking.shared_with
    namesake = booking.guardians.get(email, "")
    room = again or len(booking.shared_with) < MOST_PEOPLE
    return [
        *can_share(booking),
        Condition("sharing.bad_email", bool(email)),
        Condition("sharing.own_email", email != booking.own_email or not email),
        Condition("sharing.of_family", email not in booking.guardians, values={"name": namesake}),
        *can_be(booking, invitation),
        Condition("sharing.too_many_people", room, values={"count": MOST_PEOPLE}),
        Condition("sharing.too_many_invitations", booking.invited_lately < MOST_INVITATIONS),
    ]


def can_be(booking: SharedBooking, invitation: Invitation) -> list[Condition]:
    """That somebody may be called so, and a share may end with this day."""
    last_day = invitation.last_day
    return [
        Condition("sharing.bad_name", not contacts.has_control_characters(invitation.full_name)),
        Condition("sharing.last_day_over", last_day is None or last_day >= booking.today),
        Condition("sharing.last_day_far", last_day is None or last_day <= booking.today + LONGEST),
    ]


def can_act(through_share: bool, share_can_act: bool) -> list[Condition]:
    """That whoever sees a booking may also cancel, sign up and use make-ups: the family, or a share that says so."""
    return [Condition("sharing.view_only", not through_share or share_can_act)]


def ends_at(last_day: date | None, zone: ZoneInfo) -> datetime | None:
    """The first instant at which a share of this last day is over: midnight in the provider's zone."""
    return None if last_day is None else midnight(last_day + timedelta(days=1), zone)


def last_day(until: datetime, zone: ZoneInfo) -> date:
    """The last day on which a share until this instant shows anything."""
    return (until.astimezone(zone) - timedelta(microseconds=1)).date()
