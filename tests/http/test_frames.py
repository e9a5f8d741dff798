import json
from typing import Any

import pytest

from portal.http.frames import event_of

HERE = {"pathname": "/bookings/x", "asPath": "/bookings/x?open=1", "query": {"open": "1", "two": ["a", "b"]}}


def said(*content: Any) -> str:
    return f"42/_event,{json.dumps(content)}"


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        ("3", ""),
        ("1", ""),
        ("40/_event", ""),
        ("40/_event,", ""),
        ("41/_event,", ""),
        (said("ping"), ""),
        (said("client_error", {"message": "x"}), ""),
        (said("event", {"name": "a.load"}), "a.load"),
        (said("event", {"name": "a.load", "payload": {"x": 1}, "router_data": HERE}), "a.load"),
        (said("event", {"name": "a.say", "payload": {"text": "ahoj 🌊 \\ud800 as text"}}), "a.say"),
        (
            "40/_event,"
            + json.dumps({"event": {"name": "a.boot", "router_data": HERE}, "state_schema": "1f"}),
            "a.boot",
        ),
    ],
)
def test_what_a_page_sends_is_ours(frame: str, event: str) -> None:
    assert event_of(frame) == event


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "0",
        "2",
        "9",
        "42",
        "42/_event,",
        "42/_event,{}",
        "42/_event,[",
        "42/other," + json.dumps(["ping"]),
        "451-/_event,[]",
        "41/_event,[]",
        "40/_event,[]",
        "40/_event," + json.dumps({"event": {"name": "a.boot"}, "more": 1}),
        said("event"),
        said("event", None),
        said("event", {"name": "a.load"}, 1),
        said("event", {"payload": {}}),
        said("event", {"name": ["a.load"]}),
        said("event", {"name": "a" * 301}),
        said("event", {"name": "a.load", "payload": None}),
        said("event", {"name": "a.load", "payload": [1]}),
        said("event", {"name": "a.load", "router_data": None}),
        said("event", {"name": "a.load", "router_data": {**HERE, "headers": {"cookie": "x"}}}),
        said("event", {"name": "a.load", "router_data": {**HERE, "token": "x"}}),
        said("event", {"name": "a.load", "payload": {"x": "\x00"}}),
        said("event", {"name": "a.load", "payload": {"x": "\ud800"}}),
        said("event", {"name": "a.load", "payload": {"x": chr(0xDC00)}}),
        said("client_error"),
        said("anything", {}),
        "42/_event," + "[" * 60000,
    ],
)
def test_what_no_page_sends_is_not_ours(frame: str) -> None:
    assert event_of(frame) is None
