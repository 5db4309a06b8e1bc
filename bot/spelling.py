"""How a text is spelled does not matter: case, accents, stretched letters, typing mistakes, words run together."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

BORDER = "|"
"""Stands at the ends of a text and of each of its clauses."""
LONGEST = 2000
EDGE = f" {BORDER}"
CLAUSE_ENDS = ".,;:!?()。、\n"
UNSPACED = "\u2e80-\u2fff\u3005-\u3007\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Signs of Chinese, Japanese and Korean: spaces between them tell nothing sure."""
WORD = re.compile(
    rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\W_])+(?:'(?:(?![{UNSPACED}])[^\W_])+)*"
    rf"|[\U0001f44c-\U0001f44e\U0001f64f]|[{CLAUSE_ENDS}]+"
)
STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
SHORTEST_MENDED = 5
SHORTEST_PAIR = 5
"""Shorter words, and pairs of words, are too often something else."""
LAST = "\U0010ffff"
"""Comes behind any sign of a word."""
TEXTS_IN_HAND = 64
"""Of so many texts it is remembered how they are read: one is looked at by several, and buttons and titles recur."""
OWN_LETTERS = {"ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ı": "i", "đ": "d"}
"""Letters that Unicode does not take apart into a plain one and its accent."""


@lru_cache(maxsize=TEXTS_IN_HAND)
def normal(text: str) -> str:
    """The text as it is read: compatible signs made one, nothing invisible, its beginning only when it is very long."""
    beginning = text[:LONGEST]
    hidden = {ord(sign): None for sign in set(beginning) if sign not in "\n\t" and _is_invisible(sign)}
    return unicodedata.normalize("NFKC", beginning.translate(hidden) if hidden else beginning)[:LONGEST]


@lru_cache(maxsize=TEXTS_IN_HAND)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a normal text as phrases are compared: lower case, no accents, clauses set apart."""
    plain = STRETCHED.sub(r"\1", folded(text).replace("’", "'"))
    return tuple(BORDER if word[0] in CLAUSE_ENDS else word for word in WORD.findall(plain))


def folded(text: str) -> str:
    """Lower case, Latin letters without their accents."""
    small = text.casefold()
    return small if small.isascii() else "".join(map(_unaccented, small))


def spaced(words: Collection[str]) -> str:
    """Words as phrases of a language with spaces are looked for in them: ` | no | that is right | `."""
    return f" {BORDER} {' '.join(words).strip(EDGE)} {BORDER} "


def unspaced(words: Collection[str]) -> str:
    """Words as phrases of a language without spaces are looked for in them: `|いいえ|違います|`."""
    return f"{BORDER}{''.join(words).strip(EDGE)}{BORDER}"


def repaired(word: str, *, known: Collection[str], mendable: Mapping[int, tuple[str, ...]]) -> Iterator[str]:
    """The word, or what it may have been meant as: two known words run together, or a known one with one mistake.

    `mendable` holds the known words that are long enough to be sure, in order, by their length.
    """
    if word in known or word == BORDER or not word.isalpha():
        yield word
        return
    yield from _taken_apart(word, known) or (_mended(word, mendable),)


def _taken_apart(word: str, known: Collection[str]) -> tuple[str, ...]:
    places = range(len(word) - 2, 1, -1) if len(word) >= SHORTEST_PAIR else ()
    pairs = ((word[:place], word[place:]) for place in places)
    return next((pair for pair in pairs if pair[0] in known and pair[1] in known), ())


def _mended(word: str, mendable: Mapping[int, tuple[str, ...]]) -> str:
    if len(word) < SHORTEST_MENDED:
        return word
    # 4 MB that a server starts without, and 25 ms at the first word that is unknown.
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    lengths = range(len(word) - 1, len(word) + 2)
    beginnings = sorted({word[0], word[1::-1]} if word[0] != word[1] else {word[0]})
    choices = [near for length in lengths for begun in beginnings for near in _begun(mendable.get(length, ()), begun)]
    found = process.extractOne(word, choices, scorer=DamerauLevenshtein.distance, score_cutoff=1)
    return found[0] if found else word


def _begun(words: tuple[str, ...], begun: str) -> tuple[str, ...]:
    """Of words in order those that begin so."""
    start = bisect_left(words, begun)
    return words[start : bisect_left(words, begun + LAST, lo=start)]


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in INVISIBLE


@cache
def _unaccented(sign: str) -> str:
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base.isascii() else OWN_LETTERS.get(sign, sign)
