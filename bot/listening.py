"""Hearing what a typed text says at this point: the pending question first, then anything that fits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.conversation import Question
from bot.extract import Slots, postcode_of, whole_number
from bot.questions import Scene
from bot.understand import Reading, understand

ALIKE = 88
SHORT_WORDS = 5
ORDER = Question("order_number")
PROOF = Question("proof")

MEANINGS = {
    "talk_to_human": "human",
    "start_return": "menu:start_return",
    "start_exchange": "menu:start_return",
    "report_defect": "menu:start_return",
    "wrong_item": "menu:start_return",
    "size_fit": "menu:start_return",
    "changed_mind": "menu:start_return",
    "return_status": "menu:return_status",
    "check_policy": "menu:check_policy",
    "thanks_bye": "done",
}
"""What each intent does when no pending question has a use for the text."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text came to: slots that it fills, or the choice that it stands for."""

    choice: str = ""
    fills: tuple[tuple[Question, str], ...] = ()


Listener = Callable[[Scene, str, Reading], Heard | None]


def listen(scene: Scene, text: str) -> Heard | None:
    """What the text says, None when nothing was understood; the first listener that hears something is believed."""
    reading = understand(text, scene.conversation.language)
    heard = (listener(scene, text, reading) for listener in LISTENERS)
    return next((one for one in heard if one is not None), None)


def _answer(scene: Scene, text: str, reading: Reading) -> Heard | None:
    """Yes or no, a number or a reason, when that was asked."""
    asked = scene.conversation.asked
    answers = {"affirm": "confirm:yes", "deny": "confirm:no"}
    if asked == Question("confirm") and reading.intent in answers:
        return Heard(choice=answers[reading.intent])
    number = whole_number(text)
    if number is not None and asked is not None and asked.slot not in ("order_number", "proof"):
        return _numbered(scene, number, asked)
    if asked is not None and asked.slot == "reason" and reading.reason:
        return Heard(choice=f"reason:{reading.reason}")
    return None


def _numbered(scene: Scene, number: int, asked: Question) -> Heard | None:
    offers = scene.conversation.offers
    if asked.slot == "quantity":
        wanted = f"quantity:{number}"
        return Heard(choice=wanted) if wanted in {offer.id for offer in offers} else None
    return Heard(choice=offers[number - 1].id) if 0 < number <= len(offers) else None


def _label(scene: Scene, text: str, _: Reading) -> Heard | None:
    """A button's words, typed."""
    if len(text.split()) > SHORT_WORDS:
        return None
    scored = [
        (fuzz.ratio(text.casefold().strip(), offer.label.casefold()), offer.id) for offer in scene.conversation.offers
    ]
    score, choice = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return Heard(choice=choice) if score >= ALIKE else None


def _order(scene: Scene, text: str, reading: Reading) -> Heard | None:
    """An order number, an e-mail address or a postcode, at any time; a new number means another order."""
    conversation = scene.conversation
    fills = tuple(_order_fills(reading.slots, text, asked=conversation.asked))
    if conversation.order_id is not None and ORDER not in dict(fills):
        return None
    return Heard(fills=fills) if fills else None


def _order_fills(slots: Slots, text: str, *, asked: Question | None) -> Iterator[tuple[Question, str]]:
    if slots.order_number and not (asked == PROOF and text.strip() == slots.order_number):
        yield ORDER, slots.order_number
    proof = slots.email or slots.postcode or (postcode_of(text) if asked == PROOF else None)
    if proof:
        yield PROOF, proof


def _meaning(_: Scene, _text: str, reading: Reading) -> Heard | None:
    wanted = MEANINGS.get(reading.intent)
    return Heard(choice=wanted) if wanted else None


LISTENERS: tuple[Listener, ...] = (_answer, _label, _order, _meaning)
"""Who listens, in this order: a button's words before anything else that they might mean."""
