"""Choosing a member: at once and without the server, kept by the server, the same on every page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.support.portal_server import PortalServer

OpenPage = Callable[..., Page]
NORA = "nora@demo.example"
FILTERED = ["/", "/sessions", "/bookings", "/benefits"]
# Presses the button and looks within the same frame of the picture, before any message could come back.
PRESS_AND_LOOK = """(button) => new Promise((done) => {
  button.click();
  requestAnimationFrame(() => {
    const { who } = document.querySelector("main").dataset;
    const rows = [...document.querySelectorAll("main [data-member]")].filter((row) => row.dataset.member);
    const others = rows.filter((row) => !row.dataset.member.split(" ").includes(who));
    done({ who, others: others.length, seen: others.filter((row) => row.checkVisibility()).length });
  });
})"""


def switch(page: Page, name: str) -> Locator:
    """A button of the switcher."""
    return page.get_by_test_id("member-switcher").get_by_role("button", name=name)


@pytest.fixture
def nora(fresh_demo: PortalServer, open_as: OpenPage) -> Callable[..., Page]:
    """Nora's window on a portal to change things in: choosing writes."""

    def opened(path: str = "/", **options: Any) -> Page:
        return open_as(fresh_demo, NORA, path, **options)

    return opened


def test_everyone_comes_first_and_then_each_member(open_as: OpenPage, demo_server: PortalServer) -> None:
    page = open_as(demo_server, NORA)

    expect(page.get_by_test_id("member-switcher").get_by_role("button")).to_have_text(
        [re.compile(f"{name}$") for name in ("Everyone", "Mila", "Theo", "Juno")]
    )


def test_a_choice_filters_within_one_frame_of_the_picture_and_no_answer_is_waited_for(
    nora: Callable[..., Page],
) -> None:
    page = nora()
    arrived: list[str | bytes] = []
    page.on("websocket", lambda socket: _listen(socket, arrived))
    page.reload()
    page.wait_for_selector('main[data-ready="true"]')
    page.context.set_offline(True)
    assert arrived, "what came over the socket is heard"
    arrived.clear()

    seen = switch(page, "Theo").evaluate(PRESS_AND_LOOK)

    assert arrived == []
    assert (seen["who"] != "all", seen["others"] > 0, seen["seen"]) == (True, True, 0)
    expect(switch(page, "Theo")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Theo")


def test_the_choice_survives_pages_reloads_and_other_windows(nora: Callable[..., Page]) -> None:
    page = nora()
    switch(page, "Juno").click()
    page.get_by_test_id("quick-menu").get_by_role("link", name="Bookings").click()
    expect(switch(page, "Juno")).to_have_attribute("aria-pressed", "true")

    page.reload()

    expect(switch(page, "Juno")).to_have_attribute("aria-pressed", "true")
    another = page.context.new_page()
    another.goto(page.url)
    expect(switch(another, "Juno")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("path", FILTERED)
def test_only_the_chosen_members_rows_are_seen(nora: Callable[..., Page], path: str) -> None:
    page = nora(path)

    seen = switch(page, "Mila").evaluate(PRESS_AND_LOOK)

    assert (seen["others"] > 0, seen["seen"]) == (True, 0)


@pytest.mark.parametrize("path", ["/payments", "/orders"])
def test_what_belongs_to_the_family_is_never_filtered(
    open_as: OpenPage, demo_server: PortalServer, path: str
) -> None:
    page = open_as(demo_server, NORA, path)

    expect(page.get_by_test_id("member-switcher")).to_have_count(0)
    expect(page.locator("main")).to_have_attribute("data-who", "all")


def _listen(socket: WebSocket, arrived: list[str | bytes]) -> None:
    def arrive(frame: str | bytes) -> None:
        arrived.append(frame)

    socket.on("framereceived", arrive)
