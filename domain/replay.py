"""A return as its history alone tells it: the proof that nothing is left out of the history."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from domain.errors import IllegalStep, NotSupported
from domain.events import Entry
from domain.returns import Return, UnitGroup
from domain.transitions import ACCEPTANCE, RECEPTION, SETTLEMENT, Acceptance, Reception, Settlement, Table, reachable

AXES: Mapping[str, tuple[Table, type[Reception] | type[Acceptance] | type[Settlement]]] = {
    "reception": (RECEPTION, Reception),
    "acceptance": (ACCEPTANCE, Acceptance),
    "settlement": (SETTLEMENT, Settlement),
}


def replayed(found: Return) -> Return:
    """The return made anew from its history; what it is about (order, channel, opening time) is taken as it stands.

    Raises IllegalStep when the history tells of a step that the tables do not have, NotSupported when it begins with
    an opening of before changes were told.
    """
    state = replace(found, groups=(), history=(), quote_id="")
    for entry in found.history:
        state = _after(state, entry)
    return state


def _after(state: Return, entry: Entry) -> Return:
    changes: Mapping[str, Mapping[str, Any]] = entry.details.get("changes", {})  # type: ignore[assignment]
    if not changes and not state.groups:
        raise NotSupported("this history does not tell what was opened, so it cannot be replayed")
    groups = {group.id: group for group in state.groups}
    for group_id, news in changes.items():
        groups[group_id] = _group(groups.get(group_id), news)
    order: list[str] = entry.details.get("order", list(groups))  # type: ignore[assignment]
    return replace(
        state,
        groups=tuple(groups[group_id] for group_id in order),
        history=(*state.history, entry),
        quote_id=str(entry.details.get("quote", state.quote_id)),
    )


def _group(known: UnitGroup | None, news: Mapping[str, Any]) -> UnitGroup:
    typed: dict[str, Any] = {name: AXES[name][1](value) if name in AXES else value for name, value in news.items()}
    if known is None:
        return UnitGroup(**typed)
    for name in AXES.keys() & news.keys():
        _check(name, getattr(known, name), news[name])
    return replace(known, **typed)


def _check(axis: str, state: str, target: str) -> None:
    table, _ = AXES[axis]
    if target not in reachable(table, state):
        raise IllegalStep(state=str(state), act=f"becoming {target}", allowed=tuple(table[state]))
