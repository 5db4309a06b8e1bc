"""A shop is filled from files: what is good goes in, what is not is named."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from connector.services.fill_shop import BATCH, Report, import_lines, import_woocommerce
from connector.services.quote_return import preview
from connector.storage import order_store, product_store
from domain.orders import read_order
from tests.adapters.woocommerce.orders import recorded_orders
from tests.connector.services.test_story import opened
from tests.recordings import body_of, path_of
from tests.shops import TestShop, line, order, product

WOO_NEWEST = "orders-get-E-after-refunds"


def file_of(*records: object, name: str = "shop.jsonl") -> io.BytesIO:
    """A file with a record a line; a string is a line as it stands."""
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    file = io.BytesIO("\n".join(lines).encode())
    file.name = name
    return file


def fill(demo: TestShop, *records: object) -> Report:
    return import_lines(demo.app, demo.shop, files=[file_of(*records)])


def fill_from_woocommerce(demo: TestShop, *names: str) -> Report:
    files = []
    for name in names:
        file = io.BytesIO(path_of("woocommerce", name).read_bytes())
        file.name = name
        files.append(file)
    return import_woocommerce(demo.app, demo.shop, files=files)


def an_order(**changes: object) -> dict[str, Any]:
    return {"kind": "order", **order(**{"id": "o2", "number": "#1002"} | changes)}


def a_product(**changes: object) -> dict[str, Any]:
    return {"kind": "product", **product(**changes)}


def refunds_of(document: Mapping[str, Any]) -> list[str]:
    return [refund["id"] for refund in document["refunds"]]


class TestLines:
    def test_products_and_orders_come_in(self, demo: TestShop):
        report = fill(demo, a_product(title="Tee, new"), "", an_order())
        assert (report.came_in, report.refused) == ({"products": 1, "orders": 1}, [])
        assert demo.order("o2")["number"] == "#1002"
        with demo.app.database.read(demo.shop) as unit:
            found = product_store.get(unit, "tee")
        assert found is not None
        assert (found["title"], len(found["variants"])) == ("Tee, new", 3)

    def test_the_same_file_twice_changes_nothing(self, demo: TestShop):
        records = [a_product(), an_order()]
        fill(demo, *records)
        before = demo.order("o2")
        assert fill(demo, *records).refused == []
        assert demo.order("o2") == before

    def test_an_order_that_says_no_channel_is_of_the_shops_own(self, demo: TestShop):
        fill(demo, an_order(channel=None))
        assert demo.order("o2")["channel"] == "store"

    @pytest.mark.parametrize(
        ("record", "said"),
        [
            ("{", "is no JSON"),
            ("[]", "must be an object"),
            ({"kind": "coupon"}, "kind must be one of product, order"),
            ({"id": "o3"}, "kind must be one of product, order"),
            (an_order(lines=[line(quantity=0)]), "lines[0].quantity must not be 0"),
            (an_order(id=None), "id is missing"),
            (an_order(id=""), "id is missing"),
            (an_order(colour="red"), "colour is no field of this document"),
            (an_order(placed_at="yesterday"), "placed_at must be an RFC 3339 time"),
            (a_product(title=None), "title is missing"),
            (a_product(id=""), "id must not be empty"),
            (a_product(variants=[{"id": "v", "price": "1"}]), "variants[0].price must have 2 decimals"),
            (a_product(variants=[{"id": "v", "price": "1.00"}] * 2), "variants[1].id 'v' is there twice"),
        ],
    )
    def test_a_bad_line_is_named_and_the_rest_goes_in(self, demo: TestShop, record: object, said: str):
        report = fill(demo, record, an_order())
        assert report.came_in == {"orders": 1}
        (refusal,) = report.refused
        assert refusal.startswith(f"shop.jsonl, line 1: {said}")

    def test_a_variant_of_another_product_is_refused_alone(self, demo: TestShop):
        thief = a_product(id="cap", variants=[{"id": "tee-m", "price": "1.00"}])
        report = fill(demo, thief, an_order())
        assert (report.came_in, len(report.refused)) == ({"orders": 1}, 1)
        assert demo.available("tee-m") == 5
        with demo.app.database.read(demo.shop) as unit:
            assert product_store.get(unit, "cap") is None

    def test_bytes_that_are_no_text_are_a_bad_line(self, demo: TestShop):
        file = io.BytesIO(b"\xff\xfe\n" + json.dumps(an_order()).encode())
        file.name = "shop.jsonl"
        report = import_lines(demo.app, demo.shop, files=[file])
        assert (report.came_in, len(report.refused)) == ({"orders": 1}, 1)

    def test_more_lines_than_go_in_together_all_go_in(self, demo: TestShop):
        records = [an_order(id=f"n{n}", number=f"#{n}") for n in range(BATCH + 1)]
        assert fill(demo, *records).came_in == {"orders": BATCH + 1}

    def test_a_lower_case_time_is_a_time(self, demo: TestShop):
        assert fill(demo, an_order(placed_at="2026-11-04t10:00:00z")).refused == []


class TestComingAgain:
    def refund(self, demo: TestShop) -> None:
        """Our till gave back 10.00 under a return of ours."""
        given = {"id": "RMA-1-refund-1", "amount": "10.00", "lines": [], "key": "RMA-1"}
        (payment,) = demo.order()["payments"]  # type: ignore[misc]
        demo.save_order({**demo.order(), "refunds": [given], "payments": [{**payment, "refunded": "10.00"}]})

    def test_refunds_of_our_own_stay_and_their_payment_remembers(self, demo: TestShop):
        self.refund(demo)
        fill(demo, {"kind": "order", **order(tags=["vip"])})
        assert demo.order()["tags"] == ["vip"]
        assert refunds_of(demo.order()) == ["RMA-1-refund-1"]
        assert demo.order()["payments"][0]["refunded"] == "10.00"  # type: ignore[index]

    def test_refunds_of_our_own_that_the_file_knows_are_not_counted_twice(self, demo: TestShop):
        self.refund(demo)
        known = {"id": "900", "amount": "10.00", "key": "RMA-1"}
        fill(demo, {"kind": "order", **order(refunds=[known])})
        assert refunds_of(demo.order()) == ["900"]

    def test_refunds_that_are_not_ours_are_what_the_file_says(self, demo: TestShop):
        demo.save_order({**demo.order(), "refunds": [{"id": "700", "amount": "1.00"}]})
        fill(demo, {"kind": "order", **order()})
        assert demo.order().get("refunds", []) == []

    def test_a_line_that_a_return_stands_on_cannot_vanish(self, demo: TestShop):
        found = opened(demo)
        report = fill(demo, {"kind": "order", **order(lines=[line(id="l2")])})
        assert report.refused == [
            f"shop.jsonl, line 1: The return {found.id} stands on line 'l1', which is not there any more."
        ]
        assert read_order(demo.order()).lines[0].id == "l1"

    def test_an_older_order_leaves_the_newer_one_as_it_is(self, demo: TestShop):
        fill(demo, an_order(changed_at="2026-11-10T00:00:00Z", tags=["new"]))
        report = fill(demo, an_order(changed_at="2026-11-09T00:00:00Z", tags=["old"]))
        assert (report.came_in, report.refused) == ({"older orders left as they are": 1}, [])
        assert demo.order("o2")["tags"] == ["new"]


class TestWooCommerce:
    def test_every_recorded_order_comes_in_and_can_be_quoted(self, demo: TestShop):
        names = sorted({name.split(":")[0] for name, _ in recorded_orders()})
        fill_from_woocommerce(demo, *names)
        wanted = {str(body["id"]) for _, body in recorded_orders()}
        with demo.app.database.read(demo.shop) as unit:
            kept = {document["id"]: document for document in order_store.recent(unit, 100)}
        assert wanted <= kept.keys()
        for order_id in wanted:
            items = [{"line_id": one["id"], "quantity": 1} for one in kept[order_id]["lines"]]
            assert preview(demo.app, demo.shop, order_id=order_id, items=items).document["items"]

    def test_refunds_go_into_their_order_in_whatever_order_the_files_come(self, demo: TestShop):
        report = fill_from_woocommerce(demo, "refunds-list", WOO_NEWEST)
        assert (report.came_in, report.refused) == ({"orders": 1, "lists of refunds": 1}, [])
        refunds = demo.order("28")["refunds"]
        assert isinstance(refunds, list)
        assert len(refunds) == 12
        assert refunds[2]["lines"] == [{"line_id": "17", "quantity": 1, "amount": "5.50", "tax": "1.10"}]

    def test_all_of_it_twice_changes_nothing(self, demo: TestShop):
        names = ["orders-get-E-before-refund", WOO_NEWEST, "refunds-list", "refund-01-partial-qty-with-tax-restock"]
        fill_from_woocommerce(demo, *names)
        before = demo.order("28")
        assert fill_from_woocommerce(demo, *reversed(names)).refused == []
        assert demo.order("28") == before

    def test_an_order_from_before_a_refund_does_not_take_it_back(self, demo: TestShop):
        fill_from_woocommerce(demo, WOO_NEWEST)
        report = fill_from_woocommerce(demo, "orders-get-E-before-refund")
        assert report.came_in == {"older orders left as they are": 1}
        assert len(refunds_of(demo.order("28"))) == 12

    def test_refunds_of_an_order_that_is_not_here_are_refused(self, demo: TestShop):
        report = fill_from_woocommerce(demo, "refunds-list")
        assert report.refused == ["refunds-list, refunds of order 28: The order itself must be imported first."]

    def test_refunds_of_an_order_of_our_own_are_refused(self, demo: TestShop):
        demo.save_order(order(id="28", number="#28"))
        assert len(fill_from_woocommerce(demo, "refunds-list").refused) == 1

    def test_amounts_that_were_rounded_never_replace_exact_ones(self, demo: TestShop):
        """Fact 11: `?dp=0`, or the store's setting was changed."""
        fill_from_woocommerce(demo, "orders-get-A-after-thirds")
        report = fill_from_woocommerce(demo, "orders-get-A-seen-with-0-decimals")
        (refusal,) = report.refused
        assert "with 2 decimals" in refusal
        assert demo.order("24")["digits"] == 2

    def test_a_refusal_of_the_store_is_told_with_its_file(self, demo: TestShop):
        report = fill_from_woocommerce(demo, "error-404-order", "outage-502-php-down", WOO_NEWEST)
        assert report.came_in == {"orders": 1}
        assert [refusal.split(":")[0] for refusal in report.refused] == ["error-404-order", "outage-502-php-down"]

    def test_an_order_that_cannot_be_read_is_told_with_its_file_and_id(self, demo: TestShop):
        good = body_of("woocommerce", WOO_NEWEST)
        files = [file_of(json.dumps([good | {"currency": "BTC", "id": 1}, good | {"status": "auto-draft"}, good]))]
        report = import_woocommerce(demo.app, demo.shop, files=files)
        assert report.came_in == {"orders": 1}
        assert report.refused == [
            "shop.jsonl, order 1: currency is no currency of ISO 4217",
            "shop.jsonl, order 28: It is the draft of a checkout, not an order yet.",
        ]

    def test_the_summary_says_it_all_in_a_line(self, demo: TestShop):
        assert fill_from_woocommerce(demo, WOO_NEWEST).summary == "orders: 1; refused: 0"
        assert Report().summary == "refused: 0"
