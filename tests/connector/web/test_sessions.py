"""People come in by a link or a password, stay by a cookie, and leave by a button."""

import dataclasses
from ipaddress import ip_network

import httpx
import pytest
from msgspec.structs import replace

from connector.cli.shop import password_link, staff_link
from connector.services import sign_in
from connector.services.sealing import hash_of
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Form, Page, post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

STAFF_PAGES = ["/shops/demo/counter", "/shops/demo/dashboard", "/shops/demo/dashboard/returns"]
HTTPS = "https://returns.example.com"


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_is_closed_to_who_is_not_signed_in(browser: httpx.AsyncClient, path: str):
    assert (await browser.get(path)).status_code == 401


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_opens_to_who_is_signed_in(staff: httpx.AsyncClient, path: str):
    assert (await staff.get(path)).status_code == 200


async def test_a_sign_in_link_works_for_a_day_however_often(demo: TestShop, browser: httpx.AsyncClient):
    link = staff_link(demo.app, demo.shop, page="counter")
    for hours in (0, 12, 11.9):
        demo.clock.move(hours=hours)
        browser.cookies.clear()
        assert (await browser.get(link)).headers["location"] == "/shops/demo/counter"
    demo.clock.move(hours=0.1)
    browser.cookies.clear()
    assert (await browser.get(link)).status_code == 404


@pytest.mark.parametrize("link", ["nonsense", "é", "x" * 2000])
async def test_a_link_that_was_never_given_opens_nothing(browser: httpx.AsyncClient, link: str):
    answer = await browser.get("/shops/demo/sign-in", params={"link": link})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


async def test_guessing_links_is_slowed_down(demo: TestShop, browser: httpx.AsyncClient):
    for _ in range(sign_in.TRIES_OF_AN_ADDRESS):
        assert (await browser.get("/shops/demo/sign-in?link=guess")).status_code == 404
    answer = await browser.get(staff_link(demo.app, demo.shop))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    demo.clock.move(seconds=sign_in.WINDOW_SECONDS)
    assert (await browser.get(staff_link(demo.app, demo.shop))).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/shops/other/dashboard",
        "/shops/demo/\\evil",
        "/shops/demo/../../evil",
        "/shops/demo//evil.example",
        "/shops/demo/\r\nSet-Cookie: a=b",
    ],
)
async def test_a_sign_in_leads_to_this_shop_only(demo: TestShop, browser: httpx.AsyncClient, target: str):
    link = staff_link(demo.app, demo.shop).split("link=")[1].split("&")[0]
    answer = await browser.get("/shops/demo/sign-in", params={"link": link, "next": target})
    assert answer.headers["location"] == "/shops/demo/dashboard"


async def test_a_sign_in_may_lead_to_a_certain_return(demo: TestShop, browser: httpx.AsyncClient):
    link = staff_link(demo.app, demo.shop).split("&")[0]
    answer = await browser.get(f"{link}&next=/shops/demo/counter/RMA-1")
    assert answer.headers["location"] == "/shops/demo/counter/RMA-1"


async def test_the_session_cookie_is_out_of_reach_of_scripts(demo: TestShop, browser: httpx.AsyncClient):
    cookie = (await browser.get(staff_link(demo.app, demo.shop))).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/shops/demo" in cookie


async def test_over_https_the_session_cookie_stays_there(demo: TestShop, browser: httpx.AsyncClient):
    assert "secure" not in (await browser.get(staff_link(demo.app, demo.shop))).headers["set-cookie"].lower()
    app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, public_url=HTTPS))
    async with browser_of(app, origin=HTTPS) as visitor:
        assert "; secure" in (await visitor.get(staff_link(app, demo.shop))).headers["set-cookie"].lower()


async def test_a_session_ends_by_itself(demo: TestShop, staff: httpx.AsyncClient):
    demo.clock.move(seconds=sign_in.IDLE_LASTS.total_seconds())
    assert (await staff.get("/shops/demo/dashboard")).status_code == 401


async def test_neither_link_nor_session_is_kept_as_it_is(demo: TestShop, staff: httpx.AsyncClient):
    session, link = staff.cookies["backhaul_session"], staff_link(demo.app, demo.shop).split("link=")[1].split("&")[0]
    with demo.app.database.read_install() as connection:
        kept = "".join(
            str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in ("staff_links", "sessions")
        )
    assert hash_of(link) in kept
    assert session not in kept
    assert link not in kept


async def test_signing_out_ends_the_session(staff: httpx.AsyncClient):
    kept = dict(staff.cookies)
    assert (await staff.post("/shops/demo/sign-out")).status_code == 200
    staff.cookies.update(kept)
    assert (await staff.get("/shops/demo/dashboard")).status_code == 401


GOOD = "four quiet red foxes"


async def invited(demo: TestShop, browser: httpx.AsyncClient, *, login: str = "kim@example.com") -> Page:
    """The page after the owner has set a password."""
    page = await visit(browser, password_link(demo.app, demo.shop))
    assert page.barriers() == []
    return await post(browser, "", page.form_with("password"), login=login, password=GOOD)


async def signs_in(browser: httpx.AsyncClient, login: str, password: str) -> Page:
    page = await visit(browser, "/shops/demo/sign-in")
    return await post(browser, "", page.form_with("login"), login=login, password=password)


async def test_a_link_lets_its_holder_set_a_password_once(demo: TestShop, browser: httpx.AsyncClient):
    link = password_link(demo.app, demo.shop)
    page = await visit(browser, link)
    page = await post(browser, "", page.form_with("password"), login="Kim@Example.com ", password=GOOD)
    assert page.answer.url.path == "/shops/demo/dashboard"
    browser.cookies.clear()
    assert (await visit(browser, link)).answer.status_code == 404
    page = await signs_in(browser, " KIM@example.com", GOOD)
    assert page.answer.url.path == "/shops/demo/dashboard"


async def test_a_link_that_only_sets_a_password_lets_nobody_in(demo: TestShop, browser: httpx.AsyncClient):
    await browser.get(password_link(demo.app, demo.shop))
    assert (await browser.get("/shops/demo/dashboard")).status_code == 401


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "kim@example.com", "x" * 201])
async def test_a_password_that_is_easy_to_guess_is_not_taken(demo: TestShop, browser: httpx.AsyncClient, password: str):
    link = password_link(demo.app, demo.shop)
    page = await visit(browser, link)
    page = await post(browser, "", page.form_with("password"), login="kim@example.com", password=password)
    assert page.answer.status_code == 422
    assert page.barriers() == []
    page = await post(browser, "", page.form_with("password"), login="kim@example.com", password=GOOD)
    assert page.answer.status_code == 200


async def test_an_unknown_name_and_a_wrong_password_say_the_same(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    browser.cookies.clear()
    pages = [await signs_in(browser, login, "nothing of that") for login in ("kim@example.com", "nobody@example.com")]
    assert [page.answer.status_code for page in pages] == [404, 404]
    assert all("That name and password do not fit together." in page.text for page in pages)
    assert pages[0].barriers() == []


async def test_guessing_a_password_locks_the_person_for_a_while_and_nobody_else(
    demo: TestShop, browser: httpx.AsyncClient
):
    await invited(demo, browser)
    browser.cookies.clear()
    for _ in range(sign_in.TRIES_OF_A_PERSON):
        assert (await signs_in(browser, "kim@example.com", "guess guess")).answer.status_code == 404
    page = await signs_in(browser, "kim@example.com", GOOD)
    assert (page.answer.status_code, page.answer.headers["retry-after"]) == (429, "900")
    assert "Please wait 15 minutes" in page.text
    assert (await signs_in(browser, "lee@example.com", "guess guess")).answer.status_code == 404
    demo.clock.move(seconds=sign_in.WINDOW_SECONDS)
    assert (await signs_in(browser, "kim@example.com", GOOD)).answer.status_code == 200


async def test_who_signs_in_right_starts_counting_anew(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    for _ in range(3):
        browser.cookies.clear()
        for _ in range(sign_in.TRIES_OF_A_PERSON - 1):
            assert (await signs_in(browser, "kim@example.com", "guess guess")).answer.status_code == 404
        assert (await signs_in(browser, "kim@example.com", GOOD)).answer.status_code == 200


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8"])
async def test_a_header_that_lies_about_the_address_does_not_help_who_guesses(
    demo: TestShop, browser: httpx.AsyncClient, proxies: str
):
    settings = dataclasses.replace(demo.app.settings, trusted_proxies=tuple(ip_network(one) for one in proxies.split()))
    async with browser_of(replace(demo.app, settings=settings)) as visitor:
        for n in range(sign_in.TRIES_OF_AN_ADDRESS):
            lie = {"X-Forwarded-For": f"203.0.113.{n}, 10.0.0.{n}"}
            assert (await visitor.get("/shops/demo/sign-in?link=guess", headers=lie)).status_code == 404
        lie = {"X-Forwarded-For": "203.0.113.200"}
        assert (await visitor.get("/shops/demo/sign-in?link=guess", headers=lie)).status_code == 429


async def test_a_session_that_was_slipped_in_is_not_the_one_that_is_signed_in_with(
    demo: TestShop, browser: httpx.AsyncClient
):
    await invited(demo, browser)
    browser.cookies.clear()
    browser.cookies.set("backhaul_session", "chosen-by-somebody-else", path="/shops/demo")
    await signs_in(browser, "kim@example.com", GOOD)
    async with browser_of(demo.app) as thief:
        thief.cookies.set("backhaul_session", "chosen-by-somebody-else", path="/shops/demo")
        assert (await thief.get("/shops/demo/dashboard")).status_code == 401


async def test_signing_in_again_ends_the_session_that_the_browser_held(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    stolen = dict(browser.cookies)
    form = Form(method="post", action="/shops/demo/sign-in", fields={}, buttons=[])
    await post(browser, "", form, login="kim@example.com", password=GOOD)
    async with browser_of(demo.app) as thief:
        thief.cookies.update(stolen)
        assert (await thief.get("/shops/demo/dashboard")).status_code == 401
    assert (await browser.get("/shops/demo/dashboard")).status_code == 200


async def test_another_password_ends_every_other_session(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    async with browser_of(demo.app) as thief:
        thief.cookies.update(dict(browser.cookies))
        account = await visit(browser, "/shops/demo/dashboard/account")
        assert account.barriers() == []
        wrong = await post(browser, "", account.form_with("old"), old="not it at all", password="five loud green birds")
        assert wrong.answer.status_code == 422
        done = await post(browser, "", account.form_with("old"), old=GOOD, password="five loud green birds")
        assert "Your password is changed" in done.text
        assert (await thief.get("/shops/demo/dashboard")).status_code == 401
    browser.cookies.clear()
    assert (await signs_in(browser, "kim@example.com", GOOD)).answer.status_code == 404
    assert (await signs_in(browser, "kim@example.com", "five loud green birds")).answer.status_code == 200


async def test_a_session_elsewhere_is_seen_and_ended(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    async with browser_of(demo.app) as other:
        other.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1"
        await signs_in(other, "kim@example.com", GOOD)
        account = await visit(browser, "/shops/demo/dashboard/account")
        assert "Safari, iPhone" in account.text
        form = next(form for form in account.forms if "/account/sessions/" in form.action)
        await post(browser, "", form)
        assert (await other.get("/shops/demo/dashboard")).status_code == 401
    assert (await browser.get("/shops/demo/dashboard")).status_code == 200


async def test_who_is_seen_stays_signed_in_but_not_for_ever(demo: TestShop, browser: httpx.AsyncClient):
    await invited(demo, browser)
    for _ in range(13):
        demo.clock.move(hours=23)
        assert (await browser.get("/shops/demo/dashboard")).status_code == 200
    demo.clock.move(hours=23)
    assert (await browser.get("/shops/demo/dashboard")).status_code == 200
    demo.clock.move(hours=23)
    assert (await browser.get("/shops/demo/dashboard")).status_code == 401


async def test_in_a_frame_of_another_site_the_cookie_is_of_that_frame_alone(demo: TestShop):
    app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, public_url=HTTPS))
    async with browser_of(app, origin=HTTPS) as framed:
        answer = await framed.get(staff_link(app, demo.shop), headers={"Sec-Fetch-Dest": "iframe"})
    cookie = answer.headers["set-cookie"].lower()
    assert "; partitioned" in cookie
    assert "; secure" in cookie
    assert "samesite=none" in cookie
