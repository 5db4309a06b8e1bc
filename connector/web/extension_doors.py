"""The doors of what runs inside Shopify's own pages: customer accounts and tills, by session tokens alone."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from adapters.shopify import auth
from adapters.shopify.auth import NotShopify
from bot.conversation import Item
from connector.application import Application
from connector.services import embedded_visit, install_app
from connector.services.errors import NotFound
from connector.services.quote_return import StoredQuote
from connector.services.roles import Action, require
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from connector.web.doors import Endpoint, application_of, read_json
from connector.web.embedded import StaleToken, token_of
from connector.web.errors import NotSignedIn
from connector.web.json_answer import JSONResponse
from connector.web.pool import Pool

Id = Annotated[str, Field(pattern=r"^[ -~]{1,200}$")]
Key = Annotated[str, Field(pattern=r"^[!-~]{8,100}$")]
GIVEN = ("goods", "shipping", "duties", "charges", "bonus")
"""What of a quote the shopper gets, by its figures."""

T = TypeVar("T")
W = TypeVar("W")
Answer = Mapping[str, object]


class Sent(BaseModel):
    """What an extension sends: nothing else is taken."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SentItem(Sent):
    """Units of an order line that come back."""

    line_id: Id
    quantity: Annotated[int, Field(ge=1, le=100_000)] = 1
    reason: Id | None = None
    resolution: Annotated[str, Field(pattern="^(refund|store_credit|exchange)$")] = "refund"
    variant_id: Id | None = None

    def item(self) -> Item:
        """The item as use cases take it."""
        return Item(self.line_id, self.quantity, self.reason, self.resolution, self.variant_id)


Items = Annotated[list[SentItem], Field(min_length=1, max_length=100)]


class Call(Struct, Generic[W], frozen=True):
    """A request out of one of Shopify's own pages, by whom its token speaks for; `sent` is its body as a model."""

    app: Application
    shop: Shop
    request: Request
    who: W
    sent: Any = None

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])


Customer = Call[str]
"""By who is signed in to their account, as the platform knows them."""
AtTill = Call[Staff]
"""By whom Shopify signed in to a till."""


def customer_door(act: Callable[[Customer], Answer], *, model: type[BaseModel] | None = None) -> Endpoint:
    """An endpoint for who is signed in to their account at a shop."""

    async def endpoint(request: Request) -> Response:
        app, sent = application_of(request), await read_json(request, model) if model else None
        came = _read(lambda: auth.customer_of(_header(request), install_app.keys_of(app), now=_now(app)))
        customer = came.customer_id
        if customer is None:
            raise NotSignedIn

        def answered() -> Answer:
            return act(Call(app, _shop(app, came.shop), request, customer, sent))

        return JSONResponse(await _run(request, answered, domain=came.shop))

    return endpoint


def till_door(act: Callable[[AtTill], Answer], *, model: type[BaseModel] | None = None) -> Endpoint:
    """An endpoint for staff at a till of a shop who may receive goods."""

    async def endpoint(request: Request) -> Response:
        app, sent = application_of(request), await read_json(request, model) if model else None
        came = _read(lambda: auth.session_of(_header(request), install_app.keys_of(app), now=_now(app)))

        def answered() -> Answer:
            shop = _shop(app, came.shop)
            person = embedded_visit.recognise(app, shop, token=token_of(request) or "")
            require(person, Action.RECEIVE)
            return act(Call(app, shop, request, person, sent))

        return JSONResponse(await _run(request, answered, domain=came.shop))

    return endpoint


def figures(made: StoredQuote) -> Answer:
    """What a quote gives, row by row, in decimal amounts under the quote's own names, and what comes out."""
    quote: Mapping[str, Any] = made.document
    rows = [{"code": name, "amount": quote[name]} for name in GIVEN if float(quote[name])]
    taken = [{"code": "exchange", "amount": f"-{quote['exchange']}"}] if float(quote["exchange"]) else []
    fees = [{"code": fee["code"], "amount": f"-{fee['amount']}"} for fee in quote["fees"]]
    why = [reason["text"] for item in quote["items"] for reason in item["reasons"]]
    return {
        "quote_id": made.id,
        "currency": quote["currency"],
        "approval": quote["approval"],
        "why": list(dict.fromkeys(why)),
        "rows": [*rows, *taken, *fees],
        "total": quote["total"],
        "due": quote["due"],
    }


def _read(decode: Callable[[], T]) -> T:
    """What a token says; raises StaleToken for one that is not good."""
    try:
        return decode()
    except NotShopify as error:
        raise StaleToken from error


def _shop(app: Application, domain: str) -> Shop:
    shop = install_app.known_shop(app, domain)
    if shop is None:
        raise NotFound("This shop does not use Backhaul.")
    return shop


async def _run(request: Request, act: Callable[[], Answer], *, domain: str) -> Answer:
    """Run sync code in a thread, within the share of the shop that the token names."""
    pool: Pool = request.app.state.pool
    return await pool.run(act, shop=domain)


def _header(request: Request) -> str:
    return request.headers.get("authorization", "")


def _now(app: Application) -> float:
    return app.clock().timestamp()
