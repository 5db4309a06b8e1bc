"""What the shop's policy says: all in a few sentences, or just what was asked of it."""

from collections.abc import Callable, Iterator, Mapping

from bot.buttons import label
from bot.questions import Scene
from bot.replies import Message
from bot.speech import Card, Ended

Told = Callable[[Scene], Iterator[Message]]


def go_on(scene: Scene, *messages: Message) -> Ended:
    """What was asked, else the window, what can be had, what it costs, the ways back; all figures are the policy's."""
    told = RULES.get(scene.conversation.about or "", _everything)
    return Ended((*messages, *told(scene)), card=Card("policy", {"days": scene.facts.policy.days}))


def contact(scene: Scene) -> Iterator[Message]:
    """How the shop is reached, where it says so."""
    if scene.facts.contact:
        yield Message("contact", {"shop": scene.facts.shop_name, "contact": scene.facts.contact})


def ways(scene: Scene) -> Iterator[Message]:
    """The ways in which goods may come back."""
    yield Message("policy_methods", {"methods": _named(scene, "method", scene.facts.policy.methods)})


def _everything(scene: Scene) -> Iterator[Message]:
    for told in (_window, _resolutions, _fees, ways):
        yield from told(scene)


def _window(scene: Scene) -> Iterator[Message]:
    policy = scene.facts.policy
    yield Message(f"window_{policy.starts}", {"days": str(policy.days)})


def _resolutions(scene: Scene) -> Iterator[Message]:
    policy = scene.facts.policy
    yield Message("policy_resolutions", {"resolutions": _named(scene, "resolution", policy.resolutions)})
    if policy.bonus_percent.strip("0."):
        yield Message("policy_bonus", {"percent": scene.facts.percent(policy.bonus_percent)})


def _fees(scene: Scene) -> Iterator[Message]:
    policy = scene.facts.policy
    costs = policy.restocking_percent.strip("0.") != ""
    if policy.return_fee is not None:
        yield Message("fee", {"amount": scene.facts.money(policy.return_fee)})
    if costs:
        yield Message("fee_restocking", {"percent": scene.facts.percent(policy.restocking_percent)})
    if policy.return_fee is None and not costs:
        yield Message("fee_none")
    elif policy.waives_faults:
        yield Message("fee_waived")


def _postage(scene: Scene) -> Iterator[Message]:
    label_by = scene.facts.policy.label
    if label_by:
        yield Message(f"postage_{label_by}")
    else:
        yield Message("postage_unsaid", {"shop": scene.facts.shop_name})
        yield from contact(scene)
    yield from _fees(scene)


def _timing(scene: Scene) -> Iterator[Message]:
    yield Message(f"timing_{scene.facts.policy.settle_on}")
    yield Message("timing_bank")


def _conditions(scene: Scene) -> Iterator[Message]:
    yield from _window(scene)
    yield from _final_sale(scene)
    yield Message("conditions_by_item")


def _final_sale(scene: Scene) -> Iterator[Message]:
    yield Message("final_sale_some") if scene.facts.policy.has_final_sale else Message("final_sale_none")


def _withdrawal(_scene: Scene) -> Iterator[Message]:
    """Directive 2011/83/EU, article 9, and the United Kingdom's SI 2013/3134: 14 days, no reason."""
    yield Message("withdrawal")


def _named(scene: Scene, kind: str, codes: tuple[str, ...]) -> str:
    return ", ".join(label(f"{kind}:{code}", scene.translate) for code in codes)


RULES: Mapping[str, Told] = {
    "window": _window,
    "resolutions": _resolutions,
    "fees": _fees,
    "postage": _postage,
    "timing": _timing,
    "conditions": _conditions,
    "final_sale": _final_sale,
    "withdrawal": _withdrawal,
    "methods": ways,
}
"""What is said about each part of the rules."""
