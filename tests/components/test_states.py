"""What stands where a page is not."""

from portal.components.elements import render
from portal.components.states import could_not_load
from portal.pages.sections import SECTIONS


def test_a_page_that_could_not_be_read_says_why() -> None:
    said = render(could_not_load, "your sessions", "We can’t reach our records just now.")

    assert "We couldn’t load your sessions" in said
    assert "We can’t reach our records just now." in said


def test_every_live_page_shows_the_words_of_its_own_problem() -> None:
    for section in SECTIONS:
        assert str(section.state.problem) in str(section.page()), section.title
