"""Orders, returns and what happened to them, page by page, newest first."""

import base64
import json
from typing import Generic, TypeVar

from msgspec import Struct

from connector.application import Application
from connector.services.errors import InvalidInput, NotFound
from connector.services.follow_return import Standing, standing_of
from connector.services.leg_progress import return_of
from connector.services.quote_return import Document, StoredQuote, order_document
from connector.storage import pages_store, policy_store, quote_store
from connector.storage.pages_store import After, HistoryLine
from connector.storage.policy_store import PolicyVersion
from connector.storage.shop_store import Shop
from domain.errors import Malformed
from domain.reading import read_moment

T = TypeVar("T")


class Listed(Struct, Generic[T], frozen=True):
    """A page; `cursor` is where the next one begins, None on the last."""

    items: tuple[T, ...]
    cursor: str | None


def orders(app: Application, shop: Shop, *, cursor: str, limit: int) -> Listed[Document]:
    """Orders in the normal form; raises InvalidInput for a cursor that is none."""
    with app.database.read(shop) as unit:
        found = pages_store.orders_after(unit, _place(cursor), limit=limit + 1)
    places = [place for place, _ in found]
    return Listed(tuple(document for _, document in found[:limit]), _next(places, limit))


def returns(app: Application, shop: Shop, *, cursor: str, limit: int) -> Listed[Standing]:
    """Returns with their legs; raises InvalidInput for a cursor that is none."""
    with app.database.read(shop) as unit:
        places = pages_store.returns_after(unit, _place(cursor), limit=limit + 1)
        found = tuple(standing_of(unit, return_of(unit, place.id)) for place in places[:limit])
    return Listed(found, _next(list(places), limit))


def events(app: Application, shop: Shop, *, cursor: str, limit: int) -> Listed[HistoryLine]:
    """What happened to returns; raises InvalidInput for a cursor that is none."""
    with app.database.read(shop) as unit:
        found = pages_store.history_after(unit, _place(cursor), limit=limit + 1)
    places = [After(line.at, line.return_id, line.n) for line in found]
    return Listed(found[:limit], _next(places, limit))


def order(app: Application, shop: Shop, *, order_id: str) -> Document:
    """An order in the normal form; raises NotFound."""
    with app.database.read(shop) as unit:
        return order_document(unit, order_id)


def stored_quote(app: Application, shop: Shop, *, quote_id: str) -> StoredQuote:
    """A quote that was kept; raises NotFound."""
    with app.database.read(shop) as unit:
        kept = quote_store.get(unit, quote_id)
    if kept is None:
        raise NotFound("There is no such quote in this shop.")
    return StoredQuote(id=quote_id, case=kept.case, document=kept.document)


def current_policy(app: Application, shop: Shop) -> PolicyVersion:
    """The newest version of the policy; raises NotFound without any."""
    with app.database.read(shop) as unit:
        versions = policy_store.versions(unit)
    if not versions:
        raise NotFound("This shop has no policy.")
    return versions[-1]


def _next(places: list[After], limit: int) -> str | None:
    """The cursor behind the last row that is shown, when there is one more."""
    if len(places) <= limit:
        return None
    last = places[limit - 1]
    text = json.dumps([last.at.isoformat(), last.id, last.n])
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def _place(cursor: str) -> After | None:
    if not cursor:
        return None
    try:
        at, id_, n = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = After(read_moment(at, 0), str(id_), int(n))
        is_odd = not 0 <= place.n < 2**31 or "\0" in place.id
    except (ValueError, TypeError, RecursionError, OverflowError, Malformed):
        is_odd = True
    if is_odd:
        raise InvalidInput("This cursor is not one that was given.", at="cursor")
    return place
