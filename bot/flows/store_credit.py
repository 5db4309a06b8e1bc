"""Store credit: whether the shop gives it, and what of it was given for the proved order; never a code."""

from collections.abc import Iterator

from bot.flows.proving import prove
from bot.knowledge import CreditFact
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Ended, Turn

OWN = "own_credit"
"""What the rules were asked about when the shopper asks for credit that they got already."""


def go_on(scene: Scene, *messages: Message) -> Turn | Ended:
    """What the rules say of it; who asks for their own proves the order first."""
    if scene.conversation.about == OWN and scene.conversation.order_id is None:
        return prove(scene, *messages)
    told = _own(scene) if scene.conversation.about == OWN or scene.facts.credits else ()
    return Ended((*messages, *_offered(scene), *told))


def _offered(scene: Scene) -> Iterator[Message]:
    policy = scene.facts.policy
    if "store_credit" not in policy.resolutions:
        yield Message("credit_not_offered")
        return
    yield Message("credit_offered")
    if policy.bonus_percent.strip("0."):
        yield Message("policy_bonus", {"percent": scene.facts.percent(policy.bonus_percent)})


def _own(scene: Scene) -> Iterator[Message]:
    if not scene.facts.credits:
        yield Message("credit_none", {"order": scene.facts.order_number or ""})
    for credit in scene.facts.credits:
        yield from _given(scene, credit)


def _given(scene: Scene, credit: CreditFact) -> Iterator[Message]:
    yield Message("credit_given", {"amount": scene.facts.money(credit.amount), "rma": credit.return_id})
    if credit.left is not None:
        yield Message("credit_left", {"amount": scene.facts.money(credit.left)})
