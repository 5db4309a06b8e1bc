"""Which entries of the lexicons do nothing for labelled texts: they never speak, or only for what was not meant."""

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.lexicon import INTENT, Entry, lexicon
from bot.understand import understand


class Labelled(Struct, frozen=True):
    """A text with its language, and every intent that is right for it."""

    text: str
    language: str
    intents: frozenset[str]


class Idle(Struct, frozen=True):
    """An entry that spoke for nothing that was meant, and how often it spoke for something else."""

    entry: Entry
    wrong: int


def idle_entries(labelled: Iterable[Labelled]) -> Iterator[Idle]:
    """The idle entries of the languages of these texts, those that misled most first."""
    right, wrong, languages = Counter[Entry](), Counter[Entry](), set[str]()
    for one in labelled:
        languages.add(lexicon(one.language).language)
        for found in understand(one.text, one.language).found:
            (right if found.entry.topic in one.intents else wrong)[found.entry] += 1
    entries = (entry for language in sorted(languages) for entry in lexicon(language).table.entries)
    idle = (Idle(entry, wrong[entry]) for entry in entries if entry.name == INTENT and not right[entry])
    yield from sorted(idle, key=lambda one: -one.wrong)
