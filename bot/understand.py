"""What a text means by itself: intents with evidence, a reason, slots. English for now."""

from dataclasses import asdict, dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.extract import Slots, extract
from bot.lexicon import Lexicon, lexicon, words_of

ENOUGH = 1.0
SURE = 2.0
REPAIRED_LENGTH = 5
LONGEST = 2000
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as understood; `alternatives` are further intents that it may have meant, best first."""

    intent: str
    alternatives: tuple[str, ...]
    confidence: float
    lang: str
    reason: str | None
    slots: Slots

    def document(self) -> dict[str, object]:
        """The reading in the contract's form; slots that were not found are left out."""
        found = {name: value for name, value in asdict(self.slots).items() if value is not None}
        return {
            "intent": self.intent,
            "alternatives": list(self.alternatives),
            "confidence": self.confidence,
            "lang": self.lang,
            "reason": self.reason,
            "slots": found,
        }


def understand(text: str, language: str | None = None) -> Reading:
    """The reading of a text of any length; only its beginning counts when it is very long."""
    words, slots = lexicon(language or "en"), extract(text[:LONGEST])
    padded = f" {' '.join(_repaired(words_of(text[:LONGEST]), words))} "
    weights = {intent: _weight(padded, phrases) for intent, phrases in words.intents.items()}
    meant = sorted((intent for intent in weights if weights[intent] >= ENOUGH), key=lambda one: -weights[one])
    reading = Reading(
        intent=meant[0] if meant else _without_phrases(slots),
        alternatives=tuple(meant[1 : MOST_ALTERNATIVES + 1]),
        confidence=round(min(weights[meant[0]] / SURE, 1.0), 2) if meant else 0.5,
        lang=words.language,
        reason=next((code for phrase, code in words.reasons.items() if f" {phrase} " in padded), None),
        slots=slots,
    )
    return _yes_or_no_only_alone(reading)


def _weight(padded: str, phrases: object) -> float:
    assert isinstance(phrases, dict)  # noqa: S101  tomllib gives tables as dictionaries
    return float(sum(weight for phrase, weight in phrases.items() if f" {phrase} " in padded))


def _without_phrases(slots: Slots) -> str:
    return "inform" if slots.order_number or slots.email or slots.postcode else "out_of_scope"


def _yes_or_no_only_alone(reading: Reading) -> Reading:
    """ "No, I want to send it back" is about sending back: yes and no are meant when nothing else is."""
    if reading.intent not in ("affirm", "deny") or not reading.alternatives:
        return reading
    first, *rest = reading.alternatives
    return replace(reading, intent=first, alternatives=(*rest, reading.intent)[:MOST_ALTERNATIVES])


def _repaired(said: list[str], known: Lexicon) -> list[str]:
    """The words with one typing mistake mended, in words that are long enough to be sure."""
    return [_mended(word, known) if len(word) >= REPAIRED_LENGTH and word not in known.words else word for word in said]


def _mended(word: str, known: Lexicon) -> str:
    longer = [one for one in known.words if len(one) >= REPAIRED_LENGTH]
    found = process.extractOne(word, longer, scorer=DamerauLevenshtein.distance, score_cutoff=1)
    return found[0] if found else word
