"""A shop is filled from files: products and orders as the contract writes them, or a platform's own answers.

What is good goes in, what is not is named with its place and its reason. Coming twice changes nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import BinaryIO

from msgspec import Struct, field

from adapters.errors import ChannelError, Unreadable
from adapters.woocommerce import refunds as woocommerce_refunds
from adapters.woocommerce.answers import Answer, RefundList, read_answer
from adapters.woocommerce.normalise import normalise
from connector.application import Application
from connector.services.errors import InvalidInput, ServiceError
from connector.services.quote_return import Document
from connector.storage import gift_store, order_store, person_store, price_store, product_store, return_store
from connector.storage.database import Unit
from connector.storage.errors import NotFound, StorageError
from connector.storage.gift_store import GiftReceipt
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.errors import Malformed
from domain.gifts import ToldGiftReceipt, read_gift_receipt
from domain.money import format_amount, parse_amount
from domain.orders import digits_of, read_order
from domain.person import without_person
from domain.products import Product, read_product

BATCH = 200
"""Records that go in together; one that is refused harms no other."""

Renew = Callable[[Document, Document], Document]


class Incoming(Struct, frozen=True):
    """A record that was read: where it stands, and how it goes in; `put` gives what came in, in one word."""

    place: str
    put: Callable[[Unit], str]


class Report(Struct):
    """What came in, counted by word, and what was refused: its place and the reason, a line each."""

    came_in: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def refuse(self, place: str, reason: object) -> None:
        """Name what did not go in."""
        self.refused.append(f"{place}: {reason}")

    @property
    def summary(self) -> str:
        """All of it in a line."""
        return "; ".join(f"{word}: {count}" for word, count in [*self.came_in.items(), ("refused", len(self.refused))])


def import_lines(app: Application, shop: Shop, *, files: Sequence[BinaryIO]) -> Report:
    """Fill a shop from files of the contract: one product or order a line."""
    report = Report()
    lines = ((f"{file.name}, line {n}", line) for file in files for n, line in enumerate(file, start=1))
    _put_all(app, shop, report, incoming=_read_lines(app, shop, report, lines))
    return report


def import_woocommerce(app: Application, shop: Shop, *, files: Sequence[BinaryIO]) -> Report:
    """Fill a shop from answers of WooCommerce; orders go in before the refunds that belong to them."""
    report = Report()
    answers = [(file.name, answer) for file in files for answer in _read_answers(report, file)]
    orders = (
        incoming
        for name, answer in answers
        for body in answer.orders
        for incoming in _read_order(report, body, place=f"{name}, order {body['id']}")
    )
    _put_all(app, shop, report, incoming=orders)
    lists = (
        Incoming(f"{name}, refunds of order {found.order_id}", partial(_put_refunds, found=found))
        for name, answer in answers
        for found in answer.refunds
    )
    _put_all(app, shop, report, incoming=lists)
    return report


def _put_all(app: Application, shop: Shop, report: Report, *, incoming: Iterator[Incoming]) -> None:
    while batch := list(islice(incoming, BATCH)):
        for one, came_in, refusal in app.database.write(shop, partial(_put_batch, batch=batch)):
            if refusal is None:
                report.came_in[came_in] += 1
            else:
                report.refuse(one.place, refusal)


def _put_batch(unit: Unit, *, batch: Sequence[Incoming]) -> list[tuple[Incoming, str, Exception | None]]:
    return [(one, *_put(unit, one)) for one in batch]


def _put(unit: Unit, one: Incoming) -> tuple[str, Exception | None]:
    try:
        with unit.connection.begin_nested():
            return one.put(unit), None
    except (StorageError, ServiceError, ChannelError) as refusal:
        return "", refusal


def _read_lines(app: Application, shop: Shop, report: Report, lines: Iterable[tuple[str, bytes]]) -> Iterator[Incoming]:
    for place, line in lines:
        if not line.strip():
            continue
        try:
            yield Incoming(place, _read_line(app, shop, line))
        except Malformed as fault:
            report.refuse(place, _said(fault))


def _read_line(app: Application, shop: Shop, line: bytes) -> Callable[[Unit], str]:
    document = _parsed(line)
    kind = document.pop("kind", None)
    if not isinstance(kind, str) or kind not in READERS:
        raise Malformed(f"must be one of {', '.join(READERS)}", at="kind")
    return READERS[kind](app, shop, document)


def _parsed(line: bytes) -> dict[str, object]:
    try:
        document = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Malformed(f"is no JSON: {fault}") from None
    if not isinstance(document, dict):
        raise Malformed("must be an object")
    return document


def _product(app: Application, shop: Shop, document: Document) -> Callable[[Unit], str]:
    return partial(put_product, product=read_product(document, digits=DIGITS[shop.currency]), document=document,
                   at=app.clock())  # fmt: skip


def _gift_receipt(app: Application, shop: Shop, document: Document) -> Callable[[Unit], str]:  # noqa: ARG001  a reader
    told = read_gift_receipt(document)
    return partial(_put_gift_receipt, told=told, at=app.clock())


def _order(app: Application, shop: Shop, document: Document) -> Callable[[Unit], str]:  # noqa: ARG001  a reader
    """An order is of the shop's own channel unless it says otherwise."""
    document = {**document, "channel": document.get("channel") or shop.channel}
    return partial(put_order, document=_checked(document), renew=with_our_refunds)


READERS: Mapping[str, Callable[[Application, Shop, Document], Callable[[Unit], str]]] = {
    "product": _product,
    "order": _order,
    "gift_receipt": _gift_receipt,
}


def _read_answers(report: Report, file: BinaryIO) -> Iterator[Answer]:
    try:
        answer = read_answer(file.read())
    except Unreadable as refusal:
        report.refuse(file.name, refusal)
        return
    for reason in answer.refused:
        report.refuse(file.name, reason)
    yield answer


def _read_order(report: Report, body: Mapping[str, object], *, place: str) -> Iterator[Incoming]:
    try:
        document = _checked(normalise(body))
    except Unreadable as refusal:
        report.refuse(place, refusal)
    except Malformed as fault:
        report.refuse(place, _said(fault))
    else:
        yield Incoming(place, partial(put_order, document=document, renew=_renewed))


def _checked(document: Document) -> Document:
    """The document as it is kept, if it is an order of the contract with an id; raises Malformed."""
    order = read_order(document)
    if not order.id:
        raise Malformed("is missing", at="id")
    return {**document, "placed_at": order.placed_at.isoformat()}


def put_product(unit: Unit, *, product: Product, document: Document, at: datetime) -> str:
    """Write a product down, and what its variants cost from now on."""
    product_store.save(unit, document)
    for variant in product.variants:
        price_store.keep(unit, variant.id, amount=variant.price, at=at)
    return "products"


def _put_gift_receipt(unit: Unit, *, told: ToldGiftReceipt, at: datetime) -> str:
    if order_store.get(unit, told.order_id) is None:
        raise InvalidInput("The order itself must be imported first.")
    if gift_store.get(unit, told.number) is None:
        gift_store.add(unit, GiftReceipt(told.number, told.order_id, told.line_ids, made_at=at))
    return "gift receipts"


def put_order(unit: Unit, *, document: Document, renew: Renew) -> str:
    """Write an order down; one that is here is renewed, never made older, coarser or smaller than its returns."""
    kept = _kept(unit, str(document["id"]))
    if kept is None:
        order_store.save(unit, document)
        return "orders"
    if _is_older(document, kept):
        return "older orders left as they are"
    if digits_of(document) < digits_of(kept):
        raise InvalidInput(f"It is here with {digits_of(kept)} decimals, and these amounts are rounded to fewer.")
    _check_returns(unit, document)
    renewed = renew(document, kept)
    order_store.save(unit, without_person(renewed) if person_store.is_forgotten(unit, str(document["id"])) else renewed)
    return "orders"


def _put_refunds(unit: Unit, *, found: RefundList) -> str:
    kept = _kept(unit, found.order_id)
    if kept is None or kept.get("channel") != "woocommerce":
        raise InvalidInput("The order itself must be imported first.")
    told = [woocommerce_refunds.normalise_refund(refund, order=kept) for refund in found.refunds]
    merged = woocommerce_refunds.merge(kept, told, complete_at=found.complete_at)
    _check_read(merged)
    order_store.save(unit, merged)
    return "lists of refunds"


def _kept(unit: Unit, order_id: str) -> Document | None:
    """The order as it is here, held until it is written."""
    try:
        order_store.lock(unit, order_id)
    except NotFound:
        return None
    return order_store.get(unit, order_id)


def _is_older(document: Document, kept: Document) -> bool:
    """Whether the platform changed the kept order later; where it does not say when, whatever comes is news."""
    told, known = read_order(document).changed_at, read_order(kept).changed_at
    return told is not None and known is not None and told < known


def _check_returns(unit: Unit, document: Document) -> None:
    """Every line that a return of ours stands on must still be there."""
    lines = {line.id for line in read_order(document).lines}
    for found in return_store.of_order(unit, str(document["id"])):
        missing = [group.line_id for group in found.groups if group.line_id not in lines]
        if missing:
            raise InvalidInput(f"The return {found.id} stands on line '{missing[0]}', which is not there any more.")


def _check_read(document: Document) -> None:
    try:
        read_order(document)
    except Malformed as fault:
        raise InvalidInput(_said(fault)) from fault


def _renewed(document: Document, kept: Document) -> Document:
    return woocommerce_refunds.renewed(document, kept=kept)


def with_our_refunds(document: Document, kept: Document) -> Document:
    """An order told anew, with the refunds under our keys that whoever told it does not know of."""
    told = _entries(document, "refunds")
    known = {entry.get(name) for entry in told for name in ("id", "key")}
    ours = [
        refund
        for refund in _entries(kept, "refunds")
        if refund.get("key") and not {refund["id"], refund["key"]} & known
    ]
    if not ours:
        return document
    payments = {payment["id"]: payment for payment in _entries(kept, "payments")}
    digits = digits_of(document)
    return {
        **document,
        "refunds": [*told, *ours],
        "payments": [
            _paid_back(payment, payments.get(payment["id"]), digits) for payment in _entries(document, "payments")
        ],
    }


def _paid_back(payment: Document, kept: Document | None, digits: int) -> Document:
    """A payment that gave back at least what it is known to have given back."""
    most = max(_refunded(payment, digits), _refunded(kept or {}, digits))
    return {**payment, "refunded": format_amount(most, digits)}


def _refunded(payment: Document, digits: int) -> int:
    return parse_amount(payment.get("refunded") or format_amount(0, digits), digits)


def _entries(document: Document, name: str) -> list[Document]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def _said(fault: Malformed) -> str:
    return f"{fault.at} {fault.message}".strip()
