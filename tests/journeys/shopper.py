"""A shopper who knows what they want, and answers every question of the assistant with a choice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.follow_return import view
from domain.returns import Return
from tests.shops import TestShop

MOST_TURNS = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to come of one line: how many units, why, what for; `variant_id` is what is wanted instead."""

    line_id: str
    quantity: int
    reason: str
    resolution: str
    variant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """What a shopper comes for."""

    number: str
    proof: str
    wishes: tuple[Wish, ...]

    def of(self, line_id: str) -> Wish:
        return next(wish for wish in self.wishes if wish.line_id == line_id)


class Stuck(AssertionError):
    """The assistant did not offer what the shopper came for."""


def ran(demo: TestShop, errand: Errand) -> Return:
    """The return that the errand came to; raises Stuck."""
    turn: Any = converse.start(demo.app, demo.shop, language=None, address=errand.number)
    talk = Talk(turn["conversation"], errand.number)
    for _ in range(MOST_TURNS):
        if turn["outcome"]:
            break
        turn = converse.say(demo.app, demo.shop, talk=talk, heard=_answer(turn, errand))
    if (turn["outcome"] or {}).get("kind") != "return_opened":
        raise Stuck([message["text"] for message in turn["messages"]])
    return view(demo.app, demo.shop, return_id=turn["outcome"]["return"]).found


def is_as_wished(found: Return, errand: Errand) -> bool:
    """Whether a return is of exactly these lines, units, resolutions and variants."""
    came = {
        (group.line_id, group.quantity, group.resolution, (group.exchange_for or {}).get("variant_id"))
        for group in found.groups
    }
    return came == {(wish.line_id, wish.quantity, wish.resolution, wish.variant_id) for wish in errand.wishes}


def _answer(turn: Mapping[str, Any], errand: Errand) -> Heard:
    ask = turn["ask"]
    if ask["slot"] not in ANSWERS:
        raise Stuck([message["text"] for message in turn["messages"]])
    heard = ANSWERS[ask["slot"]](ask, errand)
    offered = {choice["id"] for choice in ask["choices"] if not choice["disabled"]}
    if not set(heard.choices) <= offered:
        raise Stuck(f"{sorted(set(heard.choices) - offered)} is not offered: {sorted(offered)}")
    return heard


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Errand], Heard]] = {
    "menu": lambda _, errand: Heard(choices=("menu:start_return",)),
    "order_number": lambda _, errand: Heard(text=errand.number),
    "proof": lambda _, errand: Heard(text=errand.proof),
    "items": lambda _, errand: Heard(choices=tuple(f"item:{wish.line_id}" for wish in errand.wishes)),
    "quantity": lambda ask, errand: Heard(choices=(f"quantity:{errand.of(ask['for']).quantity}",)),
    "reason": lambda ask, errand: Heard(choices=(f"reason:{errand.of(ask['for']).reason}",)),
    "resolution": lambda ask, errand: Heard(choices=(f"resolution:{errand.of(ask['for']).resolution}",)),
    "variant": lambda ask, errand: Heard(choices=(f"variant:{errand.of(ask['for']).variant_id}",)),
    "method": lambda ask, errand: Heard(choices=(ask["choices"][0]["id"],)),
    "confirm": lambda ask, errand: Heard(choices=("confirm:yes",)),
}
"""What is answered to each question."""
