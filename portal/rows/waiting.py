"""The sheet in which a family leaves a waiting list."""

from dataclasses import dataclass

from portal.rows.common import Shown


@dataclass(frozen=True)
class LeaveSheet(Shown):
    """Where in the line it is, and what leaving means."""

    booking: str = ""
    why: str = ""
    terms: str = ""
