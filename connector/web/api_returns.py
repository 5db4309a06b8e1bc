"""Returns for programs: one more door to the use cases that people have."""

from collections.abc import Callable, Mapping, Sequence

from starlette.routing import Route

from connector.services import answer_leg, browse_records, decide_return, follow_return, receive_return
from connector.services.cancel_return import cancel
from connector.services.errors import NotFound
from connector.services.follow_return import Standing
from connector.services.label_return import give_label
from connector.services.request_return import Wish, opened_with
from connector.storage.database import Unit
from connector.web import api_models as models
from connector.web.api_answers import Quote
from connector.web.api_doors import Call, reading, writing, writing_whole
from connector.web.api_models import (
    Arrived,
    GivenLabel,
    Graded,
    Inspected,
    NeededReason,
    NewReturn,
    Reason,
    ReturnPage,
    Settled,
)
from connector.web.api_records import HOME, limit
from domain.labels import label_to_use
from domain.money import format_amount
from domain.returns import Inspection, Return, UnitGroup
from domain.settlement import Leg

READ, WRITE = "returns:read", "returns:write"
GROUP = (
    "id", "line_id", "title", "quantity", "reason", "resolution", "reception", "acceptance", "settlement", "grade",
    "disposition", "note",
)  # fmt: skip
PLAIN = ("id", "order_id", "order_number", "status", "kind", "channel", "method", "opened_at", "quote_id", "version")


def list_returns(call: Call) -> ReturnPage:
    """Returns, newest first."""
    found = browse_records.returns(call.app, call.shop, cursor=call.query("cursor"), limit=limit(call))
    return ReturnPage(items=[_told(one) for one in found.items], next_cursor=found.cursor)


def get_return(call: Call) -> models.Return:
    """One return."""
    return _now(call, call.path("rma"))


def open_one(call: Call, unit: Unit, asked: NewReturn) -> models.Return:
    """Open a return: 409 when the money is not what the quote showed, or nothing of it may come back."""
    wish = Wish(
        order_id=asked.order_id,
        items=[item.model_dump(mode="json") for item in asked.items],
        method=asked.method,
        quote_id=asked.quote_id,
        channel=asked.channel,
    )
    found = opened_with(call.app, unit, wish=wish, actor=call.actor)
    return _told(follow_return.standing_of(unit, found))


def approve(call: Call, asked: Reason) -> models.Return:
    """Say yes to a return that waits for a decision."""
    return _decided(call, decide_return.approve, why=asked.why)


def decline(call: Call, asked: NeededReason) -> models.Return:
    """Say no to a return that waits for a decision, and why."""
    return _decided(call, decide_return.decline, why=asked.why)


def label_one(call: Call, asked: GivenLabel) -> models.Return:
    """Give the parcel of a return its label, or another one, while it is still to be sent."""
    return_id, actor = call.path("rma"), call.actor
    found = give_label(call.app, call.shop, return_id=return_id, address=asked.label, actor=actor, key=call.key)
    return _now(call, found.id)


def cancel_one(call: Call, asked: Reason) -> models.Return:
    """Cancel a return of which nothing was sent or given yet."""
    return _decided(call, cancel, why=asked.why)


def grade(call: Call, asked: Inspected) -> Graded:
    """What would be paid for goods in these conditions; nothing is done yet, the quote is kept."""
    made = receive_return.preview(call.app, call.shop, return_id=call.path("rma"), inspections=looked(asked))
    quote = Quote.model_validate(made.document) if made else None
    return Graded(quote_id=made.id if made else None, quote=quote)


def receive(call: Call, asked: Arrived) -> models.Return:
    """Take goods in as they were graded, and begin the settlement that the quote showed."""
    found = receive_return.receive(
        call.app,
        call.shop,
        return_id=call.path("rma"),
        inspections=looked(asked),
        quote_id=asked.quote_id,
        actor=call.actor,
        key=call.key,
    )
    return _now(call, found.id)


def settle(call: Call, asked: Settled) -> models.Return:
    """Answer for a leg that waits for a person: it was paid by hand, or it is to be sent again."""
    return_id = call.path("rma")
    if asked.leg not in {leg.key for leg in follow_return.standing(call.app, call.shop, return_id=return_id).legs}:
        raise NotFound("This return has no such leg.")
    if asked.act == "paid_by_hand":
        answer_leg.paid_by_hand(
            call.app,
            call.shop,
            leg_key=asked.leg,
            actor=call.actor,
            note=asked.note,
            key=call.key,
            refund_id=asked.refund_id,
        )
    else:
        answer_leg.try_again(call.app, call.shop, leg_key=asked.leg, actor=call.actor, key=call.key, why=asked.note)
    return _now(call, return_id)


def _decided(call: Call, decide: Callable[..., Return], *, why: str) -> models.Return:
    found = decide(call.app, call.shop, return_id=call.path("rma"), actor=call.actor, why=why, key=call.key)
    return _now(call, found.id)


def _now(call: Call, return_id: str) -> models.Return:
    return _told(follow_return.standing(call.app, call.shop, return_id=return_id))


def _told(standing: Standing) -> models.Return:
    found, label = standing.found, label_to_use(standing.found)
    return models.Return(
        **{name: getattr(found, name) for name in PLAIN},
        label=label.address if label else None,
        groups=[_group(group, standing.digits) for group in found.groups],
        legs=[_leg(leg) for leg in standing.legs],
    )


def _group(group: UnitGroup, digits: int) -> models.Group:
    money = {name: format_amount(getattr(group, name), digits) for name in ("amount", "tax")}
    return models.Group.model_validate({name: getattr(group, name) for name in GROUP} | money)


def _leg(leg: Leg) -> models.Leg:
    receipt: Mapping[str, object] = leg.receipt or {}
    return models.Leg(
        key=leg.key,
        kind=leg.kind,
        amount=format_amount(leg.amount, leg.digits),
        currency=leg.currency,
        state=leg.state,
        reference=str(receipt["reference"]) if receipt.get("reference") else None,
    )


def looked(asked: Inspected) -> Sequence[Inspection]:
    """What was found, as use cases take it."""
    return [
        Inspection(one.group_id, outcome=one.outcome, grade=one.grade, note=one.note, quantity=one.quantity)
        for one in asked.inspections
    ]


list_returns_endpoint = reading(list_returns, scope=READ)
get_return_endpoint = reading(get_return, scope=READ)
open_one_endpoint = writing_whole(open_one, model=NewReturn, scope=WRITE, status=201)
ACTS = {
    "approve": writing(approve, model=Reason, scope=WRITE),
    "decline": writing(decline, model=NeededReason, scope=WRITE),
    "label": writing(label_one, model=GivenLabel, scope=WRITE),
    "cancel": writing(cancel_one, model=Reason, scope=WRITE),
    "grade": writing(grade, model=Inspected, scope=WRITE),
    "receive": writing(receive, model=Arrived, scope=WRITE),
    "settle": writing(settle, model=Settled, scope=WRITE),
}
"""What can be done to a return, by the last part of its address."""

routes = [
    Route(f"{HOME}/returns", list_returns_endpoint, methods=["GET"]),
    Route(f"{HOME}/returns", open_one_endpoint, methods=["POST"], name="open_return"),
    Route(f"{HOME}/returns/{{rma}}", get_return_endpoint, methods=["GET"]),
    *(
        Route(f"{HOME}/returns/{{rma}}/{name}", endpoint, methods=["POST"], name=f"{name}_return")
        for name, endpoint in ACTS.items()
    ),
]
