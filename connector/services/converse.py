"""A shopper's turn: load, step, do what the assistant wants done, go on, save once."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec

from msgspec import Struct
from msgspec.structs import asdict, replace

from bot.conversation import Conversation, read_conversation
from bot.effects import HandOver, OrderProved
from bot.extract import hide_card_numbers
from bot.flows.hand_over import topic_of
from bot.inputs import Chose, Event, Said, Showed, Started
from bot.replies import say as sentence
from bot.speech import Turn
from bot.turn import followed, resume, step
from bot.voice import spoken, voice
from connector.application import Application
from connector.one_by_one import Pending, answered
from connector.services import errors, keep_photos
from connector.services.conversation_facts import facts
from connector.services.keep_photos import Picture
from connector.services.offer_lines import variants_once
from connector.services.quote_return import Document
from connector.services.sealing import hash_of
from connector.services.signed_in_shopper import introduced
from connector.services.talk_effects import Talk, carry_out
from connector.storage import conversation_store, hand_over_store
from connector.storage.database import Unit
from connector.storage.errors import Conflict, Duplicate
from connector.storage.shop_store import Shop

__all__ = ["Heard", "Talk", "is_authorised", "say", "say_soon", "start", "start_soon", "transcript"]

P = ParamSpec("P")

MOST_EFFECTS = 6
SHORTEST_SECRET_ID = 16


class Heard(Struct, frozen=True):
    """What a shopper sent: words, choices, or photos as they came.

    `id` is the client's own, so that the same is not done twice.
    """

    text: str | None = None
    choices: tuple[str, ...] = ()
    photos: tuple[bytes, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    """What a conversation is called, and the token that it is gone on with."""

    conversation_id: str
    token: str = field(repr=False)


def start_soon(
    app: Application,
    shop: Shop,
    *,
    language: str | None,
    address: str,
    id_: str | None = None,
    customer: str | None = None,
    signed_in: str | None = None,
) -> Pending[Document]:
    """Begin a conversation; its first turn holds the token that all others need.

    `customer` is what the storefront signed of who is signed in there; `signed_in` is the customer who is signed in to
    the shop, by the platform's own word. The same `id_` of at least 16 signs gives the same turn, until the shopper
    has said something: then Conflict. What is pending raises Overtaken.
    """
    name = _name(app, shop, id_)
    begun = _begun(app, shop, name) if id_ is not None else None
    if begun is not None:
        return Pending(begun)
    talk = Talk(name.conversation_id, address, signed_in=signed_in)
    conversation = introduced(app, shop, Conversation(language=spoken(language)), token=customer)
    played = _played(app, shop, conversation, event=Started(), talk=talk)
    saved = app.database.write_soon(shop, lambda unit: _begin(app, unit, name=name, played=played))
    return Pending({**played.document, "token": name.token}, saved)


def say_soon(app: Application, shop: Shop, *, talk: Talk, heard: Heard) -> Pending[Document]:
    """The turn that answers a shopper; the same message id gives the same turn and does nothing twice.

    Of two messages at the same time one is answered first: of the other, what is pending raises Overtaken, and tried
    anew it is answered from what is true then. Raises NotFound, InvalidInput for photos that cannot be read or are
    too many.
    """
    with app.database.ask(shop) as unit:
        kept = conversation_store.get(unit, talk.conversation_id)
        told = _answered(unit, talk.conversation_id, heard.id)
    is_open = talk.token is None or _opens(kept, talk.token)
    if kept is None or not is_open:
        raise errors.NotFound("There is no such conversation.")
    if told is not None:
        return Pending(told)
    before = read_conversation(kept.document)
    shown = _line_to_show(before) if heard.photos else None
    pictures = keep_photos.redrawn(heard.photos) if shown is not None else ()
    played = _played(app, shop, before, event=_event(heard), talk=talk)
    if shown is not None:
        played = replace(played, pictures=pictures, shown=shown)
    said = _said(heard, before=before)
    saved = app.database.write_soon(
        shop, lambda unit: _save(app, unit, before=kept, heard=said, message_id=heard.id, played=played)
    )
    return Pending(played.document, saved)


def _until_saved(attempt: Callable[P, Pending[Document]]) -> Callable[P, Document]:
    """The same for who waits in this thread until it is saved; raises Overtaken where others are faster each time."""

    def saved(*given: P.args, **named: P.kwargs) -> Document:
        for _ in range(errors.MOST_TRIES - 1):
            try:
                return answered(attempt(*given, **named))
            except errors.Overtaken:
                continue
        return answered(attempt(*given, **named))

    return saved


start, say = _until_saved(start_soon), _until_saved(say_soon)
"""What `start_soon` and `say_soon` give, saved."""


def transcript(app: Application, shop: Shop, *, conversation_id: str, after: int = 0) -> Document:
    """The turns after the n-th, the shopper's own and the assistant's."""
    with app.database.ask(shop) as unit:
        turns = conversation_store.turns(unit, conversation_id, after=after)
    return {
        "conversation": conversation_id,
        "turns": [{"n": turn.n, "from": turn.author, **turn.document} for turn in turns],
    }


def is_authorised(app: Application, shop: Shop, *, conversation_id: str, token: str) -> bool:
    """Whether a token is the conversation's; an unknown conversation takes the same comparison."""
    with app.database.ask(shop) as unit:
        kept = conversation_store.get(unit, conversation_id)
    return _opens(kept, token)


def _opens(kept: conversation_store.Conversation | None, token: str) -> bool:
    return hmac.compare_digest(kept.token_hash if kept else hash_of("nobody"), hash_of(token)) and kept is not None


class _Played(Struct, frozen=True):
    """A turn with everything done that it wanted: the state to keep, the answer in the contract's form.

    `pictures` are the photos that it kept, of the line `shown`; `for_a_person` is the topic, when a person shall look
    at it: asked for, or written to by who has one.
    """

    conversation: Conversation
    document: Document
    for_a_person: str | None
    pictures: tuple[Picture, ...] = ()
    shown: str = ""


def _played(app: Application, shop: Shop, conversation: Conversation, *, event: Event, talk: Talk) -> _Played:
    """The turn, gone on with until it asks; all that was said on the way, and the last card and outcome."""
    conversation, variants = followed(conversation, event), variants_once(app, shop)
    known = facts(app, shop, conversation, customer=talk.signed_in, event=event, variants=variants)
    translate = voice(conversation.language)
    turn = step(conversation, event, known, translate=translate)
    messages, card, outcome = turn.messages, turn.card, turn.outcome
    for _ in range(MOST_EFFECTS):
        if turn.ask is not None:
            break
        assert turn.effect is not None  # noqa: S101  a turn asks or wants something done
        result = carry_out(app, shop, effect=turn.effect, talk=talk)
        proved = result.order_id if isinstance(result, OrderProved) else turn.conversation.order_id
        so_far = replace(turn.conversation, order_id=proved)
        known = facts(app, shop, so_far, customer=talk.signed_in, variants=variants)
        turn = resume(turn.conversation, result, known, translate=translate)
        messages, card, outcome = (*messages, *turn.messages), turn.card or card, turn.outcome or outcome
    whole = replace(turn, messages=messages, card=card, outcome=outcome)
    document = _document(whole, talk.conversation_id, order_number=known.order_number)
    wants_a_person = isinstance(turn.effect, HandOver) or (conversation.handed_over and isinstance(event, Said))
    topic = topic_of(turn.conversation) if wants_a_person else None
    return _Played(turn.conversation, document=document, for_a_person=topic)


def _document(turn: Turn, conversation_id: str, *, order_number: str | None) -> Document:
    conversation = turn.conversation
    translate = voice(conversation.language)
    draft = {
        "order": order_number if conversation.order_id else None,
        "items": [asdict(item) for item in conversation.items],
        "method": conversation.value("method"),
    }
    return {
        "conversation": conversation_id,
        "language": conversation.language,
        "messages": [{"key": message.key, "text": sentence(message, translate)} for message in turn.messages],
        "ask": turn.ask.document() if turn.ask else None,
        "card": turn.card.document() if turn.card else None,
        "draft": draft,
        "outcome": dict(turn.outcome) if turn.outcome else None,
    }


def _begin(app: Application, unit: Unit, *, name: _Name, played: _Played) -> None:
    now, state = app.clock(), played.conversation.document()
    id_, token_hash = name.conversation_id, hash_of(name.token)
    with _first():
        kept = conversation_store.add(unit, id_, token_hash=token_hash, document=state, at=now)
        conversation_store.append_turn(unit, kept, author="assistant", document=played.document, at=now)


def _save(
    app: Application,
    unit: Unit,
    *,
    before: conversation_store.Conversation,
    heard: Mapping[str, object],
    message_id: str | None,
    played: _Played,
) -> None:
    now, state, id_ = app.clock(), played.conversation.document(), before.id
    with _first():
        conversation_store.save(unit, id_, document=state, expected_version=before.version, at=now)
        conversation_store.append_exchange(
            unit, before, heard=heard, answer=played.document, at=now, message_id=message_id
        )
        if played.pictures:
            keep_photos.keep(app, unit, id_, line_id=played.shown, pictures=played.pictures)
        if played.for_a_person is not None:
            hand_over_store.ask(unit, id_, topic=played.for_a_person, at=now)


@contextmanager
def _first() -> Iterator[None]:
    """Raises Overtaken where a conversation has gone on since it was read."""
    try:
        yield
    except (Conflict, Duplicate) as error:
        raise errors.Overtaken("Another message was answered first. Please look again.") from error


def _begun(app: Application, shop: Shop, name: _Name) -> Document | None:
    """The first turn of a conversation that was begun under this name and not gone on with."""
    with app.database.ask(shop) as unit:
        turns = conversation_store.turns(unit, name.conversation_id)
    if len(turns) > 1:
        raise errors.Conflict("This conversation has gone on already. Please begin another with an id of its own.")
    return {**turns[0].document, "token": name.token} if turns else None


def _answered(unit: Unit, conversation_id: str, message_id: str | None) -> Document | None:
    if message_id is None:
        return None
    turn = conversation_store.turn_of_message(unit, conversation_id, message_id=message_id)
    return None if turn is None else turn.document


def _event(heard: Heard) -> Event:
    if heard.photos:
        return Showed()
    return Chose(heard.choices) if heard.text is None else Said(heard.text)


def _line_to_show(conversation: Conversation) -> str | None:
    """The line of which a photo was asked for; None when none was, and none is kept."""
    asked = conversation.asked
    return asked.line_id if asked is not None and asked.slot == "evidence" else None


def _said(heard: Heard, *, before: Conversation) -> Document:
    """What the shopper did, as the transcript keeps it: words without card numbers, choices with their labels."""
    if heard.photos:
        return {"photos": len(heard.photos)}
    if heard.text is not None:
        return {"text": hide_card_numbers(heard.text)}
    labels = {offer.id: offer.label for offer in before.offers}
    return {"choices": list(heard.choices), "labels": [labels.get(one, one) for one in heard.choices]}


def _name(app: Application, shop: Shop, id_: str | None) -> _Name:
    """A random name; or, for an id that nobody guesses, the name that follows from it and from our secret."""
    if id_ is None or len(id_) < SHORTEST_SECRET_ID:
        return _Name(f"c_{app.token()}", app.token())

    def derived(what: str) -> str:
        text = f"{what}:{shop.id}:{id_}".encode()
        return hmac.new(app.settings.secrets.signing_key, text, hashlib.sha256).hexdigest()

    return _Name(f"c_{derived('conversation')[:32]}", derived("token"))
