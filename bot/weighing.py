"""What speaks for each intent, weighed: which is meant, which else, and what is only small talk."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.lexicon import INTENTS, Found, Lexicon
from bot.spelling import BORDER, UNSPACED

ENOUGH, HINT = 2.0, 1.0
FURTHER = 0.25
"""What a further entry for an intent counts of its weight."""
BESIDE = 0.8
"""What an entry counts of its weight in a language that is not the likeliest."""
OUTSIDE = "out_of_scope"
ANSWERS = ("deny", "thanks_bye", "affirm", "greeting")
"""What is meant only when hardly anything else is said: "no, I want to send it back" is about sending back. The first
of several counts: "no, thanks" is a no."""
NO = "deny"
SHARE = {True: 0.3, False: 0.2}
"""How much of a text must be small talk, in languages with spaces and without, to mean nothing but that."""
EVERYDAY = 0.3
"""What an everyday word counts of a text beside small talk."""
GAP = "..."
WORD = re.compile(rf"[{UNSPACED}]|[^ {BORDER}{UNSPACED}]+")
ORDER = "order_status"
RATHER = (
    "return_status", "start_return", "start_exchange", "report_defect", "wrong_item", "size_fit", "changed_mind",
    "cancel_return", "cancel_order", "label_problem",
)  # fmt: skip
"""Who says one of these plainly and asks about the order besides, means these: "never arrived, I want a refund"."""
EXCHANGE = ("start_exchange",)
"""Who asks for one and tells why, means it: "too tight, do you have it in 42? I want to swap"."""
LESS_BESIDE = {ORDER: RATHER, "size_fit": EXCHANGE, "wrong_item": EXCHANGE, "changed_mind": EXCHANGE}
ASKED, CALLED_OFF = "start_return", "cancel_return"
PLAIN, FOREMOST = 3.0, 6.0


class Rendition(Struct, frozen=True):
    """A text as one language's lexicon reads it: all its `words`, and the `text` that phrases are looked for in."""

    known: Lexicon
    words: str
    text: str
    found: list[Found]

    def value(self, name: str) -> str | None:
        """The value of a name that the text names in this language."""
        return self.known.value(name, self.text)


def rendition(words: Iterable[str], known: Lexicon, *, extracted: Iterable[str] = ()) -> Rendition:
    """Words, read by a lexicon; what was extracted of them says nothing more and breaks no phrase."""
    read = known.text(words)
    text = known.without(read, extracted)
    return Rendition(known, read, text, known.found(text))


def meant(renditions: Sequence[Rendition], *, otherwise: str) -> Mapping[str, float]:
    """The intents of a text with their weights, best first; `renditions` begin with the likeliest language.

    Small talk comes last, and never first where most of the text is something else. Where nothing is meant, it is
    `otherwise`, and what is hinted at comes behind.
    """
    weights = _in_all(renditions)
    if _is_all_no(renditions[0]):
        weights = {NO: weights[NO]}
    ranked = sorted(weights, key=lambda intent: _rank(intent, weights[intent]))
    enough = [intent for intent in ranked if weights[intent] >= ENOUGH]
    if enough and enough[0] in ANSWERS and not any(map(_is_talk, renditions)):
        enough = [OUTSIDE, *enough]
    hinted = [intent for intent in ranked if weights[intent] >= HINT]
    return {intent: weights.get(intent, 0.0) for intent in enough or (otherwise, *hinted)}


def _in_all(renditions: Sequence[Rendition]) -> Mapping[str, float]:
    """What speaks for each intent, in whichever language more does."""
    likeliest, *others = (_weights(_wished_last(one.found)) for one in renditions)
    for other in others:
        likeliest |= {intent: max(BESIDE * weight, likeliest.get(intent, 0.0)) for intent, weight in other.items()}
    plain = {intent for intent, weight in likeliest.items() if weight >= PLAIN}
    less = {intent for intent, plainer in LESS_BESIDE.items() if not plain.isdisjoint(plainer)}
    return {intent: weight - PLAIN * (intent in less) for intent, weight in likeliest.items()}


def _wished_last(found: list[Found]) -> list[Found]:
    """Without what calls a return off where one is plainly asked for behind it: "to keep it, but now to return it"."""
    found = _without_what_else_is_kept(found)
    called_off = [one.end for one in found if one.entry.topic == CALLED_OFF]
    asked = [one.start for one in found if one.entry.topic == ASKED and one.entry.weight > PLAIN]
    if not called_off or max(asked, default=-1) < max(called_off):
        return found
    return [one for one in found if one.entry.topic != CALLED_OFF]


def _without_what_else_is_kept(found: list[Found]) -> list[Found]:
    """Without what calls a return off inside what takes precedence and asks for one: "return this and keep that"."""
    asked = [one for one in found if one.entry.topic == ASKED and one.entry.weight >= FOREMOST]
    return [one for one in found if one.entry.topic != CALLED_OFF or all(_is_apart(one, other) for other in asked)]


def _weights(found: list[Found]) -> dict[str, float]:
    """For each intent its heaviest entry, and a little of each further one that stands elsewhere."""
    weights: defaultdict[str, float] = defaultdict(float)
    counted: defaultdict[str, list[Found]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (-one.entry.weight, one.start)):
        others = counted[one.entry.topic]
        if all(_is_apart(one, other) for other in others):
            weights[one.entry.topic] += one.entry.weight * (_further(one) if others else 1)
            others.append(one)
    return dict(weights)


def _is_apart(one: Found, other: Found) -> bool:
    return one.end <= other.start or other.end <= one.start


def _further(found: Found) -> float:
    return 0.0 if found.entry.topic in ANSWERS else FURTHER


def _rank(intent: str, weight: float) -> tuple[bool, float, int, int]:
    """Small talk comes last, what is outside loses a tie, and of the rest the later one, which says more, wins it."""
    if intent in ANSWERS:
        return True, -weight, ANSWERS.index(intent), 0
    return False, -weight, intent == OUTSIDE, -INTENTS.index(intent)


def _is_all_no(said: Rendition) -> bool:
    """Whether every word belongs to a no: "incorrect" by itself tells nothing of an article."""
    noes = [one for one in said.found if one.entry.topic == NO and GAP not in one.entry.written]
    places = {place for one in noes for place in range(one.start, one.end)}
    return bool(noes) and all(word.start() in places for word in WORD.finditer(said.text))


def _is_talk(said: Rendition) -> bool:
    """Whether a text is hardly anything but small talk."""
    talk = [one for one in said.found if one.entry.topic in ANSWERS]
    places = {place for one in talk for place in range(one.start, one.end)}
    lengths = {True: 0.0, False: float(len(said.words) - len(said.text))}
    for word in WORD.finditer(said.text):
        is_talk = word.start() in places
        counts = EVERYDAY if not is_talk and word[0] in said.known.everyday else 1.0
        lengths[is_talk] += counts * len(word[0])
    return bool(talk) and lengths[True] >= SHARE[said.known.writing.is_spaced] * sum(lengths.values())
