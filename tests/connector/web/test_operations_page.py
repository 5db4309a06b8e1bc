"""What runs, waits and failed, for owners; the programs that come in, and the addresses that are told."""

import httpx
import pytest

from tests.connector.services.test_story import opened, received
from tests.connector.web.pages import post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"


async def test_the_operations_of_a_quiet_shop_are_a_calm_page(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/operations")
    assert page.answer.status_code == 200
    assert page.barriers() == []
    assert "None failed." in page.text


async def test_what_waits_is_listed(demo: TestShop, staff: httpx.AsyncClient):
    received(demo, opened(demo))
    page = await visit(staff, f"{HOME}/operations")
    assert page.answer.status_code == 200
    assert page.barriers() == []


async def test_a_token_is_made_shown_once_and_taken_back(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/programs")
    assert page.barriers() == []
    form = page.form_with("name")
    page = await post(staff, f"{HOME}/programs/tokens", form, name="ERP", scope="orders:read")
    assert page.answer.status_code == 200
    assert page.barriers() == []
    form = next(form for form in page.forms if form.action.endswith("/revoke"))
    page = await post(staff, "", form)
    assert page.answer.status_code == 200


@pytest.mark.parametrize("number", ["x", "9999999999", "77"])
async def test_what_is_not_there_is_not_found(staff: httpx.AsyncClient, number: str):
    answer = await staff.post(f"{HOME}/programs/tokens/{number}/revoke", data={"once": "x"})
    assert answer.status_code in (303, 404)
