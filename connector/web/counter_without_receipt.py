"""The counter without any receipt: goods are valued by kept prices, and a manager agrees."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from connector.application import Application
from connector.services import browse_shop, take_without_receipt
from connector.services.errors import InvalidInput, NotFound, Refused, ServiceError
from connector.services.quote_return import Document
from connector.services.roles import Action
from connector.services.take_back import Hands
from connector.services.take_without_receipt import Goods
from connector.web import approval_fields, inspection_form
from connector.web.counter import COUNTER, MENDABLE, UNPROCESSABLE, home
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.inspection_form import OTHERWISE, UnitForm
from connector.web.photo_fields import read_inspection, with_photos
from connector.web.rendering import render
from domain.disposition import PLACES
from domain.returns import Return, UnitGroup

MOST_GOODS = 20
TITLE = "Without a receipt"


class Pile(Struct, frozen=True):
    """What lies on the counter: the variants in the order in which they were scanned, and who brings them."""

    variants: tuple[Document, ...]
    units: tuple[UnitForm, ...]
    email: str

    @property
    def goods(self) -> list[Goods]:
        """The goods with what was found of them."""
        pairs = zip(self.variants, self.units, strict=True)
        return [
            Goods(str(variant["id"]), unit.grade, note=unit.note, disposition=unit.place or None)
            for variant, unit in pairs
        ]

    @property
    def problem(self) -> str:
        """What must be mended before it can go on; empty when nothing must."""
        return next((unit.problem for unit in self.units if unit.problem), "")


def look(visit: Visit) -> Response:
    """What was scanned so far."""
    return _form_page(visit, _pile(visit, visit.request.query_params.getlist("variant")))


def step(visit: Visit) -> Response:
    """A step of the form: check what was said, change it, or confirm it."""
    kept = with_photos(visit)
    return STEPS.get(visit.field("step"), _check)(kept, _pile(kept, list(kept.form.get("variant", ()))))


def _check(visit: Visit, pile: Pile) -> Response:
    return _form_page(visit, pile, problem=pile.problem) if pile.problem else _confirm_page(visit, pile)


def _change(visit: Visit, pile: Pile) -> Response:
    return _form_page(visit, pile)


def _confirm(visit: Visit, pile: Pile) -> Response:
    """Take the goods in for what was shown."""
    once = visit.once
    if pile.problem:
        return _form_page(visit, pile, problem=pile.problem)
    try:
        found = approval_fields.done(visit, _taking(visit, pile, total=visit.field("total"), key=once))
    except (*MENDABLE, Refused) as refusal:
        return _confirm_page(visit, pile, refusal=refusal)
    return see(f"{home(visit)}/{found.id}")


def _taking(visit: Visit, pile: Pile, *, total: str, key: str) -> Callable[[Application], Return]:
    """The act of taking the goods in."""
    hands = Hands(visit.actor, visit_id=visit.field("visit"))
    return lambda app: take_without_receipt.take_without_receipt(
        app, visit.shop, goods=pile.goods, email=pile.email, total=total, hands=hands, key=key
    )


def _form_page(visit: Visit, pile: Pile, *, problem: str = "") -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "pile": pile,
        "destinations": PLACES,
        "images": _images(visit, pile),
        "terms": take_without_receipt.offered(visit.app, visit.shop),
        "problem": problem,
        "visit": visit.query("visit") or visit.field("visit"),
    }
    return render(visit.request, "counter_without_receipt.html", context, status=UNPROCESSABLE if problem else 200)


def _confirm_page(visit: Visit, pile: Pile, *, refusal: ServiceError | None = None) -> Response:
    try:
        valued = take_without_receipt.valued(visit.app, visit.shop, goods=pile.goods, email=pile.email)
    except (Refused, InvalidInput) as problem:
        return _form_page(visit, pile, problem=problem.message)
    images, once, total = _images(visit, pile), visit.app.token(), str(valued.quote["total"])
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "images": {str(n): images.get(str(one["product_id"])) for n, one in enumerate(pile.variants, start=1)},
        "number": TITLE,
        "order": valued.order,
        "units": pile.units,
        "fields": {
            **inspection_form.fields(pile.units),
            "email": pile.email,
            "visit": visit.field("visit"),
            "total": total,
        },
        "variants": [str(one["id"]) for one in pile.variants],
        "quote": valued.quote,
        "quote_id": "",
        "explained": None,
        "problem": refusal.message if refusal else "",
        "asked": approval_fields.foreseen(visit, _taking(visit, pile, total=total, key=once)),
        "once": once,
    }
    return render(visit.request, "counter_confirm.html", context, status=STATUSES[type(refusal)] if refusal else 200)


def _pile(visit: Visit, variant_ids: list[str]) -> Pile:
    """The goods with what was said of each; raises NotFound, InvalidInput for more than a counter holds."""
    if len(variant_ids) > MOST_GOODS:
        raise InvalidInput(f"Take at most {MOST_GOODS} items at once.", at="variant")
    variants = tuple(_variant(visit, variant_id) for variant_id in variant_ids)
    units = tuple(_unit(visit, str(n), variant) for n, variant in enumerate(variants, start=1))
    return Pile(variants, units, visit.field("email"))


def _unit(visit: Visit, number: str, variant: Document) -> UnitForm:
    group = UnitGroup(number, number, 1, reason=None, resolution="store_credit", title=str(variant["name"]))
    unit = UnitForm(group, 1, 1, outcomes=(OTHERWISE,), outcome=OTHERWISE)
    if not visit.form:
        return unit
    said = {**visit.form, f"outcome-{unit.name}": (OTHERWISE,)}
    return inspection_form.checked_unit(inspection_form.read_unit(unit, said))


def _variant(visit: Visit, variant_id: str) -> Document:
    found = browse_shop.variant(visit.app, visit.shop, variant_id)
    if found is None:
        raise NotFound("There is no such product in this shop.")
    return found


def _images(visit: Visit, pile: Pile) -> Mapping[str, str]:
    return browse_shop.images_of(visit.app, visit.shop, (str(one["product_id"]) for one in pile.variants))


STEPS: Mapping[str, Callable[[Visit, Pile], Response]] = {"check": _check, "change": _change, "confirm": _confirm}
"""What each button of the form does."""

PLACE = f"{COUNTER}/without-receipt"
routes = [
    Route(PLACE, staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route(PLACE, staff_page(step, to=Action.RECEIVE, reads=read_inspection), methods=["POST"]),
]
