"""Opening a return: the slots in their order, what fills each, and what a change of one undoes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.conversation import Conversation, Item, Question
from bot.knowledge import Facts
from bot.questions import replacements, resolutions

Filled = Callable[[Conversation, str | None, str], Conversation]


def next_question(conversation: Conversation, facts: Facts) -> Question | None:
    """The first slot that is still empty, None when all that is needed is known."""
    return next(_questions(conversation, facts), None)


def with_obvious(conversation: Conversation, facts: Facts) -> Conversation:
    """The conversation with all that leaves no choice filled in."""
    items = tuple(_obvious(item, facts) for item in conversation.items)
    methods = facts.policy.methods
    method = conversation.method or (methods[0] if len(methods) == 1 else None)
    return replace(conversation, items=items, method=method)


def fill(conversation: Conversation, question: Question, *, value: str) -> Conversation:
    """The conversation with a slot filled; what depended on it is asked again."""
    return FILLS[question.slot](conversation, question.line_id, value)


def clear(conversation: Conversation, question: Question) -> Conversation:
    """The conversation with a slot empty again."""
    return CLEARS[question.slot](conversation, question.line_id, "")


def pick(conversation: Conversation, line_ids: tuple[str, ...]) -> Conversation:
    """The conversation about these lines; what was said of a line before is kept."""
    items = tuple(conversation.item(line_id) for line_id in dict.fromkeys(line_ids))
    return replace(conversation, items=items, quote_id=None)


def _questions(conversation: Conversation, facts: Facts) -> Iterator[Question]:
    if conversation.order_id is None:
        if conversation.order_number is None:
            yield Question("order_number")
        if conversation.proof is None:
            yield Question("proof")
        return
    if not conversation.items:
        yield Question("items")
    for item in conversation.items:
        yield from _questions_of(item)
    if conversation.method is None and facts.policy.methods:
        yield Question("method")


def _questions_of(item: Item) -> Iterator[Question]:
    for slot, missing in MISSING.items():
        if missing(item):
            yield Question(slot, item.line_id)


MISSING: Mapping[str, Callable[[Item], bool]] = {
    "quantity": lambda item: item.quantity is None,
    "reason": lambda item: item.reason is None,
    "resolution": lambda item: item.resolution is None,
    "variant": lambda item: item.resolution == "exchange" and item.variant_id is None,
}
"""What an item needs, in the order in which it is asked."""


def _obvious(item: Item, facts: Facts) -> Item:
    line, offered = facts.line(item.line_id), resolutions(facts, item.line_id)
    others = replacements(facts, item.line_id)
    if line and line.returnable == 1:
        item = replace(item, quantity=1)
    if len(offered) == 1:
        item = replace(item, resolution=offered[0])
    if item.resolution == "exchange" and len(others) == 1 and len(facts.variants.get(item.line_id, ())) == 1:
        item = replace(item, variant_id=others[0].variant_id)
    return item


def _of_item(name: str, read: Callable[[str], object] = str) -> Filled:
    def filled(conversation: Conversation, line_id: str | None, value: str) -> Conversation:
        changed = replace(conversation.item(line_id), **{name: read(value)})  # type: ignore[arg-type]
        return conversation.with_item(changed)

    return filled


def _resolution(conversation: Conversation, line_id: str | None, value: str) -> Conversation:
    return conversation.with_item(replace(conversation.item(line_id), resolution=value or None, variant_id=None))


def _order_number(conversation: Conversation, _: str | None, value: str) -> Conversation:
    return replace(conversation, order_number=value or None, order_id=None, items=(), method=None, quote_id=None)


def _proof(conversation: Conversation, _: str | None, value: str) -> Conversation:
    return replace(conversation, proof=value or None, order_id=None)


def _method(conversation: Conversation, _: str | None, value: str) -> Conversation:
    return replace(conversation, method=value or None)


def _items(conversation: Conversation, _: str | None, value: str) -> Conversation:
    return pick(conversation, (value,) if value else ())


def _confirm(conversation: Conversation, _line_id: str | None, _value: str) -> Conversation:
    return replace(conversation, quote_id=None)


FILLS: Mapping[str, Filled] = {
    "order_number": _order_number,
    "proof": _proof,
    "items": _items,
    "quantity": _of_item("quantity", int),
    "reason": _of_item("reason"),
    "resolution": _resolution,
    "variant": _of_item("variant_id"),
    "method": _method,
    "confirm": _confirm,
}
"""What filling a slot changes."""

CLEARS: Mapping[str, Filled] = {
    **FILLS,
    "quantity": _of_item("quantity", lambda _: None),
    "reason": _of_item("reason", lambda _: None),
    "variant": _of_item("variant_id", lambda _: None),
}
"""What emptying a slot changes."""
