"""What shoppers write, as data: phrases with weights for each intent and the words for values, one file a language."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

INTENTS = (
    "start_return", "start_exchange", "return_status", "check_policy", "report_defect", "wrong_item", "size_fit",
    "changed_mind", "order_status", "store_credit", "where_to_return", "label_problem", "cancel_return", "cancel_order",
    "talk_to_human", "greeting", "thanks_bye", "affirm", "deny", "recall_question", "inform", "out_of_scope",
)  # fmt: skip
"""Every intent of the contract."""

LANGUAGES = ("en",)
REPAIRED_LENGTH = 5
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?()\n]")
CLAUSE = "|"
NEAR = 3
GAP = rf"(?: (?!\{CLAUSE})\S+){{0,{NEAR}}} "


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is looked for in a text, and what it stands for: parts that must all be there, wherever they stand."""

    parts: tuple[re.Pattern[str], ...]
    meaning: str | float

    def found_in(self, padded: str) -> re.Match[str] | None:
        """Where its first part stands in a text that has all of them."""
        found = [part.search(padded) for part in self.parts]
        return found[0] if all(found) else None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language: phrases by intent with weights, phrases for values, whole texts that are commands.

    A word that is not among `words` is taken for the one of `mendable` that it nearly is. A yes that opens a return has
    `yes_words` only.
    """

    language: str
    intents: Mapping[str, tuple[Phrase, ...]]
    values: Mapping[str, tuple[Phrase, ...]]
    commands: Mapping[str, str]
    colors: Mapping[str, str]
    aliases: Mapping[str, str]
    numbers: Mapping[str, int]
    beside_numbers: frozenset[str]
    negations: frozenset[str]
    everything: frozenset[str]
    yes_words: frozenset[str]
    words: frozenset[str]
    mendable: tuple[str, ...]

    def value(self, name: str, padded: str) -> str | None:
        """The first value of a name that a text names."""
        return next((str(phrase.meaning) for phrase in self.values[name] if phrase.found_in(padded)), None)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, English where there is none."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    document = tomllib.loads((files("bot") / "locales" / f"{known}.toml").read_text(encoding="utf-8"))
    tables = [*document["intents"].values(), *document["values"].values()]
    words = frozenset(document["spelled_right"]).union(*(_words(table) for table in tables))
    return Lexicon(
        language=known,
        intents={name: _phrases(document["intents"][name]) for name in INTENTS if name in document["intents"]},
        values={name: _phrases(table) for name, table in document["values"].items()},
        commands={text: command for command, texts in document["commands"].items() for text in texts},
        colors=document["colors"],
        aliases={text: choice for choice, texts in document["aliases"].items() for text in texts},
        numbers=document["numbers"],
        beside_numbers=frozenset(document["beside_numbers"]),
        negations=frozenset(document["negations"]),
        everything=frozenset(document["everything"]),
        yes_words=frozenset(document["beside_yes"]).union(
            _words(document["intents"]["affirm"]), _words(document["intents"]["thanks_bye"])
        ),
        words=words,
        mendable=tuple(sorted(word for word in words if len(word) >= REPAIRED_LENGTH)),
    )


def padded(words: list[str]) -> str:
    """Words as phrases are looked for in them."""
    return f" {' '.join(words)} "


def words_of(text: str) -> list[str]:
    """The words of a text as phrases are compared: lower case, straight apostrophes, clauses set apart."""
    return [word if word[0].isalnum() else CLAUSE for word in WORD.findall(text.casefold().replace("’", "'"))]


def _phrases(table: Mapping[str, str | float]) -> tuple[Phrase, ...]:
    return tuple(Phrase(tuple(_parts(phrase)), meaning) for phrase, meaning in table.items())


def _parts(phrase: str) -> Iterator[re.Pattern[str]]:
    """`word*` is any ending, `...` some words between, `&` sets parts apart that may stand anywhere."""
    for part in phrase.split(" & "):
        pieces = [re.escape(piece).replace(r"\*", r"[^ ]*") for piece in part.split(" ... ")]
        yield re.compile(f" {GAP.join(pieces)} ")


def _words(table: Mapping[str, object]) -> frozenset[str]:
    """The words of a table, stems among them."""
    return frozenset(word.rstrip("*") for phrase in table for word in phrase.split() if word[0].isalnum())
