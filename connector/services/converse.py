"""A shopper's turn: load, step, do what the assistant asks for, step again, save once."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation import Conversation, Item, read_conversation
from bot.effects import Effect, HandOver, LookUpOrder, OpenReturn, QuoteReturn
from bot.extract import hide_card_numbers
from bot.inputs import Chose, Input, NotOpened, Opened, OrderNotProved, OrderProved, Quoted, Said, Started, TooManyTries
from bot.replies import say as sentence
from bot.turn import Turn, step
from connector.application import Application
from connector.services import conversation_facts, errors
from connector.services.find_order import look_up
from connector.services.follow_return import status_link
from connector.services.quote_return import Document, preview
from connector.services.request_return import Wish, open_return
from connector.storage import conversation_store, order_store
from connector.storage.database import Unit
from connector.storage.errors import Conflict, Duplicate
from connector.storage.shop_store import Shop
from domain.errors import Malformed
from domain.events import Actor

MOST_EFFECTS = 5
LANGUAGES = ("en",)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a shopper sent: words, or choices; `id` is the client's own, so that the same is not done twice."""

    text: str | None = None
    choices: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a turn happens: the conversation and who asks from where."""

    conversation_id: str
    address: str


def start(app: Application, shop: Shop, *, language: str | None, address: str) -> Document:
    """Begin a conversation; its first turn holds the token that all others need."""
    token, id_ = app.token(), f"c_{app.token()}"
    conversation = Conversation(language=language if language in LANGUAGES else LANGUAGES[0])
    turn = _played(app, shop, conversation, given=Started(), talk=Talk(id_, address))
    document = _document(app, shop, turn, id_)

    def work(unit: Unit) -> None:
        state = turn.conversation.document()
        conversation_store.add(unit, id_, token_hash=_hash(token), document=state, at=app.clock())
        conversation_store.append_turn(unit, id_, author="assistant", document=document, at=app.clock())

    app.database.write(shop, work)
    return {**document, "token": token}


def say(app: Application, shop: Shop, *, talk: Talk, heard: Heard) -> Document:
    """The turn that answers a shopper; the same message id gives the same turn and does nothing twice.

    Raises Conflict when another message of the conversation was faster.
    """
    with app.database.read(shop) as unit:
        kept = conversation_store.get(unit, talk.conversation_id)
        answered = _answered(unit, talk.conversation_id, heard.id)
    if kept is None:
        raise errors.NotFound("There is no such conversation.")
    if answered is not None:
        return answered
    before = read_conversation(kept.document)
    turn = _played(app, shop, before, given=_input(heard), talk=talk)
    document = _document(app, shop, turn, talk.conversation_id)
    try:
        app.database.write(
            shop,
            lambda unit: _save(
                app,
                unit,
                turn,
                talk=talk,
                said=_said(heard, before=before),
                document=document,
                version=kept.version,
                id_=heard.id,
            ),
        )
    except (Conflict, Duplicate) as error:
        return _answer_of_the_faster(app, shop, talk, heard, error)
    return document


def transcript(app: Application, shop: Shop, *, conversation_id: str, after: int = 0) -> Document:
    """The turns after the n-th, the shopper's own and the assistant's."""
    with app.database.read(shop) as unit:
        turns = conversation_store.turns(unit, conversation_id, after=after)
    return {
        "conversation": conversation_id,
        "turns": [{"n": turn.n, "from": turn.author, **turn.document} for turn in turns],
    }


def is_authorised(app: Application, shop: Shop, *, conversation_id: str, token: str) -> bool:
    """Whether a token is the conversation's; an unknown conversation takes the same comparison."""
    with app.database.read(shop) as unit:
        kept = conversation_store.get(unit, conversation_id)
    return hmac.compare_digest(kept.token_hash if kept else _hash("nobody"), _hash(token)) and kept is not None


def _played(app: Application, shop: Shop, conversation: Conversation, *, given: Input, talk: Talk) -> Turn:
    """The turn with everything done that it asked for, and all that was said on the way."""
    said: tuple[Any, ...] = ()
    outcome: Mapping[str, str] | None = None
    for _ in range(MOST_EFFECTS):
        turn = step(conversation, given, conversation_facts.facts(app, shop, conversation))
        conversation, said, outcome = turn.conversation, (*said, *turn.messages), turn.outcome or outcome
        if turn.effect is None or isinstance(turn.effect, HandOver):
            break
        given = EFFECTS[type(turn.effect)](app, shop, turn.effect, talk)
        conversation = _proved(conversation, given)
    return replace(turn, messages=said, outcome=outcome)


def _proved(conversation: Conversation, given: Input) -> Conversation:
    """The facts of the next step are those of the order that was just proved."""
    return replace(conversation, order_id=given.order_id) if isinstance(given, OrderProved) else conversation


def _look_up(app: Application, shop: Shop, effect: LookUpOrder, talk: Talk) -> Input:
    try:
        found = look_up(app, shop, number=effect.number, proof=effect.proof, address=talk.address)
    except errors.TooManyAttempts:
        return TooManyTries()
    return OrderNotProved() if found is None else OrderProved(str(found["id"]))


def _quote(app: Application, shop: Shop, effect: QuoteReturn, _: Talk) -> Input:
    items = _items(app, shop, effect.order_id, effect.items)
    try:
        made = preview(app, shop, order_id=effect.order_id, items=items)
    except Malformed:
        return NotOpened(code="gone", why="What you chose is not there any more.")
    return Quoted(quote_id=made.id, quote=made.document)


def _open(app: Application, shop: Shop, effect: OpenReturn, talk: Talk) -> Input:
    items = _items(app, shop, effect.order_id, effect.items)
    wish = Wish(order_id=effect.order_id, items=items, method=effect.method, quote_id=effect.quote_id)
    key = f"{talk.conversation_id}:{effect.draft}"
    try:
        found = open_return(app, shop, wish=wish, actor=Actor(kind="shopper", name="shopper"), key=key)
    except (errors.Refused, errors.QuoteMoved, errors.Conflict) as refusal:
        return NotOpened(code=refusal.code, why=refusal.message)
    link = status_link(app, shop, return_id=found.id)
    return Opened(return_id=found.id, method=found.method, status=found.status, link=link)


EFFECTS: Mapping[type[Effect], Callable[[Application, Shop, Any, Talk], Input]] = {
    LookUpOrder: _look_up,
    QuoteReturn: _quote,
    OpenReturn: _open,
}
"""Who does what the assistant asks for."""


def _items(app: Application, shop: Shop, order_id: str, items: Sequence[Item]) -> list[Document]:
    return [conversation_facts.item_document(app, shop, order_id, item) for item in items]


def _input(heard: Heard) -> Input:
    return Chose(heard.choices) if heard.text is None else Said(heard.text)


def _save(
    app: Application,
    unit: Unit,
    turn: Turn,
    *,
    talk: Talk,
    said: Document,
    document: Document,
    version: int,
    id_: str | None,
) -> None:
    now = app.clock()
    state = turn.conversation.document()
    conversation_store.save(unit, talk.conversation_id, document=state, expected_version=version, at=now)
    conversation_store.append_turn(unit, talk.conversation_id, author="shopper", document=said, at=now)
    conversation_store.append_turn(
        unit, talk.conversation_id, author="assistant", document=document, at=now, message_id=id_
    )


def _said(heard: Heard, *, before: Conversation) -> Document:
    """What the shopper did, as the transcript keeps it: words without card numbers, choices with their labels."""
    if heard.text is not None:
        return {"text": hide_card_numbers(heard.text)}
    labels = {offer.id: offer.label for offer in before.offers}
    return {"choices": list(heard.choices), "labels": [labels.get(one, one) for one in heard.choices]}


def _answered(unit: Unit, conversation_id: str, message_id: str | None) -> Document | None:
    if message_id is None:
        return None
    turn = conversation_store.turn_of_message(unit, conversation_id, message_id=message_id)
    return None if turn is None else turn.document


def _answer_of_the_faster(app: Application, shop: Shop, talk: Talk, heard: Heard, error: Exception) -> Document:
    with app.database.read(shop) as unit:
        answered = _answered(unit, talk.conversation_id, heard.id)
    if answered is None:
        raise errors.Conflict("Another message was answered first. Please look again.") from error
    return answered


def _document(app: Application, shop: Shop, turn: Turn, conversation_id: str) -> Document:
    return {
        "conversation": conversation_id,
        "language": turn.conversation.language,
        "messages": [{"key": message.key, "text": sentence(message, str)} for message in turn.messages],
        "ask": turn.ask.document() if turn.ask else None,
        "card": turn.card.document() if turn.card else None,
        "draft": _draft(app, shop, turn.conversation),
        "outcome": dict(turn.outcome) if turn.outcome else None,
    }


def _draft(app: Application, shop: Shop, conversation: Conversation) -> Document:
    order: Document | None = None
    if conversation.order_id:
        with app.database.read(shop) as unit:
            order = order_store.get(unit, conversation.order_id)
    items = [
        {
            "line_id": item.line_id,
            "quantity": item.quantity,
            "reason": item.reason,
            "resolution": item.resolution,
            "variant_id": item.variant_id,
        }
        for item in conversation.items
    ]
    return {"order": order.get("number") if order else None, "items": items, "method": conversation.method}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
