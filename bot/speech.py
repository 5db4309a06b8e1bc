"""What a turn is made of, and the ways to make one: ask, ask again, have something done."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.conversation import Conversation, Offer, Question, Spoken
from bot.effects import Effect
from bot.questions import Ask, Scene, ask, sentence
from bot.replies import SENTENCES, Message

MENU = Question("menu")
MEANING = Question("meaning")
CONFIRM = Question("confirm")
CHANGE = Question("change")
END = Question("end")
WAYS = frozenset({"back", "human", "done"})
"""Choices that stand beside those of a question."""
PATIENCE = 3
"""How often in a row a question is asked before a person is offered unasked."""
NEEDED = frozenset({"order", "order_number", "proof", "items", "quantity", "reason", "resolution", "variant", "method"})
"""Questions without whose answers nothing goes on."""


class Card(Struct, frozen=True):
    """Something to look at: `kind` and content are those of the contract."""

    kind: str
    content: Mapping[str, object]

    def document(self) -> dict[str, object]:
        """The card in the contract's form."""
        return {"kind": self.kind, **self.content}


class Turn(Struct, frozen=True):
    """What a turn gives: the new state, what is said and asked, and at most one thing to be done outside.

    While `effect` has a result to come, nothing is asked yet: `bot.turn.resume` goes on.
    """

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    ask: Ask | None = None
    card: Card | None = None
    outcome: Mapping[str, str] | None = None
    effect: Effect | None = None


class Ended(Struct, frozen=True):
    """A flow has nothing more to ask; what was interrupted by it goes on. A person may be offered for the rest."""

    messages: tuple[Message, ...]
    card: Card | None = None
    for_a_person: bool = False


def asked(scene: Scene, question: Question, *messages: Message, card: Card | None = None) -> Turn:
    """Say something and ask a question."""
    return _asking(scene, ask(scene, question), (*messages, sentence(scene, question)), card=card)


def left(scene: Scene, question: Question, *messages: Message) -> Turn:
    """Say something and leave it at that; the choices of a question stay at hand."""
    return _asking(scene, ask(scene, question), messages, card=None)


def meant(scene: Scene, choices: tuple[str, ...], *messages: Message) -> Turn:
    """Ask which of these was meant."""
    return _asking(scene, ask(scene, MEANING, only=choices), (*messages, sentence(scene, MEANING)), card=None)


def narrowed(scene: Scene, question: Question, choices: tuple[str, ...]) -> Turn:
    """Ask a question again with only these of its choices."""
    made = replace(ask(scene, MEANING, only=choices), question=question)
    return _asking(scene, made, (sentence(scene, question),), card=None)


def again(scene: Scene, *messages: Message, card: Card | None = None) -> Turn:
    """Say something in between and ask the last question again."""
    question = scene.conversation.asked or MENU
    if question == MEANING:
        return meant(scene, tuple(one.id for one in scene.conversation.offers if one.id not in WAYS), *messages)
    return asked(scene, question, *messages, card=card)


def doing(scene: Scene, effect: Effect, *messages: Message) -> Turn:
    """Say something and have something done, whose result goes on."""
    return _spoken(Turn(conversation=scene.conversation, messages=messages, effect=effect))


def _asking(scene: Scene, made: Ask, messages: tuple[Message, ...], *, card: Card | None) -> Turn:
    offers = tuple(Offer(choice.id, choice.label) for choice in made.choices if choice.why is None)
    times = scene.conversation.asked_again + 1 if made.question == scene.conversation.asked else 0
    conversation = replace(scene.conversation, asked=made.question, offers=offers, asked_again=times)
    if _needs_a_person(conversation):
        conversation = replace(conversation, person_offered=True, asked_again=0)
        messages = (*messages[:-1], Message("person_can_help", {"shop": scene.facts.shop_name}), *messages[-1:])
    return _spoken(Turn(conversation=conversation, messages=messages, ask=made, card=card))


def _needs_a_person(conversation: Conversation) -> bool:
    """Whether the same is asked in vain, and nobody was offered yet."""
    if conversation.person_offered or conversation.handed_over or conversation.asked is None:
        return False
    return conversation.asked_again >= PATIENCE and conversation.asked.slot in NEEDED


def _spoken(turn: Turn) -> Turn:
    """The turn in wordings that the last one did not use."""
    conversation = turn.conversation
    used = {spoken.key: spoken.wording for spoken in conversation.said_before}
    messages = tuple(replace(one, wording=_other(one.key, used)) for one in turn.messages)
    said = (*conversation.said_now, *(Spoken(one.key, one.wording) for one in messages))
    return replace(turn, messages=messages, conversation=replace(conversation, said_now=said))


def _other(key: str, used: Mapping[str, int]) -> int:
    return (used[key] + 1) % len(SENTENCES[key]) if key in used else 0
