"""A person takes over: asked for, offered after two misses, or for what the assistant cannot do."""

from dataclasses import replace

from bot.effects import HandOver
from bot.questions import Scene
from bot.replies import Message
from bot.speech import END, Turn, again, asked

PATIENCE = 2


def hand_over(scene: Scene) -> Turn:
    """Pass the conversation on; the shopper may go on talking meanwhile."""
    topic = scene.conversation.topic or scene.conversation.flow or "other"
    shop = {"shop": scene.facts.shop_name}
    turn = asked(scene.having(handed_over=True), END, Message("handed_over", shop))
    return replace(turn, outcome={"kind": "handed_over", "topic": topic}, effect=HandOver(topic))


def offer(scene: Scene, topic: str) -> Turn:
    """What only a person can do: say so and offer one."""
    scene = scene.having(topic=topic, person_offered=True)
    return again(scene, Message("not_mine", {"shop": scene.facts.shop_name}))


def missed(scene: Scene) -> Turn:
    """Not understood: said differently the second time, with a person offered unasked; who has one is not bothered."""
    if scene.conversation.handed_over:
        return again(scene, Message("noted"))
    misses = scene.conversation.misses + 1
    if misses < PATIENCE:
        return again(scene.having(misses=misses), Message("missed"))
    shop = {"shop": scene.facts.shop_name}
    return again(scene.having(misses=misses, person_offered=True), Message("missed_again", shop))
