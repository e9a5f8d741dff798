"""Server programs on this machine. A test that needs one runs where it is found; CI must have them all."""

import os
import shutil
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
_DEBIANS = Path("/usr/lib/postgresql")


def postgresql() -> Path | None:
    """The folder of PostgreSQL's programs: Debian's newest, which are not on PATH, or those on PATH."""
    newest = sorted(_DEBIANS.glob("*/bin/postgres"), key=lambda found: int(found.parts[-3]))
    on_path = shutil.which("postgres")
    return newest[-1].parent if newest else Path(on_path).parent if on_path else None


def redis() -> str | None:
    """Redis, or Valkey."""
    return shutil.which("redis-server") or shutil.which("valkey-server")
