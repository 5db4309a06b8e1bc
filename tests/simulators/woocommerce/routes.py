"""Addresses of the REST API and what stands behind each."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.simulators.woocommerce import catalogue, orders, refunds
from tests.simulators.woocommerce.answer import Answer, Refused, no_route
from tests.simulators.woocommerce.books import Books, Document
from tests.simulators.woocommerce.keys import Asked

ROOT = "/wp-json/wc/v3"
USUAL_PAGE = 10
MOST_A_PAGE = 100

Read = Callable[..., Any]
READS: Mapping[str, Read] = {
    r"/orders": lambda state, query: orders.listed(state, query),
    r"/orders/(\d+)": lambda state, query, order: orders.get(state, order),
    r"/orders/(\d+)/refunds": lambda state, query, order: _refunds(state, order),
    r"/orders/(\d+)/refunds/(\d+)": lambda state, query, order, refund: _refund(state, order, refund),
    r"/orders/(\d+)/notes": lambda state, query, order: state["notes"].get(order, []),
    r"/products": lambda state, query: list(state["products"].values()),
    r"/products/(\d+)": lambda state, query, product: catalogue.product(state, product),
    r"/products/(\d+)/variations": lambda state, query, product: _variations(state, product),
    r"/products/(\d+)/variations/(\d+)": lambda state, query, *ids: catalogue.variation(state, *ids),
    r"/coupons": lambda state, query: catalogue.coupons(state, query),
    r"/payment_gateways": lambda state, query: state["gateways"],
    r"/settings/general": lambda state, query: state["settings"],
    r"/webhooks": lambda state, query: [entry["shown"] for entry in state["webhooks"].values()],
    r"/webhooks/(\d+)": lambda state, query, webhook: catalogue.webhook(state, webhook),
}
WRITES: Mapping[tuple[str, str], Read] = {
    ("POST", r"/orders"): lambda state, body, asked: orders.create(state, body, address=_origin(asked)),
    ("PUT", r"/orders/(\d+)"): lambda state, body, asked, order: orders.change(state, order, body),
    ("POST", r"/orders/(\d+)"): lambda state, body, asked, order: orders.change(state, order, body),
    ("POST", r"/orders/(\d+)/notes"): lambda state, body, asked, order: orders.note(state, order, body),
    ("PUT", r"/products/(\d+)"): lambda state, body, asked, product: catalogue.change_product(state, product, body),
    ("PUT", r"/products/(\d+)/variations/(\d+)"): lambda state, body, asked, *ids: catalogue.change_variation(
        state, *ids, body
    ),
    ("POST", r"/coupons"): lambda state, body, asked: catalogue.create_coupon(state, body),
    ("PUT", r"/coupons/(\d+)"): lambda state, body, asked, coupon: catalogue.change_coupon(state, coupon, body),
    ("POST", r"/webhooks"): lambda state, body, asked: catalogue.create_webhook(state, body),
    ("PUT", r"/webhooks/(\d+)"): lambda state, body, asked, webhook: catalogue.change_webhook(state, webhook, body),
    ("DELETE", r"/webhooks/(\d+)"): lambda state, body, asked, webhook: catalogue.delete_webhook(
        state, webhook, force=asked.query.get("force") == "true"
    ),
}
REFUNDS = re.compile(r"/orders/(\d+)/refunds")


def answer(books: Books, asked: Asked, body: Document) -> Answer:
    """What the store answers to who may ask; raises Refused."""
    path = urlsplit(asked.address).path.removeprefix(ROOT).rstrip("/")
    if asked.method == "GET":
        return _read(books.read(), path, asked)
    if asked.method == "POST" and (named := REFUNDS.fullmatch(path)):
        return refunds.create(books, named[1], body)
    return _write(books, path, asked, body)


def _read(state: Document, path: str, asked: Asked) -> Answer:
    for pattern, read in READS.items():
        if named := re.fullmatch(pattern, path):
            found = read(state, asked.query, *named.groups())
            return _paged(found, asked) if isinstance(found, list) else Answer(_fields(found, asked))
    raise no_route()


def _write(books: Books, path: str, asked: Asked, body: Document) -> Answer:
    for (method, pattern), write in WRITES.items():
        if method == asked.method and (named := re.fullmatch(pattern, path)):
            with books.change() as state:
                found = write(state, body, asked, *named.groups())
            return found if isinstance(found, Answer) else Answer(found)
    raise no_route()


def _paged(found: list[Document], asked: Asked) -> Answer:
    """Beyond the last page everything is 0 (fact 14)."""
    query = asked.query
    page, size = int(query.get("page", "1")), int(query.get("per_page", USUAL_PAGE))
    if not 1 <= size <= MOST_A_PAGE:
        raise Refused(400, "rest_invalid_param", "Invalid parameter(s): per_page", params={"per_page": ""})
    shown = found[(page - 1) * size : page * size]
    total, pages = (len(found), -(-len(found) // size)) if shown else (0, 0)
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    if page < pages:
        following = urlencode({**query, "page": page + 1})
        headers["Link"] = f'<{_origin(asked)}{urlsplit(asked.address).path}?{following}>; rel="next"'
    return Answer([_fields(entry, asked) for entry in shown], headers=headers)


def _fields(found: Document, asked: Asked) -> Document:
    names = [name for name in asked.query.get("_fields", "").split(",") if name]
    return {name: found[name] for name in names if name in found} if names else found


def _refunds(state: Document, order_id: str) -> list[Document]:
    orders.get(state, order_id)
    return state["refunds"].get(order_id, [])


def _refund(state: Document, order_id: str, refund_id: str) -> Document:
    for refund in state["refunds"].get(order_id, []):
        if str(refund["id"]) == refund_id:
            return refund
    raise Refused(500, "woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.", bare=404)


def _variations(state: Document, product_id: str) -> list[Document]:
    catalogue.product(state, product_id)
    return list(state["variations"].get(product_id, {}).values())


def _origin(asked: Asked) -> str:
    parts = urlsplit(asked.address)
    return f"{parts.scheme}://{parts.netloc}"
