"""Which rules of the policy match an item, and what they set: for each key the first matching rule wins."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.conditions import Search
from domain.item_facts import ItemFacts
from domain.policy import Rule, Settings

EVERYTHING = frozenset(Settings.__struct_fields__)
ON_A_WITHDRAWAL = frozenset({"keep_item", "destination", "label", "say", "evidence"})
"""What rules may set on a withdrawal: they do not refuse, shorten, charge or hold it."""


class Ruling(Struct, frozen=True):
    """What the rules set for an item; `decided_by` names, for each key, the place of the rule that set it."""

    settings: Settings
    decided_by: Mapping[str, int]


NOTHING_SET = Ruling(Settings(), {})


class Decided(Struct, frozen=True):
    """A rule that matched some item, with the keys it decided as the policy's document says them."""

    rule: str
    said: dict[str, object]


def apply_rules(
    rules: Sequence[Rule], facts: Sequence[ItemFacts], *, search: Search
) -> tuple[list[Ruling], tuple[Decided, ...]]:
    """What the rules set for each item, and which rules matched any item, in the policy's order."""
    if not rules:
        return [NOTHING_SET] * len(facts), ()
    decided: dict[int, Decided] = {}
    rulings = [_ruling(rules, entry, search=search, decided=decided) for entry in facts]
    return rulings, tuple(decided[index] for index in sorted(decided))


def _ruling(rules: Sequence[Rule], facts: ItemFacts, *, search: Search, decided: dict[int, Decided]) -> Ruling:
    """What the rules set for one item; what each decided is added to `decided`."""
    settable = ON_A_WITHDRAWAL if facts.withdrawn else EVERYTHING
    chosen: dict[str, object] = {}
    decided_by: dict[str, int] = {}
    for index, rule in enumerate(rules):
        if not rule.when.holds(facts, search):
            continue
        said = decided.setdefault(index, Decided(rule.id, {})).said
        for name, value in rule.then.said.items():
            if name in settable and name not in chosen:
                chosen[name] = getattr(rule.then.settings, name)
                decided_by[name] = index
                said[name] = value
    if not chosen:
        return NOTHING_SET
    return Ruling(Settings(**chosen), decided_by)  # type: ignore[arg-type]  # the names are those of Settings
