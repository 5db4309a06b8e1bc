"""At Shopify POS: staff by the session token of who is signed in there, goods by number, each done once."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.services.counter_figures import work_done
from connector.services.follow_return import view
from connector.services.sign_in import owner_of
from connector.storage import staff_store
from connector.storage.staff_store import Staff
from tests.connector.web.at_shopify import connected, json_token, token_of_another_shop
from tests.connector.web.conftest import browser_of
from tests.connector.web.test_embedded import NOT_GOOD
from tests.counters import location, person
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

TILL = "/shopify/till"
ITEM = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}
GOOD = {"inspections": [{"group_id": "1", "grade": "A"}]}
STOOD = {"staff_id": "12", "location_id": "34"}
TOLD = "at the counter in Backhaul, where a manager can agree."
TODAY = datetime.now(UTC).date()
ORIGIN = "https://extensions.shopifycdn.com"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TestShop]:
    with connected(tmp_path) as shop:
        with_shopify_login(shop, owner_of(shop.app, shop.shop), "42")
        yield shop


def with_shopify_login(shop: TestShop, who: Staff, sub: str) -> None:
    """Somebody is whom Shopify knows by this id."""
    shop.app.database.write(
        shop.shop, lambda unit: staff_store.set_password(unit, who.id, login=f"shopify-{sub}", password_hash="x")
    )


@pytest.fixture
async def till(shop: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """The tile on a till where the shop's owner is signed in."""
    async with browser_of(shop.app) as client:
        client.headers["Authorization"] = f"Bearer {json_token()}"
        client.headers["Origin"] = ORIGIN
        yield client


async def said(till: httpx.AsyncClient, path: str, sent: Any) -> Any:
    answer = await till.post(f"{TILL}/{path}", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def opened(till: httpx.AsyncClient) -> Any:
    shown = await said(till, "orders/o1/quotes", {"items": [ITEM]})
    sent = {"items": [ITEM], "quote_id": shown["quote_id"], "key": "form-0001", **STOOD}
    return await said(till, "orders/o1/returns", sent)


class TestTakingIn:
    async def test_an_order_is_found_quoted_returned_and_received_in_one_visit(
        self, till: httpx.AsyncClient, shop: TestShop
    ):
        found = (await till.get(f"{TILL}/find", params={"text": "1001"})).json()
        assert (found["return"], found["order"]["lines"][0]["returnable"]) == (None, 2)
        made = await opened(till)
        assert made["groups"] == [{"id": "1", "title": "Tee, M", "quantity": 1, "reception": "awaiting"}]
        shown = await said(till, f"returns/{made['id']}/grade", GOOD)
        assert shown["quote"]["total"] == "19.80"
        sent = {**GOOD, "quote_id": shown["quote"]["quote_id"], "key": "form-0002", **STOOD}
        first = await said(till, f"returns/{made['id'].lower()}/receive", sent)
        assert await said(till, f"returns/{made['id']}/receive", sent) == first
        shop.work()
        seen = view(shop.app, shop.shop, return_id=made["id"])
        assert (seen.found.status, seen.found.method) == ("done", "store")
        by = {entry.actor.name for entry in seen.found.history if entry.actor.kind == "staff"}
        assert by == {"Owner (POS staff 12, location 34)"}

    async def test_who_stood_where_is_written_down_and_decides_nothing(self, till: httpx.AsyncClient, shop: TestShop):
        made = await opened(till)
        (entry, *_) = view(shop.app, shop.shop, return_id=made["id"]).found.history
        assert entry.actor.name == "Owner (POS staff 12, location 34)"

    async def test_a_return_that_is_expected_is_found_by_its_number_and_by_its_orders(self, till: httpx.AsyncClient):
        made = await opened(till)
        for text in (made["id"], made["id"].lower(), "#1001"):
            found = (await till.get(f"{TILL}/find", params={"text": text})).json()
            assert found["return"]["id"] == made["id"]

    async def test_what_nobody_knows_is_said(self, till: httpx.AsyncClient):
        assert (await till.get(f"{TILL}/find", params={"text": "#99"})).status_code == 404
        assert (await till.get(f"{TILL}/find")).status_code == 422


class TestLimits:
    async def taken_in(self, till: httpx.AsyncClient) -> httpx.Response:
        """A return of 19.80, opened and handed in."""
        made = await opened(till)
        shown = await said(till, f"returns/{made['id']}/grade", GOOD)
        sent = {**GOOD, "quote_id": shown["quote"]["quote_id"], "key": "form-0002", **STOOD}
        return await till.post(f"{TILL}/returns/{made['id']}/receive", json=sent)

    async def test_more_than_their_role_gives_back_needs_a_manager_at_the_counter(
        self, till: httpx.AsyncClient, shop: TestShop
    ):
        location(shop, staff_limit="5.00")
        till.headers["Authorization"] = f"Bearer {json_token(sub='43')}"
        with_shopify_login(shop, person(shop, "Lee", pin=None), "43")
        answer = await self.taken_in(till)
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_approval")
        wanted, number = answer.json()["detail"].split(" Nothing was done yet: open ")
        assert (wanted, number[14:]) == ("More than you may give back by yourself.", TOLD)
        (group,) = view(shop.app, shop.shop, return_id=number[:13]).found.groups
        assert (group.reception, group.settlement) == ("awaiting", "none")

    async def test_what_they_may_give_back_counts_for_them(self, till: httpx.AsyncClient, shop: TestShop):
        location(shop, staff_limit="50.00", time_zone="UTC")
        till.headers["Authorization"] = f"Bearer {json_token(sub='43')}"
        with_shopify_login(shop, person(shop, "Lee", pin=None), "43")
        assert (await self.taken_in(till)).status_code == 200
        shop.work()
        (row,) = work_done(shop.app, shop.shop, first=TODAY, last=TODAY)
        assert (row.person, row.location, row.returns, row.units) == ("Lee", "Main street", 1, 1)
        assert row.given == ((1980, "USD", 2),)


class TestWhoAsks:
    @pytest.mark.parametrize("changes", NOT_GOOD, ids=", ".join)
    async def test_a_token_that_is_not_good_opens_nothing(self, till: httpx.AsyncClient, changes: dict[str, Any]):
        till.headers["Authorization"] = f"Bearer {json_token(**changes)}"
        for answer in (
            await till.get(f"{TILL}/find", params={"text": "#1001"}),
            await till.post(f"{TILL}/orders/o1/quotes", json={"items": [ITEM]}),
            await till.post(f"{TILL}/returns/RMA-X/grade", json=GOOD),
        ):
            assert answer.status_code == 401

    async def test_one_of_another_shop_finds_nothing_here(self, till: httpx.AsyncClient):
        till.headers["Authorization"] = f"Bearer {token_of_another_shop()}"
        assert (await till.get(f"{TILL}/find", params={"text": "#1001"})).status_code == 404

    async def test_a_customer_is_no_staff(self, till: httpx.AsyncClient):
        said = {"iss": None, "sid": None, "sub": "gid://shopify/Customer/501"}
        till.headers["Authorization"] = f"Bearer {json_token(**said)}"
        assert (await till.get(f"{TILL}/find", params={"text": "#1001"})).status_code == 401

    async def test_who_was_shut_out_stays_out(self, till: httpx.AsyncClient, shop: TestShop):
        owner = owner_of(shop.app, shop.shop)
        shop.app.database.write(shop.shop, lambda unit: staff_store.disable(unit, owner.id, at=shop.app.clock()))
        assert (await till.get(f"{TILL}/find", params={"text": "#1001"})).status_code == 404


class TestFromAnotherSite:
    @pytest.mark.parametrize(
        ("origin", "allowed"),
        [(ORIGIN, ORIGIN), ("https://cdn.shopify.com", "https://cdn.shopify.com"), ("https://evil.example", None)],
    )
    async def test_only_where_the_tills_extensions_run(self, till: httpx.AsyncClient, origin: str, allowed: str | None):
        till.headers["Origin"] = origin
        answer = await till.get(f"{TILL}/find", params={"text": "#1001"})
        assert answer.headers.get("access-control-allow-origin") == allowed
