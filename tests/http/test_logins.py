"""A login over HTTP: ended, replaced, its cookie, and another family opened."""

import pytest
from sqlmodel import Session, select

from portal import db
from portal.http.cookies import token_from
from portal.models.access import LoginSession
from portal.models.people import Family, FamilyGuardian
from tests.factories import Otterbrook
from tests.http.conftest import Configure, Portal
from tests.support.sign_in_forms import ask, code, is_signed_in, problem, signed_in

pytestmark = pytest.mark.anyio


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


_STRANGE = ("a[b]=1", 'x={"k": "v", "n": [1]}', "euconsent=a,b c", "flag", "expires=1", "é=1", "=", "")


async def test_a_strange_cookie_of_a_site_on_the_domain_above_signs_nobody_out(portal: Portal) -> None:
    browser = await signed_in(portal)
    ours = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

    for strange in _STRANGE:
        assert token_from(f"{strange}; {ours}") == browser.cookies["portal_session"], strange
        assert token_from(f"{ours};{strange}") == browser.cookies["portal_session"], strange
    assert token_from(f"portal_session_=1; my{ours}") == "", "another name is another cookie"
