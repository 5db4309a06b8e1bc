"""What shoppers write, as data: one file a language; docs/assistant.md says how its entries are read."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.phrase import Phrase, grams_of, phrase
from bot.spelling import BORDER, SHORTEST_MENDED, folded, repaired, spaced, unspaced

INTENTS = (
    "start_return", "start_exchange", "return_status", "check_policy", "report_defect", "wrong_item", "size_fit",
    "changed_mind", "order_status", "store_credit", "where_to_return", "label_problem", "cancel_return", "cancel_order",
    "talk_to_human", "greeting", "thanks_bye", "affirm", "deny", "recall_question", "inform", "out_of_scope",
)  # fmt: skip
"""Every intent of the contract."""

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "zh", "ja", "ko")
NEAR_WORDS, NEAR_SIGNS = 3, 4
TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of a lexicon: what it speaks for, and how much; one that says "no" or "not" cannot be taken back."""

    written: str
    topic: str
    weight: float
    phrase: Phrase
    is_negative: bool
    language: str


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a text has, where, and the words that said it."""

    entry: Entry
    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True)
class Table:
    """Entries, and which of them may be in a text that has a gram."""

    entries: tuple[Entry, ...]
    index: Mapping[str, tuple[int, ...]]

    def likely(self, text: str, *, is_spaced: bool) -> Iterator[Entry]:
        """The entries that may be in a text, in their order."""
        here = self.index.keys() & grams_of(text, is_spaced=is_spaced)
        return (self.entries[place] for place in sorted({place for gram in here for place in self.index[gram]}))


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language is written: with spaces between words or without, and what an apostrophe is read as."""

    is_spaced: bool
    apostrophe: str

    def plain(self, written: str) -> str:
        """What a lexicon writes, as it is compared."""
        return folded(unicodedata.normalize("NFKC", written)).replace("'", self.apostrophe)

    def whole(self, text: str) -> str:
        """A whole text, as it is compared."""
        return self.plain(text) if self.is_spaced else self.plain(text).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language.

    `intents` have the entries that speak for one, `values` those that name a value. A word that is not `known` is
    mended. A yes that opens a return is `plain_yes` and nothing else.
    """

    language: str
    writing: Writing
    intents: Table
    values: Mapping[str, Table]
    commands: Mapping[str, str]
    aliases: Mapping[str, str]
    numbers: Mapping[str, int]
    everything: frozenset[str]
    beside_numbers: frozenset[str]
    negations: frozenset[str]
    negations_after: frozenset[str]
    plain_yes: re.Pattern[str]
    short: Mapping[str, str]
    respelled: Mapping[str, str]
    everyday: frozenset[str]
    known: frozenset[str]
    mendable: Mapping[int, tuple[str, ...]]

    def text(self, words: Iterable[str]) -> str:
        """Words as phrases are looked for in them: short forms written out, mistakes mended."""
        if not self.writing.is_spaced:
            return unspaced(list(words))
        return spaced([right for word in words for right in self._right(word)])

    def found(self, text: str) -> list[Found]:
        """The entries for intents that a text has."""
        return list(self._found_of(self.intents, text))

    def value(self, name: str, text: str) -> str | None:
        """The first value of a name that a text names."""
        found = next(self._found_of(self.values[name], text), None)
        return found.entry.topic if found else None

    def _found_of(self, table: Table, text: str) -> Iterator[Found]:
        likely = table.likely(text, is_spaced=self.writing.is_spaced)
        return (found for entry in likely if (found := self._found(entry, text)))

    def _found(self, entry: Entry, text: str) -> Found | None:
        """Where an entry stands that no negation takes back: close before it, close behind it or in its gaps."""
        matches = entry.phrase.matches(text)
        there = (match for match in matches if entry.is_negative or not self._is_negated(text, match))
        match = next(there, None)
        return Found(entry, match.start(), match.end(), match[0].strip()) if match else None

    def _is_negated(self, text: str, match: re.Match[str]) -> bool:
        before = text[: match.start()].rpartition(BORDER)[2]
        after = text[match.end() :].partition(BORDER)[0]
        if self.writing.is_spaced:
            near = {*before.split()[-NEAR_WORDS:], *" ".join(filter(None, match.groups())).split()}
            return not self.negations.isdisjoint(near)
        return before.endswith(tuple(self.negations)) or any(one in after[:NEAR_SIGNS] for one in self.negations_after)

    def _right(self, word: str) -> Iterable[str]:
        if "'" in word:
            return word.replace("'", self.writing.apostrophe).split()
        if word in self.known:
            return (word,)
        if word in self.short:
            return self.short[word].split()
        for written, read in self.respelled.items():
            word = word.replace(written, read)
        return repaired(word, known=self.known, mendable=self.mendable)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, English where there is none."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return _lexicon(known, _document(known))


@cache
def speakers() -> Mapping[str, tuple[str, ...]]:
    """Which languages have a word."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for word in lexicon(language).known:
            found[word].append(language)
    return {word: tuple(languages) for word, languages in found.items()}


@cache
def letters() -> Mapping[str, tuple[str, ...]]:
    """Which languages have a letter that few have."""
    written = {language: _document(language)["letters"] for language in LANGUAGES}
    signs = {sign for those in written.values() for sign in those}
    return {sign: tuple(language for language in LANGUAGES if sign in written[language]) for sign in signs}


@cache
def slot_words(name: str) -> tuple[str, ...]:
    """What stands beside a number that is an order's, a postcode and so on, in any language; longest first."""
    words = {word for language in LANGUAGES for word in _document(language)["beside"][name]}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _document(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("bot") / "locales" / f"{language}.toml").read_text(encoding="utf-8"))


def _lexicon(language: str, document: Mapping[str, Any]) -> Lexicon:
    writing = Writing(document["spaces"], document["apostrophe"])
    groups = {name: tuple(map(writing.plain, words)) for name, words in document["groups"].items()}
    negations = frozenset(map(writing.plain, document["negations"]))
    reader = _Reader(language, writing, groups, negations)
    known = frozenset(_known(document, writing)) if writing.is_spaced else frozenset()
    return Lexicon(
        language=language,
        writing=writing,
        intents=_table(reader.intents(document["intents"])),
        values={name: _table(reader.values(table)) for name, table in document["values"].items()},
        commands=_whole_texts(document["commands"], writing),
        aliases=_whole_texts(document["aliases"], writing),
        numbers={word: int(number) for word, number in _whole_texts(document["numbers"], writing).items()},
        everything=frozenset(map(writing.whole, document["everything"])),
        beside_numbers=frozenset(map(writing.plain, document["beside"]["choice"])),
        negations=negations,
        negations_after=frozenset(document["negations_after"]),
        plain_yes=_plain_yes(document["beside_yes"], writing),
        short={writing.plain(word): writing.plain(whole) for word, whole in document["short"].items()},
        respelled=document["respelled"],
        everyday=frozenset(writing.plain(document["common"]).split()),
        known=known,
        mendable=_mendable(known),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the entries of one file."""

    language: str
    writing: Writing
    groups: Mapping[str, tuple[str, ...]]
    negations: frozenset[str]

    def intents(self, intents: Mapping[str, Mapping[str, list[str]]]) -> Iterator[Entry]:
        """The entries of all intents."""
        for intent, weights in intents.items():
            for weight, several in weights.items():
                yield from (self._entry(written, intent, weight=float(weight)) for written in several)

    def values(self, values: Mapping[str, list[str]]) -> Iterator[Entry]:
        """The entries of all values of a name, in their order."""
        for value, several in values.items():
            yield from (self._entry(written, value, weight=1.0) for written in several)

    def _entry(self, written: str, topic: str, *, weight: float) -> Entry:
        plain = self.writing.plain(written)
        is_negative = topic == "deny" or not self.negations.isdisjoint(re.split(r"[ /()]", plain))
        found_by = phrase(plain, self.groups, is_spaced=self.writing.is_spaced)
        return Entry(written, topic, weight, found_by, is_negative, self.language)


def _table(entries: Iterable[Entry]) -> Table:
    written, places = tuple(entries), defaultdict[str, list[int]](list)
    for place, entry in enumerate(written):
        for gram in entry.phrase.grams:
            places[gram].append(place)
    return Table(written, {gram: tuple(those) for gram, those in places.items()})


def _whole_texts(table: Mapping[str, list[str]], writing: Writing) -> Mapping[str, str]:
    return {writing.whole(text): meant for meant, texts in table.items() for text in texts}


def _plain_yes(beside_yes: list[str], writing: Writing) -> re.Pattern[str]:
    """Any run of these; they are whole words where words have spaces between them."""
    words = sorted(map(writing.whole, beside_yes), key=len, reverse=True)
    end = "(?: |$)" if writing.is_spaced else ""
    return re.compile(f"(?:(?:{'|'.join(map(re.escape, words))}){end})+")


def _known(document: Mapping[str, Any], writing: Writing) -> Iterator[str]:
    """Every word of the file that stands by itself, stems among them; what a question is about mends nothing."""
    phrases = (one for weights in document["intents"].values() for several in weights.values() for one in several)
    tables = (table for name, table in document["values"].items() if name != TOPIC)
    values = (one for table in tables for several in table.values() for one in several)
    groups = (one for words in document["groups"].values() for one in words)
    for written in (document["common"], *phrases, *values, *groups):
        parted = (word.strip("*") for word in re.split(r"[\s/()]", writing.plain(written)))
        yield from (word for word in parted if word.isalpha())


def _mendable(known: frozenset[str]) -> Mapping[int, tuple[str, ...]]:
    lengths: defaultdict[int, list[str]] = defaultdict(list)
    for word in sorted(known):
        if len(word) >= SHORTEST_MENDED:
            lengths[len(word)].append(word)
    return {length: tuple(words) for length, words in lengths.items()}
