"""What a language's file says before any entry is looked for: its words and letters, what stands beside a number."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from bot.spelling import folded

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "zh", "ja", "ko")
TOPIC = "topic"
PARTED = re.compile(r"[^\s/()]+")


class Writing(Struct, frozen=True):
    """How a language is written: with spaces between words or without, what an apostrophe or a sign is read as."""

    is_spaced: bool
    apostrophe: str
    signs: Mapping[int, str]

    def plain(self, written: str) -> str:
        """What a lexicon writes, as it is compared."""
        return self.read(folded(unicodedata.normalize("NFKC", written)).replace("'", self.apostrophe))

    def read(self, plain: str) -> str:
        """Plain words with each sign as it is read."""
        return plain.translate(self.signs) if self.signs else plain

    def whole(self, text: str) -> str:
        """A whole text, as it is compared."""
        return self.plain(text) if self.is_spaced else self.plain(text).replace(" ", "")


@cache
def document(language: str) -> Mapping[str, Any]:
    """The file of a language."""
    return tomllib.loads((files("bot") / "locales" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def writing(language: str) -> Writing:
    """How a language is written; without spaces there are no words to be respelled, only signs."""
    known = document(language)
    respelled = {} if known["spaces"] else known["respelled"]
    signs = {ord(sign): read for signs, others in respelled.items() for sign, read in zip(signs, others, strict=True)}
    return Writing(known["spaces"], known["apostrophe"], signs)


@cache
def known_words(language: str) -> frozenset[str]:
    """Every word of a file that stands by itself, stems among them; none of a language without spaces."""
    how = writing(language)
    if not how.is_spaced:
        return frozenset()
    words = {word.strip("*") for word in PARTED.findall(how.plain("\n".join(_written(document(language)))))}
    return frozenset(filter(str.isalpha, words))


@cache
def speakers() -> Mapping[str, tuple[str, ...]]:
    """Which languages have a word."""
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for language in LANGUAGES:
        for word in known_words(language):
            found[word] += (language,)
    return dict(found)


@cache
def letters() -> Mapping[str, tuple[str, ...]]:
    """Which languages have a letter that few have."""
    written = {language: document(language)["letters"] for language in LANGUAGES}
    signs = {sign for those in written.values() for sign in those}
    return {sign: tuple(language for language in LANGUAGES if sign in written[language]) for sign in signs}


@cache
def slot_words(name: str) -> tuple[str, ...]:
    """What stands beside a number that is an order's, a postcode and so on, in any language; longest first."""
    words = {word for language in LANGUAGES for word in document(language)["beside"][name]}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _written(known: Mapping[str, Any]) -> Iterator[str]:
    """All that a file writes; what a question is about mends nothing."""
    yield known["common"]
    tables = (table for name, table in known["values"].items() if name != TOPIC)
    for table in (known["groups"], *known["intents"].values(), *tables):
        for several in table.values():
            yield from several
