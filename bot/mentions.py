"""Which line of the order or which variant a text names; where two are named alike, none is."""

from collections.abc import Collection

from bot.knowledge import Facts, LineFact
from bot.lexicon import Lexicon
from bot.questions import replacements
from bot.spelling import words_of

ALIKE = 88
SHORTEST = 3


def lines_named(facts: Facts, said: Collection[str], known: Lexicon, *, able: bool = True) -> tuple[str, ...]:
    """The line of whose title most is said; a word that says something else is not enough.

    Of those that may come back, or of the others where they are not `able`.
    """
    lines = [line for line in facts.lines if (line.returnable > 0) is able]
    scored = {line.line_id: _said_of(line, said) for line in lines if _is_named(line, said, known)}
    best = [line_id for line_id, score in scored.items() if score == max(scored.values())]
    return tuple(best) if len(best) == 1 else ()


def titles_said(facts: Facts, text: str, *, able: bool = True) -> tuple[str, ...]:
    """The lines whose whole titles a text says, a title within another only by itself; which, as in `lines_named`."""
    left, found = f" {' '.join(words_of(text))} ", list[str]()
    for line in sorted(facts.lines, key=lambda line: -len(line.title)):
        title = f" {' '.join(words_of(line.title))} "
        if (line.returnable > 0) is able and title.strip() and title in left:
            left = left.replace(title, " | ", 1)
            found.append(line.line_id)
    return tuple(line.line_id for line in facts.lines if line.line_id in found)


def variants_like(facts: Facts, line_id: str, *, hints: Collection[str]) -> tuple[str, ...]:
    """The variants in stock whose titles have all that was said of size and colour."""
    wanted = {hint.casefold() for hint in hints}
    there = replacements(facts, line_id)
    return tuple(variant.variant_id for variant in there if wanted <= set(words_of(variant.title)))


def closest(facts: Facts, line_id: str, variant_ids: Collection[str]) -> tuple[str, ...]:
    """Of several variants the one that is most like what was bought: "L" is a large one of the same colour."""
    line = facts.line(line_id)
    bought = set(words_of(line.title)) if line else set()
    titles = {one.variant_id: set(words_of(one.title)) for one in replacements(facts, line_id)}
    alike = {one: len(bought & titles[one]) for one in variant_ids}
    return tuple(one for one in variant_ids if alike[one] == max(alike.values()))


def _is_named(line: LineFact, said: Collection[str], known: Lexicon) -> bool:
    telling = [word for word in words_of(line.title) if len(word) >= SHORTEST and word not in known.known]
    return any(_is_said(word, said) for word in telling if known.value("color", known.text([word])) is None)


def _said_of(line: LineFact, said: Collection[str]) -> int:
    return sum(_is_said(word, said) for word in set(words_of(line.title)))


def _is_said(word: str, said: Collection[str]) -> bool:
    if word in said:
        return True
    from rapidfuzz import fuzz  # loaded late as in `spelling`

    return any(fuzz.ratio(word, one) >= ALIKE for one in said if len(one) > SHORTEST)
