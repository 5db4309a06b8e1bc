"""Trouble with a label: what the parcel needs, and a person for what is left."""

from collections.abc import Iterator

from bot.knowledge import ReturnFact
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Card, Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """What each parcel that is still to be sent needs, the newest as a card; else that there is none."""
    to_send = [one for one in scene.facts.returns if one.to_send]
    if not to_send:
        order = {"order": scene.facts.order_number or ""}
        return Ended((*messages, Message("nothing_to_send", order)), for_a_person=bool(scene.facts.returns))
    told = (message for one in to_send for message in _told(scene, one))
    return Ended((*messages, *told), card=_card(scene, to_send[0]), for_a_person=True)


def _card(scene: Scene, one: ReturnFact) -> Card:
    return Card("label", {"return": one.return_id, "label": scene.facts.policy.label or None, "link": one.link})


def _told(scene: Scene, one: ReturnFact) -> Iterator[Message]:
    by_shop = scene.facts.policy.label == "merchant"
    values = {"rma": one.return_id}
    if one.label:
        yield Message("label_is_here", {**values, "link": one.label})
    else:
        yield Message("label_of_shop", values) if by_shop else Message("label_not_needed", values)
    yield Message("follow", {"link": one.link})
