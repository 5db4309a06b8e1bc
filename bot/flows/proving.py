"""Proving an order: its number, then an e-mail address or postcode; nothing of it is said before.

Who is signed in to the shop has proved their own orders by that.
"""

from bot.conversation import Question, Slot, Source
from bot.effects import ListOrders, LookUpOrder
from bot.questions import Scene
from bot.replies import Message
from bot.slots import drop_order, fill
from bot.speech import Turn, asked, doing

ORDER = Question("order")
NUMBER = Question("order_number")
PROOF = Question("proof")
PATIENCE = 2


def prove(scene: Scene, *messages: Message) -> Turn:
    """Ask for what is missing, or have the order looked up."""
    number, proof = scene.conversation.value("order_number"), scene.conversation.value("proof")
    if number is None:
        return _which(scene, *messages)
    if proof is None and not scene.facts.knows_customer:
        return asked(scene, PROOF, *messages)
    return doing(scene, LookUpOrder(number, proof or ""), *messages)


def _which(scene: Scene, *messages: Message) -> Turn:
    """Ask for the number; who is signed in chooses from their own orders instead, where the shop can say which."""
    if not scene.facts.knows_customer:
        return asked(scene, NUMBER, *messages)
    if scene.facts.own_orders is None:
        return doing(scene, ListOrders(), *messages)
    return asked(scene, ORDER if scene.facts.own_orders else NUMBER, *messages)


def chosen(scene: Scene, number: str) -> Turn:
    """One of the orders that were shown; it is looked up like any other."""
    return prove(scene.of(fill(scene.conversation, Slot("order_number", number, Source.BUTTON))))


def not_proved(scene: Scene) -> Turn:
    """Number and proof do not fit, in the same words whichever is wrong; the second time a person is offered.

    Who is signed in gave no proof: it is asked for, since the order may be from before they had an account.
    """
    if scene.conversation.value("proof") is None:
        return asked(scene, PROOF)
    times = scene.conversation.not_found + 1
    scene = scene.of(drop_order(scene.conversation)).having(not_found=times, person_offered=times >= PATIENCE)
    offer = (Message("person_can_look", {"shop": scene.facts.shop_name}),) if times >= PATIENCE else ()
    days = scene.facts.seen_days
    seen = () if days is None else (Message("only_recent", {"days": str(days)}),)
    return asked(scene, NUMBER, Message("order_not_found"), *seen, *offer)


def slow(scene: Scene) -> Turn:
    """The shop did not answer: the proof is asked for again, so that trying again is one message."""
    left = scene.conversation.without(lambda slot: slot.name == "proof")
    return asked(scene.of(left), PROOF, Message("shop_is_slow"))
