"""In a Shopify customer account: one's own orders, by the account's session token and nothing else."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.connector.web.at_shopify import connected, json_token
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop, order

pytestmark = pytest.mark.anyio

ORDERS = "/shopify/customer/orders"
ANN = "501"
ITEM = {"line_id": "l1", "quantity": 1, "reason": "size_too_small", "resolution": "refund"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TestShop]:
    with connected(tmp_path) as shop:
        shop.save_order(order(customer={"id": ANN, "email": "ann@example.com", "name": "Ann"}))
        yield shop


@pytest.fixture
async def account(shop: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """An extension in the account of the order's customer."""
    async with browser_of(shop.app) as client:
        client.headers["Authorization"] = bearer()
        client.headers["Origin"] = "null"
        yield client


def bearer(**changes: Any) -> str:
    """The token of a customer account: without issuer and session [D]."""
    said = {"iss": None, "sid": None, "sub": f"gid://shopify/Customer/{ANN}", **changes}
    return f"Bearer {json_token(**said)}"


async def quoted(account: httpx.AsyncClient, **changes: Any) -> Any:
    answer = await account.post(f"{ORDERS}/o1/quotes", json={"items": [{**ITEM, **changes}]})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestReturning:
    async def test_the_order_says_what_may_come_back_and_why(self, account: httpx.AsyncClient):
        found = (await account.get(f"{ORDERS}/o1", params={"language": "de"})).json()
        assert (found["number"], found["lines"][0]["returnable"], found["returns"]) == ("#1001", 2, [])
        assert {"id": "size_too_small", "label": "Zu klein"} in found["reasons"]
        assert [one["id"] for one in found["methods"]] == ["mail", "store"]

    async def test_a_return_is_quoted_and_opened_once(self, account: httpx.AsyncClient):
        shown = await quoted(account)
        assert (shown["total"], shown["currency"], shown["approval"]) == ("19.80", "USD", "auto")
        sent = {"items": [ITEM], "quote_id": shown["quote_id"], "method": "mail", "key": "form-0001"}
        first, second = [(await account.post(f"{ORDERS}/o1/returns", json=sent)).json() for _ in range(2)]
        assert first == second
        assert first["link"].startswith("http://127.0.0.1:8000/shops/demo/returns/RMA-")
        listed = (await account.get(f"{ORDERS}/o1")).json()
        assert [one["id"] for one in listed["returns"]] == [first["id"]]
        assert listed["lines"][0]["returnable"] == 1

    async def test_a_line_is_swapped_for_what_there_is(self, account: httpx.AsyncClient):
        found = (await account.get(f"{ORDERS}/o1/lines/l1/variants")).json()["variants"]
        assert {"id": "tee-l", "title": "L", "available": 2} in found
        shown = await quoted(account, resolution="exchange", variant_id="tee-l")
        assert (shown["total"], shown["due"]) == ("0.00", "0.00")
        assert {"code": "exchange", "amount": "-19.80"} in shown["rows"]

    async def test_what_the_rules_refuse_is_said_and_not_opened(self, account: httpx.AsyncClient, shop: TestShop):
        shop.clock.move(days=60)
        account.headers["Authorization"] = bearer(exp=int(time.time()) + 90 * 86400)
        shown = await quoted(account)
        assert (shown["approval"], shown["total"]) == ("refuse", "0.00")
        assert shown["why"]
        sent = {"items": [ITEM], "quote_id": shown["quote_id"], "key": "form-0001"}
        assert (await account.post(f"{ORDERS}/o1/returns", json=sent)).status_code == 409


class TestWhoAsks:
    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "another-app"},
            {"exp": int(time.time()) - 60},
            {"exp": None},
            {"nbf": int(time.time()) + 86400},
            {"dest": "https://evil.example"},
            {"dest": None},
            {"alg": "none"},
            {"alg": "HS512"},
            {"secret": "shpss_guessed00guessed00guessed00guess"},
            {"sub": None},
            {"sub": "gid://shopify/Customer/"},
            {"sub": ANN},
        ],
        ids=", ".join,
    )
    async def test_a_token_that_is_not_good_opens_nothing(self, account: httpx.AsyncClient, changes: dict[str, Any]):
        account.headers["Authorization"] = bearer(**changes)
        for answer in (
            await account.get(f"{ORDERS}/o1"),
            await account.post(f"{ORDERS}/o1/quotes", json={"items": [ITEM]}),
            await account.post(f"{ORDERS}/o1/returns", json={"items": [ITEM], "quote_id": "q", "key": "form-0001"}),
        ):
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"

    async def test_without_any_token_too(self, account: httpx.AsyncClient):
        del account.headers["Authorization"]
        assert (await account.get(f"{ORDERS}/o1")).status_code == 401

    async def test_another_customers_order_is_as_if_there_were_none(self, account: httpx.AsyncClient):
        account.headers["Authorization"] = bearer(sub="gid://shopify/Customer/502")
        theirs, none = (await account.get(f"{ORDERS}/o1")), (await account.get(f"{ORDERS}/o99"))
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.json()["detail"] == none.json()["detail"]
        for place in ("quotes", "returns"):
            sent = {"items": [ITEM]} | ({"quote_id": "q", "key": "form-0001"} if place == "returns" else {})
            assert (await account.post(f"{ORDERS}/o1/{place}", json=sent)).status_code == 404

    async def test_another_shops_customer_of_the_same_number_is_nobody_here(self, account: httpx.AsyncClient):
        account.headers["Authorization"] = bearer(dest="https://other-shop.myshopify.com")
        assert (await account.get(f"{ORDERS}/o1")).status_code == 404

    async def test_a_person_of_the_shops_staff_is_no_customer(self, account: httpx.AsyncClient):
        account.headers["Authorization"] = f"Bearer {json_token()}"
        assert (await account.get(f"{ORDERS}/o1")).status_code == 401

    @pytest.mark.parametrize(
        "sent", [{}, {"items": []}, {"items": [{**ITEM, "price": "1.00"}]}, {"items": [ITEM], "x": 1}]
    )
    async def test_nothing_else_is_taken(self, account: httpx.AsyncClient, sent: dict[str, Any]):
        assert (await account.post(f"{ORDERS}/o1/quotes", json=sent)).status_code == 422


class TestFromAnotherSite:
    async def test_every_origin_may_ask_with_a_token_and_without_cookies(self, account: httpx.AsyncClient):
        preflight = await account.options(f"{ORDERS}/o1/quotes", headers={"Access-Control-Request-Method": "POST"})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-headers"] == "Authorization, Content-Type"
        refused = await account.get(f"{ORDERS}/o99")
        for answer in (preflight, refused):
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
