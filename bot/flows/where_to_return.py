"""Where goods go back to: the ways that the shop offers, and its address where it gives one."""

from collections.abc import Iterator

from bot.flows.shop_rules import contact, ways
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Ended

PARCELS = frozenset({"mail", "drop_off"})


def go_on(scene: Scene, *messages: Message) -> Ended:
    """The ways back, and where parcels go; the shop is named where nobody wrote its address down."""
    return Ended((*messages, *_told(scene)))


def _told(scene: Scene) -> Iterator[Message]:
    yield from ways(scene)
    if PARCELS.isdisjoint(scene.facts.policy.methods):
        return
    if scene.facts.return_address:
        yield Message("return_to", {"address": scene.facts.return_address})
    else:
        yield Message("return_to_unsaid", {"shop": scene.facts.shop_name})
        yield from contact(scene)
