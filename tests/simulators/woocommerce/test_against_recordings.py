"""The simulated store is held against what the real one said: same requests, same statuses, codes, shapes."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.recordings import body_of, path_of
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET

ORDERS = (
    "orders-get-A", "orders-get-B", "orders-create-G-labpay", "orders-create-E-for-refunds",
    "orders-create-D-pending",
)  # fmt: skip
REFUNDS = (
    "refund-01-partial-qty-with-tax-restock", "refund-02-same-body-again-not-idempotent",
    "refund-03-no-amount-line-items-only", "refund-04-amount-only", "refund-05-over-refund",
    "refund-06-qty-over-remaining", "refund-07-zero-amount", "refund-08-negative-amount",
    "refund-09-amount-as-number", "refund-10-api-refund-true-cod", "refund-11-api-refund-default-cod",
    "refund-12-mismatch-amount-vs-lines", "refund-13-unknown-line-id", "refund-14-no-restock",
    "refund-15-three-decimals", "refund-16-shipping-line", "refund-17-no-body", "refund-18-bad-amount",
    "refund-22-unknown-order", "refund-30-api-refund-true-gateway-ok",
    "refund-31-api-refund-true-gateway-declines", "refund-32-api-refund-false-on-gateway",
    "refund-33-full-remaining", "refund-34-after-fully-refunded",
)  # fmt: skip
OTHERS = (
    "error-404-order", "error-404-product", "error-404-route", "orders-id-as-text", "orders-list-page-beyond",
    "orders-search-number-hash", "orders-search-sku", "payment-gateways", "settings-general",
    "products-get-mug-after", "products-get-variable", "products-get-variation", "products-get-variation-as-product",
    "products-put-stock", "variations-put-stock", "variations-put-stock-via-products", "products-variations-list",
    "coupons-create-store-credit", "coupons-create-duplicate", "coupons-list-by-code", "order-notes-create-private",
    "webhooks-create-order.updated", "error-400-webhook-bad-topic", "orders-create-X-exchange-zero",
    "error-400-line-no-product", "error-400-bad-line-product", "orders-put-meta", "orders-get-A", "trailing-slash",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    with simulated_store(tmp_path_factory.mktemp("store"), https=True) as store:
        with store.books.change() as state:
            for name in ORDERS:
                order = body_of("woocommerce", name)
                state["orders"][str(order["id"])] = {**order, "refunds": []}
        yield store


def replayed(store: SimulatedStore, name: str) -> tuple[Any, Any]:
    """What the real store and the simulated one answered."""
    recorded = json.loads(path_of("woocommerce", name).read_bytes())
    request = recorded["request"]
    path = request["url"].split("8143", 1)[1]
    assert store.certificate is not None
    with httpx.Client(auth=(KEY, SECRET), verify=store.certificate.client_context()) as client:
        answer = client.request(request["method"], store.address + path, json=request.get("body_json"))
    response = recorded["response"]
    return (response["status"], response["body_json"]), (answer.status_code, answer.json())


def misfits(real: Any, simulated: Any, *, at: str = "") -> list[str]:
    """Where names or kinds differ; null fits every kind, and of a list its first entry says what it holds."""
    if isinstance(real, dict) and isinstance(simulated, dict):
        names = {*real, *simulated} - {"_links"}
        missing = [f"{at}.{name}" for name in names if (name in real) != (name in simulated)]
        both = [name for name in names if name in real and name in simulated]
        return missing + [one for name in both for one in misfits(real[name], simulated[name], at=f"{at}.{name}")]
    if isinstance(real, list) and isinstance(simulated, list):
        return misfits(real[0], simulated[0], at=f"{at}[]") if real and simulated else []
    same = real is None or simulated is None or {type(real), type(simulated)} in ({type(real)}, {int, float})
    return [] if same else [f"{at}: {real!r} is no {simulated!r}"]


@pytest.mark.parametrize("name", [*REFUNDS, *OTHERS])
def test_the_simulated_store_answers_as_the_real_one_did(store: SimulatedStore, name: str):
    (status, real), (simulated_status, simulated) = replayed(store, name)
    assert simulated_status == status, simulated
    if status >= 400:
        assert simulated == real or simulated["code"] == real["code"]
        assert type(simulated["data"]) is type(real["data"])
    assert misfits(real, simulated) == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("orders-create-G-labpay", ("total", "total_tax", "cart_tax", "status", "shipping_total")),
        ("orders-create-X-exchange-zero", ("total", "total_tax", "status")),
        ("refund-01-partial-qty-with-tax-restock", ("amount", "reason", "refunded_payment")),
        ("refund-03-no-amount-line-items-only", ("amount",)),
        ("refund-30-api-refund-true-gateway-ok", ("amount", "refunded_payment")),
    ],
)
def test_amounts_are_counted_as_the_real_store_counts_them(tmp_path: Path, name: str, fields: tuple[str, ...]):
    with simulated_store(tmp_path, https=True) as fresh:
        with fresh.books.change() as state:
            for order in (body_of("woocommerce", known) for known in ORDERS):
                state["orders"][str(order["id"])] = {**order, "refunds": []}
        (_, real), (_, simulated) = replayed(fresh, name)
    assert {field: simulated[field] for field in fields} == {field: real[field] for field in fields}
