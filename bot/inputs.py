"""What a turn may be given: the shopper's words and buttons, and the results of what the assistant asked to be done."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """The shopper opened the assistant."""


@dataclass(frozen=True, slots=True)
class Said:
    """The shopper typed something."""

    text: str


@dataclass(frozen=True, slots=True)
class Chose:
    """The shopper pressed one button, or picked several choices at once."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderProved:
    """Number and proof are those of this order."""

    order_id: str


@dataclass(frozen=True, slots=True)
class OrderNotProved:
    """There is no such order, or the proof is another's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """The shopper must wait before the next look-up."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What was asked for was quoted; `quote` is in the contract's form."""

    quote_id: str
    quote: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Opened:
    """The return was opened; `next_steps` are sentences, `link` leads to its status page."""

    return_id: str
    method: str
    status: str
    link: str


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The return could not be opened; `code` says why, `why` says it in a sentence."""

    code: str
    why: str


Input = Started | Said | Chose | OrderProved | OrderNotProved | TooManyTries | Quoted | Opened | NotOpened
