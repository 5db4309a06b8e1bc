"""How a phrase of a lexicon is written, and how it is found in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain

from msgspec import Struct

from bot.spelling import BORDER

GRAM = {True: (3, 4), False: (1, 2)}
"""How many neighbouring signs tell which phrases may be in a text, with spaces and without."""
SPACED_GAP = rf"((?: (?!\{BORDER})[^ ]+){{0,5}}?)"
UNSPACED_GAP = rf"([^{BORDER}]{{0,12}}?)"


class _Slot(Struct, frozen=True):
    """One place of a phrase: the words that may stand there, and the grams that tell of it."""

    choices: tuple[str, ...]
    is_needed: bool
    grams: frozenset[str]


@dataclass(frozen=True)
class Phrase:
    """What is looked for: parts that must all be found.

    `places` are the grams of each word that must be there, where they tell: a text that has none of a place has none
    of the phrase.
    """

    parts: tuple[tuple[_Slot, ...], ...]
    places: tuple[frozenset[str], ...]
    is_spaced: bool

    def may_be_in(self, grams: frozenset[str]) -> bool:
        """Whether a text of these grams has some of each place."""
        return not any(map(grams.isdisjoint, self.places))

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where its first part stands in a text that has all of them; the groups are what stands in gaps."""
        first, others = self._patterns
        if others and not all(other.search(text) for other in others):
            return iter(())
        return first.finditer(text)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
        """Made when they are first looked for: of most phrases no text has a gram."""
        first, *others = (_compiled(_pattern(part, is_spaced=self.is_spaced)) for part in self.parts)
        return first, tuple(others)


class Phrasing:
    """How the phrases of a lexicon are written.

    `word*` and `*word` are any ending and any beginning, `a/b` is either, `(a)` may be missing, `<name>` is any of a
    group, `...` is a few words or nothing, `|` is where a clause begins or ends, and `&` sets parts apart that may
    stand anywhere.
    """

    def __init__(self, groups: Mapping[str, tuple[str, ...]], *, is_spaced: bool) -> None:
        self._groups = groups
        self._is_spaced = is_spaced
        self._slots: dict[str, _Slot] = {}

    def phrase(self, written: str) -> Phrase:
        """A phrase as a lexicon writes it."""
        parts = tuple(tuple(map(self._slot, part.split())) for part in written.split(" & "))
        places = dict.fromkeys(slot.grams for part in parts for slot in part if slot.grams)
        return Phrase(parts, tuple(places), self._is_spaced)

    def _slot(self, token: str) -> _Slot:
        if token not in self._slots:
            self._slots[token] = self._read(token)
        return self._slots[token]

    def _read(self, token: str) -> _Slot:
        inner = token[1:-1] if token.startswith("(") else token
        several = (self._groups[one[1:-1]] if one.startswith("<") else (one,) for one in inner.split("/"))
        choices, is_needed = tuple(chain.from_iterable(several)), inner == token
        return _Slot(choices, is_needed, _grams(choices, is_spaced=self._is_spaced) if is_needed else frozenset())


@lru_cache(maxsize=4)
def grams_of(text: str, *, is_spaced: bool) -> frozenset[str]:
    """All runs of neighbouring signs by which phrases are kept."""
    return frozenset(text[place : place + size] for size in GRAM[is_spaced] for place in range(len(text) - size + 1))


def _pattern(part: Iterable[_Slot], *, is_spaced: bool) -> str:
    end = "(?= )" if is_spaced else ""
    return "".join(_slot_pattern(slot, is_spaced=is_spaced) for slot in part) + end


def _slot_pattern(slot: _Slot, *, is_spaced: bool) -> str:
    if slot.choices == ("...",):
        return SPACED_GAP if is_spaced else UNSPACED_GAP
    words = [f" {one}" if is_spaced else one.replace(" ", "") for one in slot.choices]
    patterns = [re.escape(one).replace(r"\*", "[^ ]*") for one in sorted(words, key=len, reverse=True)]
    return f"(?:{'|'.join(patterns)})" + ("" if slot.is_needed else "?")


def _grams(choices: tuple[str, ...], *, is_spaced: bool) -> frozenset[str]:
    """The beginning of the longest sure run of signs of each choice; nothing where one is too short to tell."""
    if choices in {("...",), (BORDER,)}:
        return frozenset()
    edged = [f" {one} " if is_spaced else one.replace(" ", "") for one in choices]
    runs = [max(one.replace("* ", "*").replace(" *", "*").split("*"), key=len) for one in edged]
    least, most = GRAM[is_spaced]
    return frozenset(run[:most] for run in runs) if min(map(len, runs)) >= least else frozenset()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
