"""Joining a session by its livestream: whether there is one, from when, and the link."""

from portal.rows.common import Link
from portal.rules import livestream
from portal.services.facts.sessions import SessionFact
from portal.services.scene import Scene
from portal.weblinks import web_address


def streamed(scene: Scene, fact: SessionFact) -> bool:
    """There is a livestream to join, now or later."""
    return bool(scene.provider.livestream and web_address(fact.livestream_url))


def can_join(scene: Scene, fact: SessionFact) -> bool:
    """It can be joined now."""
    minutes = scene.provider.livestream_opens_minutes
    return streamed(scene, fact) and livestream.is_open(fact.starts_at, fact.ends_at, minutes, scene.now)


def opens(scene: Scene, fact: SessionFact) -> str:
    """The time of day from which one can join: "16:45"."""
    return scene.calendar.time(livestream.opens_at(fact.starts_at, scene.provider.livestream_opens_minutes))


def join(scene: Scene, fact: SessionFact, label: str) -> Link:
    """The link to the livestream; none where there is no livestream."""
    return Link(web_address(fact.livestream_url), label, "video") if streamed(scene, fact) else Link()
