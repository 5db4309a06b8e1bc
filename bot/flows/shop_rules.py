"""What the shop's policy says, in a few sentences."""

from collections.abc import Iterator

from bot.questions import Scene
from bot.replies import Message, label
from bot.speech import Card, Ended


def go_on(scene: Scene, *messages: Message) -> Ended:
    """The window, what can be had, and the ways back; every figure is the policy's."""
    card = Card("policy", {"days": scene.facts.policy.days})
    return Ended((*messages, *_rules(scene)), card=card)


def _rules(scene: Scene) -> Iterator[Message]:
    policy = scene.facts.policy
    yield Message("policy_window", {"days": str(policy.days)})
    yield Message("policy_resolutions", {"resolutions": _named(scene, "resolution", policy.resolutions)})
    if policy.bonus_percent.strip("0."):
        yield Message("policy_bonus", {"percent": policy.bonus_percent})
    yield Message("policy_methods", {"methods": _named(scene, "method", policy.methods)})


def _named(scene: Scene, kind: str, codes: tuple[str, ...]) -> str:
    return ", ".join(label(f"{kind}:{code}", scene.translate) for code in codes)
