"""Which languages a text may be written in."""

import re
from collections import defaultdict
from collections.abc import Collection

from bot.extract import without_addresses
from bot.spelling import UNSPACED, normal, words_of
from bot.vocabulary import LANGUAGES, letters, speakers, writing

UNSPACED_SIGN = re.compile(f"[{UNSPACED}]")
KANA, HANGUL = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7af]")
SIGNS_OF_A_WORD = 2
WANTED = 1.5
"""What it counts that a language was named from outside."""
BESIDE = 0.5
"""A text is read in another language as well when that has half as much of it as the likeliest."""
MOST = 2
CLEAR, TWICE = {True: 2.0, False: 0.5}, 2.0
"""A text is clearly in a language that has so many of its words, fewer where it has a script of its own, and twice as
many as the one so far."""


def language_kept(text: str, *, so_far: str, names: Collection[str]) -> str:
    """The language that a conversation goes on in: the one so far until a text is clearly in another.

    `names` are words that say nothing of it, those of goods and buttons. A short "ok" says nothing either.
    """
    plain = normal(text)
    scores = _scores(plain, [word for word in words_of(without_addresses(plain)) if word not in names])
    likeliest = max(LANGUAGES, key=lambda language: scores[language])
    enough = max(CLEAR[writing(likeliest).is_spaced], TWICE * scores[so_far])
    return likeliest if scores[likeliest] >= enough else so_far


def languages_of(text: str, words: Collection[str], *, wanted: str | None) -> tuple[str, ...]:
    """The likely languages of a text, best first, by its script, its words and its letters; the wanted one is of them.

    In a text of nothing but Latin letters a language of another script is not wanted.
    """
    scores = _scores(text, words)
    enough = BESIDE * max(scores.values(), default=0.0)
    read = {language for language in LANGUAGES if scores[language] and scores[language] >= enough}
    if wanted in LANGUAGES and (writing(wanted).is_spaced or not any(scores.values()) or wanted in read):
        scores[wanted] += WANTED
        read.add(wanted)
    ranked = sorted(read, key=lambda language: (-scores[language], LANGUAGES.index(language)))
    return tuple(ranked[:MOST]) or LANGUAGES[:1]


def _scores(text: str, words: Collection[str]) -> defaultdict[str, float]:
    scores: defaultdict[str, float] = defaultdict(float)
    spoken = {word: _script(word) or _speakers_of(word) for word in set(words)}
    shares = {word: _length(word) / len(tongues) for word, tongues in spoken.items() if tongues}
    for word in words:
        for tongue in spoken[word]:
            scores[tongue] += shares[word]
    for sign in set(text.casefold()) & letters().keys():
        for tongue in letters()[sign]:
            scores[tongue] += 1 / len(letters()[sign])
    return scores


def _speakers_of(word: str) -> tuple[str, ...]:
    """Which languages have a word, written together or the longest part of it: "don't", "d'ordine"."""
    return speakers().get(word.replace("'", "")) or speakers().get(max(word.split("'"), key=len), ())


def _script(word: str) -> tuple[str, ...]:
    if word.isascii() or not UNSPACED_SIGN.match(word):
        return ()
    if HANGUL.search(word):
        return ("ko",)
    return ("ja",) if KANA.search(word) else ("zh", "ja")


def _length(word: str) -> float:
    return len(word) / SIGNS_OF_A_WORD if _script(word) else 1.0
