"""What the action "Return items" of a Shopify customer account asks: an order of theirs, what it gives, the return."""

from collections.abc import Callable

from starlette.routing import Route

from bot.buttons import LABELS
from bot.knowledge import why_of
from bot.questions import worded
from bot.replies import Translate
from bot.voice import spoken, voice
from connector.services import own_orders
from connector.services.conversation_facts import day_in
from connector.services.follow_return import NEXT_STEPS, STATUS_WORDS, status_link
from connector.services.offer_lines import LineChoice, replacement_choices, variants_once
from connector.services.own_orders import Wanted, own_order
from connector.web.extension_doors import Answer, Customer, Id, Items, Key, Sent, customer_door, figures
from domain.orders import read_order
from domain.returns import Return

HOME = "/shopify/customer/orders/{order}"
REASON = "reason:"


class AskedQuote(Sent):
    """What comes back."""

    items: Items


class AskedReturn(AskedQuote):
    """What comes back, as it was quoted; `key` is made once for the form, so that it is opened once."""

    quote_id: Id
    method: Id = "mail"
    key: Key


def order(call: Customer) -> Answer:
    """The order: what of it may come back, why, for what, which way; and its returns."""
    found = own_order(call.app, call.shop, order_id=call.path("order"), customer=call.who)
    say = _voice(call)

    def labelled(kind: str, names: tuple[str, ...]) -> list[Answer]:
        return [{"id": name, "label": say(LABELS[f"{kind}:{name}"])} for name in names]

    return {
        "order": found.order["id"],
        "number": found.order.get("number"),
        "currency": found.order["currency"],
        "lines": [_line(line, say, day=day_in(_language(call))) for line in found.lines],
        "reasons": labelled("reason", REASONS),
        "resolutions": labelled("resolution", tuple(found.policy.resolutions)),
        "methods": labelled("method", tuple(found.policy.methods)),
        "returns": [_told(call, one) for one in found.returns],
    }


def variants(call: Customer) -> Answer:
    """What a line may be swapped for."""
    found = own_order(call.app, call.shop, order_id=call.path("order"), customer=call.who)
    known = variants_once(call.app, call.shop)
    choices = replacement_choices(read_order(found.order), call.path("line"), variants=known)
    return {"variants": [{"id": one.id, "title": one.title, "available": one.available} for one in choices]}


def quote(call: Customer) -> Answer:
    """What the items give."""
    return figures(own_orders.quoted(call.app, call.shop, wanted=_wanted(call), customer=call.who))


def open_one(call: Customer) -> Answer:
    """The return is opened; once for its key."""
    sent: AskedReturn = call.sent
    wanted = _wanted(call, method=sent.method)
    found = own_orders.opened(
        call.app, call.shop, wanted=wanted, quote_id=sent.quote_id, customer=call.who, key=sent.key
    )
    return _told(call, found)


def _wanted(call: Customer, *, method: str = "mail") -> Wanted:
    return Wanted(call.path("order"), [item.item() for item in call.sent.items], method=method)


def _voice(call: Customer) -> Translate:
    """What says it in the language of the account."""
    return voice(_language(call))


def _language(call: Customer) -> str:
    return spoken(call.request.query_params.get("language"))


def _line(line: LineChoice, say: Translate, *, day: Callable[[str], str]) -> Answer:
    return {
        "id": line.line_id,
        "title": line.title,
        "returnable": line.returnable,
        "price": line.price,
        "why": [worded(why_of(reason), say, day=day) for reason in line.why],
    }


def _told(call: Customer, found: Return) -> Answer:
    say = _voice(call)
    return {
        "id": found.id,
        "status": say(STATUS_WORDS[found.status]),
        "next": say(NEXT_STEPS[found.status]),
        "link": status_link(call.app, call.shop, return_id=found.id),
    }


REASONS = tuple(name.removeprefix(REASON) for name in LABELS if name.startswith(REASON))

routes = [
    Route(HOME, customer_door(order), methods=["GET"]),
    Route(f"{HOME}/lines/{{line}}/variants", customer_door(variants), methods=["GET"]),
    Route(f"{HOME}/quotes", customer_door(quote, model=AskedQuote), methods=["POST"]),
    Route(f"{HOME}/returns", customer_door(open_one, model=AskedReturn), methods=["POST"]),
]
