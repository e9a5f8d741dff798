"""The built front end: is it out of date, and the build."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXPORT = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
_WHOLE_FOLDERS = ("assets", "reflex.lock")
# Reflex links what packages bring into assets/external while it builds.
_BROUGHT = "external"
_FILES = ("rxconfig.py", "bunfig.toml", ".npmrc", "requirements.txt")
# What pages and components may not import (tests/test_architecture.py): it cannot change what is built.
SERVER_ONLY = {
    "backups",
    "channels",
    "cli",
    "db.py",
    "demo",
    "documents",
    "frontend.py",
    "gateways",
    "http",
    "jobs.py",
    "mail_route.py",
    "messages",
    "models",
    "relay.py",
    "safety.py",
    "services",
    "settings.py",
}


class FrontendBuildFailed(Exception):
    """The build ended with an error; its output is the message."""


def fingerprint(root: Path = ROOT) -> str:
    """A hash of everything the built front end is made from."""
    found = hashlib.sha256()
    for file in sorted(_sources(root)):
        found.update(str(file.relative_to(root)).encode() + b"\0")
        found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Whether the build that is there was made from the sources that are there."""
    stamp = _stamp(root)
    return stamp.exists() and stamp.read_text() == fingerprint(root)


def ensure_built(root: Path = ROOT) -> bool:
    """Build unless the build is current; whether it had to be built. Two processes at once build once."""
    if is_current(root):
        return False
    with _only_builder(root):
        if is_current(root):
            return False
        _build(root)
    return True


def _build(root: Path) -> None:
    wanted, is_first = fingerprint(root), not (root / ".web").exists()
    done = _export(root)
    if done.returncode and not is_first:
        # What an earlier version left behind may be what it stumbled over.
        shutil.rmtree(root / ".web", ignore_errors=True)
        done = _export(root)
    if done.returncode:
        raise FrontendBuildFailed(f"The front end could not be built.\n{done.stdout}")
    _stamp(root).write_text(wanted)


def _export(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own command
        EXPORT,
        cwd=root,
        env={**os.environ, "COLUMNS": "120", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _sources(root: Path) -> Iterator[Path]:
    for name in _FILES:
        if (root / name).exists():
            yield root / name
    for folder in _WHOLE_FOLDERS:
        yield from (
            file
            for file in (root / folder).rglob("*")
            if file.is_file() and _BROUGHT not in file.relative_to(root).parts
        )
    for file in (root / "portal").rglob("*"):
        if file.is_file() and file.suffix != ".pyc" and file.relative_to(root).parts[1] not in SERVER_ONLY:
            yield file


def _stamp(root: Path) -> Path:
    # Inside what a new build deletes first, so that a build cut short is never taken for a whole one.
    return root / ".web" / "build" / "fingerprint"


@contextmanager
def _only_builder(root: Path) -> Iterator[None]:
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
