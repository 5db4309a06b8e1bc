"""The storefront's own door: signed by Shopify, for its own shop, for who is signed in there."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.connector.web.at_shopify import connected
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop, order
from tests.simulators.shopify.books import SHOP
from tests.simulators.shopify.storefront import proxied_pairs

pytestmark = pytest.mark.anyio

CHAT = "/shopify/proxy/shops/demo/chat"
ANN = "c1"
"""The customer of the shop's order #1001."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TestShop]:
    with connected(tmp_path) as shop:
        yield shop


@pytest.fixture
async def storefront(shop: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """What Shopify sends on: without the visitor's cookies."""
    async with browser_of(shop.app) as client:
        yield client


class Visitor:
    """A visitor of the storefront, signed in as a customer or not."""

    def __init__(self, shop: TestShop, storefront: httpx.AsyncClient, customer: str) -> None:
        self.shop, self.storefront, self.customer = shop, storefront, customer
        self.address, self.headers = CHAT, {}

    async def begins(self) -> Any:
        turn = (await self._post({"language": "en"})).json()
        self.address = f"{CHAT}/{turn['conversation']}"
        self.headers = {"Authorization": f"Bearer {turn['token']}"}
        return turn

    async def says(self, **message: Any) -> Any:
        answer = await self._post(message)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _post(self, body: Any) -> httpx.Response:
        pairs = proxied_pairs(at=self.shop.clock.now.timestamp(), logged_in_customer_id=self.customer)
        return await self.storefront.post(self.address, params=pairs, json=body, headers=self.headers)


def asked(turn: Any) -> str:
    return str(turn["ask"]["slot"])


class TestWhoIsSignedIn:
    async def test_a_customer_need_not_prove_their_own_order(self, shop: TestShop, storefront: httpx.AsyncClient):
        ann = Visitor(shop, storefront, ANN)
        await ann.begins()
        turn = await ann.says(text="I want to return something from order #1001")
        assert (asked(turn), turn["draft"]["order"]) == ("items", "#1001")

    async def test_a_visitor_who_is_not_signed_in_proves_it(self, shop: TestShop, storefront: httpx.AsyncClient):
        visitor = Visitor(shop, storefront, "")
        await visitor.begins()
        turn = await visitor.says(text="I want to return something from order #1001")
        assert (asked(turn), turn["draft"]["order"]) == ("proof", None)
        assert asked(await visitor.says(text="ann@example.com")) == "items"

    async def test_another_customers_order_is_proved_by_who_is_signed_in_too(
        self, shop: TestShop, storefront: httpx.AsyncClient
    ):
        shop.save_order(order(id="o2", number="#1002", customer={"id": "c2", "email": "bob@example.com"}))
        ann = Visitor(shop, storefront, ANN)
        await ann.begins()
        turn = await ann.says(text="return order #1002")
        assert (asked(turn), turn["draft"]["order"]) == ("proof", None)
        assert asked(await ann.says(text="bob@example.com")) == "items"

    async def test_who_has_signed_out_since_is_nobody_any_more(self, shop: TestShop, storefront: httpx.AsyncClient):
        ann = Visitor(shop, storefront, ANN)
        await ann.begins()
        ann.customer = ""
        assert asked(await ann.says(text="return order #1001")) == "proof"

    async def test_what_the_visitor_says_of_themselves_counts_for_nothing(
        self, shop: TestShop, storefront: httpx.AsyncClient
    ):
        pairs = proxied_pairs(("customer", ANN), at=shop.clock.now.timestamp(), logged_in_customer_id="")
        turn = (await storefront.post(CHAT, params=pairs, json={"customer": ANN})).json()
        headers = {"Authorization": f"Bearer {turn['token']}"}
        said = await storefront.post(
            f"{CHAT}/{turn['conversation']}", params=pairs, json={"text": "return order #1001"}, headers=headers
        )
        assert asked(said.json()) == "proof"


class TestSignatures:
    async def status(
        self, demo: TestShop, storefront: httpx.AsyncClient, *extra: tuple[str, str], age: int = 0, **changes: str
    ) -> int:
        pairs = proxied_pairs(*extra, at=demo.clock.now.timestamp() - age, **changes)
        return (await storefront.post(CHAT, params=pairs, json={})).status_code

    async def test_a_good_one_opens_the_door(self, shop: TestShop, storefront: httpx.AsyncClient):
        assert await self.status(shop, storefront, ("x", "1"), ("x", "2")) == 201

    @pytest.mark.parametrize("name", ["shop", "timestamp", "signature", "logged_in_customer_id"])
    async def test_repeated_parameters_of_shopifys_are_refused(
        self, shop: TestShop, storefront: httpx.AsyncClient, name: str
    ):
        assert await self.status(shop, storefront, (name, "1")) == 401

    @pytest.mark.parametrize("age", [91, 3600, -91])
    async def test_stale_ones_are_refused(self, shop: TestShop, storefront: httpx.AsyncClient, age: int):
        assert await self.status(shop, storefront, age=age) == 401

    @pytest.mark.parametrize("changes", [{"secret": "guessed"}, {"shop": "evil.example"}])
    async def test_others_are_refused(self, shop: TestShop, storefront: httpx.AsyncClient, changes: dict[str, str]):
        assert await self.status(shop, storefront, **changes) == 401

    async def test_what_was_added_on_the_way_is_refused(self, shop: TestShop, storefront: httpx.AsyncClient):
        pairs = [*proxied_pairs(at=shop.clock.now.timestamp()), ("x", "1")]
        assert (await storefront.post(CHAT, params=pairs, json={})).status_code == 401

    async def test_none_is_refused(self, storefront: httpx.AsyncClient):
        assert (await storefront.post(CHAT, json={})).status_code == 401

    async def test_the_door_of_one_shop_does_not_open_another(self, shop: TestShop, storefront: httpx.AsyncClient):
        assert await self.status(shop, storefront, shop="other-shop.myshopify.com") == 404


class TestWhatIsServed:
    async def got(self, shop: TestShop, storefront: httpx.AsyncClient, rest: str) -> httpx.Response:
        pairs = proxied_pairs(at=shop.clock.now.timestamp())
        return await storefront.get(f"/shopify/proxy/{rest}", params=pairs)

    async def test_the_files_of_the_assistant_come_through_it(self, shop: TestShop, storefront: httpx.AsyncClient):
        for rest in ("widget.js", "static/refresh.js"):
            answer = await self.got(shop, storefront, rest)
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/javascript")

    @pytest.mark.parametrize(
        "rest", ["shops/demo/dashboard", "shops/demo/counter", "shops/demo", "metrics", "api/v1/shops/demo/orders",
                 "static/../app.py", "shops/demo/chat/../dashboard", "shopify/proxy/static/refresh.js", ""],
    )  # fmt: skip
    async def test_nothing_else_does(self, shop: TestShop, storefront: httpx.AsyncClient, rest: str):
        assert (await self.got(shop, storefront, rest)).status_code == 404

    async def test_a_theme_names_its_shop_by_the_beginning_of_its_domain(
        self, shop: TestShop, storefront: httpx.AsyncClient
    ):
        pairs = proxied_pairs(at=shop.clock.now.timestamp())
        handle = SHOP.removesuffix(".myshopify.com")
        answer = await storefront.post(f"/shopify/proxy/shops/{handle}/chat", params=pairs, json={})
        assert answer.status_code == 201

    async def test_another_shops_talk_does_not(self, shop: TestShop, storefront: httpx.AsyncClient):
        assert (await self.got(shop, storefront, "shops/other/chat/c_1")).status_code == 404

    async def test_refusals_are_told_to_a_program(self, storefront: httpx.AsyncClient):
        answer = await storefront.get("/shopify/proxy/widget.js")
        assert answer.headers["content-type"] == "application/problem+json"


class TestWhoTriesTooOften:
    async def test_is_the_visitor_and_not_shopify(self, shop: TestShop, storefront: httpx.AsyncClient):
        """All visitors of all shops come from Shopify's addresses, which names each [D]."""
        for visitor, tries in (("203.0.113.7", 12), ("203.0.113.8", 1)):
            storefront.headers["X-Forwarded-For"] = f"198.51.100.1, {visitor}"
            ann = Visitor(shop, storefront, "")
            await ann.begins()
            keys = [await self.tried(ann) for _ in range(tries)]
        assert keys == ["order_not_found"]

    async def tried(self, ann: Visitor) -> str:
        turn = await ann.says(text="order #1001 wrong@example.com")
        return str(turn["messages"][0]["key"])
