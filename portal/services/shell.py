"""What is around every page: the provider's brand, who looks, whose data can be chosen, what waits."""

from datetime import datetime

from sqlmodel import Session

from portal.actor import Actor
from portal.errors import SignedOut
from portal.rows.shell import FamilyChoice, Member, ShellView
from portal.services.brand import logo_address
from portal.services.member_choices import EVERYONE, choices
from portal.services.scene import Scene, set_scene


def read(session: Session, actor: Actor, now: datetime) -> ShellView:
    """No query beside the scene's."""
    scene = set_scene(session, actor, now)
    viewer = scene.viewer
    if viewer.choice is None:
        raise SignedOut
    chosen = choices.last(actor.login_id, viewer.choice)
    members = tuple(Member(id=m.public_id, name=m.first_name, face=m.face) for m in scene.members.values())
    return ShellView(
        brand=scene.provider.short_name,
        logo=logo_address(scene.provider),
        initials=_initials(viewer.name),
        guardian=viewer.name,
        email=viewer.email,
        members=members,
        who=chosen if any(chosen == member.id for member in members) else EVERYONE,
        families=_families(scene),
        unpaid=sum(day <= scene.today for day in viewer.asked_on),
        updated_at=scene.calendar.time(now),
        help_url=scene.provider.help_url,
        policies_url=scene.provider.policies_url,
    )


def _families(scene: Scene) -> tuple[FamilyChoice, ...]:
    """Only worth showing when there is something to choose."""
    found = [
        FamilyChoice(id=one.public_id, name=one.name, current=one.id == scene.actor.family_id)
        for one in scene.viewer.families
    ]
    return tuple(found) if len(found) > 1 else ()


def _initials(full_name: str) -> str:
    """ "Nora Vale" as "NV"."""
    words = full_name.split()
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else full_name[:2].upper()
