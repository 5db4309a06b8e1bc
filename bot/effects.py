"""What the assistant asks to be done outside; each comes back as an input of the next turn."""

from dataclasses import dataclass

from bot.conversation import Item


@dataclass(frozen=True, slots=True)
class LookUpOrder:
    """Find the order of a number and check the proof: an e-mail address or a postcode."""

    number: str
    proof: str


@dataclass(frozen=True, slots=True)
class QuoteReturn:
    """Quote these items of the proved order."""

    order_id: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """Open the return that the shopper confirmed; `draft` numbers it within the conversation, so that it is one."""

    order_id: str
    items: tuple[Item, ...]
    method: str
    quote_id: str
    draft: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """Let a person take the conversation."""

    topic: str


Effect = LookUpOrder | QuoteReturn | OpenReturn | HandOver
