"""What a text means by itself: intents with evidence, a reason, slots; in any of the languages, or in two at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.extract import EMAIL, Slots, corrected, extract
from bot.language import languages_of
from bot.lexicon import INTENTS, Found, Lexicon, lexicon
from bot.spelling import BORDER, UNSPACED, normal, words_of

ENOUGH = 2.0
SURE = 4.0
BESIDE = 0.8
"""What an entry counts of a language that is not the likeliest."""
FURTHER = 0.25
CLOSE = 0.5
MOST_ALTERNATIVES = 3
ANSWERS = ("deny", "thanks_bye", "affirm", "greeting")
"""What is meant only when hardly anything else is said: "no, I want to send it back" is about sending back. The first
of several counts: "no, thanks" is a no."""
SHARE = {True: 0.3, False: 0.2}
"""How much of a text must be small talk, in languages with spaces and without, to mean nothing but that."""
EVERYDAY = 0.3
WORD = re.compile(rf"[{UNSPACED}]|[^ {BORDER}{UNSPACED}]+")
PLAIN, YIELD = 3.0, 3.0
YIELDS_TO = {
    "order_status": (
        "return_status",
        "start_return",
        "start_exchange",
        "report_defect",
        "wrong_item",
        "size_fit",
        "changed_mind",
        "cancel_return",
        "cancel_order",
        "label_problem",
    ),
}
OUTSIDE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as understood.

    `alternatives` are further intents that it may have meant, best first; those in `close` are about as likely as
    `intent`; `words` is the text as phrases were looked for in it; `found` are the entries that speak for its intents.
    """

    intent: str
    alternatives: tuple[str, ...]
    confidence: float
    lang: str
    reason: str | None
    slots: Slots
    close: tuple[str, ...] = ()
    words: str = ""
    found: tuple[Found, ...] = ()

    def document(self) -> dict[str, object]:
        """The reading in the contract's form; slots that were not found are left out."""
        return {
            "intent": self.intent,
            "alternatives": list(self.alternatives),
            "confidence": self.confidence,
            "lang": self.lang,
            "reason": self.reason,
            "slots": self.slots.document(),
        }


def understand(text: str, language: str | None = None) -> Reading:
    """The reading of a text of any length, only its beginning when it is very long.

    `language` is what it is likely written in; it is read in others too where its words are of those. What is said
    after a correction is what is meant.
    """
    text = normal(text)
    reading, rest = _read(text, language), corrected(text)
    return _righted(reading, _read(rest, reading.lang)) if rest else reading


def _read(text: str, language: str | None) -> Reading:
    words = words_of(EMAIL.sub(" ", text))
    known = [lexicon(one) for one in languages_of(text, words, wanted=language)]
    texts = [one.text(words) for one in known]
    found = [one.found(said) for one, said in zip(known, texts, strict=True)]
    slots = extract(text)
    reading = Reading(
        intent=_without_phrases(slots),
        alternatives=(),
        confidence=0.5,
        lang=known[0].language,
        reason=_value("reason", known, texts),
        slots=replace(slots, color=_value("color", known, texts)),
        words=texts[0],
        found=tuple(one for those in found for one in those),
    )
    is_talk = any(_is_talk(those, said, known=one) for those, said, one in zip(found, texts, known, strict=True))
    meant = _meant(found, is_talk=is_talk)
    return _with_intents(reading, meant) if meant else reading


def _righted(reading: Reading, rest: Reading) -> Reading:
    """The reading with what was said after a correction first, as far as that says anything."""
    reading = replace(reading, slots=replace(reading.slots, color=rest.slots.color or reading.slots.color))
    if rest.intent in {*ANSWERS, OUTSIDE, "inform"}:
        return reading
    others = (one for one in (*rest.alternatives, reading.intent, *reading.alternatives) if one != OUTSIDE)
    return replace(
        reading,
        intent=rest.intent,
        alternatives=tuple(dict.fromkeys(one for one in others if one != rest.intent))[:MOST_ALTERNATIVES],
        reason=rest.reason or reading.reason,
        confidence=rest.confidence,
        close=rest.close,
    )


def _value(name: str, known: Iterable[Lexicon], texts: Iterable[str]) -> str | None:
    values = (one.value(name, said) for one, said in zip(known, texts, strict=True))
    return next(filter(None, values), None)


def _with_intents(reading: Reading, meant: Mapping[str, float]) -> Reading:
    best, *others = meant
    return replace(
        reading,
        intent=best,
        alternatives=tuple(one for one in others if one != OUTSIDE)[:MOST_ALTERNATIVES],
        confidence=_confidence(meant),
        close=tuple(one for one in others if meant[best] - meant[one] <= CLOSE and one not in {*ANSWERS, OUTSIDE}),
    )


def _confidence(meant: Mapping[str, float]) -> float:
    """How much speaks for the best, less where as much speaks for the next."""
    best, second, *_ = (*meant.values(), 0.0)
    return round(min(best / SURE, 1.0) * (0.5 + 0.5 * min((best - second) / CLOSE, 1.0)), 2)


def _meant(found: list[list[Found]], *, is_talk: bool) -> Mapping[str, float]:
    """What is meant, best first; small talk comes last, and never first where most of the text is something else."""
    heard = _heard(found)
    weights = {intent: weight - _yields(intent, heard) for intent, weight in heard.items()}
    enough = [intent for intent, weight in weights.items() if weight >= ENOUGH]
    ranked = sorted(enough, key=lambda intent: _rank(intent, weights[intent]))
    if ranked and ranked[0] in ANSWERS and not is_talk:
        ranked = [OUTSIDE, *ranked]
    return {intent: weights.get(intent, ENOUGH) for intent in ranked}


def _heard(found: list[list[Found]]) -> Mapping[str, float]:
    """What speaks for each intent, in whichever language more does; the likeliest language is the first."""
    likeliest, *others = map(_weights, found)
    weights = dict(likeliest)
    for other in others:
        weights |= {intent: max(BESIDE * weight, weights.get(intent, 0.0)) for intent, weight in other.items()}
    return weights


def _yields(intent: str, weights: Mapping[str, float]) -> float:
    """What an intent loses that is hardly ever the point where another one is plain."""
    return YIELD if any(weights.get(other, 0.0) >= PLAIN for other in YIELDS_TO.get(intent, ())) else 0.0


def _rank(intent: str, weight: float) -> tuple[int, float, int, bool, int]:
    """Small talk comes last, what is outside loses a tie, and of the rest the later one, which says more, wins it."""
    answer = ANSWERS.index(intent) + 1 if intent in ANSWERS else 0
    return min(answer, 1), -weight, answer, intent == OUTSIDE, -INTENTS.index(intent)


def _weights(found: list[Found]) -> Mapping[str, float]:
    """For each intent its heaviest entry, and a little of each further one that stands elsewhere."""
    weights: defaultdict[str, float] = defaultdict(float)
    counted: defaultdict[str, list[Found]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (-one.entry.weight, one.start)):
        others = counted[one.entry.topic]
        if all(one.end <= other.start or other.end <= one.start for other in others):
            weights[one.entry.topic] += one.entry.weight * (_further(one) if others else 1)
            others.append(one)
    return weights


def _further(found: Found) -> float:
    return 0.0 if found.entry.topic in ANSWERS else FURTHER


def _is_talk(found: list[Found], text: str, *, known: Lexicon) -> bool:
    """Whether a text is hardly anything but small talk; everyday words hardly count."""
    places = {place for one in found if one.entry.topic in ANSWERS for place in range(one.start, one.end)}
    talk = other = 0.0
    for word in WORD.finditer(text):
        if word.start() in places:
            talk += len(word[0])
        else:
            other += len(word[0]) * (EVERYDAY if word[0] in known.everyday else 1)
    return talk > 0 and talk >= SHARE[known.writing.is_spaced] * (talk + other)


def _without_phrases(slots: Slots) -> str:
    return "inform" if slots.order_number or slots.email or slots.postcode else OUTSIDE
