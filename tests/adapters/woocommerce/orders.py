"""Recorded orders and refunds of a real store, as bodies and in the normal form."""

from collections.abc import Iterator
from typing import Any

from adapters.errors import Unreadable
from adapters.woocommerce.answers import Answer, read_answer
from adapters.woocommerce.normalise import normalise
from adapters.woocommerce.refunds import merge, normalise_refund
from tests.recordings import FOLDER, body_of, path_of

Document = dict[str, Any]

RECORDINGS = sorted(path.stem for path in (FOLDER / "woocommerce").glob("*.json"))


def answer_of(name: str) -> Answer:
    return read_answer(path_of("woocommerce", name).read_bytes())


def recorded_orders() -> Iterator[tuple[str, Document]]:
    """Every whole order of every recording, with a name to find it by."""
    for name in RECORDINGS:
        yield from ((f"{name}:{order['id']}", order) for order in _answer_or_nothing(name).orders)


def order_of(name: str, **changes: object) -> Document:
    """The normal form of a recorded order whose body is changed first."""
    return dict(normalise(body_of("woocommerce", name) | changes))


def refunds_of(name: str, order: Document) -> list[Document]:
    """The recorded refunds of a list (or the one of an answer) in the normal form."""
    body = body_of("woocommerce", name)
    return [dict(normalise_refund(refund, order=order)) for refund in (body if isinstance(body, list) else [body])]


def merged(order: Document, name: str) -> Document:
    """The order with a recorded list of refunds."""
    (found,) = answer_of(name).refunds
    told = [normalise_refund(refund, order=order) for refund in found.refunds]
    return dict(merge(order, told, complete_at=found.complete_at))


def _answer_or_nothing(name: str) -> Answer:
    try:
        return answer_of(name)
    except Unreadable:
        return Answer()
