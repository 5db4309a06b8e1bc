"""One field takes everything, and answers with the one match or a short list."""

import pytest

from connector.services import give_receipt
from connector.services.scan import scan
from connector.storage import product_store
from tests.connector.services.test_story import opened, received
from tests.shops import TestShop, line, order, product

SHOES = "4006381333931"


def found(demo: TestShop, text: str) -> list[tuple[str, str]]:
    return [(match.kind, match.id) for match in scan(demo.app, demo.shop, text=text).matches]


def test_an_order_number_is_its_open_return_else_the_order_itself(demo: TestShop):
    assert found(demo, "# 1001") == [("order", "o1")]
    asked = opened(demo)
    assert found(demo, "1001") == [("return", asked.id)]
    received(demo, asked)
    demo.work()
    assert found(demo, "1001") == [("order", "o1")]


def test_an_order_with_several_open_returns_is_a_short_list(demo: TestShop):
    first, second = opened(demo), opened(demo, key="k2")
    assert set(found(demo, "1001")) == {("return", first.id), ("return", second.id), ("order", "o1")}


@pytest.mark.parametrize("spoken", ["{id}", "https://x.example/shops/demo/returns/{id}?key=1", "]Q3{id}\r"])
def test_a_return_is_found_by_its_number_and_its_code(demo: TestShop, spoken: str):
    asked = opened(demo)
    assert found(demo, spoken.format(id=asked.id)) == [("return", asked.id)]


def test_a_buyer_is_found_by_their_address_with_what_is_expected_first(demo: TestShop):
    asked = opened(demo)
    assert found(demo, "ANN@example.com") == [("return", asked.id), ("order", "o1")]
    assert found(demo, "nobody@example.com") == []


def test_goods_are_found_by_sku_by_barcode_and_by_serial_number(demo: TestShop):
    demo.save_order(order(lines=[line(barcode=SHOES, serials=["SN 77"])]))
    assert found(demo, "tee-m") == [("order", "o1"), ("variant", "tee-m")]
    assert found(demo, SHOES) == [("order", "o1")]
    assert found(demo, "sn77") == [("order", "o1")]


def test_what_a_product_is_found_by_changes_with_it(demo: TestShop):
    variants = [{"id": "tee-m", "sku": "NEW", "barcode": SHOES, "title": "M", "options": {}, "price": "20.00"}]
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, product(variants=variants)))
    assert found(demo, "new") == found(demo, f"0{SHOES}") == [("variant", "tee-m")]
    assert ("variant", "tee-m") not in found(demo, "tee-m")


def test_what_an_order_is_found_by_changes_with_it(demo: TestShop):
    demo.save_order(order(customer={"email": "new@example.com"}))
    assert found(demo, "new@example.com") == [("order", "o1")]
    assert found(demo, "ann@example.com") == []


def test_a_gift_receipt_leads_to_its_goods_and_to_nothing_else(demo: TestShop):
    gift = give_receipt.issue(demo.app, demo.shop, order_id="o1", line_ids=["l1"], key="g")
    (match,) = scan(demo.app, demo.shop, text=gift.number.lower()).matches
    assert (match.kind, match.id, match.about) == ("gift_receipt", gift.number, "")


def test_what_is_not_known_is_nothing(demo: TestShop):
    assert found(demo, "no such thing") == found(demo, "") == []
