import httpx
import pytest
from sqlmodel import Session, select

from portal import db
from portal.http.cookies import token_from
from portal.models.access import LoginChallenge, LoginSession
from portal.models.people import Family, FamilyGuardian
from portal.services.logins import actor_of
from tests.factories import NOW, Otterbrook
from tests.http.conftest import Configure, Portal

pytestmark = pytest.mark.anyio
NORA = "nora@vale.example"


async def ask(browser: httpx.AsyncClient, email: str = NORA, **more: str) -> httpx.Response:
    return await browser.post("/auth/request", data={"email": email, **more})


async def code(browser: httpx.AsyncClient, typed: str) -> httpx.Response:
    return await browser.post("/auth/code", data={"code": typed})


async def signed_in(portal: Portal, **headers: str) -> httpx.AsyncClient:
    browser = portal.browser(**headers)
    await ask(browser)
    await code(browser, portal.newest_mail().code)
    return browser


def is_signed_in(browser: httpx.AsyncClient) -> bool:
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with db.reading() as session:
        return actor_of(session, token_from(cookie), NOW) is not None


def problem(response: httpx.Response) -> str:
    return httpx.URL(response.headers["location"]).params.get("problem", "")


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


async def test_signing_out_ends_the_login_and_clears_what_pages_kept(portal: Portal) -> None:
    browser = await signed_in(portal)
    kept = dict(browser.cookies)
    out = await browser.post("/auth/sign-out")

    assert out.headers["location"] == "/login?note=signed_out"
    assert out.headers["clear-site-data"] == '"storage"'
    assert not is_signed_in(browser)
    browser.cookies.update(kept)
    assert not is_signed_in(browser), "the old cookie is worth nothing"


async def test_signing_out_everywhere_ends_every_browser(portal: Portal) -> None:
    phone, laptop = await signed_in(portal), await signed_in(portal)
    await phone.post("/auth/sign-out-everywhere")

    assert not is_signed_in(phone)
    assert not is_signed_in(laptop)


async def test_signing_in_again_replaces_the_login_of_this_browser(portal: Portal) -> None:
    browser = await signed_in(portal)
    before = dict(browser.cookies)
    await ask(browser)
    await code(browser, portal.newest_mail().code)

    assert is_signed_in(browser)
    browser.cookies.clear()
    browser.cookies.update(before)
    assert not is_signed_in(browser)


async def test_under_https_the_cookie_belongs_to_this_host_alone(
    portal: Portal, configured: Configure
) -> None:
    configured(PORTAL_URL="https://portal.example")
    browser = portal.browser()
    await ask(browser)
    entered = await code(browser, portal.newest_mail().code)

    login, forgotten = entered.headers.get_list("set-cookie")
    assert login.startswith("__Host-portal_session=")
    assert login.endswith("; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax")
    assert forgotten.startswith("__Host-portal_browser=; Path=/; Max-Age=0")
    assert token_from("portal_session=planted") == "", "a sibling site can set the plain name"


async def test_inside_the_providers_site_the_cookie_is_partitioned(
    portal: Portal, configured: Configure
) -> None:
    configured(PORTAL_URL="https://portal.example")
    browser = portal.browser(**{"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"})
    asked = await ask(browser)

    assert asked.headers["set-cookie"].endswith("; HttpOnly; Secure; SameSite=None; Partitioned")


async def test_a_script_that_asks_for_json_gets_the_words_too(portal: Portal) -> None:
    browser = portal.browser(Accept="application/json")
    asked = await browser.post("/auth/request", json={"email": NORA})
    wrong = await browser.post("/auth/code", json={"code": "000000"})

    assert asked.json() == {"next": "/login?step=code", "problem": "", "words": ""}
    assert wrong.status_code == 422
    assert wrong.json()["problem"] == "sign_in.wrong_code"
    assert wrong.json()["words"].endswith("You have 4 tries left.")


async def test_a_guardian_of_two_families_opens_the_other_and_nobody_elses(portal: Portal) -> None:
    with db.unit_of_work() as session:
        world = Otterbrook(session)
        other = world.family("Moss", email="moss@vale.example")
        strange = world.family("Stone", email="stone@vale.example")
        mine = portal.family.guardian_id
        other_id, strange_id = _join(session, other.family_id, mine), _public_id(session, strange.family_id)
    browser = await signed_in(portal)

    assert problem(await browser.post("/auth/family", data={"family": strange_id})) == "error.not_found"
    moved = await browser.post("/auth/family", data={"family": other_id})

    assert moved.headers["location"] == "/"
    with db.reading() as session:
        assert session.exec(select(LoginSession.family_id)).all() == [other.family_id]


def _public_id(session: Session, family_id: int) -> str:
    found = session.get(Family, family_id)
    assert found is not None
    return found.public_id


def _join(session: Session, family_id: int, guardian_id: int) -> str:
    session.add(FamilyGuardian(family_id=family_id, guardian_id=guardian_id))
    return _public_id(session, family_id)


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
