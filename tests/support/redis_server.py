"""A private Redis for as long as it is needed, empty at its start."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import programs
from tests.support.processes import answers, free_port, stop, wait_until


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Its address, while it runs."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        [str(programs.redis()), *options], stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        wait_until(lambda: answers(port), server, 15, "Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(server)
