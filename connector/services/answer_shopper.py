"""A person answers shoppers who asked for one; the shopper reads it in the same conversation."""

from msgspec import Struct
from msgspec.structs import replace

from bot.conversation import Conversation, read_conversation
from connector.application import Application
from connector.services.errors import InvalidInput, NotFound
from connector.services.quote_return import Document, order_document
from connector.storage import command_store, conversation_store, hand_over_store
from connector.storage.database import Unit
from connector.storage.hand_over_store import HandOver
from connector.storage.shop_store import Shop
from domain.events import Actor

MOST = 100
LONGEST = 4000


class Case(Struct, frozen=True):
    """A shopper who asked for a person: the order that they proved, and the address that they gave."""

    hand_over: HandOver
    conversation: Conversation
    order: Document | None
    email: str | None


def inbox(app: Application, shop: Shop) -> tuple[Case, ...]:
    """Everybody who asked and whose matter is open: who waits longest first."""
    with app.database.read(shop) as unit:
        return tuple(_case(unit, one) for one in hand_over_store.open_ones(unit, MOST))


def waiting(app: Application, shop: Shop) -> int:
    """How many shoppers wait for an answer."""
    with app.database.read(shop) as unit:
        return hand_over_store.waiting(unit)


def case_of(app: Application, shop: Shop, *, conversation_id: str) -> Case:
    """One of them; raises NotFound."""
    with app.database.read(shop) as unit:
        return _case(unit, _asked(unit, conversation_id))


def reply(app: Application, shop: Shop, *, conversation_id: str, text: str, actor: Actor, key: str) -> None:
    """Say something to the shopper, once per key. Raises NotFound, InvalidInput for nothing or too much."""
    if not 0 < len(text) <= LONGEST:
        raise InvalidInput(f"Write something, {LONGEST} signs at most.", at="text")
    app.database.write(
        shop, lambda unit: _reply(app, unit, conversation_id=conversation_id, text=text, actor=actor, key=key)
    )


def close(app: Application, shop: Shop, *, conversation_id: str, key: str) -> None:
    """The matter is settled and the assistant alone goes on, once per key. Raises NotFound."""
    app.database.write(shop, lambda unit: _close(app, unit, conversation_id=conversation_id, key=key))


def _reply(app: Application, unit: Unit, *, conversation_id: str, text: str, actor: Actor, key: str) -> None:
    _asked(unit, conversation_id)
    if command_store.get(unit, key) is not None:
        return
    kept = conversation_store.get(unit, conversation_id)
    if kept is None:
        raise NotFound("There is no such conversation in this shop.")
    said = {"text": text, "name": actor.name}
    number = conversation_store.append_turn(unit, kept, author="person", document=said, at=app.clock())
    hand_over_store.answered(unit, conversation_id)
    command_store.keep(unit, key, result={"turn": number}, at=app.clock())


def _close(app: Application, unit: Unit, *, conversation_id: str, key: str) -> None:
    _asked(unit, conversation_id)
    if command_store.get(unit, key) is not None:
        return
    now = app.clock()
    hand_over_store.close(unit, conversation_id, at=now)
    command_store.keep(unit, key, result={}, at=now)
    kept = conversation_store.get(unit, conversation_id)
    if kept is not None:
        state = replace(read_conversation(kept.document), handed_over=False, misses=0).document()
        conversation_store.save(unit, conversation_id, document=state, expected_version=kept.version, at=now)


def _asked(unit: Unit, conversation_id: str) -> HandOver:
    found = hand_over_store.get(unit, conversation_id)
    if found is None:
        raise NotFound("Nobody asked for a person in such a conversation of this shop.")
    return found


def _case(unit: Unit, hand_over: HandOver) -> Case:
    kept = conversation_store.get(unit, hand_over.conversation_id)
    conversation = read_conversation(kept.document) if kept else Conversation()
    order = order_document(unit, conversation.order_id) if conversation.order_id else None
    return Case(hand_over, conversation=conversation, order=order, email=_email(conversation, order))


def _email(conversation: Conversation, order: Document | None) -> str | None:
    """Where the shopper can be written to: the order's own address, else the one that they typed."""
    customer = order.get("customer") if order else None
    if isinstance(customer, dict) and customer.get("email"):
        return str(customer["email"])
    proof = conversation.value("proof")
    return proof if proof and "@" in proof else None
