"""Labels for parcels that come back: where the file of one lies, and which is the return's."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from domain.events import Act, Entry
from domain.lifecycle import possible
from domain.returns import Return

LONGEST_ADDRESS = 2000


class Label(Struct, frozen=True):
    """Where a label can be loaded by everybody (https), since when (UTC); `platform` is who keeps it, "" for us."""

    address: str
    at: datetime
    platform: str = ""

    @property
    def details(self) -> Mapping[str, object]:
        """What the history tells of it."""
        kept = {"kept_by": self.platform, "since": self.at.isoformat()} if self.platform else {}
        return {"label": self.address, **kept}


def label_of(found: Return) -> Label | None:
    """The newest label of a return, None also for one that was forgotten with its person."""
    given = _given(found)
    if given is None or "label" not in given.details:
        return None
    platform, since = str(given.details.get("kept_by") or ""), given.details.get("since")
    at = datetime.fromisoformat(str(since)) if since else given.at
    return Label(str(given.details["label"]), at, platform)


def _given(found: Return) -> Entry | None:
    return next((entry for entry in reversed(found.history) if entry.act == Act.LABELLED), None)


def label_to_use(found: Return) -> Label | None:
    """The label of a return of which something is still to be sent."""
    label = label_of(found)
    return label if label and is_to_send(found) else None


def is_to_send(found: Return) -> bool:
    """Whether anything of a return is accepted and still with the shopper."""
    return "ship" in possible(found)


def is_news(label: Label, found: Return) -> bool:
    """Whether a platform's label is to be shown: one that was given here stays, one of the platform's is replaced."""
    known, given = label_of(found), _given(found)
    if not is_to_send(found) or not is_address(label.address) or (given is not None and known is None):
        return False
    return known is None or bool(known.platform and known.at < label.at)


def is_address(text: str) -> bool:
    """Whether a label can lie there: an address that everybody reaches over https."""
    if len(text) > LONGEST_ADDRESS or any(sign.isspace() or not sign.isprintable() for sign in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
