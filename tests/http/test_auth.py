import httpx
import pytest
from sqlmodel import select

from portal import db
from portal.models.access import LoginChallenge, LoginSession
from tests.http.conftest import Portal
from tests.support.sign_in_forms import NORA, ask, code, is_signed_in, problem

pytestmark = pytest.mark.anyio


async def test_the_code_of_the_message_signs_in(portal: Portal) -> None:
    browser = portal.browser()
    asked = await ask(browser)
    entered = await code(browser, portal.newest_mail(NORA).code.lower())

    assert (asked.status_code, asked.headers["location"]) == (303, "/login?step=code")
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert is_signed_in(browser)


async def test_one_goes_on_to_where_one_was_going_and_never_to_another_site(portal: Portal) -> None:
    for wanted, reached in {
        "/payments?open=abc": "/payments?open=abc",
        "//evil.example": "/",
        "https://evil.example/": "/",
        "/\\evil.example": "/",
        "/auth/link/x": "/",
        "javascript:alert(1)": "/",
    }.items():
        browser = portal.browser()
        await ask(browser, next=wanted)
        entered = await code(browser, portal.newest_mail().code)
        assert entered.headers["location"] == reached


async def test_the_reply_is_the_same_for_an_unknown_e_mail(portal: Portal) -> None:
    known, unknown = [await ask(portal.browser(), email) for email in (NORA, "nobody@vale.example")]

    assert known.status_code == unknown.status_code
    assert known.content == unknown.content
    assert _without_cookie_values(known) == _without_cookie_values(unknown)


def _without_cookie_values(response: httpx.Response) -> list[tuple[str, str]]:
    return [
        (name, value.split("=")[0] if name == "set-cookie" else value)
        for name, value in response.headers.multi_items()
    ]


async def test_each_way_of_being_wrong_is_told_by_its_own_key(portal: Portal) -> None:
    browser = portal.browser()
    assert problem(await ask(browser, "nora")) == "sign_in.bad_email"
    assert problem(await code(browser, "ABC DEF")) == "sign_in.nothing_asked"
    await ask(browser)
    right = portal.newest_mail().code
    assert problem(await code(browser, "hello")) == "sign_in.not_a_code"
    wrong = await code(browser, "000000" if right != "000000" else "111111")
    assert wrong.headers["location"] == "/login?step=code&problem=sign_in.wrong_code&count=4"
    portal.clock.pass_by(minutes=11)
    assert problem(await code(browser, right)) == "sign_in.expired"


async def test_looking_at_a_link_a_thousand_times_consumes_nothing(portal: Portal) -> None:
    await ask(portal.browser())
    link = portal.newest_mail().link
    scanner = portal.browser()

    for _ in range(500):
        assert (await scanner.get(link)).status_code == 200
        assert (await scanner.head(link)).status_code == 200

    with db.reading() as session:
        assert session.exec(select(LoginChallenge.consumed_at)).all() == [None]
        assert session.exec(select(LoginSession)).all() == []


async def test_the_link_enters_by_itself_where_it_was_asked_for_and_asks_for_a_tap_elsewhere(
    portal: Portal,
) -> None:
    asking, other = portal.browser(), portal.browser()
    await ask(asking)
    link = portal.newest_mail().link

    assert 'data-step="entering"' in (await asking.get(link)).text
    page = await other.get(link)

    assert 'data-step="confirm"' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    token = link.rpartition("/")[2]
    tapped = await other.post(
        "/auth/link", data={"token": token}, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    )
    assert tapped.headers["location"] == "/"
    assert is_signed_in(other)


async def test_a_link_that_is_over_says_so(portal: Portal) -> None:
    browser = portal.browser()
    await ask(browser)
    link = portal.newest_mail().link
    token = link.rpartition("/")[2]
    await browser.post("/auth/link", data={"token": token})

    used = await browser.post("/auth/link", data={"token": token})
    assert used.headers["location"] == "/login?step=link_used&problem=sign_in.already_used"
    assert (await browser.get(link)).status_code == 410
    assert 'data-step="link_used"' in (await browser.get(link)).text
    assert 'data-step="link_expired"' in (await browser.get("/auth/link/made-up")).text


async def test_the_link_in_the_message_leads_to_the_public_address_whatever_host_was_asked(
    portal: Portal,
) -> None:
    await ask(portal.browser(Host="evil.example", Sec_Fetch_Site="same-origin"))

    assert portal.newest_mail().link.startswith("http://localhost:8300/auth/link/")


@pytest.mark.parametrize(
    "path", ["request", "code", "link", "sign-out", "sign-out-everywhere", "family", "consent"]
)
async def test_a_form_of_another_site_does_nothing(portal: Portal, path: str) -> None:
    for foreign in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:8300", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:8300", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:8300", "Sec-Fetch-Site": "none"},
    ):
        response = await portal.browser().post(f"/auth/{path}", data={"email": NORA}, headers=foreign)
        assert problem(response) == "sign_in.not_our_page"
        assert "set-cookie" not in response.headers
    with db.reading() as session:
        assert session.exec(select(LoginChallenge)).all() == []


async def test_a_script_that_asks_for_json_gets_the_words_too(portal: Portal) -> None:
    browser = portal.browser(Accept="application/json")
    asked = await browser.post("/auth/request", json={"email": NORA})
    wrong = await browser.post("/auth/code", json={"code": "000000"})

    assert asked.json() == {"next": "/login?step=code", "problem": "", "words": ""}
    assert wrong.status_code == 422
    assert wrong.json()["problem"] == "sign_in.wrong_code"
    assert wrong.json()["words"].endswith("You have 4 tries left.")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x" * 9000, "application/x-www-form-urlencoded"),
        (b"[" * 5000, "application/json"),
        (b'{"email": 7}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_not_a_small_form_is_refused_without_a_fault(
    portal: Portal, body: bytes, content_type: str
) -> None:
    response = await portal.browser().post(
        "/auth/request", content=body, headers={"Content-Type": content_type}
    )

    assert response.status_code in (400, 413)


async def test_a_request_without_any_origin_is_no_page_of_ours(portal: Portal) -> None:
    browser = portal.browser()
    del browser.headers["Origin"]

    assert problem(await ask(browser)) == "sign_in.not_our_page"
