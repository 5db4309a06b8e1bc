"""How far the proved order is on its way."""

from bot.questions import Scene
from bot.replies import Message
from bot.speech import Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """The stage of the order, and its day where that is known."""
    facts = scene.facts
    order = {"order": facts.order_number or ""}
    told = [Message(f"order_{facts.stage}", order)]
    if facts.stage_day is not None:
        told.append(Message("order_since", {"day": facts.day(facts.stage_day)}))
    return Ended((*messages, *told))
