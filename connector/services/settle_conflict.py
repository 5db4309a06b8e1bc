"""What a device sent and nobody could take as it stood: a person sees both sides and says what becomes of it."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from connector.application import Application
from connector.services.errors import Conflict, InvalidInput, NotFound
from connector.services.quote_return import StoredQuote
from connector.services.receive_return import preview
from connector.services.take_from_device import WAITING, locked, note_in, read_command, receive_in, sold_of
from connector.storage import device_command_store, return_store
from connector.storage.database import Unit
from connector.storage.device_command_store import KeptCommand
from connector.storage.shop_store import Shop
from domain.device_commands import can_be_taken_now
from domain.errors import DomainError
from domain.events import Actor
from domain.inspection import Sold
from domain.returns import Return

MOST = 100
LATEST = 30


class Sides(Struct, frozen=True):
    """A command beside the return as it stands now; `quote` is what would be paid if it were taken in now.

    `has_photo` is whether it brought a picture; `can_take` whether what the device found can still be taken in; `sold`
    is by group what was sold and what is asked of it.
    """

    command: KeptCommand
    found: Return | None
    can_take: bool
    quote: StoredQuote | None
    has_photo: bool
    sold: Mapping[str, Sold]


class Settlement(Struct, frozen=True):
    """How a person settles a command: the return that is meant, why, and the quote that was shown."""

    act: str
    return_id: str
    why: str
    quote_id: str | None


def waiting(app: Application, shop: Shop) -> tuple[KeptCommand, ...]:
    """What waits for a person, the oldest first."""
    with app.database.read(shop) as unit:
        return device_command_store.waiting(unit, limit=MOST)


def latest(app: Application, shop: Shop) -> tuple[KeptCommand, ...]:
    """What was taken or settled last, newest first."""
    with app.database.read(shop) as unit:
        return device_command_store.latest(unit, limit=LATEST)


def command_of(app: Application, shop: Shop, *, command_id: str) -> KeptCommand:
    """A command with what became of it; raises NotFound."""
    with app.database.read(shop) as unit:
        return _kept(unit, command_id)


def photo(app: Application, shop: Shop, *, command_id: str) -> bytes:
    """The picture that a command brought; raises NotFound."""
    with app.database.read(shop) as unit:
        picture = device_command_store.photo(unit, command_id)
    if picture is None:
        raise NotFound("There is no such picture.")
    return picture


def sides(app: Application, shop: Shop, *, command_id: str, return_id: str = "") -> Sides:
    """Both sides of a command, against another return when one is named; raises NotFound."""
    with app.database.read(shop) as unit:
        kept = _kept(unit, command_id)
        found = return_store.get(unit, (return_id or kept.return_id).strip().upper())
        has_photo = device_command_store.photo(unit, command_id) is not None
        sold = sold_of(unit, read_command(kept), found)
        can_take = kept.state == WAITING and found is not None and _can_take(unit, kept, found)
    quote = _quote(app, shop, kept, found) if found is not None and can_take else None
    return Sides(command=kept, found=found, can_take=can_take, quote=quote, has_photo=has_photo, sold=sold)


def settle(app: Application, shop: Shop, *, command_id: str, settlement: Settlement, actor: Actor) -> None:
    """Settle a command that waits, once; raises NotFound, Conflict, InvalidInput, what `taken_in` does."""
    act = ACTS.get(settlement.act)
    if act is None:
        raise InvalidInput("Say what becomes of it.", at="act")

    def work(unit: Unit) -> None:
        found = locked(unit, settlement.return_id)
        kept = _kept(unit, command_id)
        if kept.state != WAITING:
            raise Conflict("This was settled already.")
        why = act(app, unit, kept, found, settlement, actor)
        device_command_store.settle(unit, kept.id, why=why, by=actor.name, at=app.clock())

    app.database.write(shop, work)


def _taken_in(
    app: Application, unit: Unit, kept: KeptCommand, found: Return | None, settlement: Settlement, actor: Actor
) -> str:
    if found is None or not _can_take(unit, kept, found):
        raise Conflict("The return does not allow that any more. Look at it again.")
    receive_in(app, unit, read_command(kept), found=found, actor=actor, quote_id=settlement.quote_id)
    return "Taken in as the device found it."


def _noted(
    app: Application, unit: Unit, kept: KeptCommand, found: Return | None, settlement: Settlement, actor: Actor
) -> str:
    if found is None:
        raise InvalidInput("Name the return to which this is to be written.", at="rma")
    words = "; ".join(word for word in (found_in_words(kept), settlement.why) if word)
    note_in(app, unit, read_command(kept), found=found, actor=actor, words=words)
    return f"Written into the history of {found.id}."


def _put_aside(
    _app: Application, _unit: Unit, _command: KeptCommand, _found: Return | None, settlement: Settlement, _actor: Actor
) -> str:
    if not settlement.why:
        raise InvalidInput("Say why nothing comes of it.", at="why")
    return settlement.why


Settle = Callable[[Application, Unit, KeptCommand, Return | None, Settlement, Actor], str]

ACTS: Mapping[str, Settle] = {"take": _taken_in, "note": _noted, "aside": _put_aside}
"""What a person may do with a command that waits."""


def found_in_words(kept: KeptCommand) -> str:
    """What a device found, as one line of history."""
    parts = [
        " ".join(str(word) for word in (one["outcome"], one["grade"] or "", one["note"]) if word)
        for one in kept.said["inspections"]
    ]
    return "; ".join([*parts, *([kept.said["words"]] if kept.said["words"] else [])])


def _can_take(unit: Unit, kept: KeptCommand, found: Return) -> bool:
    command = read_command(kept)
    is_same = kept.return_id.strip().upper() == found.id
    return is_same and can_be_taken_now(command, found, sold=sold_of(unit, command, found))


def _quote(app: Application, shop: Shop, kept: KeptCommand, found: Return) -> StoredQuote | None:
    """What would be paid; None when nothing is, or when the rules do not let it be taken in like this."""
    try:
        return preview(app, shop, return_id=found.id, inspections=read_command(kept).inspections)
    except DomainError:
        return None


def _kept(unit: Unit, command_id: str) -> KeptCommand:
    kept = device_command_store.get(unit, command_id)
    if kept is None:
        raise NotFound("No device sent this.")
    return kept
