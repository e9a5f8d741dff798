"""`python -m portal serve`: settings to environment, then this process becomes the server."""

import os
import sys
from typing import NoReturn
from urllib.parse import urlsplit

import click

from portal.cli import start
from portal.cli.build import up_to_date
from portal.safety import LOCAL_HOSTS
from portal.settings import ROOT, Settings

# In production the portal stands behind a proxy, often in a container of its own.
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - meant


@click.command()
@click.option("--migrate", is_flag=True, help="Bring the database to this version first.")
def serve(migrate: bool) -> None:
    """Serve the portal on PORT, in the foreground."""
    known = start.settings()
    (start.migrated_database if migrate else start.database)(known)
    up_to_date()
    become_the_server(known)


def become_the_server(known: Settings) -> NoReturn:
    """Replace this process with the server: signals reach it, and nothing of the start stays in memory."""
    os.chdir(ROOT)
    sys.stdout.flush()
    command = _command(known)
    os.execve(command[0], command, {**os.environ, **_environment(known)})  # noqa: S606 - our own command


def _command(known: Settings) -> list[str]:
    # A portal that is only called localhost is only reachable from this machine.
    host = "127.0.0.1" if urlsplit(known.portal_url).hostname in LOCAL_HOSTS else _EVERYWHERE
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "portal.portal:app"]
    command += ["--host", host, "--port", str(known.port), "--workers", str(known.workers)]
    # A worker told to stop while it is still starting does not hear it; after this many seconds it is ended.
    command += ["--workers-kill-timeout", "10"]
    return [*command, "--respawn-failed-workers", "--log-level", "warning"]


def _environment(known: Settings) -> dict[str, str]:
    """What Reflex is told for a production process that serves the built front end itself."""
    said = {
        "REFLEX_ENV_MODE": "prod",
        # Reflex's own names for: do not compile, serve .web/build. Internal, hence the pin below 0.11.
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_CORS_ALLOWED_ORIGINS": ",".join(known.origins),
        "REFLEX_STATE_MANAGER_MODE": "redis" if known.redis_url else "memory",
        "PYTHONUNBUFFERED": "1",
    }
    return said | ({"REFLEX_REDIS_URL": known.redis_url} if known.redis_url else {})
