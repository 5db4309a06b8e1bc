"""How a phrase of a lexicon is written, and how it is found in a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from bot.spelling import BORDER

GRAM = {True: (3, 4), False: (1, 2)}
"""How many neighbouring signs tell which phrases may be in a text, with spaces and without."""
SPACED_GAP = rf"((?: (?!\{BORDER})[^ ]+){{0,5}}?)"
UNSPACED_GAP = rf"([^{BORDER}]{{0,12}}?)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is looked for: patterns that must all be found; a text without one of the grams has none of it."""

    patterns: tuple[str, ...]
    grams: frozenset[str]

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where its first part stands in a text that has all of them; the groups are what stands in gaps."""
        first, *others = (_compiled(pattern) for pattern in self.patterns)
        if all(other.search(text) for other in others):
            yield from first.finditer(text)


def phrase(written: str, groups: Mapping[str, tuple[str, ...]], *, is_spaced: bool) -> Phrase:
    """A phrase as a lexicon writes it.

    `word*` and `*word` are any ending and any beginning, `a/b` is either, `(a)` may be missing, `<name>` is any of a
    group, `...` is a few words or nothing, `|` is where a clause begins or ends, and `&` sets parts apart that may
    stand anywhere.
    """
    parts = [_slots(part, groups) for part in written.split(" & ")]
    grams = max((_grams(slot, is_spaced=is_spaced) for part in parts for slot in part), key=_telling)
    return Phrase(tuple(_pattern(part, is_spaced=is_spaced) for part in parts), frozenset(grams))


def grams_of(text: str, *, is_spaced: bool) -> set[str]:
    """All runs of neighbouring signs by which phrases are kept."""
    return {text[place : place + size] for size in GRAM[is_spaced] for place in range(len(text) - size + 1)}


@dataclass(frozen=True, slots=True)
class _Slot:
    """One place of a phrase: the words that may stand there."""

    choices: tuple[str, ...]
    is_needed: bool = True


def _slots(part: str, groups: Mapping[str, tuple[str, ...]]) -> list[_Slot]:
    return [_slot(token, groups) for token in part.split()]


def _slot(token: str, groups: Mapping[str, tuple[str, ...]]) -> _Slot:
    inner = token[1:-1] if token.startswith("(") else token
    choices = (groups[one[1:-1]] if one.startswith("<") else (one,) for one in inner.split("/"))
    return _Slot(tuple(chain.from_iterable(choices)), is_needed=inner == token)


def _pattern(part: list[_Slot], *, is_spaced: bool) -> str:
    end = "(?= )" if is_spaced else ""
    return "".join(_slot_pattern(slot, is_spaced=is_spaced) for slot in part) + end


def _slot_pattern(slot: _Slot, *, is_spaced: bool) -> str:
    if slot.choices == ("...",):
        return SPACED_GAP if is_spaced else UNSPACED_GAP
    words = [f" {one}" if is_spaced else one.replace(" ", "") for one in slot.choices]
    patterns = [re.escape(one).replace(r"\*", "[^ ]*") for one in sorted(words, key=len, reverse=True)]
    return f"(?:{'|'.join(patterns)})" + ("" if slot.is_needed else "?")


def _grams(slot: _Slot, *, is_spaced: bool) -> list[str]:
    """The beginning of the longest sure run of signs of each choice; nothing where one is too short to tell."""
    if not slot.is_needed or slot.choices in {("...",), (BORDER,)}:
        return []
    edged = [f" {one} " if is_spaced else one.replace(" ", "") for one in slot.choices]
    runs = [max(one.replace("* ", "*").replace(" *", "*").split("*"), key=len) for one in edged]
    least, most = GRAM[is_spaced]
    return [run[:most] for run in runs] if min(map(len, runs)) >= least else []


def _telling(found: list[str]) -> tuple[int, int]:
    """Long grams before short ones, then few before many."""
    return min(map(len, found), default=0), -len(found)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
