"""Filling slots: what filling one changes, and how the last one is taken back."""

from msgspec.structs import replace

from bot.conversation import Conversation, Slot, Source

ORDER = ("order_number", "proof")
"""What proves an order: another value means that it must be proved again."""
FOLLOWS = {"variant": "resolution"}
"""What follows from an answer before it is kept: who takes a variant takes a swap."""
OF_AN_ORDER = frozenset({"items", "method", "fallback", "return"})
"""What is about one order and not about one line of it."""


def fill(conversation: Conversation, slot: Slot) -> Conversation:
    """The conversation with a slot filled; what depended on its former value is empty."""
    if conversation.value(slot.name, slot.line_id) == slot.value:
        return conversation
    cleared = conversation.without(lambda other: _is_undone(other, by=slot))
    order_id = None if slot.name in ORDER else conversation.order_id
    return replace(cleared, slots=(*cleared.slots, slot), order_id=order_id, quote_id=None)


def pick(conversation: Conversation, line_ids: tuple[str, ...], *, source: Source) -> Conversation:
    """The conversation about these lines; what is known of a line that stays is kept."""
    left = conversation.without(
        lambda slot: slot.name == "items" or (slot.line_id is not None and slot.line_id not in line_ids)
    )
    picked = tuple(Slot("items", line_id, source) for line_id in dict.fromkeys(line_ids))
    return replace(left, slots=(*left.slots, *picked), quote_id=None)


def take_back(conversation: Conversation) -> Conversation:
    """The conversation without what the shopper said last, and without what followed from it by itself."""
    kept = list(conversation.slots)
    while kept and kept[-1].source is Source.STORE:
        kept.pop()
    if not kept:
        return replace(conversation, slots=(), quote_id=None)
    last = kept.pop()
    if kept and (kept[-1].name, kept[-1].line_id, kept[-1].source) == (
        FOLLOWS.get(last.name),
        last.line_id,
        Source.STORE,
    ):
        kept.pop()
    if last.name == "items":
        return pick(conversation, (), source=last.source)
    order_id = None if last.name in ORDER else conversation.order_id
    return replace(conversation, slots=tuple(kept), order_id=order_id, quote_id=None)


def empty(conversation: Conversation, name: str) -> Conversation:
    """The conversation with a slot empty again, of every line; without items nothing is known of any."""
    if name == "items":
        return pick(conversation, (), source=Source.BUTTON)
    undone = {name, "variant"} if name == "resolution" else {name}
    return conversation.without(lambda slot: slot.name in undone)


def drop_draft(conversation: Conversation) -> Conversation:
    """The conversation with its order, and nothing picked from it."""
    return conversation.without(lambda slot: slot.name not in ORDER)


def drop_order(conversation: Conversation) -> Conversation:
    """The conversation without any order; what was said of the goods before is kept for the next."""
    left = conversation.without(lambda slot: slot.name in ORDER or _is_of_an_order(slot))
    return replace(left, order_id=None)


def _is_undone(other: Slot, *, by: Slot) -> bool:
    if (other.name, other.line_id) == (by.name, by.line_id):
        return True
    if by.name == "order_number":
        return _is_of_an_order(other)
    return by.name == "resolution" and (other.name, other.line_id) == ("variant", by.line_id)


def _is_of_an_order(slot: Slot) -> bool:
    return slot.line_id is not None or slot.name in OF_AN_ORDER
