"""A conversation as pages show it: lines of either side, with the cards between them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from connector.application import Application
from connector.services import converse
from connector.storage.shop_store import Shop
from connector.web.talk_cards import shown

SHOWN_BY_ITS_CARD = frozenset({"follow"})
"""Messages that say no more than the card beside them."""

Document = Mapping[str, Any]


class Line(Struct, frozen=True):
    """One turn as it is shown: who spoke (a person by name), what was said in which language, the card beside it."""

    author: str
    texts: tuple[str, ...]
    card: Document | None = None
    outcome: Document | None = None
    draft: Document | None = None
    name: str = ""
    language: str | None = None


def transcript_of(app: Application, shop: Shop, conversation_id: str) -> Sequence[Document]:
    """All turns of a conversation, in the contract's form."""
    turns: Sequence[Document] = converse.transcript(app, shop, conversation_id=conversation_id)["turns"]  # type: ignore[assignment]
    return tuple(shown(app, shop, turn) for turn in turns)


def lines_of(turns: Sequence[Document]) -> tuple[Line, ...]:
    """The turns as lines."""
    return tuple(LINES[turn["from"]](turn) for turn in turns)


def choices_of(turns: Sequence[Document]) -> Mapping[str, Document]:
    """Every choice that was offered, by its id: what an item is called, how it looks."""
    asked = (turn.get("ask") or {} for turn in turns)
    return {choice["id"]: choice for ask in asked for choice in ask.get("choices") or ()}


def _own(turn: Document) -> Line:
    photos = f"📷 × {turn['photos']}" if turn.get("photos") else ""
    return Line("shopper", (turn.get("text") or photos or " · ".join(turn.get("labels", ())) or "…",))


def _answer(turn: Document) -> Line:
    card = turn.get("card")
    hidden = SHOWN_BY_ITS_CARD if card and card.get("link") else frozenset()
    texts = tuple(message["text"] for message in turn["messages"] if message["key"] not in hidden)
    return Line(
        "assistant",
        texts,
        card=card,
        outcome=turn.get("outcome"),
        draft=turn.get("draft"),
        language=turn.get("language"),
    )


def _persons(turn: Document) -> Line:
    return Line("person", (turn["text"],), name=turn["name"])


LINES: Mapping[str, Callable[[Document], Line]] = {"shopper": _own, "assistant": _answer, "person": _persons}
"""How a turn is shown, by who spoke."""
