"""The part of the counter's form in which a shopper wants something else than their return says."""

from collections.abc import Mapping

from msgspec import Struct

from adapters.channel import Variant
from connector.services import change_wish, offer_instead
from connector.services.change_wish import EXCHANGE, Ways
from connector.services.follow_return import ReturnView
from connector.web.doors import Visit
from domain.returns import UnitGroup
from domain.wishes import NewWish

SWAP = f"{EXCHANGE}:"


class WishForm(Struct, frozen=True):
    """What a group may be given back for instead, and what was picked: a resolution, or `exchange:` and a variant.

    `asked` is whether the stock of its line was asked for.
    """

    group: UnitGroup
    ways: Ways
    picked: str
    asked: bool = False

    @property
    def swap(self) -> Variant | None:
        """The variant that is taken instead."""
        return next((one for one in self.ways.swaps if self.picked == f"{SWAP}{one.id}"), None)


def of_return(visit: Visit, view: ReturnView) -> Mapping[str, WishForm]:
    """The form by group, as it was posted; what cannot be had is as if it were not picked."""
    picked = {group.id: visit.field(f"wish-{group.id}") for group in view.found.groups}
    posted = next((group.line_id for group in view.found.groups if picked[group.id].startswith(SWAP)), "")
    ways = change_wish.offered(
        visit.app, visit.shop, found=view.found, order=view.order, swap=visit.query("swap") or posted
    )
    return {
        group.id: WishForm(
            group,
            ways[group.id],
            picked=_known(picked[group.id], ways[group.id]),
            asked=visit.query("swap") == group.line_id,
        )
        for group in view.found.groups
        if group.id in ways
    }


def fields(forms: Mapping[str, WishForm]) -> Mapping[str, str]:
    """The form's fields with their values, to be carried to the next page."""
    return {f"wish-{id_}": form.picked for id_, form in forms.items() if form.picked}


def wishes(visit: Visit, view: ReturnView, forms: Mapping[str, WishForm]) -> Mapping[str, NewWish]:
    """What is wanted instead, a replacement with its stock and price as they are now."""
    return {id_: _wish(visit, view, form) for id_, form in forms.items() if form.picked}


def _wish(visit: Visit, view: ReturnView, form: WishForm) -> NewWish:
    if form.swap is None:
        return NewWish(form.picked)
    found = offer_instead.exchange_for(
        visit.app, visit.shop, order=view.order, line_id=form.group.line_id, variant_id=form.swap.id
    )
    return NewWish(EXCHANGE, found)


def _known(picked: str, ways: Ways) -> str:
    return picked if picked in (*ways.resolutions, *(f"{SWAP}{one.id}" for one in ways.swaps)) else ""
