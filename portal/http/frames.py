"""What a page of ours sends over its socket. Whatever is shaped otherwise never reaches the framework."""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

NAMESPACE = "/_event"
_PONG, _CLOSE = "3", "1"
_CONNECT, _DISCONNECT, _SAID = (f"{kind}{NAMESPACE}" for kind in ("40", "41", "42"))
_ESCAPED_NOTHING = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_Text = Annotated[str, Field(max_length=4000)]


class _Place(BaseModel):
    """Where in the portal a window is; what the connection itself knows is not the window's to say."""

    model_config = ConfigDict(strict=True, extra="forbid")

    pathname: _Text = ""
    asPath: _Text = ""  # noqa: N815 - as the framework calls it
    query: Annotated[dict[str, str | list[str] | None], Field(max_length=50)] = {}


class _Event(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    name: Annotated[str, Field(min_length=1, max_length=300)]
    payload: dict[str, Any] = {}
    router_data: _Place = _Place()


class _Connect(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    event: _Event | None = None
    state_schema: Annotated[str, Field(max_length=100)] | None = None


def event_of(frame: str) -> str | None:
    """The name of the event that our frame carries, "" for none; None for a frame that is not ours."""
    kind, comma, body = frame.partition(",")
    if not comma:
        return "" if frame in (_PONG, _CLOSE, _CONNECT) else None
    try:
        return _event(kind, _keepable(body) if body else None)
    except (ValueError, TypeError, RecursionError):
        return None


def _keepable(body: str) -> Any:
    """What the JSON says; ValueError for characters that no database keeps: nothing, and half a one."""
    content = json.loads(body)
    if "\\u" in body:
        json.dumps(content, ensure_ascii=False).encode()
        if _ESCAPED_NOTHING.search(body):
            raise ValueError("a text with nothing in it that counts as a character")
    return content


def _event(kind: str, content: Any) -> str | None:
    if kind == _DISCONNECT:
        return "" if content is None else None
    if kind == _CONNECT:
        boot = _Connect.model_validate({} if content is None else content).event
        return boot.name if boot else ""
    if kind == _SAID and isinstance(content, list):
        return _said(*content)
    return None


def _said(name: str, content: Any = None) -> str | None:
    if name == "event":
        return _Event.model_validate(content).name
    known = (name == "ping" and content is None) or (name == "client_error" and isinstance(content, dict))
    return "" if known else None
