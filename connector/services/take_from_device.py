"""What a device did on its own is taken once, whatever is sent again and by whom; what does not fit waits for a person.

A command and what became of it are one row, written in the transaction that did it. Money follows from the quote that
is made anew there, and only where it comes to what was promised.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from connector.application import Application
from connector.services import place_goods
from connector.services.errors import QuoteMoved, ServiceError
from connector.services.receive_return import Arrival, taken_in
from connector.storage import device_command_store, order_store, return_store
from connector.storage.database import Unit
from connector.storage.device_command_store import KeptCommand
from connector.storage.errors import StorageError
from connector.storage.shop_store import Shop
from domain import returns
from domain.device_commands import DeviceAct, DeviceCommand, Standing, Verdict, as_noticed, judge
from domain.errors import DomainError
from domain.events import Act, Actor, Entry
from domain.inspection import Sold
from domain.returns import Inspection, Return

TRIES = 3
TAKEN, WAITING = "taken", "waiting"
NOTES: Mapping[DeviceAct, Act] = {DeviceAct.NOTE: Act.NOTED, DeviceAct.PHOTO: Act.PHOTOGRAPHED}

WORDS: Mapping[str, str] = {
    Verdict.TAKEN: "Taken.",
    Verdict.UNKNOWN_RETURN: "There is no return of this number.",
    Verdict.NOT_SEEN: "The device did not know this return, so nobody could say which item is meant.",
    Verdict.UNDECIDED: "The return waits for a decision. Approve or decline it first.",
    Verdict.ALREADY_RECEIVED: "It was taken in already, here or on another device.",
    Verdict.CHANGED: "The return has changed since the device last heard of it.",
    Verdict.UNANSWERED: "Not all that is asked of such goods was answered.",
    Verdict.ABOVE_ANSWERS: "The grade is better than the answers allow, so a person looks at it.",
    Verdict.OTHER_SERIAL: "The serial number is not one that was sold, so a manager looks at it.",
    Verdict.AMOUNTS_DIFFER: "What comes out is not what was promised, so a person confirms the amounts.",
    Verdict.REFUSED: "The rules do not allow it.",
    Verdict.ID_REUSED: "The device used an id twice for different things.",
}
"""Each verdict in a sentence."""


class Sent(Struct, frozen=True):
    """A command as it came in: `picture` is a JPEG, `fingerprint` that of the picture that was sent."""

    command: DeviceCommand
    picture: bytes | None = None
    fingerprint: str = ""


def take(app: Application, shop: Shop, *, sent: Sent, actor: Actor) -> KeptCommand:
    """Carry out a command, or keep it for a person; sent again it gives what became of it the first time."""
    refusal: DomainError | ServiceError | None = None
    for _ in range(TRIES):
        try:
            return app.database.write(shop, lambda unit: _taken(app, unit, sent, actor))
        except StorageError:
            continue
        except (DomainError, ServiceError) as error:
            refusal = error
            break
    left = _Left(*_said_no(refusal))
    return app.database.write(shop, lambda unit: _known(app, unit, sent, actor) or _kept(app, unit, sent, actor, left))


def receive_in(
    app: Application, unit: Unit, command: DeviceCommand, *, found: Return, actor: Actor, quote_id: str | None
) -> Return:
    """Take in what a device found; the history says that a device did, and when. Raises what `taken_in` does."""
    sold = place_goods.sold(unit, found)
    looked = [as_noticed(one, sold) for one in command.inspections]
    marked = [replace(one, seen={**one.seen, **_marks(command)}) for one in looked]
    arrival = Arrival(marked, quote_id=quote_id, actor=actor)
    return taken_in(app, unit, found, arrival=arrival)


def note_in(app: Application, unit: Unit, command: DeviceCommand, *, found: Return, actor: Actor, words: str) -> Return:
    """Write into a return's history what a device said of it."""
    act = NOTES.get(command.act, Act.NOTED)
    details = {**_marks(command), **({"photo": command.id} if command.act is DeviceAct.PHOTO else {})}
    entry = Entry(at=app.clock(), actor=actor, act=act, why=words, details=details)
    noted = returns.note(found, entry, before=found)
    return return_store.save(unit, noted, expected_version=found.version)


def read_command(kept: KeptCommand) -> DeviceCommand:
    """A kept command as the rules know it."""
    said = kept.said
    return DeviceCommand(
        id=kept.id,
        act=DeviceAct(kept.act),
        device=kept.device,
        return_id=kept.return_id,
        made_at=kept.made_at,
        made_by=kept.made_by,
        seen={name: Standing(**one) for name, one in said["seen"].items()},
        inspections=tuple(Inspection(**one) for one in said["inspections"]),
        words=said["words"],
    )


def sold_of(unit: Unit, command: DeviceCommand, found: Return | None) -> dict[str, Sold]:
    """What was sold of each group and what is asked of it; nothing where no goods are to be judged."""
    return {} if found is None or not command.inspections else place_goods.sold(unit, found)


def locked(unit: Unit, return_id: str) -> Return | None:
    """The return that was scanned or typed, with its order locked; None when there is none."""
    _lock(unit, return_id)
    return _named(unit, return_id)


def _lock(unit: Unit, return_id: str) -> None:
    """Lock the order of a return before the return is read; whoever waits for the lock reads what the other wrote."""
    order_id = return_store.order_of(unit, _number(return_id))
    if order_id is not None:
        order_store.lock(unit, order_id)


def _named(unit: Unit, return_id: str) -> Return | None:
    return return_store.get(unit, _number(return_id))


def _number(return_id: str) -> str:
    return return_id.strip().upper()


def _taken(app: Application, unit: Unit, sent: Sent, actor: Actor) -> KeptCommand:
    command = sent.command
    _lock(unit, command.return_id)
    if (known := _known(app, unit, sent, actor)) is not None:
        return known
    found = _named(unit, command.return_id)
    verdict = judge(command, found, sold=sold_of(unit, command, found))
    if verdict is Verdict.TAKEN and found is not None:
        _carried_out(app, unit, command, found=found, actor=actor)
    return _kept(app, unit, sent, actor, _Left(verdict))


def _carried_out(app: Application, unit: Unit, command: DeviceCommand, *, found: Return, actor: Actor) -> None:
    if command.act is DeviceAct.RECEIVE:
        receive_in(app, unit, command, found=found, actor=actor, quote_id=found.quote_id)
    else:
        note_in(app, unit, command, found=found, actor=actor, words=command.words)


class _Left(Struct, frozen=True):
    """What became of a command, and why."""

    verdict: Verdict
    why: str = ""


def _said_no(refusal: DomainError | ServiceError | None) -> tuple[Verdict, str]:
    """Why a command that seemed good was not taken: without a refusal others changed the return each time."""
    if refusal is None:
        return Verdict.CHANGED, ""
    is_money = isinstance(refusal, QuoteMoved)
    return (Verdict.AMOUNTS_DIFFER, "") if is_money else (Verdict.REFUSED, refusal.message)


def _known(app: Application, unit: Unit, sent: Sent, actor: Actor) -> KeptCommand | None:
    """What became of this command before; what comes under its id but says something else waits on its own."""
    command, digest = sent.command, _digest(sent)
    kept = device_command_store.get(unit, command.id)
    if kept is None or kept.digest == digest:
        return kept
    other = replace(sent, command=replace(command, id=f"{command.id}~{digest[:12]}"))
    return device_command_store.get(unit, other.command.id) or _kept(app, unit, other, actor, _Left(Verdict.ID_REUSED))


def _kept(app: Application, unit: Unit, sent: Sent, actor: Actor, left: _Left) -> KeptCommand:
    command = sent.command
    kept = KeptCommand(
        id=command.id,
        device=command.device,
        act=command.act,
        return_id=command.return_id,
        said=_said(command),
        digest=_digest(sent),
        made_by=command.made_by,
        made_at=command.made_at,
        sent_by=actor.name,
        arrived_at=app.clock(),
        state=TAKEN if left.verdict is Verdict.TAKEN else WAITING,
        verdict=left.verdict,
        why=left.why,
    )
    device_command_store.add(unit, kept)
    if sent.picture is not None:
        device_command_store.add_photo(unit, kept.id, picture=sent.picture)
    return kept


def _said(command: DeviceCommand) -> dict[str, Any]:
    return {
        "seen": {name: asdict(one) for name, one in command.seen.items()},
        "inspections": [asdict(one) for one in command.inspections],
        "words": command.words,
    }


def _digest(sent: Sent) -> str:
    """What a command says in short: the same for who sends it again, whoever that is."""
    command = sent.command
    told = [command.act, command.return_id, command.made_at.isoformat(), _said(command), sent.fingerprint]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _marks(command: DeviceCommand) -> dict[str, object]:
    """What the history says of a device's act: which device, when, and by whom as it says."""
    return {"device": command.device, "made_at": command.made_at.isoformat(), "made_by": command.made_by}
