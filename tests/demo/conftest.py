import pytest

from portal.demo import neighbours


@pytest.fixture
def few_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at is the cast: the other families take most of the time."""
    monkeypatch.setattr(neighbours, "FAMILIES", 12)
