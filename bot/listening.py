"""Hearing what a typed text says at this point: commands, the pending answer, then all that fits anywhere."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.conversation import Slot, Source
from bot.extract import postcode_beside, postcode_of, whole_numbers
from bot.lexicon import CLAUSE, Lexicon, lexicon, words_of
from bot.mentions import ALIKE, lines_named, variants_like
from bot.questions import Scene, replacements, resolutions
from bot.speech import CONFIRM
from bot.understand import ANSWERS, Reading, understand

SHORT_WORDS = 5
EXACTLY = 100
LISTED = re.compile(r"\s*(?:;|,|&|\band\b)\s*", re.IGNORECASE)
QUESTIONS = frozenset(
    {"return_status", "check_policy", "order_status", "where_to_return", "label_problem", "cancel_return",
     "cancel_order", "talk_to_human", "recall_question"}
)  # fmt: skip
"""Intents whose words say nothing of the draft: "when is my refund coming" does not choose a refund."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text came to: choices that it stands for, or slots that it fills and an intent, or several close ones."""

    choices: tuple[str, ...] = ()
    fills: tuple[Slot, ...] = ()
    intent: str | None = None
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Heard:
    """All that a listener may go by."""

    scene: Scene
    text: str
    reading: Reading
    known: Lexicon

    @property
    def plain(self) -> str:
        """The words alone."""
        return " ".join(word for word in self.reading.words.split() if word != CLAUSE)

    @property
    def asked(self) -> str | None:
        """The slot that was asked."""
        return self.scene.conversation.asked.slot if self.scene.conversation.asked else None


def listen(scene: Scene, text: str) -> Heard | None:
    """What the text says, None when nothing was understood; the first listener that hears something is believed."""
    known = lexicon(scene.conversation.language)
    heard = _Heard(scene=scene, text=text, reading=understand(text, known.language), known=known)
    return next((found for listener in LISTENERS if (found := listener(heard)) is not None), None)


def _command(heard: _Heard) -> Heard | None:
    command = heard.known.commands.get(heard.plain)
    return Heard(choices=(command,)) if command else None


def _yes_or_no(heard: _Heard) -> Heard | None:
    """Yes or no where that was asked: a yes with words that may mean more is none, nor is a no that means more."""
    said = {heard.reading.intent, *heard.reading.alternatives}
    answers = _yes_or_no_to(heard.scene)
    if "affirm" in said and "deny" not in said and set(heard.plain.split()) <= heard.known.yes_words:
        return _choice(answers.get("affirm"))
    if "deny" in said and said <= set(ANSWERS) - {"affirm"} and not any(_draft_slots(heard)):
        return _choice(answers.get("deny"))
    return None


def _choice(choice: str | None) -> Heard | None:
    return Heard(choices=(choice,)) if choice else None


def _yes_or_no_to(scene: Scene) -> Mapping[str, str]:
    """What yes and no mean now; a person that was offered is the last that was asked."""
    if scene.conversation.person_offered:
        return {"affirm": "human", "deny": "no_person"}
    return {"affirm": "confirm:yes", "deny": "confirm:no"} if scene.conversation.asked == CONFIRM else {}


def _numbers(heard: _Heard) -> Heard | None:
    """Numbers of choices, or the quantity itself; a number is no order number, and no yes to a summary."""
    numbers = whole_numbers(heard.text) or _number_in_words(heard)
    offers = heard.scene.conversation.offers
    if not numbers or heard.asked in NOT_NUMBERED:
        return None
    offers = tuple(offer for offer in offers if offer.id not in WAYS)
    if heard.asked == "quantity":
        wanted = f"quantity:{numbers[0]}"
        return Heard(choices=(wanted,)) if wanted in {offer.id for offer in offers} and len(numbers) == 1 else None
    if any(not 0 < number <= len(offers) for number in numbers):
        return None
    return Heard(choices=tuple(offers[number - 1].id for number in numbers))


def _number_in_words(heard: _Heard) -> tuple[int, ...]:
    """ "Two", "the second one": a number, with nothing else that tells."""
    words, numbers = heard.plain.split(), heard.known.numbers
    telling = [word for word in words if word not in heard.known.beside_numbers]
    named = [numbers[word] for word in telling or words if word in numbers]
    return tuple(named) if len(named) == 1 and len(telling) <= 1 else ()


WAYS = frozenset({"back", "human", "done"})
NOT_NUMBERED = frozenset({None, "order_number", "proof", "confirm"})


def _labels(heard: _Heard) -> Heard | None:
    """Buttons' words or others for them, typed: one, or several items in a list."""
    whole = _label(heard, heard.text) or _alias(heard)
    if whole is not None:
        return Heard(choices=(whole,))
    named = [_label(heard, part) for part in LISTED.split(heard.text)] if heard.asked == "items" else []
    found = tuple(choice for choice in named if choice is not None)
    return Heard(choices=found) if len(named) > 1 and len(found) == len(named) else None


def _alias(heard: _Heard) -> str | None:
    choice = heard.known.aliases.get(heard.plain)
    return choice if choice in {offer.id for offer in heard.scene.conversation.offers} else None


def _label(heard: _Heard, text: str) -> str | None:
    """The one offer whose label a short text nearly is."""
    if len(text.split()) > SHORT_WORDS:
        return None
    said = text.casefold().strip(" .!")
    near = [offer.id for offer in heard.scene.conversation.offers if fuzz.ratio(said, offer.label.casefold()) >= ALIKE]
    return near[0] if len(near) == 1 else None


def _change(heard: _Heard) -> Heard | None:
    """ "I want to change the reason": what was answered already is asked again."""
    name = heard.known.value("change", heard.reading.words)
    known = {slot.name for slot in heard.scene.conversation.slots}
    return Heard(choices=(f"change:{name}",)) if name in known else None


def _slots(heard: _Heard) -> Heard | None:
    """Slots that the text fills, with the intent that it has besides."""
    fills = (*_order_slots(heard), *_draft_slots(heard))
    intent = heard.reading.intent
    return Heard(fills=fills, intent=None if intent in NO_FLOW else intent) if fills else None


NO_FLOW = frozenset({"inform", "out_of_scope", "store_credit", *ANSWERS})
"""Intents that begin nothing beside slots: "as store credit, please" is an answer and no question about it."""


def _order_slots(heard: _Heard) -> Iterator[Slot]:
    """An order number, an e-mail address or a postcode, at any time; a new number means another order."""
    slots, conversation = heard.reading.slots, heard.scene.conversation
    is_proof = heard.asked == "proof" and heard.text.strip(" .!") == slots.order_number
    if slots.order_number and not is_proof and slots.order_number != conversation.value("order_number"):
        yield Slot("order_number", slots.order_number, Source.TEXT)
    if conversation.order_id is not None and slots.order_number is None:
        return
    proof = slots.email or slots.postcode or _bare_postcode(heard)
    if proof:
        yield Slot("proof", proof, Source.TEXT)


def _bare_postcode(heard: _Heard) -> str | None:
    """A postcode alone where one was asked, or beside the order number in a text that holds nothing else."""
    if heard.asked == "proof":
        return postcode_of(heard.text)
    number = heard.reading.slots.order_number
    return postcode_beside(heard.text, number) if number else None


def _draft_slots(heard: _Heard) -> Iterator[Slot]:
    """Items, quantity, reason, resolution, method and variant, said of the line that the talk is about."""
    if heard.reading.intent in QUESTIONS:
        return
    yield from _item(heard)
    line_id = _line(heard)
    for name, value in _values(heard, line_id):
        if value is not None:
            yield Slot(name, value, Source.TEXT, None if name == "method" else line_id)
    yield from _variant(heard, line_id)


def _item(heard: _Heard) -> Iterator[Slot]:
    """The item that is named; one that stood alone is replaced by it."""
    conversation, facts = heard.scene.conversation, heard.scene.facts
    if len(conversation.line_ids) > 1:
        return
    if heard.asked == "items" and heard.plain in heard.known.everything:
        yield from (Slot("items", line.line_id, Source.TEXT) for line in facts.lines if line.returnable)
        return
    for line_id in lines_named(facts, heard.plain.split(), heard.known):
        if line_id not in conversation.line_ids:
            yield Slot("items", line_id, Source.TEXT)


def _line(heard: _Heard) -> str | None:
    """The picked line that a text is about: named, asked, the only one, or the last that was talked of."""
    conversation = heard.scene.conversation
    named = lines_named(heard.scene.facts, heard.plain.split(), heard.known)
    asked = conversation.asked.line_id if conversation.asked else None
    lately = [slot.line_id for slot in reversed(conversation.slots) if slot.line_id]
    likely = (*named, asked, *lately, *conversation.line_ids)
    return next((line_id for line_id in likely if line_id in conversation.line_ids), None)


def _values(heard: _Heard, line_id: str | None) -> Iterator[tuple[str, str | None]]:
    facts, words = heard.scene.facts, heard.reading.words
    yield "quantity", _quantity(heard, line_id)
    yield "reason", heard.reading.reason
    yield "resolution", _resolution(heard, line_id)
    method = heard.known.value("method", words)
    yield "method", method if method in facts.policy.methods else None


def _quantity(heard: _Heard, line_id: str | None) -> str | None:
    """A number of pieces; every number when that was asked."""
    line, said = heard.scene.facts.line(line_id), heard.reading.slots.quantity
    if said is None and heard.asked == "quantity":
        said = line.returnable if line and heard.plain in heard.known.everything else _only_number(heard)
    is_possible = said is not None and said > 0 and (line is None or said <= line.returnable)
    return str(said) if is_possible else None


def _only_number(heard: _Heard) -> int | None:
    """The number in a sentence that has one."""
    words = heard.plain.split()
    numbers = [int(word) if word.isdecimal() else heard.known.numbers.get(word) for word in words]
    told = [number for number in numbers if number is not None]
    return told[0] if len(told) == 1 else None


def _resolution(heard: _Heard, line_id: str | None) -> str | None:
    """What is wanted instead of the goods; "refund" alone says only that something shall come back."""
    value = heard.known.value("resolution", heard.reading.words)
    if line_id is None:
        return value if value != "refund" else None
    return value if value in resolutions(heard.scene.facts, line_id) else None


def _variant(heard: _Heard, line_id: str | None) -> Iterator[Slot]:
    """A size or colour: the variant of a swap, kept for later while no item is picked."""
    slots, conversation, facts = heard.reading.slots, heard.scene.conversation, heard.scene.facts
    named = {name: value for name, value in (("size", slots.size), ("color", slots.color)) if value}
    if line_id is None:
        yield from (Slot(name, value, Source.TEXT) for name, value in named.items())
        return
    if conversation.value("resolution", line_id) != "exchange":
        return
    hints = tuple(named.values()) or _words_of_variants(heard, line_id)
    found = variants_like(facts, line_id, hints=hints) if hints else ()
    if len(found) == 1 and found[0] != conversation.value("variant", line_id):
        yield Slot("variant", found[0], Source.TEXT, line_id)


def _words_of_variants(heard: _Heard, line_id: str) -> tuple[str, ...]:
    """The words of a short text that stand in the titles of variants."""
    titles = {word for variant in replacements(heard.scene.facts, line_id) for word in words_of(variant.title)}
    said = heard.plain.split()
    return tuple(word for word in said if word in titles) if len(said) <= SHORT_WORDS else ()


def _meaning(heard: _Heard) -> Heard | None:
    reading = heard.reading
    if reading.intent in UNANSWERED:
        return None
    return Heard(intent=reading.intent, close=reading.close)


UNANSWERED = frozenset({"inform", "out_of_scope", "affirm", "deny"})
"""Intents that mean nothing by themselves."""

LISTENERS: tuple[Callable[[_Heard], Heard | None], ...] = (
    _command,
    _yes_or_no,
    _numbers,
    _labels,
    _change,
    _slots,
    _meaning,
)
"""Who listens, in this order: the pending question before anything else that a text might mean."""
