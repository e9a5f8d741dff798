"""Pictures of every kind of letter, filled with its samples: at 390 and 600 px, light and dark.

As a program: python -m tests.support.mail_pictures FOLDER [KIND ...]
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from portal.messages.answers import sign_in
from portal.messages.kinds import MANNERS, Kind
from portal.messages.letters import Reader, letter
from portal.messages.notes import Note
from tests.support.chromium import ARGUMENTS, installed

WIDTHS = (390, 600)
READER = Reader("Nora", "en", "https://portal.example", "https://portal.example/messages/off/x")


@dataclass(frozen=True)
class Provider:
    """Whose letters these are."""

    name: str = "Otterbrook Classes"
    color: str = "#1d4b73"


def html_of(*kinds: Kind, **other: str) -> str:
    """One letter that tells of these kinds, each with its sample values or with others."""
    notes = [Note(kind, "/payments", MANNERS[kind].tags | other) for kind in kinds]
    return letter(Provider(), READER, notes, lambda _kind, _language: None).html


def letters() -> dict[str, str]:
    """Each kind's letter by its name, the sign-in message, and one letter that tells several things together."""
    alone = {kind.value: html_of(kind) for kind in Kind if kind is not Kind.SIGN_IN}
    alone["long_words"] = html_of(Kind.PAYMENT_DUE, what="Donaudampfschifffahrtsgesellschaftskapitän" * 2)
    alone["sign_in"] = sign_in(Provider(), "K7M2QX", f"{READER.portal_url}/auth/link/{'x' * 32}").html
    return {**alone, "together": html_of(Kind.PAYMENT_DUE, Kind.SESSION_TOMORROW, Kind.MAKE_UP_EXPIRING)}


def take(folder: Path, wanted: tuple[str, ...] = ()) -> None:
    """Draw the wanted letters, or all, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: html for name, html in letters().items() if not wanted or name in wanted}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                _take(browser, folder, width, scheme, found)
        browser.close()


def _take(browser: Browser, folder: Path, width: int, scheme: str, found: dict[str, str]) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 400}, color_scheme="dark" if scheme == "dark" else "light"
    )
    for name, html in found.items():
        page.set_content(html)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} is too wide"
        dark = "-dark" if scheme == "dark" else ""
        page.screenshot(path=folder / f"{name}-{width}{dark}.png", full_page=True)
    page.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), tuple(sys.argv[2:]))
