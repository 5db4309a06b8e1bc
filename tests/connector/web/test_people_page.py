"""The pages for people, settings and the audit log, and what a role does not see."""

from collections.abc import AsyncIterator

import httpx
import pytest

from connector.services import people, sign_in
from connector.services.sign_in import Browser, Credentials
from connector.storage.audit_store import lines
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"
PASSWORD = "four quiet red foxes"


@pytest.fixture
async def lee(demo: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of somebody who works at the counter."""
    by = sign_in.owner_of(demo.app, demo.shop)
    link = people.add_person(demo.app, demo.shop, by=by, name="Lee", role="staff")
    token = sign_in.choose_password(
        demo.app, demo.shop, link=link, credentials=Credentials("lee", PASSWORD), browser=Browser("x")
    )
    async with browser_of(demo.app) as browser:
        browser.cookies.set("backhaul_session", token, path="/shops/demo")
        yield browser


async def test_somebody_is_added_and_the_link_is_shown_once(staff: httpx.AsyncClient, browser: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/people")
    assert page.barriers() == []
    page = await post(staff, f"{HOME}/people", page.form_with("name"), name="Kim", role="manager")
    assert page.barriers() == []
    assert "Hand this link to Kim." in page.text
    assert "sign-in?link=" in page.text
    again = await visit(staff, f"{HOME}/people")
    assert "Kim" in again.text
    assert "sign-in?link=" not in again.text


async def test_a_name_is_needed(staff: httpx.AsyncClient):
    form = (await visit(staff, f"{HOME}/people")).form_with("name")
    assert (await post(staff, f"{HOME}/people", form, name="  ")).answer.status_code == 422


async def test_a_role_is_changed_a_link_made_and_somebody_let_in_no_more(
    staff: httpx.AsyncClient, lee: httpx.AsyncClient
):
    for word, fields in (("role", {"role": "manager"}), ("invite", {}), ("disable", {})):
        page = await visit(staff, f"{HOME}/people")
        form = next(form for form in page.forms if form.action.endswith(f"/people/2/{word}"))
        page = await post(staff, "", form, **fields)
        assert page.answer.status_code == 200
    assert "Not let in" in page.text
    assert (await lee.get("/shops/demo/counter")).status_code == 401


@pytest.mark.parametrize("path", ["", "/people", "/audit", "/settings"])
async def test_what_a_role_may_not_see_is_refused_and_not_linked(lee: httpx.AsyncClient, path: str):
    assert (await lee.get(f"{HOME}{path}")).status_code == 403
    counter = await visit(lee, "/shops/demo/counter")
    hrefs = {found.get("href") for tag, found in counter.tags if tag == "a"}
    assert f"{HOME}{path}" not in hrefs
    assert f"{HOME}/inbox" in hrefs


async def test_the_audit_log_tells_what_happened_and_that_it_was_exported(demo: TestShop, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/audit")
    assert page.barriers() == []
    assert "Signed in by Owner" in page.text
    table = await staff.post(f"{HOME}/audit.csv", data={"once": "x"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0] == "n,at,who,act,about,details"
    with demo.app.database.read(demo.shop) as unit:
        assert [line.act for line in lines(unit, limit=2)] == ["exported", "signed_in"]


async def test_a_cell_that_a_spreadsheet_would_compute_is_only_text(demo: TestShop, staff: httpx.AsyncClient):
    form = (await visit(staff, f"{HOME}/people")).form_with("name")
    await post(staff, f"{HOME}/people", form, name='=HYPERLINK("https://evil.example")', role="staff")
    table = await staff.post(f"{HOME}/audit.csv", data={"once": "x"})
    assert "'=HYPERLINK" in table.text


async def test_a_storefront_is_allowed_and_removed(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/settings")
    assert page.barriers() == []
    wrong = await post(staff, f"{HOME}/settings", page.form_with("origin"), origin="shop.example/path")
    assert wrong.answer.status_code == 422
    page = await post(staff, f"{HOME}/settings", page.form_with("origin"), origin="https://Shop.example/")
    assert "https://shop.example" in page.text
    form = next(form for form in page.forms if form.action.endswith("/forbid"))
    left = (await post(staff, "", form)).text
    assert "https://shop.example" not in left.replace("for example https://shop.example", "")
