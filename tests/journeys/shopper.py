"""A shopper who knows what they want, and answers every question of the assistant with a choice, or in words."""

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


Way = Callable[[Mapping[str, Any], Errand], Heard]


def ran(demo: TestShop, errand: Errand, *, answer: Way | None = None) -> Return:
    """The return that the errand came to, by choices where nothing else answers; raises Stuck."""
    turn: Any = converse.start(demo.app, demo.shop, language=None, address=errand.number)
    talk = Talk(turn["conversation"], errand.number)
    for _ in range(MOST_TURNS):
        if turn["outcome"]:
            break
        turn = converse.say(demo.app, demo.shop, talk=talk, heard=(answer or _answer)(turn, errand))
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
    "fallback": lambda ask, _: Heard(choices=(ask["choices"][0]["id"],)),
    "confirm": lambda ask, errand: Heard(choices=("confirm:yes",)),
}
"""What is answered to each question."""


def in_words(turn: Mapping[str, Any], errand: Errand) -> Heard:
    """The answer to a question, typed as people do."""
    ask = turn["ask"]
    if ask["slot"] not in TYPED:
        raise Stuck([message["text"] for message in turn["messages"]])
    return Heard(text=TYPED[ask["slot"]](ask, errand))


def _labels(ask: Mapping[str, Any], *ids: str) -> str:
    labels = {choice["id"]: choice["label"] for choice in ask["choices"]}
    missing = [one for one in ids if one not in labels]
    if missing:
        raise Stuck(f"{missing} is not offered: {sorted(labels)}")
    return " and ".join(labels[one] for one in ids)


WORDS = {
    "size_too_small": "it is too small for me",
    "style": "it is just not my style",
    "changed_mind": "I changed my mind about it",
    "refund": "I would like my money back",
    "store_credit": "store credit, please",
    "exchange": "I'd rather swap it",
}
"""What shoppers type for reasons and outcomes."""
TYPED: Mapping[str, Callable[[Mapping[str, Any], Errand], str]] = {
    "menu": lambda _, errand: f"Hi, I want to return something from order {errand.number}",
    "order_number": lambda _, errand: f"it is {errand.number}",
    "proof": lambda _, errand: f"my e-mail is {errand.proof}",
    "items": lambda ask, errand: _labels(ask, *(f"item:{wish.line_id}" for wish in errand.wishes)),
    "quantity": lambda ask, errand: f"{errand.of(ask['for']).quantity} of them",
    "reason": lambda ask, errand: WORDS[errand.of(ask["for"]).reason],
    "resolution": lambda ask, errand: WORDS[errand.of(ask["for"]).resolution],
    "variant": lambda ask, errand: _labels(ask, f"variant:{errand.of(ask['for']).variant_id}"),
    "method": lambda ask, _: _labels(ask, ask["choices"][0]["id"]),
    "fallback": lambda _, errand: "store credit then",
    "confirm": lambda _, errand: "yes please",
}
"""What is typed to each question."""
