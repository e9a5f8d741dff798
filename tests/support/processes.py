"""Real programs started for a test: a free port, a process group of their own, and an end."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from time import monotonic, sleep


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def stop(
    process: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """End the whole process group and wait for it; what does not listen within so many seconds is killed."""
    for said in (how, signal.SIGKILL):
        try:
            os.killpg(process.pid, said)
            process.wait(timeout=patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def wait_until(
    ready: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float, what: str
) -> None:
    """Return when ready() holds; fail when the process ends or the time is over."""
    deadline = monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with exit code {process.returncode}")
        if monotonic() > deadline:
            raise TimeoutError(f"{what} was not ready within {seconds:.0f} s")
        sleep(0.02)  # a poll of another process, which has no other way to say that it is ready


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0
