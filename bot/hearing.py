"""Slots that a typed text fills, wherever the conversation stands."""

from collections.abc import Iterator

from msgspec import Struct

from bot.conversation import Slot, Source
from bot.extract import (
    listed,
    named_order_number,
    number_or_year,
    postcode_beside,
    postcode_of,
    without_addresses,
)
from bot.knowledge import Facts
from bot.lexicon import Lexicon
from bot.mentions import closest, lines_named, titles_said, variants_like
from bot.questions import Scene, replacements, resolutions
from bot.spelling import BORDER, words_of
from bot.understand import Reading

SHORT_WORDS = 5
QUESTIONS = frozenset(
    {"return_status", "check_policy", "order_status", "where_to_return", "label_problem", "cancel_return",
     "cancel_order", "talk_to_human", "recall_question"}
)  # fmt: skip
"""Intents whose words say nothing of the draft: "when is my refund coming" does not choose a refund."""
NOT_DECLARED = frozenset({"check_policy", "cancel_return"})
"""Who means one of these speaks of withdrawing and does not withdraw: "until when", "I withdraw my return"."""


class Hearing(Struct, frozen=True):
    """All that a listener may go by."""

    scene: Scene
    text: str
    reading: Reading
    known: Lexicon

    @property
    def plain(self) -> str:
        """The words alone."""
        between = " " if self.known.writing.is_spaced else ""
        return between.join(self.reading.words.replace(BORDER, " ").split())

    @property
    def said(self) -> frozenset[str]:
        """Each word, those of another script as well where words stand without spaces between them."""
        return frozenset((*self.plain.split(), *words_of(self.text)))

    @property
    def asked(self) -> str | None:
        """The slot that was asked."""
        return self.scene.conversation.asked.slot if self.scene.conversation.asked else None


def order_slots(heard: Hearing) -> Iterator[Slot]:
    """An order number, an e-mail address or a postcode, at any time; a new number means another order."""
    slots, conversation = heard.reading.slots, heard.scene.conversation
    is_proved = conversation.order_id is not None
    number = named_order_number(heard.text) if is_proved else slots.order_number or _number_asked_for(heard)
    is_another = bool(number) and not _is_postcode(heard, number) and number != conversation.value("order_number")
    if number and is_another:
        yield Slot("order_number", number, Source.TEXT)
    if is_proved and number is None:
        return
    bare = None if is_another and heard.asked == "proof" else _bare_postcode(heard)
    proof = slots.email or slots.postcode or bare
    if proof:
        yield Slot("proof", proof, Source.TEXT)


def _number_asked_for(heard: Hearing) -> str | None:
    """A number that could be a year, where that of an order was asked for."""
    return number_or_year(heard.text) if heard.asked == "order_number" else None


def _is_postcode(heard: Hearing, number: str | None) -> bool:
    """Whether what looks like the number of an order is the postcode that was asked for: "D-10115 Berlin"."""
    return heard.asked == "proof" and (number or "").endswith(_bare_postcode(heard) or BORDER)


def _bare_postcode(heard: Hearing) -> str | None:
    """A postcode alone where one was asked, or beside the order number in a text that holds nothing else."""
    if heard.asked == "proof":
        return postcode_of(without_addresses(heard.text).strip(" ,;"))
    number = heard.reading.slots.order_number
    return postcode_beside(heard.text, number) if number else None


def draft_slots(heard: Hearing) -> Iterator[Slot]:
    """Items, quantity, reason, resolution, method and variant, said of the line that the talk is about."""
    kind = heard.reading.kind
    if kind and heard.reading.intent not in NOT_DECLARED:
        yield Slot("kind", kind, Source.TEXT)
    elif heard.reading.intent in QUESTIONS and not picks_by_title(heard):
        return
    if heard.asked == "fallback":
        yield from _fallback(heard)
        return
    yield from _item(heard)
    line_id = _line(heard)
    for name, value in _values(heard, line_id):
        if value is not None:
            yield Slot(name, value, Source.TEXT, None if name == "method" else line_id)
    yield from _variant(heard, line_id)


def _fallback(heard: Hearing) -> Iterator[Slot]:
    """What is wanted if the swap comes to nothing, where that was asked."""
    value = heard.known.value("resolution", heard.reading.words)
    if value in heard.scene.facts.fallbacks:
        yield Slot("fallback", value, Source.TEXT)


def _item(heard: Hearing) -> Iterator[Slot]:
    """The item that is named: instead of one that stood alone, or beside it."""
    conversation, facts = heard.scene.conversation, heard.scene.facts
    if len(conversation.line_ids) > 1:
        return
    if heard.asked == "items" and heard.plain in heard.known.everything:
        yield from (Slot("items", line.line_id, Source.TEXT) for line in facts.lines if line.returnable)
        return
    for line_id in _named(heard):
        if line_id not in conversation.line_ids:
            yield Slot("items", line_id, Source.TEXT)


def line_refused(heard: Hearing) -> str | None:
    """The line that a text names and that cannot come back."""
    facts = heard.scene.facts
    whole = titles_said(facts, heard.text, able=False)
    named = whole or lines_named(facts, heard.said, heard.known, able=False)
    return named[0] if len(named) == 1 else None


def picks_by_title(heard: Hearing) -> bool:
    """Whether items were asked for and are named by their whole titles, whatever their words mean otherwise."""
    return heard.asked == "items" and bool(titles_said(heard.scene.facts, heard.text))


def _named(heard: Hearing) -> tuple[str, ...]:
    """The lines that a text names: each part of a list its own, where items were asked for."""
    facts, known = heard.scene.facts, heard.known
    if heard.asked != "items":
        return lines_named(facts, heard.said, known)
    whole = titles_said(facts, heard.text)
    if whole:
        return whole
    parts = [words_of(part) for part in listed(heard.text)]
    several = [line_id for words in parts for line_id in lines_named(facts, known.text(words).split(), known)]
    return tuple(dict.fromkeys(several)) or lines_named(facts, heard.said, known)


def _line(heard: Hearing) -> str | None:
    """The picked line that a text is about: named, asked, the only one, or the last that was talked of."""
    conversation = heard.scene.conversation
    named = lines_named(heard.scene.facts, heard.said, heard.known)
    asked = conversation.asked.line_id if conversation.asked else None
    lately = [slot.line_id for slot in reversed(conversation.slots) if slot.line_id]
    likely = (*named, asked, *lately, *conversation.line_ids)
    return next((line_id for line_id in likely if line_id in conversation.line_ids), None)


def _values(heard: Hearing, line_id: str | None) -> Iterator[tuple[str, str | None]]:
    facts, words = heard.scene.facts, heard.reading.words
    yield "quantity", _quantity(heard, line_id)
    yield "reason", heard.reading.reason
    yield "resolution", _resolution(heard, line_id)
    method = heard.known.value("method", words)
    yield "method", method if method in facts.policy.methods else None


def _quantity(heard: Hearing, line_id: str | None) -> str | None:
    """A number of pieces; every number when that was asked."""
    line, said = heard.scene.facts.line(line_id), heard.reading.slots.quantity
    if said is None and heard.asked == "quantity":
        said = line.returnable if line and heard.plain in heard.known.everything else _only_number(heard)
    is_possible = said is not None and said > 0 and (line is None or said <= line.returnable)
    return str(said) if is_possible else None


def _only_number(heard: Hearing) -> int | None:
    """The number in a sentence that has one."""
    words = heard.plain.split()
    numbers = [int(word) if word.isdecimal() else heard.known.numbers.get(word) for word in words]
    told = [number for number in numbers if number is not None]
    return told[0] if len(told) == 1 else None


def _resolution(heard: Hearing, line_id: str | None) -> str | None:
    """What is wanted instead of the goods; "refund" alone says only that something shall come back."""
    value = heard.known.value("resolution", heard.reading.words)
    if line_id is None:
        return value if value != "refund" else None
    return value if value in resolutions(heard.scene.facts, line_id) else None


def _variant(heard: Hearing, line_id: str | None) -> Iterator[Slot]:
    """A size or colour: the variant of a swap, kept for later while no item is picked."""
    slots, conversation, facts = heard.reading.slots, heard.scene.conversation, heard.scene.facts
    named = {name: value for name, value in (("size", slots.size), ("color", slots.color)) if value}
    if line_id is None:
        of_items = {word for one in _named(heard) for word in _title_words(facts, one)}
        wanted = {name: value for name, value in named.items() if value.casefold() not in of_items}
        yield from (Slot(name, value, Source.TEXT) for name, value in wanted.items())
        return
    if conversation.value("resolution", line_id) != "exchange":
        return
    hints = {*map(str.casefold, named.values()), *_words_of_variants(heard, line_id)}
    found = closest(facts, line_id, variants_like(facts, line_id, hints=hints)) if hints else ()
    if len(found) == 1 and found[0] != conversation.value("variant", line_id):
        yield Slot("variant", found[0], Source.TEXT, line_id)


def _title_words(facts: Facts, line_id: str) -> Iterator[str]:
    """The words of a line's title: a size or colour among them is what was bought, not what is wanted."""
    line = facts.line(line_id)
    yield from words_of(line.title) if line else ()


def _words_of_variants(heard: Hearing, line_id: str) -> tuple[str, ...]:
    """The words of a short text that stand in the titles of variants."""
    titles = {word for variant in replacements(heard.scene.facts, line_id) for word in words_of(variant.title)}
    said = heard.plain.split()
    return tuple(word for word in said if word in titles) if len(said) <= SHORT_WORDS else ()
