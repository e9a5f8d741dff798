"""Redis and PostgreSQL away while families look and choose: nothing is claimed that is not so, and it comes back."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from portal import db
from tests.browser.conftest import OpenPage
from tests.conftest import StartPortal
from tests.support import programs
from tests.support.portal_server import PortalServer
from tests.support.processes import answers, free_port, stop, wait_until

WITHIN = 30
"""Seconds in which everything works again."""
RECONNECTING = "Reconnecting. You see what we had a moment ago."


class Redis:
    """One that is this test's own, to be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self._port, self._folder = free_port(), folder
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        quiet = subprocess.DEVNULL
        command = [str(programs.redis()), *options]
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        wait_until(lambda: answers(self._port), self._process, 15, "Redis")

    def stop(self) -> None:
        stop(self._process, signal.SIGKILL)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    running = Redis(tmp_path)
    yield running
    running.stop()


def rename(server: PortalServer, name: str) -> None:
    """Something changes while the windows cannot hear of it."""
    with db.bind(f"sqlite:///{server.folder / 'portal.db'}").begin() as connection:
        connection.execute(text(f"update member set first_name = '{name}' where first_name = 'Mila'"))
    db.engine().dispose()


def seconds_until(true: Callable[[], None]) -> float:
    begun = monotonic()
    true()
    return monotonic() - begun


def chosen(page: Page, name: str) -> None:
    page.get_by_test_id("member-switcher").get_by_role("button", name=name).click()


@pytest.mark.proof
def test_redis_goes_and_comes_back(portal_server: StartPortal, redis: Redis, open_as: OpenPage) -> None:
    server = portal_server(WORKERS="2", REDIS_URL=redis.url)
    page = open_as(server, "nora@demo.example")

    redis.stop()
    told = seconds_until(lambda: expect(page.get_by_text(RECONNECTING)).to_be_visible(timeout=15_000))
    chosen(page, "Theo")
    rename(server, "Miluška")
    expect(page.locator('main[data-ready="true"]')).to_be_visible()
    redis.start()
    switcher = page.get_by_test_id("member-switcher")
    back = seconds_until(
        lambda: expect(switcher.get_by_role("button", name="Miluška")).to_be_visible(timeout=WITHIN * 1000)
    )

    expect(page.get_by_text(RECONNECTING)).to_be_hidden()
    print(f"Redis away: said after {told:.1f} s; back {back:.1f} s after it was there again")
