"""What shoppers write, as data: one file a language; docs/assistant.md says how its entries are read."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from bot.phrase import Phrase, Phrasing, grams_of
from bot.spelling import BORDER, SHORTEST_MENDED, repaired, spaced, unspaced, words_of
from bot.vocabulary import LANGUAGES, Writing, document, known_words, writing

INTENTS = (
    "start_return", "start_exchange", "return_status", "check_policy", "report_defect", "wrong_item", "size_fit",
    "changed_mind", "order_status", "store_credit", "where_to_return", "label_problem", "cancel_return", "cancel_order",
    "talk_to_human", "greeting", "thanks_bye", "affirm", "deny", "recall_question", "inform", "out_of_scope",
)  # fmt: skip
"""Every intent of the contract."""

INTENT = "intent"
"""The name of what most entries speak for; the names of values are those of the file."""
RETURN, DECLARED = "start_return", "5.4"
"""Who declares a withdrawal wishes to return, which weighs more than what says something and nothing else, and plainly
less than a question about withdrawing, which takes precedence."""
NEAR_WORDS, NEAR_SIGNS = 3, 4
CHOICES = re.compile("[^ /()]+")


class Entry(Struct, frozen=True):
    """A phrase of a lexicon: which value of what `name` it speaks for, and how much.

    One that says "no" or "not" cannot be taken back.
    """

    written: str
    name: str
    topic: str
    weight: float
    phrase: Phrase
    is_negative: bool
    language: str


class Found(Struct, frozen=True):
    """An entry that a text has, where, and the words that said it."""

    entry: Entry
    start: int
    end: int
    said: str


class Table(Struct, frozen=True, eq=False):
    """Entries, and which of them may be in a text that has a gram."""

    entries: tuple[Entry, ...]
    index: Mapping[str, tuple[int, ...]]

    def likely(self, text: str, *, is_spaced: bool) -> Mapping[str, list[Entry]]:
        """The entries that may be in a text by the name of what they speak for, in their order."""
        grams = grams_of(text, is_spaced=is_spaced)
        found = defaultdict[str, list[Entry]](list)
        for place in sorted({place for gram in self.index.keys() & grams for place in self.index[gram]}):
            entry = self.entries[place]
            if entry.phrase.may_be_in(grams):
                found[entry.name].append(entry)
        return found


class Lexicon(Struct, frozen=True):
    """The words of a language.

    `table` has the entries that speak for an intent, and those that name a value of something else. A word that is not
    `known` is mended. A yes that opens a return is `plain_yes` and nothing else.
    """

    language: str
    writing: Writing
    table: Table
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
            return self.writing.read(unspaced(list(words)))
        said = list(words)
        right = {word: tuple(self._right(word)) for word in set(said)}
        return spaced([one for word in said for one in right[word]])

    def without(self, text: str, extracted: Iterable[str]) -> str:
        """A text as phrases are looked for in it, less what was extracted."""
        between = " " if self.writing.is_spaced else ""
        for one in extracted:
            text = text.replace(f"{between}{between.join(words_of(one))}{between}", between)
        return text

    def found(self, text: str) -> list[Found]:
        """The entries for intents that a text has."""
        return list(self._found_of(INTENT, text))

    def value(self, name: str, text: str) -> str | None:
        """The first value of a name that a text names."""
        found = next(self._found_of(name, text), None)
        return found.entry.topic if found else None

    def _found_of(self, name: str, text: str) -> Iterator[Found]:
        likely = _likely(self.table, text, is_spaced=self.writing.is_spaced).get(name, ())
        return (found for entry in likely if (found := self._found(entry, text)))

    def _found(self, entry: Entry, text: str) -> Found | None:
        """Where an entry stands that no negation takes back: close before it, close behind it or in its gaps."""
        for match in entry.phrase.matches(text):
            if entry.is_negative or not self._is_negated(text, match):
                return Found(entry, match.start(), match.end(), match[0].strip())
        return None

    def _is_negated(self, text: str, match: re.Match[str]) -> bool:
        before = "" if match[0].lstrip().startswith(BORDER) else text[: match.start()].rpartition(BORDER)[2]
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


@lru_cache(maxsize=16)
def _likely(table: Table, text: str, *, is_spaced: bool) -> Mapping[str, list[Entry]]:
    """Of one text a dozen things are asked, one after the other."""
    return table.likely(text, is_spaced=is_spaced)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, English where there is none."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return _lexicon(known, document(known), written=writing(known))


def _lexicon(language: str, document: Mapping[str, Any], *, written: Writing) -> Lexicon:
    groups = {name: tuple(map(written.plain, words)) for name, words in document["groups"].items()}
    negations = frozenset(map(written.plain, document["negations"]))
    reader = _Reader(language, written, Phrasing(groups, is_spaced=written.is_spaced), negations)
    known = known_words(language)
    declarations = {RETURN: {DECLARED: document["values"]["kind"]["withdrawal"]}}
    values = (entry for name, table in document["values"].items() for entry in reader.values(name, table))
    return Lexicon(
        language=language,
        writing=written,
        table=_table((*reader.intents(document["intents"]), *reader.intents(declarations), *values)),
        commands=_whole_texts(document["commands"], written),
        aliases=_whole_texts(document["aliases"], written),
        numbers={word: int(number) for word, number in _whole_texts(document["numbers"], written).items()},
        everything=frozenset(map(written.whole, document["everything"])),
        beside_numbers=frozenset(map(written.plain, document["beside"]["choice"])),
        negations=negations,
        negations_after=frozenset(document["negations_after"]),
        plain_yes=_plain_yes(document["beside_yes"], written),
        short={written.plain(word): written.plain(whole) for word, whole in document["short"].items()},
        respelled=document["respelled"] if written.is_spaced else {},
        everyday=frozenset(written.plain(document["common"]).split()),
        known=known,
        mendable=_mendable(known),
    )


class _Reader(Struct, frozen=True):
    """Reads the entries of one file."""

    language: str
    writing: Writing
    phrasing: Phrasing
    negations: frozenset[str]

    def intents(self, intents: Mapping[str, Mapping[str, list[str]]]) -> Iterator[Entry]:
        """The entries of all intents."""
        for intent, weights in intents.items():
            for weight, several in weights.items():
                yield from (self._entry(written, INTENT, intent, weight=float(weight)) for written in several)

    def values(self, name: str, values: Mapping[str, list[str]]) -> Iterator[Entry]:
        """The entries of all values of a name, in their order."""
        for value, several in values.items():
            yield from (self._entry(written, name, value, weight=1.0) for written in several)

    def _entry(self, written: str, name: str, topic: str, *, weight: float) -> Entry:
        plain = self.writing.plain(written)
        is_negative = topic == "deny" or not self.negations.isdisjoint(CHOICES.findall(plain))
        return Entry(written, name, topic, weight, self.phrasing.phrase(plain), is_negative, self.language)


def _table(entries: Iterable[Entry]) -> Table:
    """Entries, kept by the grams of the rarest of their places."""
    written, index = tuple(entries), defaultdict[str, list[int]](list)
    commonness = _commonness(Counter(place for entry in written for place in entry.phrase.places))
    for number, entry in enumerate(written):
        for gram in min(entry.phrase.places, key=commonness.__getitem__):
            index[gram].append(number)
    return Table(written, {gram: tuple(those) for gram, those in index.items()})


def _commonness(places: Mapping[frozenset[str], int]) -> Mapping[frozenset[str], int]:
    """How many entries would be found by each place."""
    found = Counter[str]()
    for place, entries in places.items():
        found.update(dict.fromkeys(place, entries))
    return {place: sum(found[gram] for gram in place) for place in places}


def _whole_texts(table: Mapping[str, list[str]], writing: Writing) -> Mapping[str, str]:
    return {writing.whole(text): meant for meant, texts in table.items() for text in texts}


def _plain_yes(beside_yes: list[str], writing: Writing) -> re.Pattern[str]:
    """Any run of these; they are whole words where words have spaces between them."""
    words = sorted(map(writing.whole, beside_yes), key=len, reverse=True)
    end = "(?: |$)" if writing.is_spaced else ""
    return re.compile(f"(?:(?:{'|'.join(map(re.escape, words))}){end})+")


def _mendable(known: frozenset[str]) -> Mapping[int, tuple[str, ...]]:
    lengths: defaultdict[int, list[str]] = defaultdict(list)
    for word in sorted(known):
        if len(word) >= SHORTEST_MENDED:
            lengths[len(word)].append(word)
    return {length: tuple(words) for length, words in lengths.items()}
