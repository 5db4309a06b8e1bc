"""The door for devices without a network: what they did on their own, what they need for it, codes in pictures."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import structs
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response
from starlette.routing import Route

from connector.services import look_ups, read_picture, settle_conflict, sign_in, take_from_device
from connector.services.errors import InvalidInput, NotAllowed
from connector.services.rehearse import Rehearsal
from connector.services.roles import Action
from connector.services.shift import SHIFT_LASTS
from connector.services.take_from_device import Sent
from connector.storage.device_command_store import KeptCommand
from connector.web.doors import NUL, Visit, staff_body, staff_page, validated
from connector.web.json_answer import JSONResponse
from domain.device_commands import DeviceAct, DeviceCommand, Standing
from domain.disposition import GRADES
from domain.errors import Malformed
from domain.reading import in_utc
from domain.returns import Inspection

COMMAND_LIMIT = 3_000_000
FRAME_LIMIT = 1_500_000
LONGEST_PICTURE = 2_800_000
TRIED = "tried"
"""Where a command of a training stands."""
DEVICE = r"[0-9a-zA-Z-]{8,64}"

Id = Annotated[str, StringConstraints(pattern=rf"^{DEVICE}$")]
Short = Annotated[str, StringConstraints(max_length=60, pattern=rf"^[^{NUL}]*$")]
Words = Annotated[str, StringConstraints(max_length=1000, pattern=rf"^[^{NUL}]*$")]
Count = Annotated[int, Field(ge=1, le=10_000)]


def _at_hand(moment: datetime) -> datetime:
    try:
        return in_utc(moment)
    except Malformed as error:
        raise ValueError(error.message) from error


class Strict(BaseModel):
    """Says nothing that is not known here."""

    model_config = ConfigDict(extra="forbid")


class SaidStanding(Strict):
    """How a group stood for the device."""

    quantity: Count
    reception: Short
    acceptance: Short


class SaidInspection(Strict):
    """What was found of a group."""

    group_id: Short
    outcome: Literal["received", "rejected", "missing", "wrong_item", "empty_box"]
    grade: Literal["A", "B", "C", "D", "E"] | None = None
    note: Annotated[str, StringConstraints(max_length=300, pattern=rf"^[^{NUL}]*$")] = ""
    quantity: Count
    answers: Annotated[dict[Short, Literal["yes", "no"]], Field(max_length=50)] = {}
    serial: Annotated[str, StringConstraints(max_length=100, pattern=rf"^[^{NUL}]*$", strip_whitespace=True)] = ""
    parts: bool = False


class SaidCommand(Strict):
    """One command of a device."""

    id: Id
    device: Id
    act: DeviceAct
    return_id: Annotated[Short, StringConstraints(min_length=1)]
    made_at: Annotated[AwareDatetime, AfterValidator(_at_hand)]
    made_by: Short = ""
    seen: Annotated[dict[Short, SaidStanding], Field(max_length=100)] = {}
    inspections: Annotated[list[SaidInspection], Field(max_length=100)] = []
    words: Words = ""
    picture: Annotated[str, StringConstraints(max_length=LONGEST_PICTURE)] = ""
    training: bool = False


def take(visit: Visit, body: bytes) -> Response:
    """Take a command, once; the answer says what became of it. What was done in training is only tried."""
    said = validated(body, SaidCommand)
    if said.training:
        return JSONResponse(_tried(visit, _sent(said)))
    if visit.post.training:
        raise NotAllowed("This device is in training. What was done on it before is sent once the training ends.")
    kept = take_from_device.take(visit.app, visit.shop, sent=_sent(said), actor=visit.actor)
    return JSONResponse(_became(kept))


def state(visit: Visit) -> Response:
    """What became of a command since."""
    return JSONResponse(_became(settle_conflict.command_of(visit.app, visit.shop, command_id=visit.path("command"))))


def look_up(visit: Visit) -> Response:
    """What changed since the device asked last."""
    found = look_ups.changed(visit.app, visit.shop, after=visit.query("after"))
    return JSONResponse(
        {"returns": list(found.returns), "orders": list(found.orders), "after": found.after, "more": found.more}
    )


def key(visit: Visit) -> Response:
    """The key of a device, and how long it may go on without asking again."""
    device = visit.query("device")
    if not 8 <= len(device) <= 64 or not device.replace("-", "").isalnum() or not device.isascii():
        raise InvalidInput("Name the device.", at="device")
    secret = look_ups.device_key(visit.app, visit.shop, device=device)
    held = sign_in.session_of(visit.app, visit.shop, session=visit.browser.held)
    whose = {"person": visit.person.name, "session": held.id if held else ""}
    return JSONResponse({"key": base64.b64encode(secret).decode(), **whose, **_terms(visit)})


def scan(visit: Visit, body: bytes) -> Response:
    """The texts of the codes in a picture."""
    read_picture.count_frame(visit.app, visit.shop, person=visit.person.id)
    return JSONResponse({"codes": list(read_picture.codes_in(body))})


def _terms(visit: Visit) -> Mapping[str, object]:
    """How long a device stays open without the network, whether it is in training, and where it is opened again."""
    present, home = visit.present, f"/shops/{visit.shop.slug}"
    if present is None or present.device is None or present.location is None:
        return {"lasts": _seconds(look_ups.ALONE_AT_MOST), "idle": None, "training": False, "way": f"{home}/sign-in"}
    return {
        "lasts": _seconds(min(look_ups.ALONE_AT_MOST, SHIFT_LASTS)),
        "idle": _seconds(timedelta(minutes=present.location.terms.idle_minutes)),
        "training": visit.post.training,
        "way": f"{home}/shift",
    }


def _seconds(lasts: timedelta) -> int:
    return int(lasts.total_seconds())


def _tried(visit: Visit, sent: Sent) -> Mapping[str, str]:
    """What would become of a command; nothing of it is kept, whether or not the device is still in training."""
    app = visit.app if visit.post.training else Rehearsal(visit.app, visit.shop).app
    trainee = replace(visit.actor, post=structs.replace(visit.post, training=True))
    would = _became(take_from_device.take(app, visit.shop, sent=sent, actor=trainee))
    return {**would, "state": TRIED, "words": f"Nothing of it counts. Outside of a training: {would['words']}"}


def _sent(said: SaidCommand) -> Sent:
    command = DeviceCommand(
        id=said.id,
        act=said.act,
        device=said.device,
        return_id=said.return_id,
        made_at=said.made_at,
        made_by=said.made_by,
        seen={name: Standing(**one.model_dump()) for name, one in said.seen.items()},
        inspections=tuple(_inspection(one, n) for n, one in enumerate(said.inspections)),
        words=said.words,
    )
    return _with_picture(command, said.picture) if said.act is DeviceAct.PHOTO else Sent(command)


def _inspection(said: SaidInspection, n: int) -> Inspection:
    """What was found; goods that arrived have a grade, what is not accepted a reason."""
    if said.outcome == "received" and said.grade not in GRADES:
        raise InvalidInput("Say in what condition it is.", at=f"inspections.{n}.grade")
    if said.outcome == "rejected" and not said.note:
        raise InvalidInput("Say why it is not accepted.", at=f"inspections.{n}.note")
    grade = said.grade if said.outcome == "received" else None
    looked = {"answers": said.answers, "serial": said.serial, "parts": said.parts}
    seen = {name: value for name, value in looked.items() if value}
    return Inspection(said.group_id, said.outcome, grade=grade, note=said.note, quantity=said.quantity, seen=seen)


def _with_picture(command: DeviceCommand, text: str) -> Sent:
    try:
        body = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InvalidInput(read_picture.UNREADABLE, at="picture") from error
    return Sent(command, read_picture.kept_form(body), hashlib.sha256(body).hexdigest())


def _became(kept: KeptCommand) -> Mapping[str, str]:
    """What became of a command: the id under which it is kept, where it stands, and why in words."""
    words = kept.why or take_from_device.WORDS[kept.verdict]
    return {"id": kept.id, "state": kept.state, "verdict": kept.verdict, "words": words}


COUNTER = "/shops/{shop}/counter"

routes = [
    Route(f"{COUNTER}/sent/commands", staff_body(take, to=Action.RECEIVE, limit=COMMAND_LIMIT), methods=["POST"]),
    Route(f"{COUNTER}/sent/commands/{{command}}/state", staff_page(state, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/sent/returns", staff_page(look_up, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/sent/key", staff_page(key, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/sent/scan", staff_body(scan, to=Action.RECEIVE, limit=FRAME_LIMIT), methods=["POST"]),
]
