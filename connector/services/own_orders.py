"""A customer who is signed in at the shop's platform returns things of an order of theirs, without proving it."""

from collections.abc import Sequence

from msgspec import Struct

from bot.conversation import Item
from connector.application import Application
from connector.services.conversation_facts import item_documents
from connector.services.errors import NotFound
from connector.services.keep_order import kept
from connector.services.offer_lines import LineChoice, line_choices_in
from connector.services.policy_terms import terms_of
from connector.services.quote_return import Document, Request, StoredQuote, as_read, case_of, order_document, preview
from connector.services.request_return import Wish, open_return
from connector.storage import return_store
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.policy import Policy
from domain.proof import is_of
from domain.returns import Return

NOT_THEIRS = "There is no such order in your account."
SHOPPER = Actor(kind="shopper", name="shopper")


class OwnOrder(Struct, frozen=True):
    """An order of the customer: its lines with what of them may come back, and its returns so far."""

    order: Document
    lines: tuple[LineChoice, ...]
    policy: Policy
    returns: tuple[Return, ...]


class Wanted(Struct, frozen=True):
    """What comes back of an order, and how."""

    order_id: str
    items: Sequence[Item]
    method: str = "mail"


def own_order(app: Application, shop: Shop, *, order_id: str, customer: str) -> OwnOrder:
    """The order as its platform tells it now; raises NotFound for one that is another's, as for none."""
    found = app.channels.for_shop(shop, shop.channel).read_order(order_id)
    if found is None or not _is_theirs(found, customer=customer):
        raise NotFound(NOT_THEIRS)
    order = kept(app, shop, found)
    with app.database.read(shop) as unit:
        policy = terms_of(unit, as_read(unit, order))
        returns = return_store.of_order(unit, str(order["id"]))
        case = case_of(app, unit, order=order, request=Request(items=()), earlier=returns)
        lines = line_choices_in(app, unit, case=case)
    newest = sorted(returns, key=lambda one: one.opened_at, reverse=True)
    return OwnOrder(order=order, lines=lines, policy=policy, returns=tuple(newest))


def quoted(app: Application, shop: Shop, *, wanted: Wanted, customer: str) -> StoredQuote:
    """What the items give, kept as a quote; raises NotFound, domain errors."""
    return preview(app, shop, order_id=wanted.order_id, items=_items(app, shop, wanted, customer=customer))


def opened(app: Application, shop: Shop, *, wanted: Wanted, quote_id: str, customer: str, key: str) -> Return:
    """Open the return that was quoted, once per key; raises what open_return does."""
    items = _items(app, shop, wanted, customer=customer)
    wish = Wish(order_id=wanted.order_id, items=items, method=wanted.method, quote_id=quote_id)
    return open_return(app, shop, wish=wish, actor=SHOPPER, key=f"account:{wanted.order_id}:{key}")


def _items(app: Application, shop: Shop, wanted: Wanted, *, customer: str) -> list[Document]:
    """The items as a case has them, of an order that was looked at before and is theirs; raises NotFound."""
    with app.database.read(shop) as unit:
        order = order_document(unit, wanted.order_id)
    if not _is_theirs(order, customer=customer):
        raise NotFound(NOT_THEIRS)
    return item_documents(app, shop, wanted.order_id, wanted.items)


def _is_theirs(order: Document, *, customer: str) -> bool:
    return is_of(order, number=str(order.get("number") or ""), customer=customer)
