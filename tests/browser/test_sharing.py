"""A booking shared, seen, taken back and left, in windows of two people at once."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenPage, sign_in
from tests.support.accessible import scrolls_sideways, violations_in_every_look
from tests.support.portal_server import PortalServer

NORA, GRANDMA = "nora@demo.example", "grandma@bell.example"
NewContext = Callable[..., BrowserContext]


def open_booking(page: Page, name: str = "Little Waves 2") -> None:
    """From the list, as a family does."""
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("heading", name="Who can see this").wait_for()


def share_with(page: Page, email: str) -> None:
    page.get_by_role("button", name="Share with someone").click()
    page.get_by_label("Their e-mail address").fill(email)
    page.get_by_role("button", name="Share this booking").click()


def invited(grandma: Page, server: PortalServer) -> tuple[Page, str]:
    """Grandma signed in for the first time, with no family of her own; the link her invitation brought."""
    sign_in(grandma, server, GRANDMA)
    texts = "\n".join(mail["text"] for mail in server.inbox(GRANDMA))
    grandma.get_by_text("I have read the terms and the privacy notice.").click()
    grandma.get_by_role("button", name="Save and go on").click()
    expect(grandma.get_by_role("navigation", name="Quick menu").first).to_be_visible()
    expect(grandma.get_by_test_id("to-pay")).to_have_count(0)
    return grandma, next(line for line in texts.splitlines() if "/bookings/" in line)


def test_a_booking_is_shared_seen_taken_back_given_back_and_left(
    fresh_demo: PortalServer, open_as: OpenPage, new_context: NewContext
) -> None:
    nora = open_as(fresh_demo, NORA, "/bookings")
    open_booking(nora)

    share_with(nora, NORA)
    expect(nora.get_by_test_id("share-sheet").get_by_role("alert")).to_contain_text("your own address")
    nora.get_by_label("Their e-mail address").fill(GRANDMA)
    nora.get_by_role("button", name="Share this booking").click()
    expect(nora.get_by_test_id("toast")).to_contain_text(f"{GRANDMA} can see Little Waves 2 now")
    expect(nora.get_by_test_id("viewers")).to_contain_text(GRANDMA)

    grandma, link = invited(new_context().new_page(), fresh_demo)
    bookings = grandma.context.new_page()
    grandma.goto(link)
    bookings.goto(f"{fresh_demo.url}/bookings")
    expect(grandma.get_by_text("Nora Vale shares this booking with you.")).to_be_visible()
    expect(grandma.get_by_role("button", name="Share with someone")).to_have_count(0)
    expect(bookings.get_by_text("Little Waves 2")).to_be_visible()
    expect(bookings.get_by_text("Theo")).to_have_count(0)

    nora.get_by_role("button", name=f"Change what {GRANDMA} can see").click()
    nora.get_by_role("button", name="Stop sharing").click()
    expect(grandma.get_by_text("Little Waves 2")).to_have_count(0, timeout=2000)
    expect(grandma.get_by_text("Mila")).to_have_count(0)
    expect(bookings.get_by_text("Little Waves 2")).to_have_count(0, timeout=2000)

    nora.get_by_test_id("toast").get_by_role("button", name="Undo").click()
    expect(grandma.get_by_text("Nora Vale shares this booking with you.")).to_be_visible(timeout=2000)

    grandma.get_by_role("button", name="Stop seeing this booking").click()
    grandma.get_by_test_id("share-sheet").get_by_role("button", name="Stop seeing it").click()
    expect(grandma.get_by_text("Mila")).to_have_count(0)
    expect(nora.get_by_test_id("viewers").get_by_text(GRANDMA)).to_have_count(0, timeout=2000)


def test_the_sheet_is_for_everybody_and_closes_by_the_keyboard(
    demo_server: PortalServer, open_as: OpenPage
) -> None:
    page = open_as(demo_server, NORA, "/bookings")
    open_booking(page)
    opener = page.get_by_role("button", name="Share with someone")
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Name, end and payments").click()
    expect(page.get_by_label("Their name")).to_be_visible()

    assert violations_in_every_look(page) == []
    page.set_viewport_size({"width": 360, "height": 640})
    assert not scrolls_sideways(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("share-sheet")).to_have_count(0)
    expect(opener).to_be_focused()
