import logging
from collections.abc import Iterator

import pytest

from portal import changes


@pytest.fixture
def heard() -> Iterator[list[frozenset[str]]]:
    """What a listener heard."""
    found: list[frozenset[str]] = []
    deaf = changes.listen(found.append)
    yield found
    deaf()


def test_topics_of_different_things_with_one_number_differ() -> None:
    assert len({changes.family(7), changes.guardian(7), changes.login(7), changes.family(8)}) == 4


def test_every_topic_is_told_once(heard: list[frozenset[str]]) -> None:
    changes.announce([changes.family(1), changes.family(1), changes.EVERYONE])

    assert heard == [{changes.family(1), changes.EVERYONE}]


def test_nothing_is_not_told(heard: list[frozenset[str]]) -> None:
    changes.announce([])

    assert heard == []


def test_who_stopped_listening_hears_nothing() -> None:
    found: list[frozenset[str]] = []
    changes.listen(found.append)()
    changes.announce([changes.EVERYONE])

    assert found == []


def test_a_listener_that_fails_keeps_nobody_from_hearing(
    heard: list[frozenset[str]], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_topics: frozenset[str]) -> None:
        raise RuntimeError("nobody is there")

    deaf = changes.listen(fail)
    later: list[frozenset[str]] = []
    deaf_too = changes.listen(later.append)
    with caplog.at_level(logging.ERROR):
        changes.announce([changes.EVERYONE])
    deaf()
    deaf_too()

    assert heard == later == [{changes.EVERYONE}]
    assert "a listener of changes failed" in caplog.text
