"""What the platform wrote down: orders, and everything that it gave under a key.

A platform with keys of its own does once what is sent twice under one; the other kind does it twice.
"""

import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from domain.money import format_amount, parse_amount

Document = dict[str, Any]
PENDING, DONE, DECLINED = "pending", "done", "declined"


class Declined(Exception):
    """The platform says no."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with the next requests that give something.

    `answer` is "slow", "429", "503", "lost request" (nothing was done) or "lost answer" (it was done); `fate` is
    "late" (it is done after `seconds`) or "declined late"; both may be empty.
    """

    answer: str = ""
    fate: str = ""
    times: int = 1
    seconds: float = 0.3


@dataclass(slots=True)
class Given:
    """Something that was given or is about to be: refund, store_credit, exchange, restock."""

    number: int
    key: str
    kind: str
    order_id: str
    amount: int
    at: datetime
    ready_at: float
    fate: str
    return_id: str
    shipping: int
    lines: list[Document]
    payment_id: str = ""

    @property
    def state(self) -> str:
        """Pending until its time has come."""
        if time.monotonic() < self.ready_at:
            return PENDING
        return DECLINED if self.fate == "declined late" else DONE


@dataclass
class Books:
    """The platform's own books; every change is made under one lock."""

    has_keys: bool = True
    orders: dict[str, Document] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def trouble(self) -> Trouble:
        """The trouble that the next request meets."""
        with self.lock:
            if not self.troubles:
                return Trouble()
            first = self.troubles.pop(0)
            if first.times > 1:
                self.troubles.insert(0, Trouble(first.answer, first.fate, first.times - 1, first.seconds))
            return first

    def give(self, asked: Mapping[str, Any], *, trouble: Trouble) -> Given:
        """Give something; raises Declined when the order holds less."""
        with self.lock:
            known = self.under(asked["key"])
            if self.has_keys and known:
                return known[0]
            amount = int(asked["amount"])
            if asked["kind"] == "refund" and amount > self.left(asked["order_id"], asked.get("payment_id", "")):
                raise Declined("The order or its payment holds less than that.")
            waits = trouble.seconds if trouble.fate else 0.0
            one = Given(
                number=next(self._numbers),
                key=asked["key"],
                kind=asked["kind"],
                order_id=asked["order_id"],
                amount=amount,
                at=datetime.now(UTC),
                ready_at=time.monotonic() + waits,
                fate=trouble.fate,
                return_id=asked.get("return_id", ""),
                shipping=int(asked.get("shipping", 0)),
                lines=list(asked.get("lines", [])),
                payment_id=asked.get("payment_id", ""),
            )
            self.given.append(one)
            return one

    def give_by_hand(self, order_id: str, amount: int) -> None:
        """Somebody gives money back in the platform's own pages."""
        self.give({"key": "", "kind": "refund", "order_id": order_id, "amount": amount}, trouble=Trouble())

    def under(self, key: str) -> list[Given]:
        """What stands under a key and was not declined; nothing for no key."""
        with self.lock:
            return [one for one in self.given if key and one.key == key and one.state != DECLINED]

    def declined(self, key: str) -> bool:
        """Whether something under a key was taken and declined afterwards."""
        with self.lock:
            return any(one.key == key and one.state == DECLINED for one in self.given)

    def left(self, order_id: str, payment_id: str = "") -> int:
        """What the order's payments, or one of them, still hold, in minor units, less what is under way."""
        with self.lock:
            back = [one for one in self._refunds(order_id) if one.state != DECLINED]
            holds = _held(self.orders[order_id], back)
            return holds[payment_id] if payment_id else sum(holds.values())

    def order(self, order_id: str) -> Document | None:
        """The order in the normal form with what was given back of it."""
        with self.lock:
            order = self.orders.get(order_id)
            if order is None:
                return None
            done = [one for one in self._refunds(order_id) if one.state == DONE]
            holds = _held(order, done)
            payments = [{**one, "refunded": _less(one["amount"], holds[one["id"]])} for one in order["payments"]]
            return {**order, "payments": payments, "refunds": [_refund(one) for one in done]}

    def _refunds(self, order_id: str) -> list[Given]:
        return [one for one in self.given if one.kind == "refund" and one.order_id == order_id]


def _held(order: Document, back: list[Given]) -> dict[str, int]:
    """What each payment holds; what was given back by hand comes out of the first that holds something."""
    holds = {payment["id"]: parse_amount(payment["amount"], 2) for payment in order["payments"]}
    for one in back:
        if one.payment_id:
            holds[one.payment_id] -= one.amount
    by_hand = sum(one.amount for one in back if not one.payment_id)
    for payment_id, held in holds.items():
        taken = min(held, by_hand)
        holds[payment_id] -= taken
        by_hand -= taken
    return holds


def _less(amount: str, held: int) -> str:
    return format_amount(parse_amount(amount, 2) - held, 2)


def _refund(one: Given) -> Document:
    """A refund in the normal form; it bears our return's number where we gave it."""
    lines = [{**line, "amount": format_amount(line["amount"], 2), "tax": format_amount(line["tax"], 2)}
             for line in one.lines]  # fmt: skip
    return {
        "id": f"r{one.number}",
        "at": one.at.isoformat(),
        "amount": format_amount(one.amount, 2),
        "shipping": format_amount(one.shipping, 2),
        "lines": lines,
        "key": one.return_id or None,
    }
