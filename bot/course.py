"""Which flow goes on: the one on top, what it interrupted once it has ended, the menu when nothing is left."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.flows import (
    call_off_order,
    call_off_return,
    label_trouble,
    open_return,
    order_status,
    recalls,
    return_status,
    shop_rules,
    store_credit,
    where_to_return,
)
from bot.flows.proving import prove
from bot.questions import Scene
from bot.replies import Message
from bot.speech import END, MENU, Ended, Turn, asked


class Flow(Struct, frozen=True):
    """What a shopper may come for: how it goes on, and whether it needs a proved order."""

    go_on: Callable[..., Turn | Ended]
    needs_order: bool


FLOWS: Mapping[str, Flow] = {
    "start_return": Flow(open_return.go_on, needs_order=True),
    "return_status": Flow(return_status.go_on, needs_order=True),
    "order_status": Flow(order_status.go_on, needs_order=True),
    "check_policy": Flow(shop_rules.go_on, needs_order=False),
    "where_to_return": Flow(where_to_return.go_on, needs_order=False),
    "store_credit": Flow(store_credit.go_on, needs_order=False),
    "recall_question": Flow(recalls.go_on, needs_order=False),
    "label_problem": Flow(label_trouble.go_on, needs_order=True),
    "cancel_return": Flow(call_off_return.go_on, needs_order=True),
    "cancel_order": Flow(call_off_order.go_on, needs_order=True),
}
"""Every flow by the intent that begins it."""


def begin(scene: Scene, name: str, *messages: Message) -> Turn:
    """Begin a flow over whatever is going on; one that was interrupted is gone back to."""
    below = scene.conversation.flows
    flows = below[: below.index(name) + 1] if name in below else (*below, name)
    return go_on(scene.having(flows=flows), *messages)


def go_on(scene: Scene, *messages: Message) -> Turn:
    """The next turn of the flow on top."""
    flow = FLOWS.get(scene.conversation.flow or "")
    if flow is None:
        return asked(scene, MENU, *messages)
    if flow.needs_order and scene.conversation.order_id is None:
        return prove(scene, *messages)
    return settled(scene, flow.go_on(scene, *messages))


def settled(scene: Scene, came: Turn | Ended) -> Turn:
    """What a flow came to; after one that ended, what it interrupted asks its question again."""
    if isinstance(came, Turn):
        return came
    flows, ended = scene.conversation.flows[:-1], scene.conversation.flow
    offers_person = came.for_a_person and not scene.conversation.handed_over
    scene = scene.having(flows=flows, topic=ended, person_offered=offers_person)
    if offers_person:
        came = replace(came, messages=(*came.messages, Message("person_can_help", {"shop": scene.facts.shop_name})))
    if not scene.conversation.flows:
        return asked(scene, END, *came.messages, card=came.card)
    turn = go_on(scene, *came.messages)
    return replace(turn, card=turn.card or came.card)
