"""What programs are answered and what a quote is asked of, as models: the description of the API is made of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Document = dict[str, object]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
"""Money: a decimal string with exactly the currency's digits."""


class Described(BaseModel):
    """Nothing is read or written with it: it is built when the description of the API is asked for."""

    model_config = ConfigDict(defer_build=True)


class Problem(Described):
    """A refusal (RFC 9457): `code` is stable, `detail` an English sentence, `at` the field that is meant."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    at: str | None = None


class QuoteError(Described):
    """Where a case is malformed, as the command line says it too."""

    code: str
    message: str
    at: str | None = None


class MalformedCase(Problem):
    """The refusal of a case that cannot be read."""

    error: QuoteError


class Alive(Described):
    """The process answers."""

    status: Literal["alive"]


class Ready(Described):
    """The database can be used; `jobs` says whether any worker is alive to carry them out."""

    status: Literal["ready"]
    jobs: Literal["carried out", "waiting for a worker"]


class NotReady(Described):
    """The database cannot be used, and why."""

    status: Literal["not ready"]
    why: str


class Choice(Described):
    """Something to pick; `why` says why it cannot be picked."""

    id: str
    label: str
    detail: str | None
    image: str | None
    disabled: bool
    why: str | None


class Ask(Described):
    """The question that is open; `for` is the line that it is about."""

    slot: str
    for_: Annotated[str | None, Field(alias="for")]
    multiple: bool
    choices: list[Choice]


class Said(Described):
    """A sentence and the key of it."""

    key: str
    text: str


class Look(Described):
    """How the widget looks: colours by day and by night (null for our own), and its signs in a language."""

    shop: str
    language: str
    side: Literal["end", "start"]
    colours: Document | None
    page: str
    words: dict[str, str]


class Turn(Described):
    """An answer of the assistant."""

    conversation: str
    language: str
    messages: list[Said]
    ask: Ask | None
    card: Document | None
    draft: Document
    outcome: Document | None


class FirstTurn(Turn):
    """The first answer, with the token that all others need."""

    token: str


class PastTurn(Described):
    """A turn of the transcript: `n` counts from 1; the rest is that of its side."""

    model_config = ConfigDict(extra="allow")

    n: Annotated[int, Field(ge=1)]
    from_: Annotated[Literal["shopper", "assistant", "person"], Field(alias="from")]


class Transcript(Described):
    """The turns of a conversation, oldest first."""

    conversation: str
    turns: list[PastTurn]


class Case(Described):
    """What is asked of an order: the order, the policy, what came back before, and the items."""

    model_config = ConfigDict(extra="forbid")

    now: str
    opened_at: str | None = None
    return_id: str | None = None
    kind: Literal["return", "withdrawal"] | None = None
    channel: Literal["online", "store"] | None = None
    order: Document
    policy: Document | None = None
    earlier: list[Document] | None = None
    items: Annotated[list[Document], Field(min_length=1)]


class Quote(BaseModel):
    """What may come back and what money moves; `total` is what the shopper gets, `due` what the shopper owes."""

    currency: str
    items: list[Document]
    shipping: Amount
    duties: Amount
    charges: Amount
    fees: list[Document]
    bonus: Amount
    goods: Amount
    exchange: Amount
    total: Amount
    due: Amount
    to: list[Document]
    capped: Document | None
    approval: Literal["auto", "review", "refuse"]
    trace: list[Document]
