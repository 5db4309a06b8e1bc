"""What a text means by itself: intents with evidence, a reason, slots; in any of the languages, or in two at once."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.extract import Slots, corrected, extract, without_addresses
from bot.language import languages_of
from bot.lexicon import Found, lexicon
from bot.spelling import normal, words_of
from bot.weighing import ANSWERS, ENOUGH, OUTSIDE, Rendition, meant, rendition

SURE = 4.0
UNSURE = 0.5
CLOSE = 0.5
"""Intents whose weights differ by no more are about as likely."""
MOST_ALTERNATIVES = 3
CHANGED, WRONG = "changed_mind", "wrong_item"
"""Each an intent and the reason that it is."""


class Reading(Struct, frozen=True):
    """A text as understood.

    `alternatives` are further intents that it may have meant, best first; those in `close` are about as likely as
    `intent`; `kind` is which kind of return it declares; `words` is the text as its lexicon reads it; `found`
    are the entries that speak for its intents.
    """

    intent: str
    alternatives: tuple[str, ...]
    confidence: float
    lang: str
    reason: str | None
    slots: Slots
    close: tuple[str, ...] = ()
    kind: str | None = None
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
    words = words_of(without_addresses(text))
    slots = extract(text)
    extracted = tuple(filter(None, (slots.order_number, slots.postcode)))
    languages = languages_of(text, words, wanted=language)
    renditions = [rendition(words, lexicon(one), extracted=extracted) for one in languages]
    slots = replace(slots, color=_value("color", renditions))
    weights = meant(renditions, otherwise=_without_phrases(slots))
    best, *others = weights
    return Reading(
        intent=best,
        alternatives=tuple(one for one in others if one != OUTSIDE)[:MOST_ALTERNATIVES],
        confidence=_confidence(weights),
        lang=renditions[0].known.language,
        reason=_reason(renditions, weights),
        slots=slots,
        close=tuple(one for one in others if _is_close(weights, one)),
        kind=_value("kind", renditions),
        words=renditions[0].words,
        found=tuple(found for one in renditions for found in one.found),
    )


def _value(name: str, renditions: Sequence[Rendition]) -> str | None:
    return next(filter(None, (one.value(name) for one in renditions)), None)


def _reason(renditions: Sequence[Rendition], weights: Mapping[str, float]) -> str | None:
    """The reason that a text names; what came wrong because it was chosen wrongly is no fault of the shop."""
    reason = _value("reason", renditions)
    is_own = weights.get(CHANGED, 0.0) >= weights.get(WRONG, 0.0)
    return CHANGED if reason == WRONG and CHANGED in weights and is_own else reason


def _without_phrases(slots: Slots) -> str:
    return "inform" if slots.order_number or slots.email or slots.postcode else OUTSIDE


def _is_close(weights: Mapping[str, float], intent: str) -> bool:
    best = next(iter(weights.values()))
    return best - weights[intent] <= CLOSE and weights[intent] >= ENOUGH and intent not in {*ANSWERS, OUTSIDE}


def _confidence(weights: Mapping[str, float]) -> float:
    """How much speaks for the best, half of it where as much speaks for the next."""
    best, second, *_ = (*weights.values(), 0.0)
    if best < ENOUGH:
        return UNSURE
    return round(min(best / SURE, 1.0) * (0.5 + 0.5 * min(max(best - second, 0.0) / CLOSE, 1.0)), 2)


def _righted(reading: Reading, rest: Reading) -> Reading:
    """The reading with what was said after a correction first, as far as that says anything."""
    reading = replace(reading, slots=replace(reading.slots, color=rest.slots.color or reading.slots.color))
    if rest.intent in {*ANSWERS, OUTSIDE, "inform"}:
        return reading
    others = dict.fromkeys((*rest.alternatives, reading.intent, *reading.alternatives))
    return replace(
        reading,
        intent=rest.intent,
        alternatives=tuple(one for one in others if one not in {OUTSIDE, rest.intent})[:MOST_ALTERNATIVES],
        reason=rest.reason or reading.reason,
        confidence=rest.confidence,
        close=rest.close,
    )
