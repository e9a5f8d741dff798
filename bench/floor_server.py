"""The floor app, built and served as the portal is: production mode, one process, one port."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.processes import free_port, stop, wait_until

FOLDER = Path(__file__).resolve().parent / "floor"


class Floor(NamedTuple):
    """Where it is, and its group of processes."""

    url: str
    group: int


@contextmanager
def floor() -> Iterator[Floor]:
    """The empty app while it runs."""
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parents[1])}
    export = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    subprocess.run(export, cwd=FOLDER, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=180)
    port = free_port()
    served = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_STATE_MANAGER_MODE": "memory",
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "floor.floor:app"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning"],
        cwd=FOLDER,
        env=environment | served,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _answers(port), process, 60, "the floor app")
        yield Floor(f"http://localhost:{port}", process.pid)
    finally:
        stop(process)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as answer:
            return bool(answer.read(1))
    except OSError:
        return False
