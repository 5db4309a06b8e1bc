"""Goods are brought without any receipt: worth the lowest price that was kept, as store credit, up to a cap."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from connector.application import Application
from connector.services.approve_at_counter import NO_RECEIPT, Assents, Wanted
from connector.services.errors import InvalidInput, NotFound, QuoteMoved, Refused
from connector.services.leg_progress import return_of
from connector.services.policy_terms import terms_now
from connector.services.quote_return import Document, Request, answer, as_read, case_of, quote
from connector.services.request_return import random_number
from connector.services.take_back import Brought, Hands, taken_back
from connector.storage import allowance_store, command_store, order_store, price_store, product_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.errors import Malformed
from domain.money import format_amount, parse_amount
from domain.orders import read_order
from domain.policy import WithoutReceipt
from domain.returns import Inspection, Return
from domain.scanning import EMAIL
from domain.without_receipt import Worth, left_of_cap, lowest_price, order_of, person_of

MOVED = "The amounts have changed since they were shown. Nothing was given; please look again."


class Goods(Struct, frozen=True):
    """Units of a variant that somebody brings, with what was found of them."""

    variant_id: str
    grade: str
    quantity: int = 1
    note: str = ""
    disposition: str | None = None


class Valued(Struct, frozen=True):
    """What goods without a receipt come to: their order and quote in the contract's form, and what may still be given.

    `left` is in minor units of the shop's currency.
    """

    order: Document
    quote: Document
    left: int


def offered(app: Application, shop: Shop) -> WithoutReceipt | None:
    """By which terms the shop takes goods without a receipt; None where it does not."""
    with app.database.read(shop) as unit:
        return _offered(unit)


def valued(app: Application, shop: Shop, *, goods: Sequence[Goods], email: str) -> Valued:
    """What goods would give a person; nothing is written down.

    Raises Refused where the shop does not take them, or not for so much; NotFound, InvalidInput.
    """
    with app.database.read(shop) as unit:
        order, left = _valued(app, unit, goods, email=email, order_id="none")
        request = Request(items=_items(goods), channel="store")
        case = case_of(app, unit, order=order, request=request)
        return Valued(order, answer(app, case, order=as_read(unit, order)), left)


def take_without_receipt(
    app: Application, shop: Shop, *, goods: Sequence[Goods], email: str, total: str, hands: Hands, key: str
) -> Return:
    """Take goods in that no receipt tells of, once per key; `total` is what was shown for them.

    Raises NeedsApproval while no manager agreed, QuoteMoved when it is another amount by now, and what `valued` raises.
    """

    def work(unit: Unit) -> Return:
        known = command_store.get(unit, key)
        if known is not None:
            return return_of(unit, str(known["return_id"]))
        person = _hash(email)
        assents = Assents(app, unit, actor=hands.actor, about=f"without a receipt, person {person[:8]}")
        manager = assents.need(_wanted(unit, goods, total=total, about=assents.about))
        allowance_store.hold(unit)
        found = _taken(app, unit, goods, email=email, total=total, hands=hands, assents=assents)
        amount = sum(group.amount for group in found.groups)
        allowance_store.add(unit, found.id, person=person, amount=amount, approved_by=manager.name, at=app.clock())
        command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
        return found

    return app.database.write(shop, work)


def _wanted(unit: Unit, goods: Sequence[Goods], *, total: str, about: str) -> Wanted:
    currency = unit.shop.currency
    digits = DIGITS[currency]
    named = ", ".join(f"{one.quantity} × {_name(unit, one)}" for one in goods)
    try:
        amount = parse_amount(total, digits)
    except Malformed:
        raise QuoteMoved(MOVED) from None
    return Wanted(NO_RECEIPT, about, amount=amount, currency=currency, digits=digits, detail=named)


def _name(unit: Unit, goods: Goods) -> str:
    variant = product_store.variant(unit, goods.variant_id) or {}
    product = product_store.get(unit, str(variant.get("product_id"))) or {}
    return ", ".join(str(part) for part in (product.get("title"), variant.get("title")) if part)


def _taken(
    app: Application, unit: Unit, goods: Sequence[Goods], *, email: str, total: str, hands: Hands, assents: Assents
) -> Return:
    order, _ = _valued(app, unit, goods, email=email, order_id=random_number("NR", app.token(), parts=2))
    order_store.save(unit, order)
    items = _items(goods)
    made = quote(app, unit, order_id=str(order["id"]), request=Request(items=items, channel="store"))
    if made.document["total"] != total:
        raise QuoteMoved(MOVED)
    inspections = [
        Inspection(str(n), "received", grade=one.grade, note=one.note, disposition=one.disposition)
        for n, one in enumerate(goods, start=1)
    ]
    brought = Brought(str(order["id"]), items, inspections, credit_to=email.strip())
    return taken_back(app, unit, brought=brought, quote_id=made.id, hands=hands, assents=assents)


def _valued(app: Application, unit: Unit, goods: Sequence[Goods], *, email: str, order_id: str) -> tuple[Document, int]:
    """The order that stands for the goods, and what the person may still be given."""
    terms, now, digits = _offered(unit), app.clock(), DIGITS[unit.shop.currency]
    if terms is None:
        raise Refused("This shop takes nothing back without a receipt.")
    if not EMAIL.fullmatch(email.strip()):
        raise InvalidInput("Ask for the e-mail address that the store credit goes to.", at="email")
    worth = [_worth(unit, one, now=now, days=terms.price_days) for one in goods]
    total = sum(one.quantity * one.unit_price for one in worth)
    given = allowance_store.given_since(unit, _hash(email), since=now - timedelta(days=terms.cap_days))
    left = left_of_cap(terms.cap, given=given)
    if total > left:
        may, asked = (f"{format_amount(amount, digits)} {unit.shop.currency}" for amount in (left, total))
        raise Refused(f"Without a receipt this person can be given {may} more, and this is worth {asked}.")
    order = order_of(order_id, worth, currency=unit.shop.currency, digits=digits, now=now)
    read_order(order)
    return order, left


def _worth(unit: Unit, goods: Goods, *, now: datetime, days: int) -> Worth:
    variant = product_store.variant(unit, goods.variant_id)
    if variant is None:
        raise NotFound("There is no such product in this shop.")
    product = product_store.get(unit, str(variant["product_id"])) or {}
    price = lowest_price(price_store.history(unit, goods.variant_id), now=now, days=days)
    if price is None:
        raise Refused("No price of this product was kept, so nobody knows what it is worth.")
    about = {name: product.get(name) for name in ("product_type", "tags")} | {"product_title": product.get("title")}
    return Worth({**variant, **about}, goods.quantity, price)


def _items(goods: Sequence[Goods]) -> list[Document]:
    return [
        {"line_id": str(n), "quantity": one.quantity, "resolution": "store_credit"}
        for n, one in enumerate(goods, start=1)
    ]


def _offered(unit: Unit) -> WithoutReceipt | None:
    return terms_now(unit, digits=DIGITS[unit.shop.currency]).without_receipt


def _hash(email: str) -> str:
    return hashlib.sha256(person_of(email).encode()).hexdigest()
