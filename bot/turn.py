"""One turn of the assistant: (conversation, input, facts) to (conversation, what is said, what is to be done)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation import Conversation, Offer, Question
from bot.effects import Effect, HandOver, LookUpOrder, OpenReturn, QuoteReturn
from bot.flows import opening
from bot.inputs import (
    Chose,
    Input,
    NotOpened,
    Opened,
    OrderNotProved,
    OrderProved,
    Quoted,
    Said,
    Started,
    TooManyTries,
)
from bot.knowledge import Facts
from bot.listening import Heard, listen
from bot.questions import MENU as MENU_CHOICES
from bot.questions import Ask, Scene, ask, sentence
from bot.replies import Message, Translate, label

GOALS = {"start_return": "return", "return_status": "status"}
ALWAYS_OFFERED = frozenset({*MENU_CHOICES, "human", "back", "done"})
END = Question("end")
MENU = Question("menu")


@dataclass(frozen=True, slots=True)
class Card:
    """Something to look at: `kind` and content are those of the contract."""

    kind: str
    content: Mapping[str, object]

    def document(self) -> dict[str, object]:
        """The card in the contract's form."""
        return {"kind": self.kind, **self.content}


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn gives: the new state, what is said and asked, and at most one thing to be done outside."""

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    ask: Ask | None = None
    card: Card | None = None
    outcome: Mapping[str, str] | None = None
    effect: Effect | None = None


def step(conversation: Conversation, given: Input, facts: Facts, *, translate: Translate = str) -> Turn:
    """The turn that answers an input."""
    scene = Scene(conversation=conversation, facts=facts, translate=translate)
    return HANDLERS[type(given)](scene, given)


def _started(scene: Scene, _: Started) -> Turn:
    return _asked(scene, MENU, Message("greeting", {"shop": scene.facts.shop_name}))


def _said(scene: Scene, said: Said) -> Turn:
    heard = listen(scene, said.text)
    if heard is None:
        return _missed(scene)
    return _answered(_with(scene, misses=0), heard)


def _chose(scene: Scene, chose: Chose) -> Turn:
    scene = _with(scene, misses=0)
    asked = scene.conversation.asked
    if asked == Question("items") and all(one.startswith("item:") for one in chose.ids):
        return _picked(scene, chose.ids)
    if len(chose.ids) != 1 or not _is_offered(scene, chose.ids[0]):
        return _again(scene, Message("not_that"))
    return _answered(scene, Heard(choice=chose.ids[0]))


def _answered(scene: Scene, heard: Heard) -> Turn:
    if heard.fills:
        return _filled(scene, heard.fills)
    kind, _, value = heard.choice.partition(":")
    special = SPECIAL.get(kind) or SPECIAL.get(heard.choice)
    if special is not None:
        return special(scene, value)
    if kind == "item":
        return _picked(scene, (heard.choice,))
    asked = scene.conversation.asked or MENU
    return _filled(scene, ((Question(kind, asked.line_id), value),))


def _filled(scene: Scene, fills: tuple[tuple[Question, str], ...]) -> Turn:
    conversation = scene.conversation
    for question, value in fills:
        conversation = opening.fill(conversation, question, value=value)
    trail = (*conversation.trail, *(question for question, _ in fills))
    return _on(_scene(scene, replace(conversation, trail=trail, goal=conversation.goal or "return")))


def _picked(scene: Scene, ids: tuple[str, ...]) -> Turn:
    if not ids:
        return _again(scene, Message("pick_one"))
    if not all(_is_offered(scene, one) for one in ids):
        return _again(scene, Message("not_that"))
    conversation = opening.pick(scene.conversation, tuple(one.removeprefix("item:") for one in ids))
    return _on(_scene(scene, replace(conversation, trail=(*conversation.trail, Question("items")))))


def _menu(scene: Scene, intent: str) -> Turn:
    if intent == "check_policy":
        return _again(scene, *_policy(scene), card=Card("policy", {"days": scene.facts.policy.days}))
    conversation = replace(scene.conversation, goal=GOALS[intent], items=(), method=None, quote_id=None, trail=())
    return _on(_scene(scene, conversation))


def _human(scene: Scene, _: str) -> Turn:
    shop = {"shop": scene.facts.shop_name}
    turn = _asked(_with(scene, handed_over=True), END, Message("handed_over", shop))
    topic = scene.conversation.goal or "other"
    return replace(turn, outcome={"kind": "handed_over", "topic": topic}, effect=HandOver(topic))


def _back(scene: Scene, _: str) -> Turn:
    if not scene.conversation.trail:
        return _asked(_with(scene, goal=None), MENU)
    *rest, last = scene.conversation.trail
    cleared = opening.clear(scene.conversation, last)
    return _on(_scene(scene, replace(cleared, trail=tuple(rest), quote_id=None)))


def _done(scene: Scene, _: str) -> Turn:
    return _asked(_with(scene, goal=None, trail=()), MENU, Message("goodbye"))


def _confirm(scene: Scene, answer: str) -> Turn:
    conversation = scene.conversation
    if answer == "no":
        return _on(_with(scene, items=(), method=None, quote_id=None), Message("not_opened"))
    if conversation.asked != Question("confirm") or not conversation.quote_id or not conversation.order_id:
        return _again(scene, Message("not_that"))
    effect = OpenReturn(
        order_id=conversation.order_id,
        items=conversation.items,
        method=conversation.method or "mail",
        quote_id=conversation.quote_id,
        draft=conversation.draft,
    )
    return Turn(conversation=conversation, effect=effect)


def _proved(scene: Scene, found: OrderProved) -> Turn:
    return _on(_with(scene, order_id=found.order_id))


def _not_proved(scene: Scene, _: OrderNotProved) -> Turn:
    scene = _with(scene, order_number=None, proof=None, order_id=None, trail=())
    return _asked(scene, Question("order_number"), Message("order_not_found"))


def _wait(scene: Scene, _: TooManyTries) -> Turn:
    scene = _with(scene, order_number=None, proof=None, goal=None, trail=())
    return _asked(scene, MENU, Message("too_many_tries"))


def _quoted(scene: Scene, quoted: Quoted) -> Turn:
    quote: Mapping[str, Any] = quoted.quote
    if quote["approval"] == "refuse":
        return _on(_with(scene, items=(), method=None, quote_id=None), Message("refused", {"why": _reasons(quote)}))
    if quote["due"].strip("0."):
        due = {"due": scene.facts.money(quote["due"])}
        return _on(_without_exchanges(scene), Message("costs_more", due))
    scene = _with(scene, quote_id=quoted.quote_id)
    review = (Message("review"),) if quote["approval"] == "review" else ()
    return replace(_asked(scene, Question("confirm"), *review), card=Card("summary", {"quote": quote}))


def _opened(scene: Scene, opened: Opened) -> Turn:
    messages = _next_steps(opened)
    conversation = replace(
        scene.conversation, items=(), method=None, quote_id=None, draft=scene.conversation.draft + 1, trail=()
    )
    turn = _asked(_scene(scene, conversation), END, *messages)
    status = Card("status", {"return": opened.return_id, "status": opened.status, "link": opened.link})
    return replace(turn, card=status, outcome={"kind": "return_opened", "return": opened.return_id})


def _not_opened(scene: Scene, refused: NotOpened) -> Turn:
    if refused.code == "quote_moved":
        return _on(_with(scene, quote_id=None), Message("moved"))
    return _on(_with(scene, items=(), method=None, quote_id=None), Message("refused", {"why": refused.why}))


def _on(scene: Scene, *messages: Message) -> Turn:
    """Go on towards the goal: the next question, or what is to be done when all is known."""
    goal, conversation = scene.conversation.goal, scene.conversation
    if goal is None:
        return _asked(scene, MENU, *messages)
    if conversation.order_id is None:
        question = opening.next_question(conversation, scene.facts)
        if question is None:
            effect = LookUpOrder(conversation.order_number or "", conversation.proof or "")
            return Turn(conversation=conversation, messages=messages, effect=effect)
        return _asked(scene, question, *messages)
    return ON[goal](scene, messages)


def _on_return(scene: Scene, messages: tuple[Message, ...]) -> Turn:
    if scene.facts.lines and not any(line.returnable for line in scene.facts.lines):
        return _asked(_with(scene, goal=None, items=(), trail=()), END, *messages, _nothing_returnable(scene))
    scene = _scene(scene, opening.with_obvious(scene.conversation, scene.facts))
    question = opening.next_question(scene.conversation, scene.facts)
    if question is not None:
        return _asked(scene, question, *messages)
    effect = QuoteReturn(scene.conversation.order_id or "", scene.conversation.items)
    return Turn(conversation=scene.conversation, messages=messages, effect=effect)


def _on_status(scene: Scene, messages: tuple[Message, ...]) -> Turn:
    returns = scene.facts.returns
    if not returns:
        none = Message("no_returns", {"order": scene.facts.order_number or ""})
        return _asked(_with(scene, goal=None), END, *messages, none)
    said = [
        Message("status", {"rma": one.return_id, "status": one.status, "next_step": one.next_step}) for one in returns
    ]
    newest = returns[0]
    card = Card("status", {"return": newest.return_id, "status": newest.status, "link": newest.link})
    return replace(_asked(_with(scene, goal=None), END, *messages, *said), card=card)


def _again(scene: Scene, *messages: Message, card: Card | None = None) -> Turn:
    """Say something in between and ask the last question again."""
    asked = scene.conversation.asked
    if asked == Question("confirm"):
        return replace(_on(_with(scene, quote_id=None), *messages), card=card)
    return replace(_asked(scene, asked or MENU, *messages), card=card)


def _missed(scene: Scene) -> Turn:
    """Not understood: said differently the second time, and a person is offered unasked."""
    misses = scene.conversation.misses + 1
    key = "missed" if misses % 2 else "missed_again"
    return _again(_with(scene, misses=misses), Message(key))


def _asked(scene: Scene, question: Question, *messages: Message) -> Turn:
    made = ask(scene, question)
    words = () if question == END else (sentence(scene, question),)
    offers = tuple(Offer(choice.id, choice.label) for choice in made.choices if choice.why is None)
    conversation = replace(scene.conversation, asked=question, offers=offers)
    return Turn(conversation=conversation, messages=(*messages, *words), ask=made)


def _next_steps(opened: Opened) -> tuple[Message, ...]:
    rma, link = {"rma": opened.return_id}, {"link": opened.link}
    if opened.status == "requested":
        return (Message("opened_review", rma), Message("follow", link))
    paid = "paid_approved" if opened.status in ("settling", "done") else "paid_received"
    return (Message("opened", rma), Message(f"next_{opened.method}", rma), Message(paid), Message("follow", link))


def _nothing_returnable(scene: Scene) -> Message:
    reasons = dict.fromkeys(line.why for line in scene.facts.lines if line.why)
    return Message("nothing_returnable", {"order": scene.facts.order_number or "", "why": " ".join(reasons)})


def _policy(scene: Scene) -> tuple[Message, ...]:
    policy, translate = scene.facts.policy, scene.translate
    offered = ", ".join(label(f"resolution:{one}", translate).lower() for one in policy.resolutions)
    ways = ", ".join(label(f"method:{one}", translate).lower() for one in policy.methods)
    messages = [
        Message("policy_window", {"days": str(policy.days)}),
        Message("policy_resolutions", {"resolutions": offered}),
    ]
    if policy.bonus_percent.strip("0."):
        messages.append(Message("policy_bonus", {"percent": policy.bonus_percent}))
    return (*messages, Message("policy_methods", {"methods": ways}))


def _reasons(quote: Mapping[str, Any]) -> str:
    return " ".join(dict.fromkeys(reason["text"] for item in quote["items"] for reason in item["reasons"]))


def _without_exchanges(scene: Scene) -> Scene:
    items = tuple(
        replace(item, resolution=None, variant_id=None) if item.resolution == "exchange" else item
        for item in scene.conversation.items
    )
    return _with(scene, items=items, quote_id=None)


def _is_offered(scene: Scene, choice_id: str) -> bool:
    return choice_id in ALWAYS_OFFERED or choice_id in {offer.id for offer in scene.conversation.offers}


def _with(scene: Scene, **changes: Any) -> Scene:  # noqa: ANN401  fields of the conversation
    return _scene(scene, replace(scene.conversation, **changes))


def _scene(scene: Scene, conversation: Conversation) -> Scene:
    return replace(scene, conversation=conversation)


Special = Callable[[Scene, str], Turn]

SPECIAL: Mapping[str, Special] = {
    "menu": _menu,
    "human": _human,
    "back": _back,
    "done": _done,
    "confirm": _confirm,
}
"""Choices that do more than fill a slot."""

ON: Mapping[str, Callable[[Scene, tuple[Message, ...]], Turn]] = {"return": _on_return, "status": _on_status}
"""How each goal goes on once the order is proved."""

HANDLERS: Mapping[type, Callable[[Scene, Any], Turn]] = {
    Started: _started,
    Said: _said,
    Chose: _chose,
    OrderProved: _proved,
    OrderNotProved: _not_proved,
    TooManyTries: _wait,
    Quoted: _quoted,
    Opened: _opened,
    NotOpened: _not_opened,
}
"""What answers each input."""
