"""Why goods come back, in our words and in those that a shop knows; their ids are asked for, never assumed [C]."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from adapters.errors import ChannelRefused
from adapters.shopify.fields import Body, required, text

OTHER = "other-reason"
HANDLES: Mapping[str, tuple[str, ...]] = {
    "size_too_small": ("too-small", "size-too-small"),
    "size_too_large": ("too-big", "too-large", "size-too-large"),
    "color": ("color", "colour"),
    "style": ("style",),
    "changed_mind": ("changed-my-mind", "unwanted"),
    "defective": ("damaged-or-defective", "defective"),
    "damaged": ("damaged-or-defective", "damaged"),
    "wrong_item": ("received-the-wrong-item", "wrong-item"),
    "not_as_described": ("item-not-as-described", "not-as-described"),
    "missing_parts": ("item-not-as-described",),
    "late": ("arrived-late",),
    "recall": ("damaged-or-defective",),
}
"""Handles that say the same, the closest first; ten of them were captured from a live shop [C], more exist.

The one table for both ways: a handle that says several of ours is read as the first of them.
"""
UNSAID = "unknown"
OURS: Mapping[str, str] = {handle: ours for ours, handles in reversed(tuple(HANDLES.items())) for handle in handles}


class Reason(Struct, frozen=True):
    """A reason that the shop knows."""

    id: str
    handle: str


def known_reasons(listed: Sequence[Body]) -> tuple[Reason, ...]:
    """The reasons of a shop that are still in use."""
    return tuple(
        Reason(id=required(one, "id"), handle=text(one, "handle") or "")
        for one in listed
        if one.get("deleted") is not True
    )


def reason_for(ours: str | None, known: Sequence[Reason]) -> Reason:
    """The shop's reason for one of ours, else its "other", else any; raises ChannelRefused for a shop without one."""
    by_handle = {reason.handle: reason for reason in known}
    wanted = (*HANDLES.get(ours or "", ()), OTHER, UNSAID)
    found = next((by_handle[handle] for handle in wanted if handle in by_handle), None)
    if found is None and not known:
        raise ChannelRefused("The shop knows no reason for which goods can come back.")
    return found or known[0]


def reason_of(handle: str, *, name: str) -> tuple[str | None, str]:
    """Ours for a reason of the shop, None where none was said; one that we do not know is "other", with its name."""
    if handle in ("", UNSAID):
        return None, ""
    return (OURS[handle], "") if handle in OURS else ("other", "" if handle == OTHER else name or handle)
