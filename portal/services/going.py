"""What can be done about a session from its row: the button, or why there is none, from the rules' own lists."""

from portal import i18n
from portal.rows.cancelling import Going
from portal.rules.attending import can_cancel, can_sign_back_up
from portal.rules.conditions import first_unmet
from portal.rules.terms import CANCELLED
from portal.services.facts.sessions import SessionFact
from portal.services.scene import Scene
from portal.words import counted

EXPLAINED = frozenset(
    {
        "cancel.too_late",
        "sign_back_up.not_by_family",
        "sign_back_up.closed",
        "sign_back_up.make_up_booked",
        "sign_back_up.make_up_used",
        "sign_back_up.make_up_gone",
        "sign_back_up.no_entry",
        "sign_back_up.no_place",
    }
)
"""What a row says of itself; that it has started, was called off or is only shared to look at stands there already."""


def going(scene: Scene, fact: SessionFact) -> Going:
    """ "Can’t come", "Sign back up", or neither."""
    day = scene.calendar.short_date(scene.calendar.day(fact.starts_at), scene.today)
    who, time = scene.members[fact.member_id].first_name, scene.calendar.time(fact.starts_at)
    about = f"{who}, {fact.title}, {day}, {time}"
    if first_unmet(can_cancel(fact.attending, scene.now)) is None:
        return Going(fact.attendance, cancel="Can’t come", about=about)
    if first_unmet(can_sign_back_up(fact.attending, scene.now)) is None:
        return Going(fact.attendance, sign_back_up="Sign back up", about=about)
    return Going()


def remark(scene: Scene, fact: SessionFact) -> str:
    """ "2 places free, until Tue 12:00"; else why what one would look for here is not there."""
    if fact.starts_at <= scene.now:
        return ""
    off = fact.status in CANCELLED
    unmet = first_unmet((can_sign_back_up if off else can_cancel)(fact.attending, scene.now))
    if unmet is None:
        return _open_until(scene, fact) if off else ""
    return i18n.say(unmet.message_key, unmet.values) if unmet.message_key in EXPLAINED else ""


def _open_until(scene: Scene, fact: SessionFact) -> str:
    until = scene.calendar.moment(fact.attending.sign_back_up_until, scene.now)
    return f"{counted(fact.attending.places_free, 'place', 'places')} free, until {until}"
