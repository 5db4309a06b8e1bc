"""Orders, quotes, events and the policy for programs."""

from starlette.routing import Route

from connector.services import browse_records
from connector.services.errors import InvalidInput
from connector.services.quote_return import Request, quote
from connector.storage.database import Unit
from connector.storage.pages_store import HistoryLine
from connector.web.api_answers import Quote
from connector.web.api_doors import Call, reading, writing_whole
from connector.web.api_models import Event, EventPage, KeptQuote, NewQuote, Order, OrderPage, Policy

HOME = "/api/v1/shops/{shop}"
USUAL, MOST = 20, 100


def list_orders(call: Call) -> OrderPage:
    """Orders, newest first."""
    found = browse_records.orders(call.app, call.shop, cursor=call.query("cursor"), limit=limit(call))
    return OrderPage(items=[Order.model_validate(one) for one in found.items], next_cursor=found.cursor)


def get_order(call: Call) -> Order:
    """One order."""
    return Order.model_validate(browse_records.order(call.app, call.shop, order_id=call.path("order")))


def make_quote(call: Call, unit: Unit, asked: NewQuote) -> KeptQuote:
    """What may come back, and what it gives; the quote is kept and can be opened as a return."""
    items = [item.model_dump(mode="json") for item in asked.items]
    request = Request(items=items, channel=asked.channel)
    made = quote(call.app, unit, order_id=asked.order_id, request=request)
    return KeptQuote(id=made.id, quote=Quote.model_validate(made.document))


def get_quote(call: Call) -> KeptQuote:
    """One quote as it was made."""
    found = browse_records.stored_quote(call.app, call.shop, quote_id=call.path("quote"))
    return KeptQuote(id=found.id, quote=Quote.model_validate(found.document))


def list_events(call: Call) -> EventPage:
    """What happened to returns, newest first."""
    found = browse_records.events(call.app, call.shop, cursor=call.query("cursor"), limit=limit(call))
    return EventPage(items=[event(line) for line in found.items], next_cursor=found.cursor)


def get_policy(call: Call) -> Policy:
    """The policy in force."""
    found = browse_records.current_policy(call.app, call.shop)
    return Policy(version=found.version, in_force_from=found.in_force_from, policy=dict(found.document))


def event(line: HistoryLine) -> Event:
    """A line of a return's history as an event."""
    return Event(
        id=f"{line.return_id}.{line.n}",
        type=f"return.{line.act}",
        at=line.at,
        return_id=line.return_id,
        actor=line.actor_kind,
        why=line.why,
        details=line.details,
    )


def limit(call: Call) -> int:
    """How many rows a page has; raises InvalidInput."""
    given = call.query("limit") or str(USUAL)
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= MOST):
        raise InvalidInput(f"A page has 1 to {MOST} rows.", at="limit")
    return int(given)


list_orders_endpoint = reading(list_orders, scope="orders:read")
get_order_endpoint = reading(get_order, scope="orders:read")
make_quote_endpoint = writing_whole(make_quote, model=NewQuote, scope="quotes:write", status=201)
get_quote_endpoint = reading(get_quote, scope="quotes:write")
list_events_endpoint = reading(list_events, scope="events:read")
get_policy_endpoint = reading(get_policy, scope="policy:read")

routes = [
    Route(f"{HOME}/orders", list_orders_endpoint, methods=["GET"]),
    Route(f"{HOME}/orders/{{order}}", get_order_endpoint, methods=["GET"]),
    Route(f"{HOME}/quotes", make_quote_endpoint, methods=["POST"]),
    Route(f"{HOME}/quotes/{{quote}}", get_quote_endpoint, methods=["GET"]),
    Route(f"{HOME}/events", list_events_endpoint, methods=["GET"]),
    Route(f"{HOME}/policy", get_policy_endpoint, methods=["GET"]),
]
