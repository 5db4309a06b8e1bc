"""One turn of the assistant: (conversation, event, facts) to (conversation, what is said, what is to be done)."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.buttons import LABELS
from bot.conversation import Conversation, Question, Slot, Source
from bot.course import begin, go_on, settled
from bot.effects import (
    Cancelled,
    NotCancelled,
    NotQuoted,
    Opened,
    OrderNotProved,
    OrderProved,
    OrdersListed,
    Quoted,
    QuoteMoved,
    Refused,
    Result,
    ShopIsSlow,
    TooManyTries,
    VariantsRead,
)
from bot.extract import HIDDEN, hide_card_numbers
from bot.flows import call_off_order, call_off_return, open_return, proving
from bot.flows.hand_over import hand_over, missed, offer
from bot.inputs import Chose, Event, Said, Showed, Started
from bot.knowledge import Facts
from bot.language import language_kept
from bot.listening import Heard, listen
from bot.questions import CANCELS, CHANGED, Scene, named, resolutions
from bot.questions import MENU as MENU_CHOICES
from bot.replies import Message, Translate
from bot.slots import OF_AN_ORDER, drop_draft, empty, fill, pick, take_back
from bot.speech import CHANGE, CONFIRM, END, MEANING, MENU, Ended, Turn, again, asked, left, meant, narrowed
from bot.spelling import normal, words_of

SIZES = ("reason:size_too_small", "reason:size_too_large", "reason:other")
REFUNDS = {"menu:start_return", "menu:return_status"}
"""What a bare "refund" may mean: a beginning or an end."""
ALWAYS_OFFERED = frozenset({*MENU_CHOICES, "human", "back", "done"})
FLOW_OF: Mapping[str, str] = {
    **dict.fromkeys(
        ("start_return", "start_exchange", "report_defect", "wrong_item", "size_fit", "changed_mind"), "start_return"
    ),
    "return_status": "return_status",
    "order_status": "order_status",
    **{flow: flow for flow in ("check_policy", "where_to_return", "store_credit", "recall_question")},
    **{flow: flow for flow in ("label_problem", "cancel_return", "cancel_order")},
}
"""The flow that each intent begins; what is not here is for a person, or small talk."""


def step(conversation: Conversation, event: Event, facts: Facts, *, translate: Translate = str) -> Turn:
    """The turn that answers what the shopper did."""
    scene = Scene(conversation=conversation, facts=facts, translate=translate)
    scene = scene.having(said_before=conversation.said_now or conversation.said_before, said_now=())
    return EVENTS[type(event)](scene, event)


def followed(conversation: Conversation, event: Event) -> Conversation:
    """The conversation in the language that the shopper writes, before a turn is made in it."""
    if not isinstance(event, Said):
        return conversation
    names = {word for offer in conversation.offers for word in words_of(offer.label)}
    return replace(conversation, language=language_kept(event.text, so_far=conversation.language, names=names))


def resume(conversation: Conversation, result: Result, facts: Facts, *, translate: Translate = str) -> Turn:
    """How the turn goes on once what it wanted done has a result."""
    scene = Scene(conversation=conversation, facts=facts, translate=translate)
    return RESULTS[type(result)](scene, result)


def _started(scene: Scene, _: Started) -> Turn:
    """Who comes from one of their orders has come for it, and has proved it."""
    greeting = Message("greeting", {"shop": scene.facts.shop_name})
    if scene.conversation.order_id is None:
        return asked(scene, MENU, greeting)
    found = Message("order_found", {"order": scene.facts.order_number or ""})
    return begin(scene, "start_return", greeting, found)


def _said(scene: Scene, said: Said) -> Turn:
    text = hide_card_numbers(normal(said.text))
    if HIDDEN in text:
        return again(scene, Message("card_hidden"))
    heard = listen(scene, text)
    if heard is None:
        return missed(scene)
    if heard.choices:
        return _picked(scene, heard.choices, source=Source.TEXT)
    if heard.refused:
        return again(_understood(scene), open_return.cannot_come_back(scene, heard.refused))
    if heard.remark:
        return REMARKS[heard.remark](scene.having(person_offered=True))
    return _filled(scene, heard) if heard.fills else _meant(scene, heard)


def _chose(scene: Scene, chose: Chose) -> Turn:
    if not chose.ids:
        return again(scene, Message("pick_one"))
    return _picked(scene, chose.ids, source=Source.BUTTON)


def _showed(scene: Scene, _: Showed) -> Turn:
    """Photos, where one was asked for; elsewhere they are not kept, and that is said."""
    question = scene.conversation.asked
    if question is None or question.slot != "evidence":
        return again(scene, Message("photo_not_asked"))
    photo = Slot("evidence", "photo", Source.BUTTON, question.line_id)
    return go_on(_understood(scene.of(fill(scene.conversation, photo))), Message("photo_kept"))


def _picked(scene: Scene, ids: tuple[str, ...], *, source: Source) -> Turn:
    """Choices, pressed or typed: one, or several items."""
    kind, _, value = ids[0].partition(":")
    is_one_answer = len(ids) == 1 or all(one.startswith("item:") for one in ids)
    if not is_one_answer or not all(_is_offered(scene, one, source) for one in ids):
        return again(scene, Message("not_that"))
    scene = _understood(scene)
    special = SPECIAL.get(kind)
    if special is not None:
        return special(scene, value)
    if kind == "item":
        line_ids = tuple(one.removeprefix("item:") for one in ids)
        return go_on(scene.of(pick(scene.conversation, line_ids, source=source)))
    line_id = _line_of(scene)
    if kind == "variant":
        scene = scene.of(fill(scene.conversation, Slot("resolution", "exchange", Source.STORE, line_id)))
    return go_on(scene.of(fill(scene.conversation, Slot(kind, value, source, line_id))))


def _line_of(scene: Scene) -> str | None:
    """The line that a choice is about: the one that was asked about, or the only one where its meaning was asked."""
    question, line_ids = scene.conversation.asked, scene.conversation.line_ids
    if question == MEANING and len(line_ids) == 1:
        return line_ids[0]
    return question.line_id if question else None


def _filled(scene: Scene, heard: Heard) -> Turn:
    """Slots that a text filled; the intent that it has besides may begin a flow."""
    scene = scene.having(about=heard.about or scene.conversation.about)
    conversation, line_ids = scene.conversation, tuple(slot.value for slot in heard.fills if slot.name == "items")
    if line_ids:
        beside = conversation.line_ids if heard.adds else ()
        conversation = pick(conversation, (*beside, *line_ids), source=Source.TEXT)
    for slot in heard.fills:
        if slot.name != "items":
            conversation = fill(conversation, slot)
    scene = _understood(scene.of(conversation))
    if heard.intent is not None and heard.intent not in FLOW_OF:
        return _menu(scene, heard.intent)
    if heard.intent is None and scene.conversation.asked == MEANING and not scene.conversation.flows:
        return again(scene)
    wanted = FLOW_OF[heard.intent] if heard.intent else scene.conversation.flow or "start_return"
    repeated = _repeated(scene, heard.fills)
    return begin(scene, wanted, *repeated) if wanted != scene.conversation.flow else go_on(scene, *repeated)


def _repeated(scene: Scene, fills: tuple[Slot, ...]) -> tuple[Message, ...]:
    """What was said without having been asked, so that the shopper sees that it was understood."""
    several = sum(slot.name == "items" for slot in fills) > 1
    news = (slot for slot in fills if Question(slot.name, slot.line_id) != scene.conversation.asked or several)
    words = [named(scene, slot) for slot in news]
    what = ", ".join(word for word in words if word is not None)
    line = scene.facts.line(next((slot.line_id for slot in fills if slot.line_id), None))
    if not what:
        return ()
    if line is not None and len(scene.conversation.line_ids) > 1:
        return (Message("understood_of", {"title": line.title, "what": what}),)
    return (Message("understood", {"what": what}),)


def _meant(scene: Scene, heard: Heard) -> Turn:
    """An intent: a flow of ours, small talk, something for a person, or one of several that must be asked."""
    intent = heard.intent or ""
    flow = FLOW_OF.get(intent)
    scene = scene.having(about=heard.about)
    choices = _readings(scene, (intent, *heard.close))
    if len(choices) > 1:
        return meant(_understood(scene), choices)
    if flow is not None and flow == scene.conversation.flow:
        return _which_size(scene) if intent == "size_fit" else _nothing_new(scene)
    return _menu(_understood(scene), intent)


def _which_size(scene: Scene) -> Turn:
    """It does not fit: too small or too large, where the reason was asked."""
    question = scene.conversation.asked
    if question is None or question.slot != "reason":
        return _nothing_new(scene)
    return narrowed(_understood(scene), question, SIZES)


def _readings(scene: Scene, intents: tuple[str, ...]) -> tuple[str, ...]:
    """What a text with several readings may mean, one choice for each flow; to cancel may be to begin again."""
    flows = dict.fromkeys(one if one == "start_exchange" else FLOW_OF.get(one, one) for one in intents)
    choices = [f"menu:{one}" for one in flows if f"menu:{one}" in LABELS]
    if {FLOW_OF.get(choice.removeprefix("menu:")) for choice in choices} == {"start_return"}:
        return ()
    if _may_be_instead(scene, choices):
        choices = ["resolution:refund" if one == "menu:start_return" else one for one in reversed(choices)]
    elif set(choices) == REFUNDS:
        choices.append("menu:check_policy")
    is_cancel = scene.conversation.flows and {f"menu:{one}" for one in CANCELS} <= set(choices)
    return (*choices, "start_over") if is_cancel else tuple(choices)


def _may_be_instead(scene: Scene, choices: list[str]) -> bool:
    """Whether "refund" may be said of the one item that is being swapped."""
    line_ids = scene.conversation.line_ids
    if set(choices) != REFUNDS or scene.conversation.flow != "start_return" or len(line_ids) != 1:
        return False
    is_other = scene.conversation.value("resolution", line_ids[0]) not in (None, "refund")
    return is_other and "refund" in resolutions(scene.facts, line_ids[0])


def _nothing_new(scene: Scene) -> Turn:
    """The shopper says again what they came for: the question once more, and a person when that does not help."""
    if scene.conversation.misses:
        return missed(scene)
    return again(scene.having(misses=1))


def _menu(scene: Scene, intent: str) -> Turn:
    """What was wanted, whether from the menu or in words."""
    small = SMALL_TALK.get(intent)
    if small is not None:
        return small(scene)
    if intent == "start_exchange":
        scene = scene.of(fill(scene.conversation, Slot("resolution", "exchange", Source.TEXT)))
    flow = FLOW_OF.get(intent)
    if flow is None:
        return offer(scene, intent)
    if flow == "cancel_return" and call_off_return.is_only_begun(scene):
        return asked(scene.of(drop_draft(scene.conversation)).having(flows=()), END, Message("not_opened"))
    if scene.conversation.flow is None:
        scene = scene.of(_with_proved_order(scene.conversation))
    return begin(scene, flow)


def _with_proved_order(conversation: Conversation) -> Conversation:
    """A new beginning keeps an order that is proved, and what was said in general."""
    return conversation.without(lambda slot: slot.line_id is not None or slot.name in OF_AN_ORDER)


def _back(scene: Scene, _: str) -> Turn:
    conversation = scene.conversation
    if conversation.asked in (END, MEANING) or not conversation.flows:
        return go_on(scene)
    if conversation.flow in CANCELS and conversation.order_id is not None:
        return go_on(call_off_return.forgotten(scene).having(flows=conversation.flows[:-1]))
    if not conversation.slots:
        return go_on(scene.having(flows=conversation.flows[:-1]))
    return go_on(scene.of(take_back(conversation)))


def _start_over(scene: Scene, _: str) -> Turn:
    scene = scene.having(flows=(), slots=(), order_id=None, quote_id=None, not_found=0, topic=None)
    return asked(scene, MENU, Message("started_over"))


def _done(scene: Scene, _: str) -> Turn:
    return left(scene.of(drop_draft(scene.conversation)).having(flows=()), MENU, Message("goodbye"))


def _confirm(scene: Scene, answer: str) -> Turn:
    flow = scene.conversation.flow or ""
    if scene.conversation.asked != CONFIRM or flow not in CONFIRMED or not CONFIRMED[flow].is_ready(scene.conversation):
        return again(scene, Message("not_that"))
    if answer == "yes":
        return CONFIRMED[flow].confirmed(scene)
    if flow in CANCELS:
        return settled(call_off_return.forgotten(scene), Ended((Message("left_as_it_is"),)))
    return asked(scene.having(quote_id=None), CHANGE, Message("not_opened"))


def _other_order(scene: Scene) -> Turn:
    """A return of another order: only its number is asked, since the proof may be the same."""
    conversation = drop_draft(scene.conversation).without(lambda slot: slot.name == "order_number")
    return begin(scene.of(conversation).having(order_id=None, flows=()), "start_return")


def _cancelled(scene: Scene, came: Cancelled) -> Turn:
    turn = settled(call_off_return.forgotten(scene), call_off_return.cancelled(came))
    return replace(turn, outcome={"kind": "return_cancelled", "return": came.return_id})


def _not_cancelled(scene: Scene, _: NotCancelled) -> Turn:
    scene = call_off_return.forgotten(scene)
    return settled(scene, call_off_return.not_cancelled(scene))


def _change(scene: Scene, name: str) -> Turn:
    return go_on(scene.of(empty(scene.conversation, name)))


def _proved(scene: Scene, found: OrderProved) -> Turn:
    scene = scene.having(order_id=found.order_id, not_found=0)
    return go_on(scene, Message("order_found", {"order": scene.facts.order_number or ""}))


def _wait(scene: Scene) -> Turn:
    scene = scene.having(slots=(), flows=(), order_id=None, quote_id=None)
    return asked(scene, MENU, Message("too_many_tries"))


def _not_quoted(scene: Scene) -> Turn:
    return go_on(scene.of(drop_draft(scene.conversation)), Message("not_quoted"))


def _moved(scene: Scene) -> Turn:
    return go_on(scene.having(quote_id=None), Message("moved"))


def _understood(scene: Scene) -> Scene:
    return scene.having(misses=0, person_offered=False)


def _is_offered(scene: Scene, choice_id: str, source: Source) -> bool:
    if source is Source.TEXT and choice_id in TYPED_ONLY:
        return True
    return choice_id in ALWAYS_OFFERED or choice_id in {offer.id for offer in scene.conversation.offers}


class Confirmed(Struct, frozen=True):
    """What a yes does, once it can be said."""

    is_ready: Callable[[Conversation], bool]
    confirmed: Callable[[Scene], Turn]


Special = Callable[[Scene, str], Turn]

TYPED_ONLY = frozenset({"start_over", "no_person", "more", "menu:other_order", *(f"change:{slot}" for slot in CHANGED)})
"""Choices that are no buttons everywhere, but may be typed at any time."""

SPECIAL: Mapping[str, Special] = {
    "menu": _menu,
    "order": proving.chosen,
    "other_order": lambda scene, _: asked(scene, proving.NUMBER),
    "human": lambda scene, _: hand_over(scene),
    "no_person": lambda scene, _: again(scene.having(asked_again=0), Message("no_person")),
    "back": _back,
    "start_over": _start_over,
    "done": _done,
    "more": lambda scene, _: asked(scene, MENU),
    "confirm": _confirm,
    "change": _change,
}
"""Choices that do more than fill a slot."""

REMARKS: Mapping[str, Callable[[Scene], Turn]] = {
    "unknown": lambda scene: again(scene, Message("person_can_look", {"shop": scene.facts.shop_name})),
    "bot": lambda scene: again(scene, Message("a_bot", {"shop": scene.facts.shop_name})),
}
"""What is said to what a shopper says instead of an answer; a person is offered by each."""

SMALL_TALK: Mapping[str, Callable[[Scene], Turn]] = {
    "talk_to_human": hand_over,
    "greeting": lambda scene: again(scene, Message("hello")),
    "thanks_bye": lambda scene: again(scene, Message("welcome")),
    "other_order": _other_order,
}
"""Intents that are answered at once."""

CONFIRMED: Mapping[str, Confirmed] = {
    "start_return": Confirmed(open_return.is_ready, open_return.confirmed),
    "cancel_return": Confirmed(call_off_return.is_ready, call_off_return.confirmed),
    "cancel_order": Confirmed(call_off_order.is_ready, call_off_order.confirmed),
}
"""What a yes to the last question of each flow does."""

EVENTS: Mapping[type, Callable[[Scene, Any], Turn]] = {Started: _started, Said: _said, Chose: _chose, Showed: _showed}
"""What answers each event."""

RESULTS: Mapping[type, Callable[[Scene, Any], Turn]] = {
    OrderProved: _proved,
    OrderNotProved: lambda scene, _: proving.not_proved(scene),
    TooManyTries: lambda scene, _: _wait(scene),
    ShopIsSlow: lambda scene, _: proving.slow(scene),
    OrdersListed: lambda scene, _: go_on(scene),
    VariantsRead: lambda scene, _: go_on(scene),
    Quoted: lambda scene, came: settled(scene, open_return.quoted(scene, came)),
    NotQuoted: lambda scene, _: _not_quoted(scene),
    Opened: open_return.opened,
    Cancelled: _cancelled,
    NotCancelled: _not_cancelled,
    QuoteMoved: lambda scene, _: _moved(scene),
    Refused: lambda scene, came: settled(scene, open_return.refused(scene, came.reasons)),
}
"""How each result goes on."""
