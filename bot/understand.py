"""What a text means by itself: intents with evidence, a reason, slots. English for now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.extract import Slots, extract, normal
from bot.lexicon import CLAUSE, NEAR, REPAIRED_LENGTH, Lexicon, Phrase, lexicon, padded, words_of

ENOUGH = 1.0
SURE = 2.0
FURTHER = 0.2
CLOSE = 0.3
MOST_ALTERNATIVES = 3
ANSWERS = ("affirm", "deny", "greeting", "thanks_bye")
"""What is meant only when nothing else is: "no, I want to send it back" is about sending back."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as understood.

    `alternatives` are further intents that it may have meant, best first; those in `close` are about as likely as
    `intent`; `words` is the text as phrases were looked for in it.
    """

    intent: str
    alternatives: tuple[str, ...]
    confidence: float
    lang: str
    reason: str | None
    slots: Slots
    close: tuple[str, ...] = ()
    words: str = ""

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
    """The reading of a text of any length; only its beginning counts when it is very long."""
    known, text = lexicon(language or "en"), normal(text)
    words = padded(_repaired(words_of(text), known))
    slots = extract(text, known.colors)
    weights = {intent: _weight(words, phrases, known) for intent, phrases in known.intents.items()}
    meant = _ranked({intent: weight for intent, weight in weights.items() if weight >= ENOUGH})
    reading = Reading(
        intent=_without_phrases(slots),
        alternatives=(),
        confidence=0.5,
        lang=known.language,
        reason=known.value("reason", words),
        slots=slots,
        words=words,
    )
    return _with_intents(reading, meant) if meant else reading


def _with_intents(reading: Reading, meant: Mapping[str, float]) -> Reading:
    best, *others = meant
    return replace(
        reading,
        intent=best,
        alternatives=tuple(others[:MOST_ALTERNATIVES]),
        confidence=round(min(meant[best] / SURE, 1.0), 2),
        close=tuple(other for other in others if meant[best] - meant[other] < CLOSE and other not in ANSWERS),
    )


def _ranked(weights: Mapping[str, float]) -> Mapping[str, float]:
    best_first = sorted(weights, key=lambda intent: (intent in ANSWERS, -weights[intent]))
    return {intent: weights[intent] for intent in best_first}


def _weight(words: str, phrases: tuple[Phrase, ...], known: Lexicon) -> float:
    """The heaviest phrase counts, each further one a little."""
    found = [float(phrase.meaning) for phrase in phrases if _is_meant(phrase, words, known)]
    return max(found) + FURTHER * (len(found) - 1) if found else 0.0


def _is_meant(phrase: Phrase, words: str, known: Lexicon) -> bool:
    """Whether a phrase is there and nothing shortly before it, in its clause, takes it back."""
    found = phrase.found_in(words)
    if found is None:
        return False
    clause = words[: found.start()].rpartition(CLAUSE)[2]
    return known.negations.isdisjoint(clause.split()[-NEAR:])


def _without_phrases(slots: Slots) -> str:
    return "inform" if slots.order_number or slots.email or slots.postcode else "out_of_scope"


def _repaired(said: list[str], known: Lexicon) -> list[str]:
    """The words with one typing mistake mended, in words that are long enough to be sure."""
    return [_mended(word, known) if len(word) >= REPAIRED_LENGTH and word not in known.words else word for word in said]


def _mended(word: str, known: Lexicon) -> str:
    found = process.extractOne(word, known.mendable, scorer=DamerauLevenshtein.distance, score_cutoff=1)
    return found[0] if found else word
