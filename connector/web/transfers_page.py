"""Batches of goods between locations: open one, pack, send, take in, settle what was different."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import locations, transfer_goods
from connector.services.errors import InvalidInput, NotFound
from connector.services.roles import Action
from connector.storage.errors import Conflict
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render
from connector.web.shift_page import number_of
from domain.stockroom import Misplaced

HOME = "/shops/{shop}/counter/transfers"
BATCH = f"{HOME}/{{batch}}"
ELSEWHERE = "Somebody else changed this batch meanwhile. Look again."
Step = Callable[[Visit, str, list[str]], None]


def show(visit: Visit) -> Response:
    """The newest batches, and a form for another."""
    return _page(visit)


def open_batch(visit: Visit) -> Response:
    """Open a batch from where one works to another location."""
    origin = number_of(visit.field("origin")) or visit.post.location_id or 0
    try:
        batch_id = transfer_goods.open_batch(
            visit.app,
            visit.shop,
            origin_id=origin,
            destination_id=number_of(visit.field("destination")),
            actor=visit.actor,
            key=visit.once,
        )
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return see(_address(visit, batch_id))


def look(visit: Visit) -> Response:
    """A batch."""
    return _batch_page(visit)


def act(visit: Visit) -> Response:
    """A step of a batch; a code that was scanned counts beside those that were ticked."""
    ids = [*visit.form.get("unit", ()), *visit.field("codes").split()]
    try:
        _step(visit)(visit, visit.path("batch"), ids)
    except Conflict:
        return _batch_page(visit, problem=ELSEWHERE)
    except (InvalidInput, NotFound, Misplaced) as problem:
        return _batch_page(visit, problem=problem.message)
    return see(_address(visit, visit.path("batch")))


def _page(visit: Visit, *, problem: str = "") -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "batches": transfer_goods.latest(visit.app, visit.shop),
        "locations": locations.open_ones(visit.app, visit.shop),
        "here": visit.post.location_id,
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "transfers.html", context, status=422 if problem else 200)


def _batch_page(visit: Visit, *, problem: str = "") -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "view": transfer_goods.view(visit.app, visit.shop, batch_id=visit.path("batch")),
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "transfer.html", context, status=422 if problem else 200)


def _step(visit: Visit) -> Step:
    step = STEPS.get(visit.path("step"))
    if step is None:
        raise NotFound("That is nothing that can be done to a batch.")
    return step


def _address(visit: Visit, batch_id: str) -> str:
    return f"{HOME.format(shop=visit.shop.slug)}/{batch_id}"


def _with_units(service: Callable[..., None]) -> Step:
    return lambda visit, batch_id, ids: service(visit.app, visit.shop, batch_id=batch_id, ids=ids, actor=visit.actor)


def _of_all(service: Callable[..., None]) -> Step:
    return lambda visit, batch_id, _: service(
        visit.app, visit.shop, batch_id=batch_id, actor=visit.actor, why=visit.field("why")
    )


def _with_reason(service: Callable[..., None]) -> Step:
    return lambda visit, batch_id, ids: service(
        visit.app, visit.shop, batch_id=batch_id, ids=ids, actor=visit.actor, why=visit.field("why")
    )


STEPS: Mapping[str, Step] = {
    "pack": _with_units(transfer_goods.pack),
    "unpack": _with_units(transfer_goods.unpack),
    "ship": _of_all(transfer_goods.ship),
    "cancel": _of_all(transfer_goods.cancel),
    "receive": _with_reason(transfer_goods.receive),
    "find": _with_reason(transfer_goods.find),
    "give-up": _with_reason(transfer_goods.give_up),
}
"""What may be done to a batch, as its address says it."""

routes = [
    Route(HOME, staff_page(show, to=Action.RECEIVE), methods=["GET"]),
    Route(HOME, staff_page(open_batch, to=Action.RECEIVE), methods=["POST"]),
    Route(BATCH, staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{BATCH}/{{step}}", staff_page(act, to=Action.RECEIVE), methods=["POST"]),
]
