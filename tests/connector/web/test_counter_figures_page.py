"""Figures and cash-up as pages and as files."""

import httpx
import pytest

from connector.services import audit
from tests.connector.services.test_approve_at_counter import take_in
from tests.connector.web.pages import visit
from tests.counters import Counter, acting, counter, opened_of
from tests.shops import TestShop, line, order

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"
CASH = {"id": "p1", "gateway": "cash", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": True}


@pytest.fixture
def at(demo: TestShop) -> Counter:
    """A counter where Lee paid cash out."""
    here = counter(demo)
    demo.save_order(order(id="o2", number="#2", lines=[line()], payments=[CASH]))
    take_in(demo, opened_of(demo, "o2"), acting(demo, here, here.lee))
    demo.work()
    return here


async def test_figures_are_shown_and_taken_away(demo: TestShop, at: Counter, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/counters?first=2026-11-01&last=2026-11-30")
    assert page.barriers() == []
    assert "Lee Main street 1 1" in page.text
    assert "$19.80" in page.text
    table = await staff.post(f"{HOME}/counters.csv", data={"once": "x", "first": "2026-11-01", "last": "2026-11-30"})
    assert table.text.splitlines()[1] == "Main street,Lee,1,1,,19.80 USD,,0"
    assert audit.read(demo.app, demo.shop)[0].act == "exported"


async def test_other_days_have_nothing_and_odd_ones_are_refused(at: Counter, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/counters?first=2026-10-01&last=2026-10-02")
    assert "Nothing was taken in" in page.text
    for days in ("first=2026-11-02&last=2026-11-01", "first=2020-01-01&last=2026-11-01"):
        assert (await visit(staff, f"{HOME}/counters?{days}")).answer.status_code == 422
    for day in ("soon", "0001-01-01", "9999-12-31"):
        assert (await staff.get(f"{HOME}/counters?last={day}")).status_code == 422
        assert (await staff.get(f"{HOME}/cash-up?day={day}")).status_code == 422


async def test_the_cash_up_is_shown_and_taken_away(at: Counter, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/cash-up?location=1&day=2026-11-20")
    assert page.barriers() == []
    assert "Lee $0.00 $19.80 −$19.80" in page.text
    assert "Expected in the drawer $0.00 $19.80 −$19.80" in page.text
    table = await staff.post(f"{HOME}/cash-up.csv", data={"once": "x", "location": "1", "day": "2026-11-20"})
    at_, person, _, kind, amount, currency = table.text.splitlines()[1].split(",")
    assert (at_[:16], person, kind, amount, currency) == ("2026-11-20T07:00", "Lee", "refund", "-19.80", "USD")


async def test_a_shop_without_locations_is_told_what_to_do(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/cash-up")
    assert page.barriers() == []
    assert "Add a location first" in page.text
