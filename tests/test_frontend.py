"""When the front end is built again, and when it is not."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal import frontend

# Stands in for the real build: makes .web/build, and leaves a line for each run.
_BUILD = "import os; os.makedirs('.web/build', exist_ok=True); open('runs', 'a').write('built\\n')"
_FAIL = "import sys; print('page.jsx: unexpected token'); sys.exit(1)"
_MADE_FROM = [
    "assets/app.css",
    "reflex.lock/bun.lock",
    "requirements.txt",
    "rxconfig.py",
    "portal/pages/home.py",
]
_SERVER_ONLY = ["portal/services/home.py", "portal/http/health.py", "portal/models/people.py", "portal/db.py"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in [*_MADE_FROM, *_SERVER_ONLY]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first")
    return tmp_path


@pytest.fixture(autouse=True)
def _small_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "EXPORT", [sys.executable, "-c", _BUILD])


def runs(root: Path) -> int:
    return len((root / "runs").read_text().splitlines())


def test_a_front_end_that_was_never_built_is_built(root: Path) -> None:
    assert frontend.ensure_built(root)
    assert frontend.is_current(root)


def test_a_second_start_builds_nothing(root: Path) -> None:
    frontend.ensure_built(root)
    assert not frontend.ensure_built(root)
    assert runs(root) == 1


@pytest.mark.parametrize("name", _MADE_FROM)
def test_a_change_of_what_it_is_made_from_makes_it_out_of_date(root: Path, name: str) -> None:
    frontend.ensure_built(root)
    (root / name).write_text("second")
    assert not frontend.is_current(root)


@pytest.mark.parametrize("name", ["assets/new.svg", "portal/pages/new.py"])
def test_a_new_file_makes_it_out_of_date(root: Path, name: str) -> None:
    frontend.ensure_built(root)
    (root / name).write_text("")
    assert not frontend.is_current(root)


def test_a_renamed_file_makes_it_out_of_date(root: Path) -> None:
    frontend.ensure_built(root)
    (root / "portal/pages/home.py").rename(root / "portal/pages/house.py")
    assert not frontend.is_current(root)


@pytest.mark.parametrize("name", _SERVER_ONLY)
def test_a_change_that_pages_cannot_see_needs_no_build(root: Path, name: str) -> None:
    frontend.ensure_built(root)
    (root / name).write_text("second")
    assert frontend.is_current(root)


def test_a_failed_build_says_why_and_is_not_taken_for_a_build(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend, "EXPORT", [sys.executable, "-c", _FAIL])
    with pytest.raises(frontend.FrontendBuildFailed, match=r"page\.jsx: unexpected token"):
        frontend.ensure_built(root)
    assert not frontend.is_current(root)


def test_a_build_cut_short_is_not_taken_for_a_build(root: Path) -> None:
    frontend.ensure_built(root)
    # What Reflex does first: it throws the last build away.
    subprocess.run(["rm", "-r", str(root / ".web/build")], check=True)
    (root / ".web/build").mkdir()
    assert not frontend.is_current(root)


def test_two_starts_at_once_build_once(root: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(frontend.ensure_built, [root, root]))
    assert sorted(built) == [False, True]
    assert runs(root) == 1
