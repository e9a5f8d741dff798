"""The sheet that shares a booking, changes what a share shows, or leaves a booking shared by others."""

from dataclasses import dataclass

from portal.rows.common import Shown


@dataclass(frozen=True)
class ShareSheet(Shown):
    """`share` is the share that is changed, `leaving` asks whoever it is shared with; else somebody is invited."""

    booking: str = ""
    share: str = ""
    leaving: bool = False
    title: str = ""
    why: str = ""
    email: str = ""
    full_name: str = ""
    can_act: bool = False
    sees_payments: bool = False
    last_day: str = ""
    """ISO, as a date field has it; empty while it lasts until it is taken back."""
    first_day: str = ""
    """The earliest last day."""
    more: bool = False
    """Something beside the first choice is set, so it is shown at once."""
    go: str = ""
    stop: str = ""
