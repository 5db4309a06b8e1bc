"""A person takes over: asked for, offered after two misses, or for what the assistant cannot do."""

from msgspec.structs import replace

from bot.conversation import Conversation
from bot.effects import HandOver
from bot.flows.shop_rules import contact
from bot.questions import Scene
from bot.replies import Message
from bot.speech import END, Turn, again, asked

PATIENCE = 2
OUTSIDE = "out_of_scope"


def hand_over(scene: Scene) -> Turn:
    """Pass the conversation on; the shopper may go on talking meanwhile."""
    topic = topic_of(scene.conversation)
    return passed_on(scene, topic, Message("handed_over", {"shop": scene.facts.shop_name}))


def passed_on(scene: Scene, topic: str, *messages: Message) -> Turn:
    """Have a person look at the conversation, about this."""
    turn = asked(scene.having(handed_over=True), END, *messages)
    return replace(turn, outcome={"kind": "handed_over", "topic": topic}, effect=HandOver(topic))


def offer(scene: Scene, topic: str) -> Turn:
    """What only a person can do: say how the shop is reached, and offer one; who has one is read by them."""
    scene = scene.having(topic=topic)
    if scene.conversation.handed_over:
        return again(scene, Message("noted"))
    shop = {"shop": scene.facts.shop_name}
    told = Message("outside", shop) if topic == OUTSIDE else Message("not_mine", shop)
    return again(scene.having(person_offered=True), told, *contact(scene))


def missed(scene: Scene) -> Turn:
    """Not understood: said differently the second time, with a person offered unasked; who has one is not bothered."""
    if scene.conversation.handed_over:
        return again(scene, Message("noted"))
    misses = scene.conversation.misses + 1
    if misses < PATIENCE:
        return again(scene.having(misses=misses), Message("missed"))
    shop = {"shop": scene.facts.shop_name}
    return again(scene.having(misses=misses, person_offered=True), Message("missed_again", shop))


def topic_of(conversation: Conversation) -> str:
    """What a person is asked about."""
    return conversation.topic or conversation.flow or "other"
