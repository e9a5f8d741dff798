"""The commands, run in this process on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import clock, settings


@pytest.fixture
def portal(fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """A portal as the environment names it: this database, a data folder, a Thursday afternoon."""
    for name, value in {
        "DATABASE_URL": fresh_db,
        "PORTAL_DATA_DIR": str(tmp_path / "data"),
        "PORTAL_DEMO": "1",
        "PORTAL_NOW": "2026-03-12T14:10:00+01:00",
    }.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()
    yield CliRunner()
    settings.current.cache_clear()
    clock.use(None)
