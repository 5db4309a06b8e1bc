"""From a request to one call of a use case: everything is read first, then plain sync code runs in the thread pool."""

import ipaddress
from asyncio import timeout
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from adapters.shopify.auth import Proxied
from connector.application import Application
from connector.json_text import parsed
from connector.one_by_one import Pending, answered
from connector.services import shift
from connector.services.errors import MOST_TRIES, InvalidInput, NotFound, Overtaken
from connector.services.rehearse import Rehearsal
from connector.services.roles import Action, require, require_with_a_pin
from connector.services.shift import Present
from connector.services.sign_in import Browser
from connector.settings import Settings
from connector.storage import shop_store
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from connector.web import embedded
from connector.web.errors import BadRequest, NotSignedIn, ShiftOver
from connector.web.pool import Pool
from connector.web.rendering import render
from domain.events import NOWHERE, Actor, Post
from domain.returns import Return

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]
Reader = Callable[[Request], Awaitable[Mapping[str, tuple[str, ...]]]]

SESSION_COOKIE = "backhaul_session"
DEVICE_COOKIE = "backhaul_device"
LONGEST_FIELD = 4000
MOST_FIELDS = 500
SEE_OTHER = 303
BACK: Mapping[str, str] = {"counter": "counter", "dashboard": "dashboard/returns"}
"""Where a form about a payment leads back to."""
BODY_SECONDS = 30.0
NO_SHOP = "There is no such shop here."
NUL = "\0"
"""PostgreSQL keeps every sign but this one."""
FORM = "application/x-www-form-urlencoded"


ACTIONS: dict[Endpoint, Action] = {}
"""What each endpoint for people of a shop does, so that a test can walk them all."""
COUNTS_IN_TRAINING = frozenset({Action.SIGN_OUT, Action.OWN_ACCOUNT, Action.WORK_SHIFT, Action.RUN_COUNTER})
"""What is really done on a device where everything else is training."""


class Visit(Struct, frozen=True):
    """A request to a shop's page, all read: `form` holds what was posted, `present` who is signed in, and where."""

    app: Application
    shop: Shop
    request: Request
    form: Mapping[str, tuple[str, ...]]
    present: Present | None = None

    @property
    def staff(self) -> Staff | None:
        """Who is signed in."""
        return self.present.staff if self.present else None

    @property
    def post(self) -> Post:
        """Where in the shop they are."""
        return self.present.post if self.present else NOWHERE

    def field(self, name: str) -> str:
        """A posted field, stripped; empty when it was left out."""
        return next(iter(self.form.get(name, ())), "").strip()

    def typed(self, name: str) -> str:
        """A password or a PIN as it was typed, blanks included."""
        return next(iter(self.form.get(name, ())), "")

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A part of the query, empty when it is left out."""
        return self.request.query_params.get(name, "").strip()

    @property
    def actor(self) -> Actor:
        """Who acts, for the history."""
        if self.present is None:
            return Actor(kind="shopper", name="shopper")
        return Actor(kind="staff", name=self.present.staff.name, post=self.post)

    @property
    def person(self) -> Staff:
        """Who is signed in; raises NotSignedIn."""
        if self.staff is None:
            raise NotSignedIn
        return self.staff

    @property
    def browser(self) -> Browser:
        """The browser that asks, as sign-ins know it."""
        return Browser(
            address=client_address(self.request, self.app.settings),
            agent=self.request.headers.get("user-agent", ""),
            held=self.request.cookies.get(SESSION_COOKIE, ""),
        )

    @property
    def device(self) -> str:
        """The token of the shared device that asks, if it is one."""
        return self.request.cookies.get(DEVICE_COOKIE, "")

    @property
    def once(self) -> str:
        """The form's own id: posting it again does nothing twice. Raises BadRequest when a form has none."""
        given = self.field("once")
        if not given or len(given) > 100:
            raise BadRequest("This form is not complete. Please open the page again.")
        return f"form:{given}"


def page(act: Callable[[Visit], Response]) -> Endpoint:
    """An endpoint of a shop that is open to everybody."""

    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run(request, lambda: act(_visit(request, shop_of(request), form=form)))

    return endpoint


def staff_page(act: Callable[[Visit], Response], *, to: Action, reads: Reader | None = None) -> Endpoint:
    """An endpoint for who is signed in to the shop and whose role lets them; `reads` is for other forms than usual."""

    async def endpoint(request: Request) -> Response:
        form = await (reads or read_form)(request)
        try:
            answer = await run(request, lambda: _carried_out(act, _staff_visit(request, form=form, to=to), to=to))
        except embedded.TokenWanted as wanted:
            return embedded.sent_to(wanted.address)
        return embedded.carried_on(request, answer)

    ACTIONS[endpoint] = to
    return endpoint


def staff_body(act: Callable[[Visit, bytes], Response], *, to: Action, limit: int) -> Endpoint:
    """An endpoint that takes a body of any kind, for who is signed in and whose role lets them."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request, limit=limit)
        visit = partial(_staff_visit, request, form={}, to=to)
        return await run(request, lambda: _carried_out(lambda read: act(read, body), visit(), to=to))

    ACTIONS[endpoint] = to
    return endpoint


async def run(request: Request, act: Callable[[], T]) -> T:
    """Run sync code in a thread, within the share of the shop that the address names; raises Busy."""
    pool: Pool = request.app.state.pool
    return await pool.run(act, shop=str(request.path_params.get("shop", "")))


async def run_saved(request: Request, act: Callable[[], Pending[T]]) -> T:
    """What an act answers, once it is saved; who is overtaken tries anew, from what is true then.

    Raises Busy, and Overtaken after the last try.
    """
    return await _tried(lambda: run(request, lambda: answered(act())))


async def run_short(request: Request, act: Callable[[], Pending[T]]) -> T:
    """The same for what is short by nature; on SQLite it goes one by one."""
    if not application_of(request).database.embedded:
        return await run_saved(request, act)
    pool: Pool = request.app.state.pool
    shop = str(request.path_params.get("shop", ""))
    return await _tried(lambda: pool.run_in_line(act, shop=shop))


async def _tried(attempt: Callable[[], Awaitable[T]]) -> T:
    for _ in range(MOST_TRIES - 1):
        try:
            return await attempt()
        except Overtaken:
            continue
    return await attempt()


async def read_body(request: Request, *, limit: int | None = None) -> bytes:
    """The whole body; raises BadRequest for half a one, HTTPException for one too large (413) or too slow (408)."""
    most = limit or application_of(request).settings.body_limit
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        raise HTTPException(413)
    try:
        async with timeout(BODY_SECONDS):
            return await _received(request, most)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise BadRequest("The request was cut short.") from None


async def read_form(request: Request) -> Mapping[str, tuple[str, ...]]:
    """The fields of a posted form, empty for a request without one; raises HTTPException, BadRequest, InvalidInput."""
    if request.method != "POST":
        return {}
    body = await read_body(request)
    if body and not request.headers.get("content-type", "").startswith(FORM):
        raise HTTPException(415)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form could not be read.") from error
    return checked_fields(pairs)


def checked_fields(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Fields by name; raises InvalidInput for what is too long, or cannot be kept."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if len(value) > LONGEST_FIELD:
            raise InvalidInput("That is longer than what is taken here.", at=name)
        if NUL in name + value:
            raise InvalidInput("That has a sign in it that cannot be kept.", at=name.replace(NUL, ""))
        fields[name] = (*fields.get(name, ()), value)
    return fields


async def read_json(request: Request, model: type[M]) -> M:
    """The body of a request as a model, an empty body as an empty object; raises BadRequest, InvalidInput."""
    return validated(await read_body(request), model)


def validated(body: bytes, model: type[M]) -> M:
    """A body as a model, an empty one as an empty object; raises BadRequest, InvalidInput."""
    try:
        document = parsed(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.") from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(first["msg"], at=".".join(str(part) for part in first["loc"])) from error


def application_of(request: Request) -> Application:
    """The application that answers."""
    application: Application = request.app.state.application
    return application


def shop_of(request: Request) -> Shop:
    """The shop of the address; raises NotFound."""
    with application_of(request).database.ask_install() as connection:
        shop = shop_store.find(connection, str(request.path_params["shop"]))
    if shop is None:
        raise NotFound(NO_SHOP)
    return shop


def client_address(request: Request, settings: Settings) -> str:
    """Who asks: the nearest address that is not a proxy of ours; others may claim what they like.

    Of what Shopify's app proxy signed, the visitor of the shop, whom it names [D].
    """
    nearest = request.client.host if request.client else ""
    claimed = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while claimed and _is_trusted(nearest, settings):
        nearest = claimed.pop()
    return claimed.pop() if claimed and came_by(request) else nearest


def came_by(request: Request) -> Proxied | None:
    """The visit of a shop's own storefront that Shopify signed, if the request is one."""
    found = getattr(request.state, "proxied", None)
    return found if isinstance(found, Proxied) else None


def see(path: str) -> Response:
    """After a form: look here."""
    return RedirectResponse(path, status_code=SEE_OTHER)


def back_to(visit: Visit, found: Return) -> Response:
    """After a form about a payment: the return, where the form was."""
    place = BACK.get(visit.field("back"), BACK["dashboard"])
    return see(f"/shops/{visit.shop.slug}/{place}/{found.id}")


async def _received(request: Request, most: int) -> bytes:
    """The body, whatever length was declared."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    return bytes(body)


def _carried_out(act: Callable[[Visit], Response], visit: Visit, *, to: Action) -> Response:
    """What an act answers; on a device in training it is undone, and a page says what would have come of it."""
    if not visit.post.training or to in COUNTS_IN_TRAINING:
        return act(visit)
    rehearsal = Rehearsal(visit.app, visit.shop)
    answer = act(replace(visit, app=rehearsal.app))
    if answer.status_code != SEE_OTHER or visit.request.method != "POST":
        return answer
    context = {"shop": visit.shop, "staff": visit.staff, "moved": rehearsal.moved, "next": answer.headers["location"]}
    return render(visit.request, "rehearsed.html", context)


def _visit(
    request: Request, shop: Shop, *, form: Mapping[str, tuple[str, ...]], present: Present | None = None
) -> Visit:
    return Visit(app=application_of(request), shop=shop, request=request, form=form, present=present)


def _staff_visit(request: Request, *, form: Mapping[str, tuple[str, ...]], to: Action) -> Visit:
    app, shop = application_of(request), shop_of(request)
    present = _present(request, app, shop)
    require(present.staff, to)
    if present.device is not None:
        require_with_a_pin(to)
    request.state.present = present
    return _visit(request, shop, form=form, present=present)


def _present(request: Request, app: Application, shop: Shop) -> Present:
    """Who asks: by a session token in a platform's admin, else by what their browser holds."""
    person = embedded.person_of(request, app, shop)
    if person is not None:
        return shift.of_person(app, shop, person)
    held, device = (request.cookies.get(name, "") for name in (SESSION_COOKIE, DEVICE_COOKIE))
    present = shift.present(app, shop, session=held, device=device, is_active=_is_navigation(request))
    if present is None:
        raise ShiftOver(shop.slug) if shift.device_of(app, shop, device=device) else NotSignedIn
    return present


def _is_navigation(request: Request) -> bool:
    """Whether a person went somewhere, rather than a page that asks by itself."""
    return request.headers.get("sec-fetch-dest", "document") == "document"


def _is_trusted(address: str, settings: Settings) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.trusted_proxies)
