"""The portal as it really runs: `python -m portal`, in production mode, on a free port."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.settings import ROOT
from tests.support.processes import free_port, stop, wait_until

_A_CODE = re.compile(r"^(Your code|Code from your \w+ address):", re.MULTILINE)
# Nothing of the environment of whoever runs the tests reaches the portal, but for what finds programs.
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_START")


@dataclass(frozen=True)
class PortalServer:
    """A running portal."""

    url: str
    folder: Path
    process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, folder: Path, **settings: str) -> "PortalServer":
        """Serve with the data in `folder` and these settings, and wait until it is well."""
        port = settings.get("PORT") or str(free_port())
        folder.mkdir(parents=True, exist_ok=True)
        environment = environment_with(PORTAL_DATA_DIR=str(folder), **{"PORT": port, **settings})
        with (folder / "server.log").open("ab") as log:
            command = [sys.executable, "-m", "portal", "serve", "--migrate"]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        server = cls(f"http://localhost:{port}", folder, process)
        try:
            wait_until(server.is_well, process, 120, "the portal")
        except Exception as error:
            server.stop()
            raise RuntimeError(f"{error}\n{server.log()}") from error
        return server

    def get(self, path: str) -> bytes:
        """What the portal answers to a GET."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            content: bytes = answer.read()
            return content

    def is_well(self) -> bool:
        """Whether /healthz answers 200."""
        try:
            return bool(self.get("/healthz"))
        except (OSError, urllib.error.HTTPError):
            return False

    def inbox(self, email: str) -> list[dict[str, Any]]:
        """The demo's mail to one address, newest first."""
        mail: list[dict[str, Any]] = json.loads(self.get(f"/demo/inbox.json?to={email}"))
        return mail

    def mails_with_code(self, email: str) -> list[dict[str, Any]]:
        """The inbox without what the house sends by itself, whenever its jobs find a reason to."""
        return [mail for mail in self.inbox(email) if _A_CODE.search(mail["text"])]

    def next_mail(self, email: str, mails_before: int = 0) -> dict[str, Any]:
        """The mail with a code after the first `mails_before` of them; it is sent in the background."""
        wait_until(lambda: len(self.mails_with_code(email)) > mails_before, self.process, 15, "the mail")
        return self.mails_with_code(email)[0]

    def next_code(self, email: str, mails_before: int) -> str:
        """The code to sign in with, in that mail."""
        code: str = self.next_mail(email, mails_before)["code"]
        return code

    def log(self) -> str:
        """Everything the server has printed."""
        return (self.folder / "server.log").read_text(errors="replace")

    def stop(self) -> None:
        """End it and everything it started. Windows that are still open are not waited for."""
        stop(self.process, patience=2)


def put_back(made: Path, served: Path) -> None:
    """Give a portal that serves the data of another folder, in one transaction of its database."""
    with (
        closing(sqlite3.connect(made / "portal.db")) as source,
        closing(sqlite3.connect(served / "portal.db")) as data,
    ):
        source.backup(data)


def workers(server: PortalServer) -> list[int]:
    """The processes that answer, which the server started; the one that has been there longest first."""
    parent = server.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if b"resource_tracker" not in _command(pid)]


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"resource_tracker"  # it has just ended, and answers nobody


def environment_with(**settings: str) -> dict[str, str]:
    """The environment of a demo with these settings."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PORTAL_DEMO": "1", **settings}


def portal(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m portal` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        cwd=ROOT,
        env=environment_with(**settings),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def demo_folder(folder: Path, **settings: str) -> Path:
    """A data folder with the demo provider in it."""
    made = portal("demo", "--make-only", PORTAL_DATA_DIR=str(folder), **settings)
    if made.returncode:
        raise RuntimeError(f"the demo provider could not be made\n{made.stderr}")
    return folder


def copied(folder: Path, to: Path) -> Path:
    """A copy of a data folder."""
    shutil.copytree(folder, to)
    return to
