"""What the assistant wants done is done by the use cases; what comes of it goes back to the assistant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import ChannelError
from bot.effects import (
    Cancelled,
    CancelReturn,
    Effect,
    ListOrders,
    LookUpOrder,
    NotCancelled,
    NotQuoted,
    Opened,
    OpenReturn,
    OrderNotProved,
    OrderProved,
    OrdersListed,
    Quoted,
    QuoteMoved,
    QuoteReturn,
    ReadVariants,
    Refused,
    Result,
    ShopIsSlow,
    TooManyTries,
    VariantsRead,
)
from bot.knowledge import Why, why_of
from connector.application import Application
from connector.services import errors, explain_quote
from connector.services.cancel_return import cancel
from connector.services.conversation_facts import item_documents
from connector.services.find_order import look_up
from connector.services.follow_return import status_link, view
from connector.services.keep_photos import attach
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.storage.shop_store import Shop
from domain.errors import IllegalStep, Malformed
from domain.events import Actor

SHOPPER = Actor(kind="shopper", name="shopper")


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a turn happens: the conversation and who asks from where, with its token where that is not checked yet.

    `signed_in` is the customer who is signed in to the shop, by the platform's own word: their orders need no proof.
    """

    conversation_id: str
    address: str
    token: str | None = field(default=None, repr=False)
    signed_in: str | None = None


def carry_out(app: Application, shop: Shop, *, effect: Effect, talk: Talk) -> Result:
    """Do what the assistant wants done; refusals are results, so that the shopper is told."""
    return EFFECTS[type(effect)](app, shop, effect, talk)


def _look_up(app: Application, shop: Shop, effect: LookUpOrder, talk: Talk) -> Result:
    said = {"number": effect.number, "proof": effect.proof}
    try:
        found = look_up(app, shop, **said, address=talk.address, customer=talk.signed_in)
    except errors.TooManyAttempts:
        return TooManyTries()
    except ChannelError:
        return ShopIsSlow()
    return OrderNotProved() if found is None else OrderProved(str(found["id"]))


def _list_orders(_app: Application, _shop: Shop, _effect: ListOrders, _talk: Talk) -> Result:
    """The facts of the next step hold them, of who is signed in."""
    return OrdersListed()


def _read_variants(_app: Application, _shop: Shop, _effect: ReadVariants, _talk: Talk) -> Result:
    """The facts of the next step are read for the lines that are picked by then."""
    return VariantsRead()


def _quote(app: Application, shop: Shop, effect: QuoteReturn, _: Talk) -> Result:
    try:
        items = item_documents(app, shop, effect.order_id, effect.items)
        made = preview(app, shop, order_id=effect.order_id, items=items, kind=effect.kind)
    except (Malformed, errors.NotFound, ChannelError):
        return NotQuoted()
    proof = explain_quote.explained(app, made.case, document=made.document).document()
    return Quoted(quote_id=made.id, quote=made.document, proof=proof)


def _open(app: Application, shop: Shop, effect: OpenReturn, talk: Talk) -> Result:
    """The quote that was shown names the return, so that a repeated message opens it once."""
    key = f"{talk.conversation_id}:{effect.quote_id}"
    try:
        items = item_documents(app, shop, effect.order_id, effect.items)
        wish = Wish(
            order_id=effect.order_id,
            items=items,
            method=effect.method,
            quote_id=effect.quote_id,
            fallback=effect.fallback or "refund",
            kind=effect.kind,
            notes=effect.notes,
        )
        found = open_return(app, shop, wish=wish, actor=SHOPPER, key=key)
    except errors.QuoteMoved:
        return QuoteMoved()
    except errors.Refused as refusal:
        return Refused(tuple(why_of(reason) for reason in refusal.reasons) or (Why(refusal.message),))
    except (Malformed, errors.NotFound, ChannelError):
        return NotQuoted()
    line_ids = [item.line_id for item in effect.items]
    attach(app, shop, conversation_id=talk.conversation_id, line_ids=line_ids, return_id=found.id)
    link = status_link(app, shop, return_id=found.id)
    return Opened(return_id=found.id, method=found.method, status=found.status, link=link)


def _cancel(app: Application, shop: Shop, effect: CancelReturn, talk: Talk) -> Result:
    """Only a return of the order that was proved; a repeated message cancels it once."""
    key = f"{talk.conversation_id}:cancel:{effect.return_id}"
    try:
        if view(app, shop, return_id=effect.return_id).found.order_id != effect.order_id:
            return NotCancelled()
        found = cancel(app, shop, return_id=effect.return_id, actor=SHOPPER, why="", key=key)
    except (IllegalStep, errors.NotFound):
        return NotCancelled()
    return Cancelled(found.id)


EFFECTS: Mapping[type[Effect], Callable[[Application, Shop, Any, Talk], Result]] = {
    LookUpOrder: _look_up,
    ListOrders: _list_orders,
    ReadVariants: _read_variants,
    QuoteReturn: _quote,
    OpenReturn: _open,
    CancelReturn: _cancel,
}
"""Who does what the assistant wants done."""
