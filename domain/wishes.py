"""What a shopper wants for what comes back, changed before it was decided."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from domain import returns
from domain.errors import IllegalStep
from domain.events import Act, Actor, Entry
from domain.fallback import WAYS
from domain.returns import Return, UnitGroup
from domain.transitions import RECEPTION, Settlement


class NewWish(Struct, frozen=True):
    """What is wanted instead: a resolution and, for an exchange, the replacement in the form of the quote contract."""

    resolution: str
    exchange_for: Mapping[str, object] | None = None


def can_change(group: UnitGroup) -> bool:
    """Whether what a group is given back for is still open: it is on its way, and nothing was decided for it."""
    return group.counts and group.settlement is Settlement.NONE and "receive" in RECEPTION[group.reception]


def change(found: Return, wanted: Mapping[str, NewWish], *, at: datetime, actor: Actor) -> Return:
    """The return with these wishes by group, a line of history for each; raises IllegalStep for what was decided."""
    for group in found.groups:
        wish = wanted.get(group.id)
        if wish is not None:
            found = _changed(found, group, wish, at=at, actor=actor)
    return found


def _changed(found: Return, group: UnitGroup, wish: NewWish, *, at: datetime, actor: Actor) -> Return:
    if not can_change(group):
        raise IllegalStep(state=str(group.settlement), act="change what for", allowed=())
    swapped = wish.resolution == "exchange"
    wished = replace(
        group,
        resolution=wish.resolution,
        exchange_for=wish.exchange_for if swapped else None,
        fallback=_fallback(group) if swapped else None,
    )
    told = {"title": group.title, "quantity": group.quantity, "wish": wish.resolution, "instead_of": group.resolution}
    groups = tuple(wished if one.id == group.id else one for one in found.groups)
    entry = Entry(at=at, actor=actor, act=Act.WISH_CHANGED, details=told)
    return returns.note(replace(found, groups=groups), entry, before=found)


def _fallback(group: UnitGroup) -> str:
    """What is given where the exchange is not paid for or sold out: what was wanted before."""
    return group.resolution if group.resolution in WAYS else group.fallback or WAYS[0]
