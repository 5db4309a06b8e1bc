"""Who listens to a typed text: for commands, for the pending answer, then for all that fits anywhere."""

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise

from msgspec import Struct

from bot.conversation import EVIDENCE, Question, Slot, Source
from bot.extract import listed, whole_numbers
from bot.flows.call_off_return import is_only_begun
from bot.flows.shop_rules import RULES
from bot.hearing import SHORT_WORDS, Hearing, draft_slots, line_refused, order_slots, picks_by_title
from bot.lexicon import lexicon
from bot.mentions import ALIKE
from bot.questions import Scene
from bot.slots import ORDER
from bot.speech import CONFIRM, END, MEANING, WAYS
from bot.spelling import BORDER, words_of
from bot.understand import understand
from bot.weighing import ANSWERS, OUTSIDE

EXACTLY = 100
LONGEST_NOTE = 500
SWAP = "variant:"


class Heard(Struct, frozen=True):
    """What a text came to: choices that it stands for, or slots that it fills and an intent, or several close ones.

    `about` is which part of the rules it asks about; `adds` says that its items come beside those that were picked;
    `refused` is a line that it names and that cannot come back; `remark` is what it says instead of an answer.
    """

    choices: tuple[str, ...] = ()
    fills: tuple[Slot, ...] = ()
    intent: str | None = None
    close: tuple[str, ...] = ()
    about: str | None = None
    adds: bool = False
    refused: str | None = None
    remark: str | None = None


def listen(scene: Scene, text: str) -> Heard | None:
    """What the text says, None when nothing was understood; the first listener that hears something is believed."""
    reading = understand(text, scene.conversation.language)
    heard = Hearing(scene=scene, text=text, reading=reading, known=lexicon(reading.lang))
    return next((found for listener in LISTENERS if (found := listener(heard)) is not None), None)


def _command(heard: Hearing) -> Heard | None:
    command = heard.known.commands.get(heard.plain)
    return Heard(choices=(command,)) if command else None


def _yes_or_no(heard: Hearing) -> Heard | None:
    """Yes or no where that was asked: a yes with words that may mean more is none, nor is a no that means more."""
    said = {heard.reading.intent, *heard.reading.alternatives}
    answers = _yes_or_no_to(heard.scene)
    if heard.scene.conversation.asked == END and said <= set(ANSWERS):
        return _choice(answers.get(heard.reading.intent))
    if "affirm" in said and "deny" not in said and heard.known.plain_yes.fullmatch(heard.plain):
        return _choice(answers.get("affirm"))
    if "deny" in said and said <= set(ANSWERS) - {"affirm"} and not any(draft_slots(heard)):
        return _choice(answers.get("deny"))
    return None


def _choice(choice: str | None) -> Heard | None:
    return Heard(choices=(choice,)) if choice else None


def _yes_or_no_to(scene: Scene) -> Mapping[str, str]:
    """What yes and no mean now; a person that was offered is the last that was asked."""
    if scene.conversation.person_offered:
        return {"affirm": "human", "deny": "no_person"}
    asked = scene.conversation.asked
    if asked is not None and asked.slot in EVIDENCE.values():
        return {"deny": f"{asked.slot}:none"}
    return YES_OR_NO.get(asked, {})


YES_OR_NO: Mapping[Question | None, Mapping[str, str]] = {
    CONFIRM: {"affirm": "confirm:yes", "deny": "confirm:no"},
    END: {"affirm": "more", "deny": "done"},
}
"""What yes and no to a question stand for."""


def _note(heard: Hearing) -> Heard | None:
    """Whatever is written when a note is asked for is the note, but for the wish for a person."""
    asked = heard.scene.conversation.asked
    if asked is None or asked.slot != "note" or "talk_to_human" in (heard.reading.intent, *heard.reading.alternatives):
        return None
    return Heard(fills=(Slot("note", heard.text[:LONGEST_NOTE].strip(), Source.TEXT, asked.line_id),))


def _numbers(heard: Hearing) -> Heard | None:
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


def _number_in_words(heard: Hearing) -> tuple[int, ...]:
    """ "Two", "the second one": a number, with nothing else that tells."""
    words, numbers = heard.plain.split(), heard.known.numbers
    telling = [word for word in words if word not in heard.known.beside_numbers]
    named = [numbers[word] for word in telling or words if word in numbers]
    return tuple(named) if len(named) == 1 and len(telling) <= 1 else ()


NOT_NUMBERED = frozenset({None, "order_number", "proof", "confirm"})


def _labels(heard: Hearing) -> Heard | None:
    """Buttons' words or others for them, typed: one, or several items in a list."""
    whole = _label(heard, heard.text) or _alias(heard)
    if whole is not None:
        return Heard(choices=(whole,))
    named = [_label(heard, part) for part in listed(heard.text)] if heard.asked == "items" else []
    found = tuple(choice for choice in named if choice is not None)
    return Heard(choices=found) if len(named) > 1 and len(found) == len(named) else None


def _alias(heard: Hearing) -> str | None:
    choice = heard.known.aliases.get(heard.plain)
    return choice if choice in {offer.id for offer in heard.scene.conversation.offers} else None


def _label(heard: Hearing, text: str) -> str | None:
    """The one offer whose label a short text nearly is, or exactly is where it opens a return."""
    if len(text.split()) > SHORT_WORDS:
        return None
    from rapidfuzz import fuzz  # loaded late as in `spelling`

    said, enough = text.casefold().strip(" .!"), EXACTLY if heard.asked == "confirm" else ALIKE
    offers = heard.scene.conversation.offers
    near = [offer.id for offer in offers if fuzz.ratio(said, offer.label.casefold()) >= enough]
    return near[0] if len(near) == 1 else None


def _offered(heard: Hearing) -> Heard | None:
    """ "L" or "size L" where swaps are offered: the one that has it, of several the one most like what was bought.

    "A bigger one" of what is too small is the one that is the same but for its size.
    """
    scene, asked = heard.scene, heard.scene.conversation.asked
    offers = {one.id: _words(one.label) for one in scene.conversation.offers if one.id.startswith(SWAP)}
    if asked is None or asked.slot != "resolution" or not offers:
        return None
    line, said = scene.facts.line(asked.line_id), _words(heard.text)
    bought, titles = _words(line.title) if line else frozenset(), frozenset().union(*offers.values())
    besides, hints = said - titles - heard.known.beside_numbers, (said & titles) - bought
    if not hints and asked.line_id and _is_other_size(heard, asked.line_id):
        same = [one for one, words in offers.items() if len(words - bought) == len(bought - words) == 1]
        return Heard(choices=(same[0],)) if len(same) == 1 else None
    word_for_size = 1 if heard.reading.slots.size else 0
    if not hints or len(besides) > word_for_size:
        return None
    alike = {one: len(words & bought) for one, words in offers.items() if hints <= words}
    best = [one for one, shared in alike.items() if shared == max(alike.values())]
    return Heard(choices=(best[0],)) if len(best) == 1 else None


def _is_other_size(heard: Hearing, line_id: str) -> bool:
    """Whether a short text asks for the size that what was bought should have had."""
    step, instead = (heard.known.value(name, heard.reading.words) for name in ("step", "resolution"))
    if len(heard.plain.split()) > SHORT_WORDS or _asks(heard) or instead not in (None, "exchange"):
        return False
    return (step, heard.scene.conversation.value("reason", line_id)) in OTHER_SIZES


OTHER_SIZES = frozenset({("larger", "size_too_small"), ("smaller", "size_too_large")})


def _words(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) - {BORDER}


def _object(heard: Hearing) -> Heard | None:
    """ "My order", where it was asked what of several was meant: the one choice whose words alone have it."""
    if heard.scene.conversation.asked != MEANING or len(heard.text.split()) > SHORT_WORDS:
        return None
    parts = {offer.id: _parts(heard, offer.label) for offer in heard.scene.conversation.offers if offer.id not in WAYS}
    said, times = _parts(heard, heard.text), Counter(part for those in parts.values() for part in those)
    named = [one for one, those in parts.items() if any(times[part] == 1 for part in those & said)]
    return Heard(choices=(named[0],)) if len(named) == 1 else None


def _parts(heard: Hearing, text: str) -> frozenset[str]:
    """The words of a text, each two neighbouring signs of one that has no spaces between words."""
    if heard.known.writing.is_spaced:
        return _words(text)
    return frozenset(map("".join, pairwise(heard.known.writing.whole(text))))


def _change(heard: Hearing) -> Heard | None:
    """ "I want to change the reason": what was answered already is asked again."""
    name = heard.known.value("change", heard.reading.words)
    known = {slot.name for slot in heard.scene.conversation.slots}
    return Heard(choices=(f"change:{name}",)) if name in known else None


def _slots(heard: Hearing) -> Heard | None:
    """Slots that the text fills, with the intent that it has besides."""
    intent, about = _question(heard)
    fills = tuple(slot for slot in (*order_slots(heard), *draft_slots(heard)) if not _is_asked_about(slot, intent))
    if any(slot.name == "kind" for slot in fills):
        intent = "start_return"
    elif intent in NO_FLOW or (intent == CREDIT and about != OWN_CREDIT):
        intent = None
    adds = heard.known.value("remark", heard.reading.words) == "also"
    return Heard(fills=fills, intent=intent, about=about, adds=adds) if fills else None


def _refused(heard: Hearing) -> Heard | None:
    """An item that is named where items were asked for, and cannot come back."""
    line_id = line_refused(heard) if heard.asked == "items" else None
    return Heard(refused=line_id) if line_id else None


def _remark(heard: Hearing) -> Heard | None:
    """What a short text says instead of an answer, where that can be meant."""
    if len(heard.text) > LONGEST_QUESTION or any(order_slots(heard)):
        return None
    said = heard.known.value("remark", heard.reading.words)
    can_be_meant = REMARKS.get(said or "")
    return Heard(remark=said) if can_be_meant and can_be_meant(heard) else None


REMARKS: Mapping[str, Callable[[Hearing], bool]] = {
    "unknown": lambda heard: heard.asked in ORDER,
    "bot": lambda heard: heard.reading.intent == OUTSIDE,
}
""" "I don't know" where the number or the proof of an order was asked, and "are you a bot?"."""


def _question(heard: Hearing) -> tuple[str | None, str | None]:
    """What is meant, and which part of the rules: credit that one got, and withdrawing, are asked about by name."""
    if picks_by_title(heard):
        return None, None
    words, intent = heard.reading.words, heard.reading.intent
    about = heard.known.value("topic", words)
    if about == OWN_CREDIT:
        return CREDIT, about
    if about == WITHDRAWAL and intent in WITHDRAWN and heard.reading.kind is None:
        return "check_policy", about
    if about == TIMING and intent == "return_status" and is_only_begun(heard.scene):
        return "check_policy", about
    may_be_ruled = intent in RULED or "check_policy" in heard.reading.alternatives
    if about in RULES and may_be_ruled and _asks(heard):
        return "check_policy", about
    is_answer = intent == CREDIT and heard.scene.conversation.flow == "start_return"
    return None if is_answer else intent, about


def _asks(heard: Hearing) -> bool:
    """Whether a text is one short question, as far as its end tells."""
    text = heard.text.strip()
    return len(text) <= LONGEST_QUESTION and text.endswith(QUESTION_ENDS)


def _is_asked_about(slot: Slot, intent: str | None) -> bool:
    """Whether a slot is what the question is about, and no answer."""
    return slot.name == "resolution" and intent == CREDIT


CREDIT, OWN_CREDIT, WITHDRAWAL, TIMING = "store_credit", "own_credit", "withdrawal", "timing"
RULED = frozenset({"start_return", "order_status", "out_of_scope"})
"""What a question about the rules is taken for by its other words: "what does a return cost?"."""
QUESTION_ENDS = ("?", "？", "か", "か。", "요", "요?", "吗")
LONGEST_QUESTION = 80
WITHDRAWN = frozenset({"out_of_scope", "cancel_order", "start_return"})
"""What a question about withdrawing is taken for by its other words."""
NO_FLOW = frozenset({None, "inform", "out_of_scope", *ANSWERS})
"""Intents that begin nothing beside slots."""


def _meaning(heard: Hearing) -> Heard | None:
    reading, (intent, about) = heard.reading, _question(heard)
    if intent is None or intent in UNANSWERED or (intent == OUTSIDE and not _is_named(heard)):
        return None
    is_plain = intent != reading.intent or (about in RULES and intent == "check_policy" and _asks(heard))
    return Heard(intent=intent, close=() if is_plain else reading.close, about=about)


def _is_named(heard: Hearing) -> bool:
    """Whether something is said that is outside, and not only something that nobody knows."""
    return any(found.entry.topic == OUTSIDE and found.entry.weight >= NAMED for found in heard.reading.found)


NAMED = 4.0
UNANSWERED = frozenset({"inform", "affirm", "deny"})
"""Intents that mean nothing by themselves."""

LISTENERS: tuple[Callable[[Hearing], Heard | None], ...] = (
    _command,
    _yes_or_no,
    _note,
    _numbers,
    _labels,
    _offered,
    _object,
    _change,
    _remark,
    _slots,
    _refused,
    _meaning,
)
"""Who listens, in this order: the pending question before anything else that a text might mean."""
