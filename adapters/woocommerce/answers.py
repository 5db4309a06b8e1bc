"""Answers of a WooCommerce store in files: what is an order, what is a refund, and what is neither and why.

A file holds the bare body of an answer, or a recorded exchange: `{"request": {...}, "response": {...}}`.
"""

import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeGuard
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field

from adapters.errors import Unreadable
from adapters.woocommerce.fields import Body, identity, part, parts

REFUNDS_OF = re.compile(r"/orders/(\d+)/refunds(?:/\d+)?/?$")
ORDER = re.compile(r"/orders/(\d+)/?$")
ORDER_FIELDS = frozenset({"id", "status", "currency", "line_items"})
REFUND_FIELDS = frozenset({"id", "amount", "reason"})
USUAL_PAGE = 10
LONGEST_QUOTE = 120


class RefundList(Struct, frozen=True):
    """Refunds of one order as they came; `complete_at` is when they were all that it had, None where nobody knows."""

    order_id: str
    refunds: Sequence[Body]
    complete_at: datetime | None = None


class Answer(Struct, frozen=True):
    """What a file holds: bodies of orders, lists of refunds, and why other parts of it were refused."""

    orders: Sequence[Body] = ()
    refunds: Sequence[RefundList] = ()
    refused: Sequence[str] = ()


class Exchange(Struct, frozen=True):
    """A body with what is known of the request and the answer that it came in."""

    body: object
    method: str = "GET"
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def read_answer(content: bytes) -> Answer:
    """What a file holds; raises Unreadable when it holds neither an order nor a refund."""
    exchange = _exchange(_parsed(content, what="The file"))
    entries = exchange.body if isinstance(exchange.body, list) else [exchange.body]
    orders: list[Body] = [entry for entry in entries if _has(entry, ORDER_FIELDS)]
    refunds: list[Body] = [entry for entry in entries if _has(entry, REFUND_FIELDS)]
    others = [entry for entry in entries if not _has(entry, ORDER_FIELDS) and not _has(entry, REFUND_FIELDS)]
    refused = Counter(_why(entry, exchange) for entry in others)
    if refused and not orders and not refunds:
        raise Unreadable(next(iter(refused)))
    return Answer(
        orders=[_deleted(order) for order in orders] if exchange.method == "DELETE" else orders,
        refunds=_refund_lists(exchange, refunds),
        refused=[f"{count} × {why}" for why, count in refused.items()],
    )


def _has(entry: object, names: frozenset[str]) -> TypeGuard[Body]:
    return isinstance(entry, dict) and entry.keys() >= names


def _exchange(document: object) -> Exchange:
    """A recorded exchange taken apart; a bare body is one of which only the body is known."""
    if not isinstance(document, dict) or not isinstance(document.get("response"), dict):
        return Exchange(body=document)
    request, response = part(document, "request"), part(document, "response")
    body = response.get("body_json")
    _check_status(response, body)
    headers = response.get("headers")
    return Exchange(
        body=_parsed(str(response.get("body_text")).encode(), what="The body") if body is None else body,
        method=str(request.get("method") or "GET"),
        url=str(request.get("url") or ""),
        headers={str(name).lower(): str(value) for name, value in headers} if isinstance(headers, list) else {},
    )


def _check_status(response: Body, body: object) -> None:
    """Fact 4: what WooCommerce refuses comes as JSON with its own code, an outage as HTML."""
    status = response.get("status")
    if isinstance(status, int) and status < 400:
        return
    if isinstance(body, dict) and _is_error(body):
        raise Unreadable(f"HTTP {status}, {_error(body)}")
    raise Unreadable(f"HTTP {status}, no answer of WooCommerce: {_quoted(response.get('body_text'))}")


def _is_error(entry: Body) -> bool:
    return {"code", "message"} <= entry.keys()


def _deleted(order: Body) -> Body:
    """The answer to a DELETE shows the order as it was; it is in the trash now, or gone."""
    return {**order, "status": "trash"}


def _refund_lists(exchange: Exchange, refunds: Sequence[Body]) -> Sequence[RefundList]:
    """Refunds by order: the address names it, or each refund of the store-wide list does (`parent_id`)."""
    if exchange.method == "DELETE" and refunds:
        raise Unreadable("It says that a refund was deleted: import its order as it is now.")
    named = REFUNDS_OF.search(urlsplit(exchange.url).path)
    if named is not None and isinstance(exchange.body, list):
        return [RefundList(named[1], refunds, complete_at=_complete_at(exchange, count=len(refunds)))]
    by_order: dict[str, list[Body]] = defaultdict(list)
    for refund in refunds:
        by_order[_parent(refund, named[1] if named else None)].append(refund)
    return [RefundList(order_id, found) for order_id, found in by_order.items()]


def _parent(refund: Body, named: str | None) -> str:
    """The order of a refund: the address of the request, `parent_id`, or the refund's own link up to its order."""
    found = named or identity(refund, "parent_id") or _linked(refund)
    if found is None:
        raise Unreadable("The refunds do not say whose they are: keep the request with them, or import the order.")
    return found


def _linked(refund: Body) -> str | None:
    links = part(refund, "_links")
    hrefs = [str(link.get("href")) for link in parts(links, "up")] if "up" in links else []
    found = ORDER.search(hrefs[0]) if hrefs else None
    return found[1] if found else None


def _complete_at(exchange: Exchange, *, count: int) -> datetime | None:
    """When a list was all that there was: it is the first page and not full, and the answer has its date."""
    query = parse_qs(urlsplit(exchange.url).query)
    page, size = query.get("page", ["1"])[-1], query.get("per_page", [str(USUAL_PAGE)])[-1]
    if page != "1" or not size.isdigit() or count >= int(size) or "date" not in exchange.headers:
        return None
    try:
        return parsedate_to_datetime(exchange.headers["date"])
    except ValueError:
        return None


def _why(entry: object, exchange: Exchange) -> str:
    """Why something is neither order nor refund, as a sentence."""
    if not isinstance(entry, dict):
        return f"This is not an order: {_quoted(entry)}"
    if _is_error(entry):
        return _error(entry)
    if "_fields=" in exchange.url or {"status", "total"} <= entry.keys():
        return "This is not a whole order: ask the store for it without `_fields`."
    return f"This is not an order, nor a refund: it has {', '.join(list(entry)[:4])}."


def _error(body: Body) -> str:
    return f"WooCommerce refused: {body['code']}, {_quoted(html.unescape(str(body['message'])))}"


def _parsed(content: bytes, *, what: str) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(f"{what} is no JSON: {_quoted(content.decode(errors='replace'))}") from None


def _quoted(found: object) -> str:
    shown = " ".join(str(found).split())
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"
