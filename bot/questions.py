"""What the assistant asks, with the choices that it offers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.buttons import label
from bot.conversation import Conversation, Question, Slot, Source
from bot.knowledge import Facts, OfferFact, VariantFact, Why
from bot.replies import Message, Translate

MENU = ("menu:start_return", "menu:return_status", "menu:check_policy")
REASONS = (
    "size_too_small", "size_too_large", "color", "style", "changed_mind", "defective", "damaged", "wrong_item",
    "not_as_described", "missing_parts", "late", "other",
)  # fmt: skip
FAULTS = frozenset({"defective", "damaged", "wrong_item", "not_as_described", "missing_parts", "late"})
"""Reasons for which the same thing again may be what is wanted."""
CHANGED = ("items", "quantity", "reason", "resolution", "variant", "method")
MOST_QUANTITIES = 20
CANCELS = ("cancel_return", "cancel_order")
"""Flows whose last question is not about a summary: what is asked there, and what yes and no are called."""


class Choice(Struct, frozen=True):
    """A button: `why` says why it is disabled."""

    id: str
    label: str
    detail: str | None = None
    image: str | None = None
    why: str | None = None

    def document(self) -> dict[str, object]:
        """The choice in the contract's form."""
        return {
            "id": self.id,
            "label": self.label,
            "detail": self.detail,
            "image": self.image,
            "disabled": self.why is not None,
            "why": self.why,
        }


class Ask(Struct, frozen=True):
    """A question with its choices; `multiple` when several may be picked at once."""

    question: Question
    choices: tuple[Choice, ...] = ()
    multiple: bool = False

    def document(self) -> dict[str, object]:
        """The question in the contract's form."""
        return {
            "slot": self.question.slot,
            "for": self.question.line_id,
            "multiple": self.multiple,
            "choices": [choice.document() for choice in self.choices],
        }


class Scene(Struct, frozen=True):
    """All that a turn may look at."""

    conversation: Conversation
    facts: Facts
    translate: Translate

    def having(self, **changes: Any) -> "Scene":  # noqa: ANN401  fields of the conversation
        """The scene with something of its conversation changed."""
        return replace(self, conversation=replace(self.conversation, **changes))

    def of(self, conversation: Conversation) -> "Scene":
        """The scene of another state of the conversation."""
        return replace(self, conversation=conversation)


Choices = Callable[[Scene, str | None], Iterable[Choice]]


def ask(scene: Scene, question: Question, *, only: tuple[str, ...] = ()) -> Ask:
    """A question with its choices, a way back and a person always among them; `only` names the choices to mean."""
    own = tuple(_plain(only)(scene, None)) if only else tuple(CHOICES[question.slot](scene, question.line_id))
    ways = ("back", "human") if scene.conversation.flows else ("human",)
    further = tuple(Choice(way, label(way, scene.translate)) for way in ways)
    return Ask(question=question, choices=(*own, *further), multiple=question.slot == "items")


def has_choices(scene: Scene, question: Question) -> bool:
    """Whether a question has an answer besides going back or asking for a person."""
    return any(choice.why is None for choice in CHOICES[question.slot](scene, question.line_id))


def sentence(scene: Scene, question: Question) -> Message:
    """The words of a question."""
    line = scene.facts.line(question.line_id)
    values = {"title": line.title if line else "", "order": scene.facts.order_number or ""}
    values["rma"] = scene.conversation.value("return") or ""
    return Message(f"ask_{_said_as(scene, question)}", values)


def _said_as(scene: Scene, question: Question) -> str:
    flow = scene.conversation.flow
    return flow if question.slot == "confirm" and flow in CANCELS else question.slot


def worded(why: Why, translate: Translate, *, day: Callable[[str], str]) -> str:
    """Why something cannot come back, in the shopper's words; `day` writes a date."""
    values = dict(why.values)
    if "last" in values:
        values["last"] = day(values["last"])
    if "exempt" in values:
        values["exempt"] = label(f"exempt:{values['exempt']}", translate)
    said = translate(why.sentence)
    return said.format(**values) if values else said


def because(scene: Scene, whys: Iterable[Why]) -> str:
    """Why something cannot come back, each reason once, in the shopper's words."""
    return " ".join(dict.fromkeys(_because(scene, why) for why in whys))


def named(scene: Scene, slot: Slot) -> str | None:
    """What a slot of the draft says, in words; None for one that is not repeated to the shopper."""
    return NAMED[slot.name](scene, slot) if slot.name in NAMED else None


def replacements(facts: Facts, line_id: str | None) -> tuple[VariantFact, ...]:
    """The variants of a line's product that can be had now, the one that was bought among them."""
    return tuple(variant for variant in facts.variants.get(line_id or "", ()) if variant.available != 0)


def resolutions(facts: Facts, line_id: str | None) -> tuple[str, ...]:
    """What the policy offers for a line; an exchange only when there is something to exchange it for."""
    there = bool(replacements(facts, line_id))
    return tuple(one for one in facts.policy.resolutions if one != "exchange" or there)


def _plain(ids: Iterable[str]) -> Choices:
    fixed = tuple(ids)
    return lambda scene, _: (Choice(one, label(one, scene.translate)) for one in fixed)


def _none(_scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    return ()


def _items(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    for line in scene.facts.lines:
        price = scene.facts.money(line.price) if line.returnable else None
        yield Choice(
            f"item:{line.line_id}", line.title, detail=price, image=line.image, why=because(scene, line.why) or None
        )


def _orders(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    for one in scene.facts.own_orders or ():
        told = (scene.facts.day(one.day), ", ".join(one.titles))
        yield Choice(f"order:{one.number}", one.number, detail=" · ".join(filter(None, told)))
    yield Choice("other_order", label("other_order", scene.translate))


def _quantities(scene: Scene, line_id: str | None) -> Iterable[Choice]:
    line = scene.facts.line(line_id)
    most = min(line.returnable if line else 1, MOST_QUANTITIES)
    return (Choice(f"quantity:{n}", str(n)) for n in range(1, most + 1))


def new_offers(scene: Scene, line_id: str | None) -> tuple[OfferFact, ...]:
    """What may suit better than a line, unless it was offered before this question was asked."""
    stands = scene.conversation.asked == Question("resolution", line_id)
    is_old = line_id in scene.conversation.offered and not stands
    return () if is_old else scene.facts.offers.get(line_id or "", ())


def _resolutions(scene: Scene, line_id: str | None) -> Iterable[Choice]:
    own = tuple(_own_resolutions(scene, line_id))
    offers = new_offers(scene, line_id) if own else scene.facts.offers.get(line_id or "", ())
    for offer in offers:
        yield Choice(f"variant:{offer.variant_id}", offer.title, detail=_difference(scene, offer), image=offer.image)
    yield from own


def _own_resolutions(scene: Scene, line_id: str | None) -> Iterable[Choice]:
    percent = scene.facts.policy.bonus_percent
    for resolution in resolutions(scene.facts, line_id):
        is_only_same = resolution == "exchange" and all(one.is_same for one in replacements(scene.facts, line_id))
        if is_only_same and scene.conversation.value("reason", line_id) not in FAULTS:
            continue
        earns = resolution == "store_credit" and percent.strip("0.") != ""
        bonus = label("resolution:bonus", scene.translate, percent=scene.facts.percent(percent)) if earns else None
        words = "variant:same" if is_only_same else f"resolution:{resolution}"
        yield Choice(f"resolution:{resolution}", label(words, scene.translate), detail=bonus)


def _difference(scene: Scene, offer: OfferFact) -> str | None:
    """What an offer gives back or costs besides, None when it is even."""
    if offer.more:
        return label("offer:more", scene.translate, amount=scene.facts.money(offer.more))
    return label("offer:back", scene.translate, amount=scene.facts.money(offer.back)) if offer.back else None


def _variants(scene: Scene, line_id: str | None) -> Iterable[Choice]:
    wanted, same = int(scene.conversation.value("quantity", line_id) or 1), label("variant:same", scene.translate)
    for variant in scene.facts.variants.get(line_id or "", ()):
        detail, why = same if variant.is_same else None, _why_not(scene, variant, wanted=wanted)
        yield Choice(f"variant:{variant.variant_id}", variant.title, detail=detail, why=why)


def _why_not(scene: Scene, variant: VariantFact, *, wanted: int) -> str | None:
    """Why as many of a variant as are wanted cannot be had."""
    if variant.available is None or variant.available >= wanted:
        return None
    if not variant.available:
        return label("variant:sold_out", scene.translate)
    return label("variant:few", scene.translate, count=str(variant.available))


def _methods(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    return (Choice(f"method:{one}", label(f"method:{one}", scene.translate)) for one in scene.facts.policy.methods)


def _fallbacks(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    ways = (f"fallback:{one}" for one in scene.facts.fallbacks)
    return (Choice(one, label(one, scene.translate)) for one in (*ways, "change:variant"))


def _returns(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    for one in scene.facts.returns:
        if one.cancellable:
            yield Choice(f"return:{one.return_id}", one.return_id, detail=scene.translate(one.status))


def _confirms(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    words = "cancel" if scene.conversation.flow in CANCELS else "confirm"
    return (Choice(f"confirm:{one}", label(f"{words}:{one}", scene.translate)) for one in ("yes", "no"))


def _changes(scene: Scene, _line_id: str | None) -> Iterable[Choice]:
    """The slots of the draft that had more than one answer."""
    filled = {slot.name for slot in scene.conversation.slots if slot.source is not Source.STORE}
    return (Choice(f"change:{one}", label(f"change:{one}", scene.translate)) for one in CHANGED if one in filled)


def _because(scene: Scene, why: Why) -> str:
    return worded(why, scene.translate, day=scene.facts.day)


def _line(scene: Scene, slot: Slot) -> str:
    line = scene.facts.line(slot.value)
    return line.title if line else slot.value


def _variant(scene: Scene, slot: Slot) -> str:
    variants = scene.facts.variants.get(slot.line_id or "", ())
    return next((variant.title for variant in variants if variant.variant_id == slot.value), slot.value)


def _label(scene: Scene, slot: Slot) -> str:
    return label(f"{slot.name}:{slot.value}", scene.translate)


NAMED: Mapping[str, Callable[[Scene, Slot], str]] = {
    "items": _line,
    "quantity": lambda _, slot: f"{slot.value} ×",
    "reason": _label,
    "resolution": _label,
    "variant": _variant,
    "method": _label,
    "fallback": _label,
    "kind": _label,
}
"""How each slot of the draft is said."""

CHOICES: Mapping[str, Choices] = {
    "menu": _plain(MENU),
    "meaning": _plain(MENU),
    "order": _orders,
    "order_number": _none,
    "proof": _none,
    "items": _items,
    "quantity": _quantities,
    "reason": _plain(f"reason:{reason}" for reason in REASONS),
    "evidence": _plain(("evidence:none",)),
    "note": _plain(("note:none",)),
    "resolution": _resolutions,
    "variant": _variants,
    "method": _methods,
    "fallback": _fallbacks,
    "return": _returns,
    "confirm": _confirms,
    "change": _changes,
    "end": _plain(("menu:start_return", "menu:return_status", "menu:other_order", "done")),
}
"""The choices of each slot."""
