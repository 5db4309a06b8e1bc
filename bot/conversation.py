"""The state of a conversation: what is known, what was asked last; versioned JSON, nothing else."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

FORM = 1
"""The version of the JSON form; a conversation of another form is begun anew."""


@dataclass(frozen=True, slots=True)
class Item:
    """An order line that is to come back, as far as it is known; `variant_id` is what the shopper wants instead."""

    line_id: str
    quantity: int | None = None
    reason: str | None = None
    resolution: str | None = None
    variant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a slot of the contract, and the line that it is about."""

    slot: str
    line_id: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice as it was shown, so that its number or label can be typed as well."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One shopper's conversation; `goal` is what they came for, `order_id` is set once the order is proved theirs."""

    language: str = "en"
    goal: str | None = None
    order_number: str | None = None
    proof: str | None = None
    order_id: str | None = None
    items: tuple[Item, ...] = ()
    method: str | None = None
    quote_id: str | None = None
    draft: int = 0
    asked: Question | None = None
    offers: tuple[Offer, ...] = ()
    trail: tuple[Question, ...] = ()
    misses: int = 0
    said_last: str | None = None
    handed_over: bool = False

    def document(self) -> dict[str, object]:
        """The conversation as JSON."""
        return {"form": FORM, **asdict(self)}

    def item(self, line_id: str | None) -> Item:
        """The item of a line; an empty one when the line was not picked."""
        return next((item for item in self.items if item.line_id == line_id), Item(line_id or ""))

    def with_item(self, changed: Item) -> "Conversation":
        """The conversation with one item changed."""
        items = tuple(changed if item.line_id == changed.line_id else item for item in self.items)
        return replace(self, items=items, quote_id=None)


def read_conversation(document: Mapping[str, object]) -> Conversation:
    """The conversation of its JSON; a form that this version does not know begins anew."""
    if document.get("form") != FORM:
        return Conversation()
    given: dict[str, Any] = {name: value for name, value in document.items() if name != "form"}
    asked = given["asked"]
    given["asked"] = Question(**asked) if isinstance(asked, Mapping) else None
    given["items"] = tuple(Item(**item) for item in _listed(given["items"]))
    given["offers"] = tuple(Offer(**offer) for offer in _listed(given["offers"]))
    given["trail"] = tuple(Question(**question) for question in _listed(given["trail"]))
    return Conversation(**given)


def _listed(value: object) -> list[dict[str, Any]]:
    return list(value) if isinstance(value, list | tuple) else []
