"""Calling off a return: which one, a last question, and then it is cancelled."""

from msgspec.structs import replace

from bot.conversation import Conversation, Question, Slot, Source
from bot.effects import Cancelled, CancelReturn
from bot.knowledge import ReturnFact
from bot.questions import Scene
from bot.replies import Message
from bot.slots import fill
from bot.speech import CONFIRM, Card, Ended, Turn, asked, doing


def go_on(scene: Scene, *messages: Message) -> Turn | Ended:
    """Ask which and for the last word; say why where none can be cancelled."""
    able = {one.return_id: one for one in scene.facts.returns if one.cancellable}
    if not able:
        return Ended((*messages, *_why_not(scene)), for_a_person=bool(scene.facts.returns))
    if len(able) == 1:
        scene = scene.of(fill(scene.conversation, Slot("return", next(iter(able)), Source.STORE)))
    chosen = able.get(scene.conversation.value("return") or "")
    if chosen is None:
        return asked(scene, Question("return"), *messages)
    return asked(scene, CONFIRM, *messages, card=_card(scene, chosen))


def is_only_begun(scene: Scene) -> bool:
    """Whether a return is being opened of a proved order that has none yet: who speaks of one means this."""
    conversation = scene.conversation
    return conversation.flow == "start_return" and conversation.order_id is not None and not scene.facts.returns


def is_ready(conversation: Conversation) -> bool:
    """Whether a yes has something to cancel."""
    return conversation.value("return") is not None and conversation.order_id is not None


def confirmed(scene: Scene) -> Turn:
    """The shopper said yes: have it cancelled."""
    conversation = scene.conversation
    return doing(scene, CancelReturn(conversation.order_id or "", conversation.value("return") or ""))


def cancelled(came: Cancelled) -> Ended:
    """Say that it is done."""
    return Ended((Message("cancelled", {"rma": came.return_id}),))


def not_cancelled(scene: Scene) -> Ended:
    """It went on its way in the meantime."""
    return Ended(tuple(_why_not(scene)), for_a_person=True)


def forgotten(scene: Scene) -> Scene:
    """The scene without the return that was chosen; a quote that stands goes on standing."""
    left = tuple(slot for slot in scene.conversation.slots if slot.name != "return")
    return scene.of(replace(scene.conversation, slots=left))


def _why_not(scene: Scene) -> tuple[Message, ...]:
    if not scene.facts.returns:
        return (Message("no_returns", {"order": scene.facts.order_number or ""}),)
    return tuple(_stands(scene, one) for one in scene.facts.returns)


def _stands(scene: Scene, one: ReturnFact) -> Message:
    return Message("not_cancellable", {"rma": one.return_id, "status": scene.translate(one.status)})


def _card(scene: Scene, one: ReturnFact) -> Card:
    return Card("status", {"return": one.return_id, "status": scene.translate(one.status), "link": one.link})
