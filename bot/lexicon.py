"""What shoppers write, as data: phrases with weights for each intent, one file a language."""

import re
import tomllib
from collections.abc import Mapping
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
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of a language: weights by intent, and the reason codes that phrases name."""

    language: str
    intents: Mapping[str, Mapping[str, float]]
    reasons: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """Every word of every phrase."""
        phrases = [phrase for weights in self.intents.values() for phrase in weights]
        return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, English where there is none."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    document = tomllib.loads((files("bot") / "locales" / f"{known}.toml").read_text(encoding="utf-8"))
    intents = {name: document[name] for name in INTENTS if name in document}
    return Lexicon(language=known, intents=intents, reasons=document["reasons"])


def words_of(text: str) -> list[str]:
    """The words of a text as phrases are compared: lower case, straight apostrophes, no marks."""
    return WORD.findall(text.casefold().replace("’", "'"))
