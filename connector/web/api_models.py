"""What programs send and get, as models: they are read strictly, and the API's description is made of them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from connector.web.api_answers import Amount, Document, Quote

Id = Annotated[str, Field(pattern=r"^[ -~]{1,200}$")]
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Quantity = Annotated[int, Field(ge=1, le=100_000)]
Price = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")]
Channel = Literal["online", "store"]


class Asked(BaseModel):
    """What a program sends: nothing else is taken, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ExchangeFor(Asked):
    """What is taken instead; price and tax of one unit, `available` null means enough."""

    variant_id: Id
    price: Price
    product_id: Id | None = None
    tax: Price = "0"
    available: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class Item(Asked):
    """Units of an order line that come back."""

    line_id: Id
    quantity: Quantity
    reason: Id | None = None
    resolution: Literal["refund", "store_credit", "exchange"] = "refund"
    exchange_for: ExchangeFor | None = None


class NewQuote(Asked):
    """What a quote is asked of: items of an order of the shop."""

    order_id: Id
    items: Annotated[list[Item], Field(min_length=1, max_length=500)]
    channel: Channel = "online"


class NewReturn(NewQuote):
    """A return to be opened, with the quote that was shown for exactly these items."""

    quote_id: Id
    method: Literal["mail", "drop_off", "store"] = "mail"


class Reason(Asked):
    """Why it is done; it stands in the return's history."""

    why: Text = ""


class NeededReason(Asked):
    """Why it is done; it stands in the return's history, and the shopper reads it."""

    why: Annotated[Text, Field(min_length=1)]


class GivenLabel(Asked):
    """Where the label for the parcel lies, an https address; the shopper finds it on the return's page."""

    label: Annotated[str, Field(min_length=1, max_length=2000)]


class Found(Asked):
    """What was found of a group of units; `quantity` left out means all of it."""

    group_id: Id
    outcome: Literal["received", "rejected", "missing", "wrong_item"] = "received"
    grade: Literal["A", "B", "C", "D", "E"] | None = None
    note: Text = ""
    quantity: Quantity | None = None


class Inspected(Asked):
    """What was found of a return's goods."""

    inspections: Annotated[list[Found], Field(min_length=1, max_length=500)]


class Arrived(Inspected):
    """What was found, with the quote that showed what is paid for it; null where nothing is."""

    quote_id: Id | None = None


class Settled(Asked):
    """What a person says of a leg that waits for one: it was paid by hand, or it is to be sent again.

    `refund_id` is the refund of the order that it is, empty for none of those that the platform shows.
    """

    leg: Id
    act: Literal["paid_by_hand", "try_again"]
    note: Text = ""
    refund_id: Annotated[str, Field(pattern=r"^[ -~]{0,200}$")] | None = None


class KeptQuote(BaseModel):
    """A quote and the name by which it is kept."""

    id: str
    quote: Quote


class Graded(BaseModel):
    """What would be paid for what arrived; both null where nothing is decided by it."""

    quote_id: str | None
    quote: Quote | None


class Order(BaseModel):
    """An order in the normal form of the quote contract."""

    model_config = ConfigDict(extra="allow")

    id: str
    currency: str
    placed_at: str
    lines: list[Document]


class Group(BaseModel):
    """Units that share reason, wish and fate, on their three axes."""

    id: str
    line_id: str
    title: str
    quantity: int
    reason: str | None
    resolution: str
    amount: Amount
    tax: Amount
    reception: str
    acceptance: str
    settlement: str
    grade: str | None
    disposition: str | None
    note: str


class Leg(BaseModel):
    """One thing that is given, once; `reference` is the channel's number or the name of what was done by hand."""

    key: str
    kind: str
    amount: Amount
    currency: str
    state: str
    reference: str | None


class Return(BaseModel):
    """A return as it stands."""

    id: str
    order_id: str
    order_number: str
    status: str
    kind: str
    channel: str
    method: str
    opened_at: datetime
    quote_id: str
    version: int
    label: str | None = None
    groups: list[Group]
    legs: list[Leg]


class Event(BaseModel):
    """Something that happened to a return; `id` is the same wherever it is told."""

    id: str
    type: str
    at: datetime
    return_id: str
    actor: str
    why: str
    details: Document


class Policy(BaseModel):
    """The policy in force, in the form of the quote contract."""

    version: int
    in_force_from: datetime
    policy: Document


class OrderPage(BaseModel):
    """Orders, newest first."""

    items: list[Order]
    next_cursor: str | None


class ReturnPage(BaseModel):
    """Returns, newest first."""

    items: list[Return]
    next_cursor: str | None


class EventPage(BaseModel):
    """Events, newest first."""

    items: list[Event]
    next_cursor: str | None
