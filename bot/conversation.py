"""The state of a conversation: what it is about, what is known and from where, what was asked; versioned JSON."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

FORM = 2
"""The version of the JSON form; a conversation of another form is begun anew."""


class Source(StrEnum):
    """Where a slot's value comes from: a button, the shopper's words, or the shop, which left no choice."""

    BUTTON = "button"
    TEXT = "text"
    STORE = "store"


class Question(Struct, frozen=True):
    """What was asked: a slot of the contract, and the line that it is about."""

    slot: str
    line_id: str | None = None


class Slot(Struct, frozen=True):
    """One thing that is known: `value` as in the choice's id, `line_id` where it is about one line of the order."""

    name: str
    value: str
    source: Source
    line_id: str | None = None


class Item(Struct, frozen=True):
    """An order line that is to come back, as far as it is known; `variant_id` is what the shopper wants instead."""

    line_id: str
    quantity: int | None = None
    reason: str | None = None
    resolution: str | None = None
    variant_id: str | None = None


def needs_offers(item: Item) -> bool:
    """Whether something else may be offered for an item: why it comes back is known, and not yet what for."""
    return item.reason is not None and item.quantity is not None and item.resolution is None


def needs_own_orders(conversation: "Conversation") -> bool:
    """Whether an order is still to be named, so that who is signed in may choose one."""
    is_named = conversation.order_id is not None or conversation.value("order_number") is not None
    return bool(conversation.flows) and not is_named


EVIDENCE = {"photo": "evidence", "note": "note"}
"""What a rule may ask for, and the slot that holds it; `none` there says that the shopper has none."""


def needs_evidence_facts(conversation: "Conversation", item: Item) -> bool:
    """Whether it must be known of an item what a rule asks for: why it comes back is settled, and not all is there."""
    is_plain = item.reason is not None or conversation.value("kind") == "withdrawal"
    is_there = all(conversation.value(slot, item.line_id) is not None for slot in EVIDENCE.values())
    return item.quantity is not None and is_plain and not is_there


class Offer(Struct, frozen=True):
    """A choice as it was shown, so that its number or label can be typed as well."""

    id: str
    label: str


class Spoken(Struct, frozen=True):
    """A sentence that was said, and in which of its wordings."""

    key: str
    wording: int


class Conversation(Struct, frozen=True):
    """One shopper's conversation.

    `flows` are the intents that are being worked on, an interrupted one below what interrupted it; `slots` stand in the
    order in which they were filled; `order_id` is set once the order is proved theirs; `quote_id` once its quote was
    shown; `said_before` and `said_now` are what the last turn and this one said; `offered` are the lines for which
    something else was offered; `about` is what of the rules was asked last; `asked_again` is how often the same
    question was asked in a row.
    """

    language: str = "en"
    flows: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    order_id: str | None = None
    quote_id: str | None = None
    asked: Question | None = None
    offers: tuple[Offer, ...] = ()
    said_before: tuple[Spoken, ...] = ()
    said_now: tuple[Spoken, ...] = ()
    misses: int = 0
    not_found: int = 0
    person_offered: bool = False
    topic: str | None = None
    handed_over: bool = False
    offered: tuple[str, ...] = ()
    about: str | None = None
    asked_again: int = 0

    def document(self) -> dict[str, object]:
        """The conversation as JSON."""
        return {"form": FORM, **to_builtins(self)}

    @property
    def flow(self) -> str | None:
        """The intent that is being worked on now."""
        return self.flows[-1] if self.flows else None

    @property
    def line_ids(self) -> tuple[str, ...]:
        """The lines that were picked."""
        return tuple(slot.value for slot in self.slots if slot.name == "items")

    @property
    def items(self) -> tuple[Item, ...]:
        """The lines that were picked, with all that is known of each."""
        return tuple(self._item(line_id) for line_id in self.line_ids)

    def value(self, name: str, line_id: str | None = None) -> str | None:
        """What is known under a name, None when nothing is."""
        found = (slot.value for slot in self.slots if (slot.name, slot.line_id) == (name, line_id))
        return next(found, None)

    def without(self, is_dropped: Callable[[Slot], bool]) -> "Conversation":
        """The conversation with some slots empty again; a quote that was shown does not stand any more."""
        left = tuple(slot for slot in self.slots if not is_dropped(slot))
        return self if left == self.slots else replace(self, slots=left, quote_id=None)

    def _item(self, line_id: str) -> Item:
        quantity = self.value("quantity", line_id)
        return Item(
            line_id=line_id,
            quantity=int(quantity) if quantity else None,
            reason=self.value("reason", line_id),
            resolution=self.value("resolution", line_id),
            variant_id=self.value("variant", line_id),
        )


def read_conversation(document: Mapping[str, object]) -> Conversation:
    """The conversation of its JSON; a form that this version does not know begins anew."""
    if document.get("form") != FORM:
        return Conversation()
    return convert(document, Conversation)
