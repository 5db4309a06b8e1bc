"""Opening a return: which items, why, what for, which way; a summary, and only then the return."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import asdict, replace

from bot.buttons import label
from bot.conversation import EVIDENCE, Conversation, Item, Question, Slot, Source, needs_evidence_facts
from bot.effects import Opened, OpenReturn, Quoted, QuoteReturn, ReadVariants
from bot.knowledge import Facts, Why, why_of
from bot.mentions import variants_like
from bot.questions import Scene, because, has_choices, new_offers, resolutions
from bot.replies import Message
from bot.slots import drop_draft, fill, pick
from bot.speech import CONFIRM, END, Card, Ended, Turn, asked, doing
from domain.refusals import REFUSED

PAID = {
    "approved": "paid_now",
    "in_transit": "paid_in_transit",
    "received": "paid_received",
    "inspected": "paid_inspected",
}
"""What is said about the money, by the policy's `settle_on`."""


def go_on(scene: Scene, *messages: Message) -> Turn | Ended:
    """The next question, or the quote when all is known; the summary's question while its quote stands."""
    if not any(line.returnable for line in scene.facts.lines):
        return Ended((*messages, _nothing_returnable(scene)))
    if any(line_id not in scene.facts.variants for line_id in scene.conversation.line_ids):
        return doing(scene, ReadVariants(scene.conversation.line_ids), *messages)
    scene = scene.of(with_obvious(scene.conversation, scene.facts))
    if any(_is_evidence_unclear(scene, item) for item in scene.conversation.items):
        return doing(scene, ReadVariants(scene.conversation.line_ids), *messages)
    question = next(_questions(scene.conversation, scene.facts), None)
    if question is not None:
        return _asked(scene, question, *messages)
    if scene.conversation.quote_id is not None:
        return asked(scene, CONFIRM, *messages)
    conversation = scene.conversation
    return doing(scene, QuoteReturn(conversation.order_id or "", conversation.items, kind_of(conversation)), *messages)


def kind_of(conversation: Conversation) -> str:
    """Whether the shopper returns the goods or withdraws from the purchase, as the law lets them."""
    return conversation.value("kind") or "return"


def _nothing_instead(scene: Scene, line_id: str, *messages: Message) -> Turn | Ended:
    """The shop only swaps, and has nothing to swap this for: go on with the rest."""
    others = tuple(one for one in scene.conversation.line_ids if one != line_id)
    told = _not_this(scene, line_id, (Why(REFUSED["out_of_stock"]),))
    return go_on(scene.of(pick(scene.conversation, others, source=Source.TEXT)), *messages, told)


def cannot_come_back(scene: Scene, line_id: str) -> Message:
    """Why a line cannot come back."""
    line = scene.facts.line(line_id)
    return _not_this(scene, line_id, line.why if line else ())


def _not_this(scene: Scene, line_id: str, whys: Iterable[Why]) -> Message:
    line = scene.facts.line(line_id)
    return Message("partly_refused", {"title": line.title if line else "", "why": because(scene, whys)})


def _asked(scene: Scene, question: Question, *messages: Message) -> Turn | Ended:
    """Ask; what the goods are given back for is asked with what may suit better, offered once."""
    line_id = question.line_id
    if question.slot != "resolution" or line_id is None:
        return asked(scene, question, *messages)
    is_old, is_answerable = line_id in scene.conversation.offered, has_choices(scene, question)
    if is_old and is_answerable:
        return asked(scene, question, *messages)
    if line_id not in scene.facts.offers:
        return doing(scene, ReadVariants(scene.conversation.line_ids), *messages)
    if not is_answerable:
        return _nothing_instead(scene, line_id, *messages)
    offers = new_offers(scene, line_id)
    if not offers:
        return asked(scene, question, *messages)
    card = Card("offer", {"for": line_id, "offers": [asdict(offer) for offer in offers]})
    turn = asked(scene, question, *messages, Message("offer"), card=card)
    return replace(turn, conversation=replace(turn.conversation, offered=(*scene.conversation.offered, line_id)))


def quoted(scene: Scene, came: Quoted) -> Turn | Ended:
    """Show the quote and ask for the last word; go round what cannot be opened."""
    quote: Mapping[str, Any] = came.quote
    if quote["approval"] == "refuse":
        return refused(scene, tuple(_whys(quote["items"])))
    card = Card("summary", {"quote": quote, "proof": list(came.proof)})
    if _costs(quote) and len(scene.facts.fallbacks) > 1 and scene.conversation.value("fallback") is None:
        costs = Message("costs_more", {"due": scene.facts.money(quote["due"])})
        return asked(scene, Question("fallback"), costs, card=card)
    return asked(scene.having(quote_id=came.quote_id), CONFIRM, *_summary(scene, quote), card=card)


def is_ready(conversation: Conversation) -> bool:
    """Whether a yes has a summary that it can be said to."""
    return conversation.quote_id is not None and conversation.order_id is not None


def refused(scene: Scene, reasons: tuple[Why, ...]) -> Turn | Ended:
    """Nothing of it may come back: say why, and let the shopper choose anew."""
    return go_on(scene.of(drop_draft(scene.conversation)), Message("refused", {"why": because(scene, reasons)}))


def confirmed(scene: Scene) -> Turn:
    """The shopper said yes to the summary: have the return opened."""
    conversation = scene.conversation
    effect = OpenReturn(
        order_id=conversation.order_id or "",
        items=conversation.items,
        method=conversation.value("method") or "mail",
        quote_id=conversation.quote_id or "",
        kind=kind_of(conversation),
        fallback=conversation.value("fallback"),
        notes=_notes(conversation),
    )
    return doing(scene, effect)


def _notes(conversation: Conversation) -> Mapping[str, str]:
    """What was written of lines, by line."""
    notes = ((line_id, conversation.value("note", line_id)) for line_id in conversation.line_ids)
    return {line_id: note for line_id, note in notes if note not in (None, "none")}


def opened(scene: Scene, result: Opened) -> Turn:
    """Say that it is done and what comes next."""
    left = drop_draft(scene.conversation)
    card = Card("status", {"return": result.return_id, "status": result.status, "link": result.link})
    turn = asked(scene.of(left).having(flows=()), END, *_next_steps(scene, result), card=card)
    outcome = {"kind": "return_opened", "return": result.return_id}
    return Turn(turn.conversation, messages=turn.messages, ask=turn.ask, card=turn.card, outcome=outcome)


def with_obvious(conversation: Conversation, facts: Facts) -> Conversation:
    """The conversation with all filled in that leaves no choice, and what was said before the item was known."""
    line_ids = conversation.line_ids
    if len(line_ids) == 1:
        conversation = _with_what_was_said(conversation, facts, line_id=line_ids[0])
    for line_id in line_ids:
        conversation = _without_vain_swap(conversation, facts, line_id)
        line, offered = facts.line(line_id), _offered(conversation, facts, line_id)
        if line and line.returnable == 1:
            conversation = _given(conversation, Slot("quantity", "1", Source.STORE, line_id))
        if len(offered) == 1:
            conversation = _given(conversation, Slot("resolution", offered[0], Source.STORE, line_id))
    conversation = conversation.without(lambda slot: slot.name == "method" and slot.value not in facts.policy.methods)
    if len(facts.policy.methods) == 1:
        conversation = _given(conversation, Slot("method", facts.policy.methods[0], Source.STORE))
    return conversation


def _without_vain_swap(conversation: Conversation, facts: Facts, line_id: str) -> Conversation:
    """Who takes back the other product that they chose, and has no other kind of their own to choose, swaps nothing."""
    is_open = conversation.value("resolution", line_id) == "exchange" and conversation.value("variant", line_id) is None
    if not is_open or line_id not in facts.variants or "exchange" in resolutions(facts, line_id):
        return conversation
    return conversation.without(lambda slot: (slot.name, slot.line_id) == ("resolution", line_id))


def _offered(conversation: Conversation, facts: Facts, line_id: str) -> tuple[str, ...]:
    """What may be had for a line; who withdraws gets the money, whatever the shop offers."""
    return ("refund",) if kind_of(conversation) == "withdrawal" else resolutions(facts, line_id)


def _given(conversation: Conversation, slot: Slot) -> Conversation:
    known = conversation.value(slot.name, slot.line_id)
    return conversation if known is not None else fill(conversation, slot)


def _with_what_was_said(conversation: Conversation, facts: Facts, *, line_id: str) -> Conversation:
    """What was said of the goods in general is about the one item that was picked, where it can be."""
    for name, is_possible in POSSIBLE.items():
        value = conversation.value(name)
        if value is not None and is_possible(value, facts, line_id):
            conversation = _given(conversation, Slot(name, value, Source.TEXT, line_id))
        conversation = conversation.without(lambda slot, name=name: (slot.name, slot.line_id) == (name, None))  # type: ignore[misc]
    return _with_variant(conversation, facts, line_id=line_id)


def _with_variant(conversation: Conversation, facts: Facts, *, line_id: str) -> Conversation:
    """The variant, when size and colour that were named leave only one."""
    hints = tuple(filter(None, (conversation.value("size"), conversation.value("color"))))
    if not hints or conversation.value("resolution", line_id) != "exchange":
        return conversation
    found = variants_like(facts, line_id, hints=hints)
    conversation = conversation.without(lambda slot: slot.name in ("size", "color"))
    return _given(conversation, Slot("variant", found[0], Source.TEXT, line_id)) if len(found) == 1 else conversation


POSSIBLE: Mapping[str, Callable[[str, Facts, str], bool]] = {
    "quantity": lambda value, facts, line_id: any(
        line.line_id == line_id and int(value) <= line.returnable for line in facts.lines
    ),
    "reason": lambda *_: True,
    "resolution": lambda value, facts, line_id: value in resolutions(facts, line_id),
}
"""Whether what was said in general can be meant of a line."""

MISSING: Mapping[str, Callable[[Item, frozenset[str]], bool]] = {
    "quantity": lambda item, _: item.quantity is None,
    "reason": lambda item, _: item.reason is None,
    "evidence": lambda _, lacking: "evidence" in lacking,
    "note": lambda _, lacking: "note" in lacking,
    "resolution": lambda item, _: item.resolution is None,
    "variant": lambda item, _: item.resolution == "exchange" and item.variant_id is None,
}
"""What an item needs, in the order in which it is asked; the second are the slots of evidence that still lacks."""


def _is_evidence_unclear(scene: Scene, item: Item) -> bool:
    """Whether the facts do not say yet what a rule asks for of an item."""
    if not scene.facts.policy.evidence or item.line_id in scene.facts.evidence:
        return False
    return needs_evidence_facts(scene.conversation, item)


def _lacking(conversation: Conversation, facts: Facts, line_id: str) -> frozenset[str]:
    wanted = (EVIDENCE[one] for one in facts.evidence.get(line_id, ()))
    return frozenset(slot for slot in wanted if conversation.value(slot, line_id) is None)


def _questions(conversation: Conversation, facts: Facts) -> Iterator[Question]:
    needs_reason = kind_of(conversation) != "withdrawal"
    if not conversation.line_ids:
        yield Question("items")
    for item in conversation.items:
        lacking = _lacking(conversation, facts, item.line_id)
        missing = (slot for slot, is_missing in MISSING.items() if is_missing(item, lacking))
        yield from (Question(slot, item.line_id) for slot in missing if slot != "reason" or needs_reason)
    if conversation.value("method") is None and facts.policy.methods:
        yield Question("method")


def _nothing_returnable(scene: Scene) -> Message:
    whys = (why for line in scene.facts.lines for why in line.why)
    return Message("nothing_returnable", {"why": because(scene, whys)})


def _summary(scene: Scene, quote: Mapping[str, Any]) -> Iterator[Message]:
    for item in quote["items"]:
        if item["verdict"] == "refused":
            yield _not_this(scene, item["line_id"], _whys([item]))
    yield from _gives(scene, quote)
    if any(item["keep_item"] for item in quote["items"]):
        yield Message("keeps_items")
    if quote["approval"] == "review":
        yield Message("review")


def _gives(scene: Scene, quote: Mapping[str, Any]) -> Iterator[Message]:
    """What the quote gives, by kind; the amounts are the quote's own."""
    credit = sum((Decimal(to["amount"]) for to in quote["to"] if to.get("store_credit")), Decimal(0))
    money = Decimal(quote["total"]) - credit
    if money:
        yield Message("gives_money", {"amount": scene.facts.money(str(money))})
    if credit:
        yield Message("gives_credit", {"amount": scene.facts.money(str(credit))})
    if any(item["resolution"] == "exchange" and item["verdict"] != "refused" for item in quote["items"]):
        yield Message("gives_swap")
    if _costs(quote):
        yield from _pays(scene, quote)


def _costs(quote: Mapping[str, Any]) -> bool:
    return bool(quote["due"].strip("0."))


def _pays(scene: Scene, quote: Mapping[str, Any]) -> Iterator[Message]:
    """What is to be paid besides, by when, and what is given instead otherwise."""
    chosen, ways = scene.conversation.value("fallback"), scene.facts.fallbacks
    instead = chosen if chosen in ways else next(iter(ways), "refund")
    yield Message("to_pay", {"due": scene.facts.money(quote["due"])})
    words = label(f"resolution:{instead}", scene.translate)
    yield Message("to_pay_within", {"days": str(scene.facts.policy.pay_days), "instead": words})


def _whys(items: list[Mapping[str, Any]]) -> Iterator[Why]:
    return (why_of(reason) for item in items for reason in item["reasons"])


def _next_steps(scene: Scene, result: Opened) -> Iterator[Message]:
    rma, link = {"rma": result.return_id}, {"link": result.link}
    if result.status == "requested":
        yield Message("opened_review", rma)
    else:
        settle_on = "approved" if result.method == "keep" else scene.facts.policy.settle_on
        yield Message("opened", rma)
        yield Message(f"next_{result.method}", rma)
        yield Message(PAID[settle_on])
    yield Message("follow", link)
