"""Chromium for the browser tests. Run as a program it prints the path, and installs one if need be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SHELL = "chromium-headless-shell"
# The tests ask a server on this machine and nothing else, so whatever would call home is off.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]


def installed() -> str | None:
    """PORTAL_CHROMIUM, else what there is: Chromium's headless shell beside it does a test with a third less time."""
    return os.environ.get("PORTAL_CHROMIUM") or (with_settings() and shutil.which(_SHELL)) or with_settings()


def with_settings() -> str | None:
    """One that heeds a person's settings, as the headless shell does not: PORTAL_CHROMIUM, or what is installed."""
    named = os.environ.get("PORTAL_CHROMIUM", "")
    if named and not named.endswith(_SHELL):
        return named
    return next(filter(None, map(shutil.which, _NAMES)), None) or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet, stdout=sys.stderr)
        install = [
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-liberation",
        ]
        subprocess.run(install, check=True, env=quiet, stdout=sys.stderr)
    else:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr
        )


if __name__ == "__main__":
    if not installed():
        print("Installing Chromium ...", file=sys.stderr)
        _install()
    print(
        installed()
        or sys.exit("Chromium could not be found. Install it, or set PORTAL_CHROMIUM to its path.")
    )
