"""What a device keeps to go on without the network: what changed of late, as `look_up_entries` tells it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from connector.application import Application
from connector.services.errors import InvalidInput
from connector.services.look_up_entries import Document, order_entries, return_entries
from connector.storage import look_up_store
from connector.storage.database import Unit
from connector.storage.look_up_store import Place
from connector.storage.shop_store import Shop
from domain.errors import Malformed
from domain.reading import read_moment

LOOKED_BACK = timedelta(days=90)
MOST = 500
"""Of returns, and of orders, in one answer."""
OVERLAP = timedelta(minutes=2)
"""How far a device looks back each time: what began earlier may be committed later."""
ALONE_AT_MOST = timedelta(hours=24)
"""How long a device opens what it keeps without having heard from the server."""


class LookUps(Struct, frozen=True):
    """What changed since a cursor; `after` is the next one, `more` whether it is to be asked for at once."""

    returns: tuple[Document, ...]
    orders: tuple[Document, ...]
    after: str
    more: bool


def changed(app: Application, shop: Shop, *, after: str) -> LookUps:
    """What a device has not heard yet; everything of late when it has no cursor. Raises InvalidInput."""
    since = app.clock() - LOOKED_BACK
    begun = _read_cursor(after) if after else None
    with app.database.read(shop) as unit:
        of_returns = _changed_returns(unit, begun and begun[0], since=since)
        of_orders = _placed_orders(unit, begun and begun[1], since=since)
        returns = return_entries(unit, [place.id for place in of_returns])
        orders = order_entries(unit, [place.id for place in of_orders])
    more = begun is not None and MOST in (len(of_returns), len(of_orders))
    start, overlap = Place(since, ""), timedelta() if more else OVERLAP
    told = ((of_returns, begun and begun[0]), (of_orders, begun and begun[1]))
    places = [_next(several, before, start=start, overlap=overlap) for several, before in told]
    return LookUps(returns, orders, _cursor(places), more)


def device_key(app: Application, shop: Shop, *, device: str) -> bytes:
    """The key under which a device locks what it keeps: its own in each shop, given only to who is signed in."""
    said = f"device:{shop.id}:{device}".encode()
    return hmac.new(app.settings.secrets.signing_key, said, hashlib.sha256).digest()


def _changed_returns(unit: Unit, after: Place | None, *, since: datetime) -> tuple[Place, ...]:
    if after is None:
        return look_up_store.returns_last(unit, since=since, limit=MOST)
    return look_up_store.returns_after(unit, after, limit=MOST)


def _placed_orders(unit: Unit, after: Place | None, *, since: datetime) -> tuple[Place, ...]:
    if after is None:
        return look_up_store.orders_last(unit, since=since, limit=MOST)
    return look_up_store.orders_after(unit, after, limit=MOST)


def _next(places: Sequence[Place], before: Place | None, *, start: Place, overlap: timedelta) -> Place:
    """Where the next answer begins: after what was told, or a little before, for what began earlier and came later."""
    if not places:
        return before or start
    return Place(places[-1].at - overlap, "") if overlap else places[-1]


def _cursor(places: Sequence[Place]) -> str:
    said = json.dumps([[place.at.isoformat(), place.id] for place in places])
    return base64.urlsafe_b64encode(said.encode()).decode()


def _read_cursor(text: str) -> tuple[Place, Place]:
    try:
        (returns_at, return_id), (orders_at, order_id) = json.loads(base64.urlsafe_b64decode(text))
        places = Place(read_moment(returns_at, 0), str(return_id)), Place(read_moment(orders_at, 0), str(order_id))
    except (ValueError, TypeError, Malformed) as error:
        raise InvalidInput("This cursor was not given here.", at="after") from error
    return places
