"""What the tile on Shopify POS asks: find a return or an order, say what is handed in, see what is given, confirm."""

from starlette.routing import Route

from bot.buttons import LABELS
from connector.services import receive_return, till_returns
from connector.services.errors import InvalidInput, NeedsApproval
from connector.services.follow_return import NEXT_STEPS, STATUS_WORDS
from connector.services.till_returns import HandedIn, Till, actor_at
from connector.web.api_models import Inspected
from connector.web.api_returns import looked
from connector.web.customer_account import REASONS
from connector.web.extension_doors import Answer, AtTill, Id, Items, Key, Sent, figures, till_door
from connector.web.wording import word
from domain.disposition import GRADES
from domain.events import Actor
from domain.returns import Return

HOME = "/shopify/till"
AT_THE_COUNTER = "Nothing was done yet: open {rma} at the counter in Backhaul, where a manager can agree."


class Attributed(Sent):
    """Who stood at the till and where, by Shopify's ids; `key` is made once for the form, so that it is done once."""

    key: Key
    staff_id: str = ""
    location_id: str = ""


class AskedQuote(Sent):
    """What is handed in."""

    items: Items


class Opened(Attributed):
    """What is handed in, as it was quoted."""

    items: Items
    quote_id: Id


class Received(Attributed, Inspected):
    """What was found of the goods, and the quote that was shown for it."""

    quote_id: Id | None = None


def find(call: AtTill) -> Answer:
    """The return or the order that a number names."""
    text = call.request.query_params.get("text", "").strip()
    if not text:
        raise InvalidInput("Type or scan a return number or an order number.", at="text")
    seen = till_returns.find(call.app, call.shop, text=text)
    if seen.found is not None:
        return {"return": _told(seen.found), "order": None}
    order = seen.order or {}
    lines = [
        {"id": line.line_id, "title": line.title, "returnable": line.returnable,
         "why": [str(reason["text"]) for reason in line.why]} for line in seen.lines
    ]  # fmt: skip
    reasons = [{"id": reason, "label": LABELS[f"reason:{reason}"]} for reason in REASONS]
    shown = {"id": order["id"], "number": order.get("number"), "lines": lines, "reasons": reasons}
    return {"return": None, "order": shown}


def quote(call: AtTill) -> Answer:
    """What items of an order give when they are handed in here."""
    items = [item.item() for item in call.sent.items]
    return figures(till_returns.quoted(call.app, call.shop, order_id=call.path("order"), items=items))


def open_one(call: AtTill) -> Answer:
    """The return of what is handed in; it is received next."""
    sent: Opened = call.sent
    handed_in = HandedIn(call.path("order"), [item.item() for item in sent.items], quote_id=sent.quote_id)
    return _told(till_returns.opened(call.app, call.shop, handed_in=handed_in, actor=_actor(call), key=sent.key))


def grade(call: AtTill) -> Answer:
    """What is given for goods in these conditions; nothing is done yet."""
    made = receive_return.preview(call.app, call.shop, return_id=_rma(call), inspections=looked(call.sent))
    return {"quote": figures(made) if made else None}


def receive(call: AtTill) -> Answer:
    """Take the goods in, and give what was shown."""
    sent: Received = call.sent
    try:
        found = receive_return.receive(
            call.app,
            call.shop,
            return_id=_rma(call),
            inspections=looked(sent),
            quote_id=sent.quote_id,
            actor=_actor(call),
            key=f"till:{sent.key}",
        )
    except NeedsApproval as needed:
        raise _said(needed, rma=_rma(call)) from needed
    return _told(found)


def _said(needed: NeedsApproval, *, rma: str) -> NeedsApproval:
    """What a manager must agree to, in words: at a till nobody can."""
    why = dict.fromkeys(word(wanted.act, "approval") for wanted in needed.wanted)
    return NeedsApproval(f"{'. '.join(why)}. {AT_THE_COUNTER.format(rma=rma)}", wanted=needed.wanted)


def _told(found: Return) -> Answer:
    return {
        "id": found.id,
        "order": found.order_number,
        "status": STATUS_WORDS[found.status],
        "next": NEXT_STEPS[found.status],
        "grades": [{"id": grade, "label": label} for grade, label in GRADES.items()],
        "groups": [
            {"id": group.id, "title": group.title, "quantity": group.quantity, "reception": group.reception}
            for group in found.groups
        ],
    }


def _actor(call: AtTill) -> Actor:
    sent: Attributed = call.sent
    return actor_at(call.app, call.shop, call.who, Till(staff_id=sent.staff_id, location_id=sent.location_id))


def _rma(call: AtTill) -> str:
    return call.path("rma").upper()


routes = [
    Route(f"{HOME}/find", till_door(find), methods=["GET"]),
    Route(f"{HOME}/orders/{{order}}/quotes", till_door(quote, model=AskedQuote), methods=["POST"]),
    Route(f"{HOME}/orders/{{order}}/returns", till_door(open_one, model=Opened), methods=["POST"]),
    Route(f"{HOME}/returns/{{rma}}/grade", till_door(grade, model=Inspected), methods=["POST"]),
    Route(f"{HOME}/returns/{{rma}}/receive", till_door(receive, model=Received), methods=["POST"]),
]
