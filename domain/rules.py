"""Which rules of the policy match an item, and what they set: for each key the first matching rule wins."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from domain.conditions import Search
from domain.item_facts import ItemFacts
from domain.policy import Rule, Settings

EVERYTHING = frozenset(entry.name for entry in fields(Settings))
ON_A_WITHDRAWAL = frozenset({"keep_item", "destination", "label", "say", "evidence"})
"""What rules may set on a withdrawal: they do not refuse, shorten, charge or hold it."""

NOTHING_SET = Settings()


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule that matched some item, with the keys it decided as the policy's document says them."""

    rule: str
    said: dict[str, object]


def apply_rules(
    rules: Sequence[Rule], facts: Sequence[ItemFacts], *, search: Search
) -> tuple[list[Settings], tuple[Decided, ...]]:
    """What the rules set for each item, and which rules matched any item, in the policy's order."""
    if not rules:
        return [NOTHING_SET] * len(facts), ()
    decided: dict[int, Decided] = {}
    settings = [_settings_of(rules, entry, search=search, decided=decided) for entry in facts]
    return settings, tuple(decided[index] for index in sorted(decided))


def _settings_of(rules: Sequence[Rule], facts: ItemFacts, *, search: Search, decided: dict[int, Decided]) -> Settings:
    """What the rules set for one item; what each decided is added to `decided`."""
    settable = ON_A_WITHDRAWAL if facts.withdrawn else EVERYTHING
    chosen: dict[str, object] = {}
    for index, rule in enumerate(rules):
        if not rule.when.holds(facts, search):
            continue
        said = decided.setdefault(index, Decided(rule.id, {})).said
        for name, value in rule.then.said.items():
            if name in settable and name not in chosen:
                chosen[name] = getattr(rule.then.settings, name)
                said[name] = value
    return Settings(**chosen) if chosen else NOTHING_SET  # type: ignore[arg-type]  # the names are those of Settings
