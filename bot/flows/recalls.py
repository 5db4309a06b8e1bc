"""A question about a recall: it is about safety, so that only the shop answers it."""

from bot.flows.shop_rules import contact
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """Who knows, and what to do until they have answered."""
    return Ended((*messages, Message("recall", {"shop": scene.facts.shop_name}), *contact(scene)), for_a_person=True)
