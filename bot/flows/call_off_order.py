"""Calling off an order: before it is shipped the shop is asked to, afterwards it may come back."""

from bot.conversation import Conversation
from bot.flows.hand_over import passed_on
from bot.questions import Scene
from bot.replies import Message
from bot.speech import CONFIRM, Ended, Turn, asked

TOPIC = "cancel_order"


def go_on(scene: Scene, *messages: Message) -> Turn | Ended:
    """Ask for the last word while nothing of it has been shipped."""
    order = {"order": scene.facts.order_number or ""}
    if scene.facts.stage == "cancelled":
        return Ended((*messages, Message("order_cancelled", order)))
    if scene.facts.stage != "not_shipped":
        return Ended((*messages, Message("too_late_to_cancel", order)))
    return asked(scene, CONFIRM, *messages)


def is_ready(conversation: Conversation) -> bool:
    """Whether a yes has something to cancel."""
    return conversation.order_id is not None


def confirmed(scene: Scene) -> Turn:
    """Pass it on to the shop, which cancels orders itself: no channel of ours can."""
    values = {"shop": scene.facts.shop_name, "order": scene.facts.order_number or ""}
    flows = scene.conversation.flows[:-1]
    return passed_on(scene.having(flows=flows, topic=TOPIC), TOPIC, Message("cancel_asked", values))
