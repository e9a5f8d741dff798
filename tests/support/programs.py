"""Server programs on this machine. A test that needs one runs where it is found; CI must have them all."""

import os
import shutil
from glob import glob
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")


def find(name: str, folders: str = "") -> Path | None:
    """The program on PATH, or the one in the newest of `folders` (a glob)."""
    on_path = shutil.which(name)
    if on_path and not folders:
        return Path(on_path)
    installed = sorted(Path(found) for found in glob(f"{folders}/{name}")) if folders else []
    return installed[-1] if installed else Path(on_path) if on_path else None


def postgresql() -> Path | None:
    """The folder of PostgreSQL's programs."""
    program = find("postgres", "/usr/lib/postgresql/*/bin")
    return program.parent if program else None


def redis() -> Path | None:
    """Redis, or Valkey."""
    return find("redis-server") or find("valkey-server")
