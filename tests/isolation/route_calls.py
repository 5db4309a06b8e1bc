"""How each route is asked, in terms of what the shop's things are called: see `Filled.names` in two_shops.py."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, Mount, Route

from tests.counters import OWNERS_PIN, PIN
from tests.isolation.two_shops import PASSWORD, Filled

KIND = re.compile(r":[a-z]+(?=\})")
"""What a part of an address is read as."""
READ_TOO = frozenset({"HEAD"})
"""Answered by the same code as GET, without its body."""

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One route, asked in one way or in several one after the other, so that its own people are given something.

    `called` names the thing that stands in a part of the path, where it is not called like the part. Words in braces
    in `forms`, `query` and `json` are names of things. `open_to_all` is what anybody may ask; `leaves` are the tables
    to which anybody may add by it. `by_what_is_held` is a door that no path names: whose it is, its token or signature
    says. `own` are the statuses that the shop's own people get; `bearer` is what they hold, `device` the shared device
    that they stand at.
    """

    forms: tuple[Words, ...] = ()
    query: Words = field(default_factory=dict)
    json: Mapping[str, object] | None = None
    called: Words = field(default_factory=dict)
    open_to_all: bool = False
    by_what_is_held: bool = False
    leaves: frozenset[str] = frozenset()
    own: frozenset[int] = frozenset({200, 201, 303})
    bearer: str = "token"
    device: str = "no_device"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be sent."""

    method: str
    path: str
    query: Words
    form: Words | None
    json: object
    headers: Words


HELD = ("link", "invitation", "login", "status_key", "domain", "proxied_at", "signature")
"""What somebody holds and nobody else has."""

READ = Ask()
ANYBODY = Ask(open_to_all=True)
UNSIGNED = Ask(open_to_all=True, own=frozenset({400}))
"""This install has no app at Shopify."""
TALKED = frozenset({"conversations", "turns"})
TRIED = frozenset({"attempts"})
HOME = "/shops/{shop}"
INBOX = f"{HOME}/dashboard/inbox"
GRADED = {"outcome-1-1": "received", "grade-1-1": "A", "note-1-1": "", "quote": "{arrival}"}

DEVICE_NOTE = {
    "id": "note-from-device", "device": "device-1", "act": "note", "return_id": "{rma}", "words": "a scratch",
    "made_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
COUNTER = f"{HOME}/counter"
BROUGHT = {"grade-1-1": "A", "wish-1": "refund", "quote": "{brought}"}
GIVEN = {"grade-1-1": "A", "wish-1": "store_credit", "quote": "{gift_brought}"}
WITHOUT = {"grade-1-1": "A", "variant": "tee-m", "email": "ben@example.com", "total": "20.00"}

PROGRAMS = "/api/v1/shops/{shop}"
PROGRAM = Ask(bearer="program")
BACK = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]


def act(rma: str, **body: object) -> Ask:
    """What a program does to a return."""
    return Ask(json=body, called={"rma": rma}, bearer="program")


def in_steps(form: Words, *, once: str, **called: str) -> Ask:
    """A form of the counter that is checked, changed and confirmed."""
    steps = ("check", "change", "confirm")
    return Ask(forms=tuple({**form, "step": step, "once": once} for step in steps), called=called)


def owner(**fields: str) -> Ask:
    """What an owner posts."""
    return Ask(forms=({"once": "owner " + "".join(fields), **fields},))


MACHINERY = f"{HOME}/dashboard/operations"
INTEGRATIONS = f"{HOME}/dashboard/programs"

ACCOUNT = "/shopify/customer/orders/{order}"
TILL = "/shopify/till"
SIGNED = {
    "shop": "{domain}", "path_prefix": "/apps/backhaul", "timestamp": "{proxied_at}", "logged_in_customer_id": "",
    "signature": "{signature}",
}  # fmt: skip


def account(**body: object) -> Ask:
    """What a customer asks in their account at the platform."""
    return Ask(json=body or None, called={"order": "account_order"}, bearer="account", by_what_is_held=True)


def till(**body: object) -> Ask:
    """What staff ask at a till of the platform."""
    return Ask(json=body, called={"rma": "till_return", "order": "till_order"}, bearer="till", by_what_is_held=True)


ASKS: Mapping[str, Ask] = {
    "GET /shopify": ANYBODY,
    "GET /shopify/patch-id-token": ANYBODY,
    "GET /shopify/shops/{rest:path}": Ask(called={"rest": "proxied_talk"}, open_to_all=True),
    "GET /shopify/proxy/{rest:path}": Ask(query=SIGNED, called={"rest": "proxied_talk"}, by_what_is_held=True),
    "POST /shopify/proxy/{rest:path}": Ask(
        query=SIGNED, called={"rest": "proxied_talk"}, json={"text": "hello"}, by_what_is_held=True
    ),
    f"GET {ACCOUNT}": account(),
    f"GET {ACCOUNT}/lines/{{line}}/variants": account(),
    f"POST {ACCOUNT}/quotes": account(items=BACK),
    f"POST {ACCOUNT}/returns": account(items=BACK, quote_id="{account_quote}", key="opened-1"),
    f"GET {TILL}/find": Ask(query={"text": "{rma}"}, bearer="till", by_what_is_held=True),
    f"POST {TILL}/orders/{{order}}/quotes": till(items=BACK),
    f"POST {TILL}/orders/{{order}}/returns": till(items=BACK, quote_id="{till_quote}", key="handed-in"),
    f"POST {TILL}/returns/{{rma}}/grade": till(inspections=[{"group_id": "1", "grade": "A"}]),
    f"POST {TILL}/returns/{{rma}}/receive": till(
        inspections=[{"group_id": "1", "grade": "A"}], quote_id="{till_arrival}", key="received", staff_id="7"
    ),
    f"GET {HOME}/dashboard/first-steps": READ,
    f"POST {HOME}/dashboard/first-steps/taken": owner(),
    f"GET {MACHINERY}": READ,
    f"POST {MACHINERY}/jobs/retry": owner(job="{failed_job}"),
    f"POST {MACHINERY}/jobs/cancel": owner(job="{waiting_job}"),
    f"POST {MACHINERY}/checkup": owner(),
    f"GET {HOME}/dashboard/privacy": READ,
    f"POST {HOME}/dashboard/privacy/{{request}}": owner(),
    f"POST {MACHINERY}/deliveries/replay": owner(delivery="{poison}"),
    f"POST {MACHINERY}/messages/replay": owner(endpoint="1", message="{message}"),
    f"GET {INTEGRATIONS}": READ,
    f"POST {INTEGRATIONS}/tokens": owner(name="ERP", scope="orders:read"),
    f"POST {INTEGRATIONS}/tokens/{{number}}/revoke": owner(),
    f"POST {INTEGRATIONS}/addresses": owner(url="https://erp.example.com/"),
    f"POST {INTEGRATIONS}/addresses/{{number}}/secret": owner(),
    f"POST {INTEGRATIONS}/addresses/{{number}}/remove": owner(),
    f"GET {PROGRAMS}/orders": PROGRAM,
    f"GET {PROGRAMS}/orders/{{order}}": PROGRAM,
    f"POST {PROGRAMS}/quotes": Ask(json={"order_id": "{order}", "items": BACK}, bearer="program"),
    f"GET {PROGRAMS}/quotes/{{quote}}": Ask(called={"quote": "arrival"}, bearer="program"),
    f"GET {PROGRAMS}/events": PROGRAM,
    f"GET {PROGRAMS}/policy": PROGRAM,
    f"GET {PROGRAMS}/returns": PROGRAM,
    f"GET {PROGRAMS}/returns/{{rma}}": PROGRAM,
    f"POST {PROGRAMS}/returns": Ask(
        json={"order_id": "{order}", "items": BACK, "quote_id": "{shown}"}, bearer="program"
    ),
    f"POST {PROGRAMS}/returns/{{rma}}/approve": act("program_approves"),
    f"POST {PROGRAMS}/returns/{{rma}}/decline": act("program_declines", why="worn"),
    f"POST {PROGRAMS}/returns/{{rma}}/cancel": act("program_cancels", why="so"),
    f"POST {PROGRAMS}/returns/{{rma}}/label": act("program_labels", label="https://labels.example/1.pdf"),
    f"POST {PROGRAMS}/returns/{{rma}}/grade": act("program_receives", inspections=[{"group_id": "1", "grade": "A"}]),
    f"POST {PROGRAMS}/returns/{{rma}}/receive": act(
        "program_receives", inspections=[{"group_id": "1", "grade": "A"}], quote_id="{program_arrival}"
    ),
    f"POST {PROGRAMS}/returns/{{rma}}/settle": act(
        "program_settles", leg="{program_leg}", act="paid_by_hand", note="cash"
    ),
    "GET /": ANYBODY,
    "GET /shopify/install": UNSIGNED,
    "GET /shopify/granted": UNSIGNED,
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,
    "GET /api/openapi.json": ANYBODY,
    "GET /api": ANYBODY,
    "GET /static": Ask(open_to_all=True, own=frozenset({307})),
    "POST /api/v1/quote": Ask(json={"now": "x"}, open_to_all=True, own=frozenset({422})),
    f"GET {HOME}": ANYBODY,
    f"GET {HOME}/pictures/{{product}}.svg": Ask(called={"product": "picture"}, open_to_all=True),
    f"GET {HOME}/sign-in": Ask(query={"link": "{link}"}, leaves=TRIED),
    f"POST {HOME}/sign-in": Ask(
        forms=({"login": "{login}", "password": PASSWORD},),
        leaves=TRIED | {"audit"},
        called={"session": "replaced"},
    ),
    f"POST {HOME}/sign-in/password": Ask(
        forms=({"link": "{invitation}", "login": "kim", "password": "four quiet red foxes"},),
        leaves=TRIED,
        called={"session": "replaced_too"},
    ),
    f"GET {HOME}/dashboard/account": READ,
    f"POST {HOME}/dashboard/account/name": Ask(forms=({"once": "name", "name": "Kim"},)),
    f"POST {HOME}/dashboard/account/password": Ask(
        forms=({"once": "p", "old": "guess", "password": "four quiet red foxes"},), own=frozenset({422})
    ),
    f"POST {HOME}/dashboard/account/sessions/{{open_session}}": Ask(forms=({"once": "end"},)),
    f"GET {HOME}/dashboard/people": READ,
    f"POST {HOME}/dashboard/people": Ask(forms=({"once": "add", "name": "Max", "role": "staff"},)),
    f"POST {HOME}/dashboard/people/{{person}}/invite": Ask(forms=({"once": "invite"},)),
    f"POST {HOME}/dashboard/people/{{person}}/role": Ask(forms=({"once": "role", "role": "manager"},)),
    f"POST {HOME}/dashboard/people/{{person}}/disable": Ask(forms=({"once": "out"},)),
    f"POST {HOME}/dashboard/people/{{person}}/enable": Ask(forms=({"once": "in"},)),
    f"GET {HOME}/dashboard/audit": READ,
    f"POST {HOME}/dashboard/audit.csv": Ask(forms=({"once": "export"},)),
    f"GET {HOME}/dashboard/settings": READ,
    f"POST {HOME}/dashboard/settings/origins": Ask(forms=({"once": "o", "origin": "https://new.example"},)),
    f"POST {HOME}/dashboard/settings/look": Ask(forms=({"once": "l", "own": "1", "colour": "#aa0000", "side": "end"},)),
    f"POST {HOME}/dashboard/settings/details": Ask(forms=({"once": "d", "contact": "help@new.example"},)),
    f"POST {HOME}/dashboard/settings/origins/forbid": Ask(forms=({"once": "f", "origin": "https://new.example"},)),
    f"POST {HOME}/sign-out": Ask(forms=({"once": "leave"},), called={"session": "session_to_end"}),
    "GET /widget.js": ANYBODY,
    f"GET {HOME}/chat": ANYBODY,
    f"POST {HOME}/chat": Ask(json={"language": "en"}, open_to_all=True, leaves=TALKED),
    f"GET {HOME}/chat/{{conversation}}": READ,
    f"POST {HOME}/chat/{{conversation}}": Ask(json={"text": "hello"}),
    f"POST {HOME}/chat/{{conversation}}/photos": Ask(json={}, own=frozenset({415})),
    f"GET {HOME}/returns": ANYBODY,
    f"POST {HOME}/returns": Ask(forms=({"once": "say", "text": "hello"},), open_to_all=True, leaves=TALKED),
    f"POST {HOME}/returns/photos": Ask(forms=({"once": "photos"},), open_to_all=True, own=frozenset({415})),
    f"GET {HOME}/returns/{{rma}}": Ask(query={"key": "{status_key}"}, called={"rma": "alike"}),
    f"POST {HOME}/returns/{{rma}}/sent": Ask(
        forms=({"once": "sent"},), query={"key": "{status_key}"}, called={"rma": "alike"}
    ),
    f"POST {HOME}/returns/{{rma}}/cancel": Ask(
        forms=({"once": "cancelled"},),
        query={"key": "{status_key}"},
        called={"rma": "alike"},
        own=frozenset({303, 409}),
    ),
    f"GET {HOME}/shift": Ask(device="shared_till"),
    f"POST {HOME}/shift": Ask(forms=({"once": "shift", "person": "{person}", "pin": PIN},), device="shared_till"),
    f"POST {HOME}/counter/lock": Ask(
        forms=({"once": "lock"},), called={"session": "shift_to_lock"}, device="till_to_lock"
    ),
    f"POST {HOME}/counter/seen": Ask(forms=({"once": "seen"},), own=frozenset({204})),
    f"GET {HOME}/counter/device": READ,
    f"POST {HOME}/counter/device": Ask(
        forms=({"once": "till", "name": "Till 9", "location": "{location}"},), called={"session": "replaced_by_till"}
    ),
    f"POST {HOME}/counter/device/{{device}}/train": Ask(forms=({"once": "train"},)),
    f"POST {HOME}/counter/device/{{device}}/work": Ask(forms=({"once": "work"},)),
    f"POST {HOME}/counter/device/{{device}}/remove": Ask(forms=({"once": "off"},), called={"device": "device_to_end"}),
    f"GET {HOME}/counter/photos/{{photo}}": Ask(called={"photo": "held_photo"}),
    f"GET {HOME}/counter/back-room": Ask(query={"location": "{location}"}),
    f"GET {HOME}/counter/back-room/labels": Ask(query={"unit": "{unit}"}),
    f"POST {HOME}/counter/back-room/place": Ask(
        forms=({"once": "place", "unit": "{unit_to_place}", "place": "outlet", "why": "a scratch"},)
    ),
    f"POST {HOME}/counter/back-room/done": Ask(forms=({"once": "done", "unit": "{unit_to_finish}"},)),
    f"GET {HOME}/counter/transfers": READ,
    f"POST {HOME}/counter/transfers": Ask(
        forms=({"once": "batch", "origin": "{location}", "destination": "{location_of_old}"},)
    ),
    f"GET {HOME}/counter/transfers/{{batch}}": READ,
    f"POST {HOME}/counter/transfers/{{batch}}/{{step}}": Ask(
        forms=({"once": "pack", "unit": "{unit}"},), called={"step": "pack"}
    ),
    f"GET {HOME}/dashboard/counters": READ,
    f"POST {HOME}/dashboard/counters.csv": Ask(forms=({"once": "counters"},)),
    f"GET {HOME}/dashboard/cash-up": Ask(query={"location": "{location}"}),
    f"POST {HOME}/dashboard/cash-up.csv": Ask(forms=({"once": "cash", "location": "{location}"},)),
    f"GET {HOME}/dashboard/locations": READ,
    f"POST {HOME}/dashboard/locations": owner(name="New", idle_minutes="5", time_zone="UTC"),
    f"POST {HOME}/dashboard/locations/{{location}}": owner(name="Renamed", idle_minutes="5", cash="yes"),
    f"POST {HOME}/dashboard/locations/{{location}}/close": Ask(
        forms=({"once": "close"},), called={"location": "location_to_close"}
    ),
    f"POST {HOME}/dashboard/locations/{{location}}/open": Ask(
        forms=({"once": "open"},), called={"location": "location_to_close"}
    ),
    f"POST {HOME}/dashboard/account/pin": Ask(forms=({"once": "pin", "old": OWNERS_PIN, "new": "4071"},)),
    f"POST {HOME}/dashboard/people/{{person}}/pin": Ask(forms=({"once": "pin"},)),
    f"GET {HOME}/counter": Ask(query={"find": "{rma}"}),
    f"GET {HOME}/counter/{{rma}}": READ,
    f"POST {HOME}/counter/{{rma}}": Ask(
        forms=tuple({**GRADED, "step": step, "once": "take in"} for step in ("check", "change", "confirm"))
    ),
    f"GET {HOME}/counter/alone": ANYBODY,
    f"GET {HOME}/counter/manifest.json": ANYBODY,
    f"GET {HOME}/counter/worker.js": ANYBODY,
    f"GET {HOME}/counter/sent": READ,
    f"GET {HOME}/counter/sent/key": Ask(query={"device": "device-1"}),
    f"GET {HOME}/counter/sent/returns": READ,
    f"POST {HOME}/counter/sent/commands": Ask(json=DEVICE_NOTE),
    f"POST {HOME}/counter/sent/scan": Ask(json={}, own=frozenset({422})),
    f"GET {HOME}/counter/sent/commands/{{command}}": Ask(called={"command": "device_note"}),
    f"GET {HOME}/counter/sent/commands/{{command}}/state": Ask(called={"command": "device_note"}),
    f"GET {HOME}/counter/sent/commands/{{command}}/photo": Ask(called={"command": "device_photo"}),
    f"POST {HOME}/counter/sent/commands/{{command}}": Ask(
        forms=({"once": "aside", "act": "aside", "why": "so"},), called={"command": "device_note"}
    ),
    f"POST {COUNTER}/legs/{{key}}/cash": Ask(forms=({"once": "cash"},), called={"key": "cash"}),
    f"POST {COUNTER}/{{rma}}/visit": Ask(forms=({"once": "visit"},)),
    f"GET {COUNTER}/{{rma}}/receipt": Ask(query={"proof": "yes"}),
    f"POST {COUNTER}/{{rma}}/receipt/mail": Ask(forms=({"once": "mail", "to": "ann@example.com"},)),
    f"POST {COUNTER}/visits/{{visit}}/mail": Ask(forms=({"once": "mail all", "to": "ann@example.com"},)),
    f"GET {COUNTER}/{{rma}}/code.svg": READ,
    f"GET {COUNTER}/visits/{{visit}}": READ,
    f"GET {COUNTER}/orders/{{order}}": Ask(called={"order": "bought"}),
    f"POST {COUNTER}/orders/{{order}}": in_steps(BROUGHT, once="brought", order="bought"),
    f"POST {COUNTER}/orders/{{order}}/gift-receipt": Ask(
        forms=({"once": "gift receipt", "line": "l1"},), called={"order": "bought"}
    ),
    f"GET {COUNTER}/gifts/{{number}}": Ask(called={"number": "gift"}),
    f"POST {COUNTER}/gifts/{{number}}": in_steps(GIVEN, once="gift", number="gift"),
    f"GET {COUNTER}/gifts/{{number}}/receipt": Ask(called={"number": "gift"}),
    f"GET {COUNTER}/gifts/{{number}}/code.svg": Ask(called={"number": "gift"}),
    f"GET {COUNTER}/without-receipt": Ask(query={"variant": "tee-m"}),
    f"POST {COUNTER}/without-receipt": in_steps(WITHOUT, once="without"),
    f"GET {HOME}/dashboard": READ,
    f"GET {HOME}/dashboard/returns": Ask(query={"find": "RMA"}),
    f"GET {HOME}/dashboard/returns/{{rma}}": READ,
    f"GET {HOME}/dashboard/returns/{{rma}}/photos/{{photo}}": READ,
    f"POST {HOME}/dashboard/returns/{{rma}}/approve": Ask(forms=({"once": "yes"},), called={"rma": "requested"}),
    f"POST {HOME}/dashboard/returns/{{rma}}/decline": Ask(
        forms=({"once": "no", "why": "worn"},), called={"rma": "to_decline"}
    ),
    f"POST {HOME}/dashboard/returns/{{rma}}/ship": Ask(forms=({"once": "ship"},), called={"rma": "to_ship"}),
    f"POST {HOME}/dashboard/returns/{{rma}}/label": Ask(
        forms=({"once": "label", "label": "https://labels.example/1.pdf"},), called={"rma": "to_label"}
    ),
    f"POST {HOME}/dashboard/returns/{{rma}}/cancel": Ask(forms=({"once": "cancel"},), called={"rma": "to_cancel"}),
    f"POST {HOME}/dashboard/returns/{{rma}}/expire": Ask(forms=({"once": "expire"},), called={"rma": "to_expire"}),
    f"POST {HOME}/dashboard/returns/{{rma}}/reopen": Ask(
        forms=({"once": "reopen", "why": "so"},), called={"rma": "ended"}
    ),
    f"GET {HOME}/dashboard/legs/{{key}}": READ,
    f"POST {HOME}/dashboard/legs/{{key}}/collected": Ask(
        forms=({"once": "collected", "tender": "card"},), called={"key": "unpaid"}
    ),
    f"POST {HOME}/dashboard/legs/{{key}}/given-up": Ask(
        forms=({"once": "given up"},), called={"key": "unpaid"}, own=frozenset({303, 409})
    ),
    f"POST {HOME}/dashboard/legs/{{key}}/paid": Ask(forms=({"once": "paid", "note": "cash"},)),
    f"POST {HOME}/dashboard/legs/{{key}}/again": Ask(forms=({"once": "again"},), called={"key": "failed"}),
    f"GET {HOME}/dashboard/connect": READ,
    f"POST {HOME}/dashboard/connect/approve": Ask(forms=({"address": "x"},), own=frozenset({422})),
    f"POST {HOME}/dashboard/connect/key": Ask(forms=({"address": "x", "key": "x"},), own=frozenset({422})),
    f"GET {HOME}/connect/woocommerce/returns": Ask(bearer="plugin_token"),
    f"POST {HOME}/dashboard/connect/ways": Ask(forms=({"shipped": "shipped"},)),
    f"POST {HOME}/dashboard/connect/plugin": Ask(forms=({"once": "file"},)),
    f"POST {HOME}/dashboard/connect/remove": Ask(forms=({"once": "off"},)),
    f"GET {HOME}/connect/woocommerce/approved": Ask(query={"user_id": "nobody"}, open_to_all=True),
    f"POST {HOME}/connect/woocommerce/{{state}}": Ask(
        json={}, called={"state": "token"}, open_to_all=True, own=frozenset({422})
    ),
    f"GET {HOME}/dashboard/conversations": READ,
    f"GET {HOME}/dashboard/conversations/{{conversation}}": READ,
    f"GET {INBOX}": READ,
    f"GET {INBOX}/{{conversation}}": READ,
    f"POST {INBOX}/{{conversation}}/reply": Ask(forms=({"once": "reply", "text": "hello"},)),
    f"POST {INBOX}/{{conversation}}/close": Ask(forms=({"once": "close"},)),
}
"""Every route of the application."""


def routes_of(routes: Sequence[BaseRoute], *, under: str = "") -> Iterator[str]:
    """Every method of every route, mounted ones too; a mount that keeps its addresses to itself is one that reads."""
    for route in routes:
        if isinstance(route, Route):
            yield from (f"{method} {under}{route.path}" for method in sorted((route.methods or set()) - READ_TOO))
        elif isinstance(route, Mount) and route.routes:
            yield from routes_of(route.routes, under=under + route.path)
        else:
            yield f"GET {under}{getattr(route, 'path', route)}"


def asked(name: str, *, door: Filled, things: Filled, who: Filled) -> Iterator[Asked]:
    """The requests for things at the door of a shop, with everything that somebody holds."""
    ask, (method, _, path) = ASKS[name], name.partition(" ")
    named = {**things.names, **{part: things.names[thing] for part, thing in ask.called.items()}}
    held = {**named, **{key: who.names[key] for key in HELD}}
    address = KIND.sub("", path).format(**{**named, "shop": door.shop.slug})
    headers = {
        "Authorization": f"Bearer {who.names[ask.bearer]}",
        "Idempotency-Key": name.replace(" ", ""),
        "Cookie": f"backhaul_session={who.names[ask.called.get('session', 'session')]}; "
        f"backhaul_device={who.names[ask.device]}; "
        f"backhaul_talk={things.names['conversation']}.{who.names['token']}",
        "Sec-Fetch-Site": "same-origin",
        "Accept": "text/html",
    }
    for form in ask.forms or (None,):
        yield Asked(
            method=method,
            path=address,
            query=_filled_in(ask.query, held),
            form=None if form is None else _filled_in(form, held),
            json=None if ask.json is None else _deeply_filled_in(ask.json, held),
            headers=headers,
        )


def _deeply_filled_in(value: object, names: Words) -> object:
    if isinstance(value, Mapping):
        return {key: _deeply_filled_in(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_deeply_filled_in(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


def _filled_in(words: Words, names: Words) -> Words:
    return {key: word.format(**names) for key, word in words.items()}
