"""Policies, products, orders and quotes: what a shop sells, to whom, and on what terms."""

from datetime import datetime, timedelta

import pytest

from connector.storage import order_store, policy_store, product_store, quote_store
from connector.storage.errors import Conflict, Duplicate, NotFound
from tests.connector.storage.conftest import LATER, NOW, order
from tests.counting import statements

TEE = {
    "kind": "product",
    "id": "tee",
    "title": "Tee",
    "product_type": "Apparel",
    "image_url": None,
    "variants": [
        {"id": "tee-m", "sku": "T-M", "options": {"size": "M", "a": "red"}, "price": "20.00", "available": 3},
        {"id": "tee-l", "sku": "T-L", "options": {"size": "L", "a": "red"}, "price": "20.00", "available": None},
    ],
}


def test_a_policy_is_in_force_from_its_time_until_the_next_one_is(write, read):
    for days, at in ((30, NOW), (14, LATER)):
        write(policy_store.add_version, {"days": days}, in_force_from=at)
    moments = (NOW - timedelta(days=1), NOW, LATER - timedelta(seconds=1), LATER)
    assert [read(policy_store.in_force, at=at)["days"] for at in moments] == [30, 30, 30, 14]
    assert read(policy_store.current_text) == '{"days":14}'
    assert [one.version for one in read(policy_store.versions)] == [1, 2]


def test_of_versions_the_last_that_had_begun_is_in_force_and_of_two_that_begin_at_once_the_newer(write, read):
    early, late = NOW - timedelta(days=9), LATER + timedelta(days=9)
    for days, at in ((1, NOW), (2, early), (3, NOW), (4, late), (5, early), (6, late)):
        write(policy_store.add_version, {"days": days}, in_force_from=at)
    moments = (early - timedelta(days=1), early, NOW - timedelta(seconds=1), NOW, LATER, late)
    assert [read(policy_store.in_force, at=at)["days"] for at in moments] == [2, 5, 5, 3, 3, 6]


@pytest.mark.parametrize("at", [NOW - timedelta(days=1), LATER])
def test_the_policy_of_an_order_is_asked_in_one_statement(write, read, monkeypatch, at: datetime):
    write(policy_store.add_version, {"days": 30}, in_force_from=NOW)
    with statements(monkeypatch) as sql:
        read(policy_store.in_force, at=at)
    assert len(sql) == 1


def test_a_shop_without_a_policy_has_none_in_force(read):
    with pytest.raises(NotFound):
        read(policy_store.in_force, at=NOW)


def test_a_product_comes_back_with_its_variants_in_order(write, read):
    write(product_store.save, TEE)
    found = read(product_store.get, "tee")
    assert [one["id"] for one in found["variants"]] == ["tee-m", "tee-l"]
    assert {key: found[key] for key in TEE if key != "variants"} == {key: TEE[key] for key in TEE if key != "variants"}
    assert found["variants"][0] == TEE["variants"][0] | {"product_id": "tee"}
    assert read(product_store.list_products) == (found,)


def test_the_products_of_a_type_come_by_title_with_their_own_variants(write, read):
    cap = {**TEE, "id": "cap", "title": "Cap", "variants": [{"id": f"cap-{n}", "price": "9.00"} for n in (2, 1)]}
    mug = {**TEE, "id": "mug", "product_type": "Home", "variants": [{"id": "mug-1", "price": "5.00"}]}
    for product in (TEE, cap, mug, {**TEE, "id": "bag", "product_type": None, "variants": []}):
        write(product_store.save, product)
    assert read(product_store.of_type, "Apparel") == tuple(read(product_store.get, id_) for id_ in ("cap", "tee"))
    assert [one["id"] for one in read(product_store.of_type, "Apparel")[0]["variants"]] == ["cap-2", "cap-1"]
    assert read(product_store.of_type, "Shoes") == ()


def test_a_product_of_another_type_now_is_found_under_it_alone(write, read):
    write(product_store.save, TEE)
    write(product_store.save, TEE | {"product_type": "Shirts"})
    assert read(product_store.of_type, "Apparel") == ()
    assert [one["id"] for one in read(product_store.of_type, "Shirts")] == ["tee"]


def test_a_document_keeps_the_order_of_its_keys(write, read):
    write(product_store.save, TEE)
    assert list(read(product_store.variant, "tee-m")["options"]) == ["size", "a"]


def test_a_product_that_is_saved_again_is_changed_and_loses_the_variants_that_are_gone(write, read):
    write(product_store.save, TEE)
    write(product_store.save, TEE | {"title": "Shirt", "variants": TEE["variants"][1:]})
    assert read(product_store.get, "tee")["title"] == "Shirt"
    assert [one["id"] for one in read(product_store.variants_of, "tee")] == ["tee-l"]


def test_stock_moves_and_says_why(write, read):
    write(product_store.save, TEE)
    assert write(product_store.move_stock, "tee-m", delta=-2, why="exchange", at=NOW) == 1
    assert write(product_store.move_stock, "tee-m", delta=1, why="restock", at=LATER) == 2
    moved = [(one.n, one.delta, one.why, one.at) for one in read(product_store.movements_of, "tee-m")]
    assert moved == [(1, -2, "exchange", NOW), (2, 1, "restock", LATER)]


def test_stock_never_falls_below_nothing(write, read):
    write(product_store.save, TEE)
    with pytest.raises(Conflict):
        write(product_store.move_stock, "tee-m", delta=-4, why="exchange", at=NOW)
    assert read(product_store.variant, "tee-m")["available"] == 3


def test_stock_that_is_not_kept_moves_without_a_count(write, read):
    write(product_store.save, TEE)
    assert write(product_store.move_stock, "tee-l", delta=-4, why="exchange", at=NOW) is None
    assert len(read(product_store.movements_of, "tee-l")) == 1


def test_stock_of_an_unknown_variant_is_not_found(write):
    with pytest.raises(NotFound):
        write(product_store.move_stock, "nothing", delta=1, why="restock", at=NOW)


@pytest.mark.parametrize("written", ["1001", "#1001", " # 1001 "])
def test_an_order_is_found_by_its_number_however_it_is_written(write, read, written: str):
    write(order_store.save, order())
    assert read(order_store.find_by_number, written) == order()


def test_of_two_orders_with_one_number_the_newer_is_found(write, read):
    write(order_store.save, order("old", placed_at="2025-10-01T10:00:00Z"))
    write(order_store.save, order("new"))
    assert read(order_store.find_by_number, "1001")["id"] == "new"


def test_an_order_that_is_saved_again_is_changed(write, read):
    write(order_store.save, order())
    write(order_store.save, order(number="1002"))
    assert read(order_store.get, "o1")["number"] == "1002"
    assert read(order_store.find_by_number, "1001") is None


def test_recent_orders_come_newest_first_whatever_their_time_zone(write, read):
    times = {
        "first": "2026-10-01T12:00:00+05:00",
        "third": "2026-10-01T09:00:00Z",
        "second": "2026-10-01T10:00:00+02:00",
    }
    for order_id, at in times.items():
        write(order_store.save, order(order_id, placed_at=at))
    assert [one["id"] for one in read(order_store.recent, 2)] == ["third", "second"]


def test_an_unknown_order_cannot_be_locked(write):
    with pytest.raises(NotFound):
        write(order_store.lock, "o1")


def test_a_naive_time_is_refused(write):
    with pytest.raises(Exception, match="no time zone"):
        write(policy_store.add_version, {}, in_force_from=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_quote_is_kept_as_it_was_shown_and_never_replaced(write, read):
    write(quote_store.save, "q1", case={"now": "x"}, quote={"total": "9.00", "due": "0.00"}, at=NOW)
    with pytest.raises(Duplicate):
        write(quote_store.save, "q1", case={}, quote={}, at=NOW)
    kept = read(quote_store.get, "q1")
    assert (kept.id, kept.case, kept.document, kept.at) == ("q1", {"now": "x"}, {"total": "9.00", "due": "0.00"}, NOW)
