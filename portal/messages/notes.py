"""A note: one thing to tell, as the outbox keeps it until it is sent. Its words are chosen when it is sent."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from portal.messages.kinds import Kind


@dataclass(frozen=True)
class Note:
    """`values` fill the tags of the kind; `path` is where the button leads; `about` names what it is of.

    `about` is "payment:ID", "attendance:ID", ...: before a reminder is sent, that is looked at again
    (services/still_true.py).
    """

    kind: Kind
    path: str
    values: dict[str, str] = field(default_factory=dict)
    about: str = ""


def packed(notes: Iterable[Note]) -> str:
    """The notes as text for one column."""
    return json.dumps([asdict(note) for note in notes], ensure_ascii=False)


def unpacked(text: str) -> list[Note]:
    """The notes of a column; none of an empty one."""
    return [Note(**{**one, "kind": Kind(one["kind"])}) for one in json.loads(text or "[]")]
