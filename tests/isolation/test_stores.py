"""Nobody reads or changes a row of another shop, whichever function of whichever store they call."""

import dataclasses
import inspect
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import true

import connector.storage
from adapters.channel import Receipt
from adapters.errors import ChannelSlow
from adapters.sendings import Sending
from adapters.shopify.bucket import Cost
from connector.storage import (
    allowance_store,
    api_store,
    approval_store,
    attempt_store,
    audit_store,
    bringer_store,
    checkup_store,
    command_store,
    connection_store,
    conversation_store,
    cost_store,
    counter_store,
    credit_store,
    delivery_store,
    detail_store,
    device_command_store,
    erasure_store,
    figures_store,
    gift_store,
    goods_store,
    hand_over_store,
    lease_store,
    location_store,
    look_up_store,
    mark_store,
    opening_store,
    order_store,
    origin_store,
    pages_store,
    person_store,
    photo_store,
    policy_store,
    price_store,
    privacy_store,
    product_store,
    quote_store,
    retention_store,
    return_store,
    sending_store,
    settlement_store,
    shared_device_store,
    staff_store,
    till_store,
    transfer_store,
    visit_store,
    webhook_store,
)
from connector.storage.database import Database, Unit
from connector.storage.errors import StorageError
from connector.storage.gift_store import GiftReceipt
from connector.storage.scope import added
from connector.storage.shop_store import Shop
from connector.storage.tables import metadata
from connector.storage.tables.order_tables import bookings
from connector.storage.till_store import DatabaseTill
from domain.drift import Drift
from domain.events import Post
from domain.person import Known
from domain.scanning import Kind, Reading
from domain.stockroom import Batch, BatchState, finish
from tests.connector.storage.conftest import LATER, NOW, a_return, entry, leg, open_return, order, settle
from tests.connector.storage.test_goods import TEE
from tests.connector.storage.test_people import CREDIT
from tests.isolation.two_shops import TwoShops, rows_of

OF_INSTALL = {"shop_store", "worker_store", "backlog_store", "address_store", "token_store"}
STORES = {path.stem for path in Path(connector.storage.__file__).parent.glob("*_store.py")} - OF_INSTALL
KEY = "RMA-A-refund-1"
NEWS = a_return(history=(entry("opened"), entry("stolen")))


ANSWER = api_store.KeptAnswer("asked", status=200, body="secret")
STOLEN = replace(ANSWER, body="stolen")
SEALED = webhook_store.SealedSecret("secret")
EARLY = NOW - timedelta(days=400)
TOLD = webhook_store.Endpoint(1, url="", secrets=(), made_at=EARLY, told_until=EARLY, ended_at=None)
LINE = pages_store.HistoryLine("RMA-A", n=1, at=NOW, actor_kind="", actor_name="", act="", why="", details={})
MESSAGE = webhook_store.Message(
    1, "m1", return_id="RMA-A", line=1, state="stolen", round=0, tries=0, status=None, error="", made_at=NOW,
    changed_at=NOW,
)  # fmt: skip
DELIVERY = delivery_store.KeptDelivery(id="d1", channel="parcel", topic="order", body=b"secret", arrived_at=NOW)

CHECKUP = checkup_store.Checkup(at=NOW, orders=1, drifts=(Drift("secret", "secret", said="secret", do="secret"),))
SESSION = staff_store.Session("s1", staff_id=1, agent="", started_at=NOW, seen_at=NOW, expires_at=LATER)
CONNECTION = connection_store.Connection("shop", "https://a.example", "secret", {"hooks": "on"}, NOW, NOW)
COST = Cost(requested=10.0, actual=5.0, available=900.0, maximum=1000.0, rate=50.0)
APPROVAL = connection_store.Approval("state", "shop", "https://a.example", "", LATER)
SENT = device_command_store.KeptCommand(
    "d1", device="till", act="photo", return_id="RMA-A", said={"words": "secret"}, digest="secret", made_by="Kim",
    made_at=NOW, sent_by="Kim", arrived_at=NOW, state="taken", verdict="taken",
)  # fmt: skip
PLACE = look_up_store.Place(EARLY, "")
PRIVACY = privacy_store.PrivacyRequest("file", "export", "501", NOW, NOW, {"name": "secret"})
PERSON = person_store.Person("501", email="ann@example.com", order_ids=("o1",))
THEIRS = conversation_store.Conversation("c_1", token_hash="h", version=0, document={}, started_at=NOW, changed_at=NOW)
TRACES = person_store.Traces(("o1",), ("c_1",))
PHOTO = photo_store.Photo("p1", line_id="l1", width=1, height=1, at=NOW)
GIFT = GiftReceipt("GIFT-1", "o1", ("l1",), made_at=NOW)
TEES = Reading(Kind.SKU, "tee-m")
DEVICE = shared_device_store.Device("till", "secret", location_id=1, training=False, added_by="Kim", added_at=NOW)
APPROVAL_GIVEN = approval_store.Approval(
    "approved", act="refund", about="secret", amount=5, currency="USD", digits=2,
    detail="", reason="secret", asked_by=1,
    given_by=1, location_id=1, device_id="till", training=False, at=NOW, expires_at=LATER,
)  # fmt: skip
GOODS = goods_store.KeptGoods(
    "U-A", return_id="RMA-A", group_id="1", variant_id="tee-m", sku=None, title="secret", grade="A",
    disposition="shelf", amount=5, currency="USD", digits=2, location_id=1, state="here", batch_id=None,
    received_at=NOW, moved_at=NOW, received_by="Kim",
)  # fmt: skip
BATCH = Batch("TRF-A", 1, 1, history=(entry("opened"),))
POST = Post(staff_id=1, location_id=1)
BOUND = {name: getattr(APPROVAL_GIVEN, name) for name in approval_store.BINDING}
SENDING = Sending("k1", kind="refund", order_id="o1", first_at=NOW, last_at=NOW)


def fill(unit: Unit) -> None:
    """A row in every table that belongs to shops."""
    policy_store.add_version(unit, {"days": 99}, in_force_from=NOW)
    product_store.save(unit, TEE)
    product_store.move_stock(unit, "tee-m", delta=-1, why="exchange", at=NOW)
    open_return(unit)
    mark_store.mark_order(unit, order(customer={"email": "secret@example.com"}), placed_at=NOW)
    price_store.keep(unit, "tee-m", amount=2000, at=NOW)
    settlement_store.add_legs(unit, [leg(), leg("due"), leg("failed", state="failed")])
    settle(unit)
    kept = conversation_store.add(unit, "c_1", token_hash="h", document={}, at=NOW)
    conversation_store.append_turn(unit, kept, author="shopper", document={}, at=NOW, message_id="m1")
    photo_store.add(unit, "c_1", photo=PHOTO, body=b"secret")
    photo_store.attach(unit, "c_1", line_ids=["l1"], return_id="RMA-A")
    photo_store.add(unit, "c_1", photo=replace(PHOTO, id="p2"), body=b"secret")
    photo_store.add(unit, None, photo=replace(PHOTO, id="p3", taken_by="secret"), body=b"secret")
    hand_over_store.ask(unit, "c_1", topic="other", at=NOW)
    staff_store.add_staff(unit, "Kim", role="owner", at=NOW)
    staff_store.set_password(unit, 1, login="kim", password_hash="secret")
    staff_store.add_link(unit, "link", staff_id=1, purpose="entry", expires_at=LATER)
    staff_store.add_session(unit, "session", session=SESSION)
    fill_counter(unit)
    audit_store.add(unit, "signed_in", actor_kind="staff", actor_name="Kim", about="Kim", details={}, at=NOW)
    checkup_store.keep(unit, CHECKUP)
    origin_store.allow(unit, "https://secret.example")
    detail_store.save(unit, "contact", words="secret@shop.example")
    attempt_store.hit(unit, "address", at=NOW, window_seconds=60)
    command_store.keep(unit, "command", result={"secret": 1}, at=NOW)
    credit_store.add(unit, CREDIT)
    webhook_store.add_endpoint(unit, "https://erp.example.com/", secrets=[SEALED], at=EARLY)
    (line,) = webhook_store.untold(unit, webhook_store.endpoint(unit, 1), limit=1)
    webhook_store.add_message(unit, "m1", endpoint_n=1, line=line, at=NOW)
    webhook_store.note(unit, replace(webhook_store.message(unit, "m1", endpoint_n=1), state="failed"), at=NOW)
    api_store.add_token(unit, "token", name="ERP", scopes=("orders:read",), at=NOW)
    api_store.keep_answer(unit, "k", token_n=1, answer=ANSWER, at=NOW)
    delivery_store.keep(unit, [replace(DELIVERY, id=state, state=state) for state in ("new", "done", "poison")])
    delivery_store.add_secret(unit, "parcel", sealed="secret", at=NOW)
    connection_store.save(unit, CONNECTION)
    connection_store.begin_approval(unit, APPROVAL, at=NOW)
    cost_store.take(unit, "shop", points=500.0, at=NOW)
    lease_store.take(unit, "lease", holder="ann", at=NOW, until=LATER)
    privacy_store.begin(unit, PRIVACY)
    sending_store.begin(unit, SENDING, after=None)
    delivery_store.is_newest_reading(unit, "o1", number=delivery_store.begin_reading(unit, "o1"))
    receipt = {"key": "k1", "kind": "refund", "reference": "r1", "at": NOW.isoformat()}
    added(unit, bookings, {"key": "k1", "kind": "refund", "order_id": "o1", "document": receipt, "at": NOW})


def fill_counter(unit: Unit) -> None:
    """What people do at counters and behind them."""
    gift_store.add(unit, GIFT)
    allowance_store.add(unit, "RMA-A", person="secret", amount=100, approved_by="Kim", at=NOW)
    visit_store.begin(unit, "v1", opened_by="Kim", at=NOW)
    visit_store.join(unit, "v1", return_id="RMA-A", at=NOW)
    device_command_store.add(unit, SENT)
    device_command_store.add_photo(unit, "d1", picture=b"secret")
    device_command_store.add(unit, replace(SENT, id="d2", state="waiting"))
    location_store.add(unit, location_store.Terms("secret"), at=NOW)
    shared_device_store.add(unit, "device", device=DEVICE)
    staff_store.add_session(unit, "shift", session=replace(SESSION, id="s2", device_id="till"))
    approval_store.add(unit, APPROVAL_GIVEN)
    approval_store.add(unit, replace(APPROVAL_GIVEN, id="used", used_at=NOW))
    goods_store.add(unit, [GOODS, replace(GOODS, id="U-B", state="packed", batch_id="TRF-A")])
    transfer_store.add(unit, BATCH, at=NOW)
    counter_store.note_receiving(unit, "RMA-A", post=POST, units=1, at=NOW)
    counter_store.note_look(unit, "RMA-A", staff_id=1, at=NOW)
    counter_store.attribute(unit, KEY, post=POST, tender="cash")


Call = Callable[[Unit], Any]

CALLS: dict[Callable[..., Any], Call] = {
    checkup_store.keep: lambda u: checkup_store.keep(u, replace(CHECKUP, orders=9)),
    checkup_store.latest: checkup_store.latest,
    attempt_store.hit: lambda u: attempt_store.hit(u, "address", at=LATER, window_seconds=7200),
    attempt_store.sweep: lambda u: attempt_store.sweep(u, at=LATER),
    attempt_store.hit_often: lambda u: attempt_store.hit_often(u, "address", at=LATER, window_seconds=7200, times=5),
    command_store.get: lambda u: command_store.get(u, "command"),
    command_store.keep: lambda u: command_store.keep(u, "command", result={}, at=NOW),
    device_command_store.add: lambda u: device_command_store.add(u, replace(SENT, said={"words": "stolen"})),
    device_command_store.get: lambda u: device_command_store.get(u, "d1"),
    device_command_store.waiting: lambda u: device_command_store.waiting(u, limit=5),
    device_command_store.latest: lambda u: device_command_store.latest(u, limit=5),
    device_command_store.settle: lambda u: device_command_store.settle(u, "d2", why="stolen", by="Eve", at=LATER),
    device_command_store.add_photo: lambda u: device_command_store.add_photo(u, "d1", picture=b"stolen"),
    device_command_store.photo: lambda u: device_command_store.photo(u, "d1"),
    look_up_store.returns_last: lambda u: look_up_store.returns_last(u, since=EARLY, limit=5),
    look_up_store.returns_after: lambda u: look_up_store.returns_after(u, PLACE, limit=5),
    look_up_store.orders_last: lambda u: look_up_store.orders_last(u, since=EARLY, limit=5),
    look_up_store.orders_after: lambda u: look_up_store.orders_after(u, PLACE, limit=5),
    conversation_store.add: lambda u: conversation_store.add(u, "c_1", token_hash="x", document={}, at=NOW),
    conversation_store.get: lambda u: conversation_store.get(u, "c_1"),
    conversation_store.save: lambda u: conversation_store.save(u, "c_1", document={}, expected_version=0, at=NOW),
    conversation_store.append_turn: lambda u: conversation_store.append_turn(
        u, THEIRS, author="person", document={}, at=NOW, message_id="m1"
    ),
    conversation_store.latest: lambda u: conversation_store.latest(u, limit=5),
    conversation_store.first_said: lambda u: conversation_store.first_said(u, ["c_1"]),
    conversation_store.append_exchange: lambda u: conversation_store.append_exchange(
        u, THEIRS, heard={}, answer={}, at=NOW, message_id=None
    ),
    conversation_store.turns: lambda u: conversation_store.turns(u, "c_1"),
    photo_store.add: lambda u: photo_store.add(u, "c_1", photo=PHOTO, body=b"stolen"),
    photo_store.count: lambda u: photo_store.count(u, "c_1"),
    photo_store.attach: lambda u: photo_store.attach(u, "c_1", line_ids=["l1"], return_id="RMA-A"),
    photo_store.claim: lambda u: photo_store.claim(u, ["p3"], line_id="l1", return_id="RMA-A"),
    photo_store.of_return: lambda u: photo_store.of_return(u, "RMA-A"),
    photo_store.body: lambda u: photo_store.body(u, "RMA-A", photo_id="p1"),
    retention_store.forget_loose_photos: lambda u: retention_store.forget_loose_photos(u, before=LATER),
    retention_store.forget_photos: lambda u: retention_store.forget_photos(u, before=LATER),
    hand_over_store.ask: lambda u: hand_over_store.ask(u, "c_1", topic="label_problem", at=LATER),
    hand_over_store.answered: lambda u: hand_over_store.answered(u, "c_1"),
    hand_over_store.close: lambda u: hand_over_store.close(u, "c_1", at=LATER),
    hand_over_store.get: lambda u: hand_over_store.get(u, "c_1"),
    hand_over_store.open_ones: lambda u: hand_over_store.open_ones(u, 5),
    hand_over_store.waiting: hand_over_store.waiting,
    conversation_store.turn_of_message: lambda u: conversation_store.turn_of_message(u, "c_1", message_id="m1"),
    credit_store.add: lambda u: credit_store.add(u, replace(CREDIT, balance=1)),
    credit_store.get: lambda u: credit_store.get(u, "k1"),
    credit_store.find: lambda u: credit_store.find(u, "GIVE-1"),
    webhook_store.add_endpoint: lambda u: webhook_store.add_endpoint(u, "x", secrets=[SEALED], at=NOW),
    webhook_store.endpoint: lambda u: webhook_store.endpoint(u, 1),
    webhook_store.endpoints: webhook_store.endpoints,
    webhook_store.set_secrets: lambda u: webhook_store.set_secrets(u, 1, secrets=[]),
    webhook_store.end_endpoint: lambda u: webhook_store.end_endpoint(u, 1, at=LATER),
    webhook_store.untold: lambda u: webhook_store.untold(u, TOLD, limit=5),
    webhook_store.add_message: lambda u: webhook_store.add_message(u, "m1", endpoint_n=1, line=LINE, at=NOW),
    webhook_store.message: lambda u: webhook_store.message(u, "m1", endpoint_n=1),
    webhook_store.line_of: lambda u: webhook_store.line_of(u, MESSAGE),
    webhook_store.note: lambda u: webhook_store.note(u, MESSAGE, at=LATER),
    webhook_store.failed: lambda u: webhook_store.failed(u, limit=5),
    webhook_store.forget_messages: lambda u: webhook_store.forget_messages(u, before=LATER),
    api_store.add_token: lambda u: api_store.add_token(u, "token", name="Eve", scopes=(), at=NOW),
    api_store.list_tokens: api_store.list_tokens,
    api_store.revoke: lambda u: api_store.revoke(u, 1, at=LATER),
    api_store.answer_of: lambda u: api_store.answer_of(u, "k", token_n=1),
    api_store.keep_answer: lambda u: api_store.keep_answer(u, "k", token_n=1, answer=STOLEN, at=NOW),
    api_store.forget_answers: lambda u: api_store.forget_answers(u, before=LATER),
    pages_store.orders_after: lambda u: pages_store.orders_after(u, None, limit=5),
    pages_store.returns_after: lambda u: pages_store.returns_after(u, None, limit=5),
    pages_store.history_after: lambda u: pages_store.history_after(u, None, limit=5),
    delivery_store.keep: lambda u: delivery_store.keep(u, [replace(DELIVERY, id="done", body=b"stolen")]),
    delivery_store.take_new: lambda u: delivery_store.take_new(u, 5),
    delivery_store.get: lambda u: delivery_store.get(u, "new"),
    delivery_store.mark: lambda u: delivery_store.mark(u, "new", state="done"),
    delivery_store.empty: lambda u: delivery_store.empty(u, "done"),
    delivery_store.begin_anew: lambda u: delivery_store.begin_anew(u, "poison", at=NOW),
    delivery_store.put_aside_left: lambda u: delivery_store.put_aside_left(u, before=LATER, why="left"),
    delivery_store.forget_bodies: lambda u: delivery_store.forget_bodies(u, before=LATER),
    delivery_store.poison: lambda u: delivery_store.poison(u, limit=5),
    delivery_store.forget_done: lambda u: delivery_store.forget_done(u, before=LATER),
    delivery_store.add_secret: lambda u: delivery_store.add_secret(u, "parcel", sealed="stolen", at=NOW),
    delivery_store.secrets_of: lambda u: delivery_store.secrets_of(u, "parcel"),
    delivery_store.forget_secrets: lambda u: delivery_store.forget_secrets(u, "parcel"),
    delivery_store.begin_reading: lambda u: delivery_store.begin_reading(u, "o1"),
    delivery_store.readings_begun: lambda u: delivery_store.readings_begun(u, "o1"),
    delivery_store.is_newest_reading: lambda u: delivery_store.is_newest_reading(u, "o1", number=9),
    connection_store.save: lambda u: connection_store.save(u, dataclasses.replace(CONNECTION, sealed="stolen")),
    connection_store.get: lambda u: connection_store.get(u, "shop"),
    connection_store.heard: lambda u: connection_store.heard(u, "shop", until=LATER),
    connection_store.remove: lambda u: connection_store.remove(u, "shop"),
    connection_store.begin_approval: lambda u: connection_store.begin_approval(
        u, dataclasses.replace(APPROVAL, state_hash="other"), at=LATER
    ),
    connection_store.approval_of: lambda u: connection_store.approval_of(u, "state", at=NOW),
    connection_store.hand_over: lambda u: connection_store.hand_over(u, "state", sealed="stolen"),
    connection_store.end_approval: lambda u: connection_store.end_approval(u, "state"),
    cost_store.take: lambda u: cost_store.take(u, "shop", points=10.0, at=NOW),
    cost_store.tell: lambda u: cost_store.tell(u, "shop", cost=COST, taken=10.0, at=NOW),
    lease_store.take: lambda u: lease_store.take(u, "lease", holder="eve", at=NOW, until=LATER),
    lease_store.give_up: lambda u: lease_store.give_up(u, "lease", holder="ann"),
    sending_store.get: lambda u: sending_store.get(u, "k1"),
    sending_store.begin: lambda u: sending_store.begin(u, replace(SENDING, last_at=LATER), after=SENDING),
    sending_store.under_way: lambda u: sending_store.under_way(u, "k1"),
    sending_store.done: lambda u: sending_store.done(u, Receipt("k1", kind="refund", reference="stolen", at=NOW)),
    sending_store.forget: lambda u: sending_store.forget(u, "k1"),
    figures_store.figures: lambda u: figures_store.figures(u, now=LATER),
    order_store.save: lambda u: order_store.save(u, order(number="9")),
    order_store.get: lambda u: order_store.get(u, "o1"),
    order_store.several: lambda u: order_store.several(u, ["o1"]),
    order_store.find_by_number: lambda u: order_store.find_by_number(u, "1001"),
    order_store.named: lambda u: order_store.named(u, "1001", limit=5),
    mark_store.mark_order: lambda u: mark_store.mark_order(u, order(), placed_at=LATER),
    mark_store.mark_variants: lambda u: mark_store.mark_variants(u, "tee", given=[{"id": "tee-m", "sku": "x"}]),
    mark_store.orders_marked: lambda u: mark_store.orders_marked(u, TEES, limit=5),
    mark_store.returns_to_come: lambda u: mark_store.returns_to_come(u, TEES, limit=5),
    mark_store.variants_marked: lambda u: mark_store.variants_marked(u, TEES, limit=5),
    price_store.keep: lambda u: price_store.keep(u, "tee-m", amount=1, at=LATER),
    price_store.history: lambda u: price_store.history(u, "tee-m"),
    gift_store.add: lambda u: gift_store.add(u, replace(GIFT, line_ids=("stolen",))),
    gift_store.get: lambda u: gift_store.get(u, "GIFT-1"),
    gift_store.of_order: lambda u: gift_store.of_order(u, "o1"),
    allowance_store.hold: allowance_store.hold,
    allowance_store.given_since: lambda u: allowance_store.given_since(u, "secret", since=EARLY),
    allowance_store.add: lambda u: allowance_store.add(
        u, "RMA-A", person="secret", amount=1, approved_by="Eve", at=NOW
    ),
    visit_store.begin: lambda u: visit_store.begin(u, "v1", opened_by="Eve", at=NOW),
    visit_store.is_known: lambda u: visit_store.is_known(u, "v1"),
    visit_store.join: lambda u: visit_store.join(u, "v1", return_id="RMA-A", at=LATER),
    visit_store.returns_of: lambda u: visit_store.returns_of(u, "v1"),
    visit_store.visit_of: lambda u: visit_store.visit_of(u, "RMA-A"),
    order_store.count: order_store.count,
    order_store.recent: lambda u: order_store.recent(u, 5),
    opening_store.lock: lambda u: opening_store.lock(u, "o1", quote_id="q1"),
    order_store.lock: lambda u: order_store.lock(u, "o1"),
    policy_store.add_version: lambda u: policy_store.add_version(u, {"days": 1}, in_force_from=NOW),
    policy_store.in_force: lambda u: policy_store.in_force(u, at=LATER),
    policy_store.current_text: policy_store.current_text,
    policy_store.versions: policy_store.versions,
    product_store.save: lambda u: product_store.save(u, TEE | {"title": "Stolen", "variants": []}),
    product_store.get: lambda u: product_store.get(u, "tee"),
    product_store.document_of: lambda u: product_store.document_of(u, "tee"),
    product_store.list_products: product_store.list_products,
    product_store.of_type: lambda u: product_store.of_type(u, "Apparel"),
    product_store.variants_of: lambda u: product_store.variants_of(u, "tee"),
    product_store.variant: lambda u: product_store.variant(u, "tee-m"),
    product_store.move_stock: lambda u: product_store.move_stock(u, "tee-m", delta=-1, why="theft", at=NOW),
    product_store.movements_of: lambda u: product_store.movements_of(u, "tee-m"),
    quote_store.save: lambda u: quote_store.save(u, "q1", case={}, quote={}, at=NOW),
    quote_store.get: lambda u: quote_store.get(u, "q1"),
    quote_store.document_of: lambda u: quote_store.document_of(u, "q1"),
    return_store.insert: lambda u: open_return(u, NEWS),
    return_store.order_of: lambda u: return_store.order_of(u, "RMA-A"),
    return_store.get: lambda u: return_store.get(u, "RMA-A"),
    return_store.save: lambda u: return_store.save(u, NEWS, expected_version=0),
    return_store.several: lambda u: return_store.several(u, ["RMA-A"]),
    return_store.of_order: lambda u: return_store.of_order(u, "o1"),
    return_store.latest: lambda u: return_store.latest(u, limit=5),
    return_store.undecided: return_store.undecided,
    return_store.changed_since: lambda u: return_store.changed_since(u, EARLY),
    return_store.unfinished: return_store.unfinished,
    return_store.unsent: lambda u: return_store.unsent(u, limit=5),
    return_store.search: lambda u: return_store.search(u, "RMA", limit=5),
    settlement_store.add_legs: lambda u: settlement_store.add_legs(u, [leg("due")]),
    settlement_store.legs_of: lambda u: settlement_store.legs_of(u, "RMA-A"),
    settlement_store.get: lambda u: settlement_store.get(u, KEY),
    settlement_store.claim: lambda u: settlement_store.claim(u, "due", at=NOW),
    settlement_store.record: lambda u: settlement_store.record(u, "due", state="settled", receipt=None, at=NOW),
    settlement_store.begin_try: lambda u: settlement_store.begin_try(u, KEY, after=0, at=NOW),
    settlement_store.undo: lambda u: settlement_store.undo(u, KEY, at=NOW),
    settlement_store.doubt: lambda u: settlement_store.doubt(u, KEY, at=NOW),
    settlement_store.release: lambda u: settlement_store.release(u, "due", work={}, at=NOW),
    settlement_store.lapse: lambda u: settlement_store.lapse(u, "due", at=NOW),
    settlement_store.regroup: lambda u: settlement_store.regroup(u, leg("due", group_ids=("1", "1.1"))),
    settlement_store.rework: lambda u: settlement_store.rework(u, "due", work={"lines": []}),
    settlement_store.since: lambda u: settlement_store.since(u, KEY),
    settlement_store.standing: lambda u: settlement_store.standing(u, state="due", since=LATER),
    settlement_store.waiting_for_a_person: settlement_store.waiting_for_a_person,
    settlement_store.ledger_of: lambda u: settlement_store.ledger_of(u, "RMA-A"),
    retention_store.forget_conversations: lambda u: retention_store.forget_conversations(u, before=LATER),
    retention_store.forget_commands: lambda u: retention_store.forget_commands(u, before=LATER),
    retention_store.forget_device_commands: lambda u: retention_store.forget_device_commands(u, before=LATER),
    retention_store.forget_expired: lambda u: retention_store.forget_expired(u, before=LATER),
    staff_store.add_staff: lambda u: staff_store.add_staff(u, "Eve", role="owner", at=NOW),
    staff_store.get: lambda u: staff_store.get(u, 1),
    staff_store.list_staff: staff_store.list_staff,
    staff_store.find_by_login: lambda u: staff_store.find_by_login(u, "kim"),
    staff_store.set_password: lambda u: staff_store.set_password(u, 1, login="eve", password_hash="stolen"),
    staff_store.rename: lambda u: staff_store.rename(u, 1, name="Eve"),
    staff_store.set_pin: lambda u: staff_store.set_pin(u, 1, pin_hash="stolen", until=None),
    staff_store.end_sessions_at: lambda u: staff_store.end_sessions_at(u, "till"),
    location_store.add: lambda u: location_store.add(u, location_store.Terms("stolen"), at=NOW),
    location_store.change: lambda u: location_store.change(u, 1, terms=location_store.Terms("stolen")),
    location_store.close: lambda u: location_store.close(u, 1, at=LATER),
    location_store.get: lambda u: location_store.get(u, 1),
    location_store.first_open: location_store.first_open,
    location_store.list_locations: location_store.list_locations,
    shared_device_store.add: lambda u: shared_device_store.add(u, "device", device=replace(DEVICE, name="stolen")),
    shared_device_store.of_token: lambda u: shared_device_store.of_token(u, "device"),
    shared_device_store.get: lambda u: shared_device_store.get(u, "till"),
    shared_device_store.list_devices: shared_device_store.list_devices,
    shared_device_store.train: lambda u: shared_device_store.train(u, "till", training=True),
    shared_device_store.note_shift: lambda u: shared_device_store.note_shift(u, "till", staff_id=7),
    shared_device_store.end: lambda u: shared_device_store.end(u, "till", at=LATER),
    approval_store.add: lambda u: approval_store.add(u, replace(APPROVAL_GIVEN, reason="stolen")),
    approval_store.unused: lambda u: approval_store.unused(u, BOUND, at=NOW),
    approval_store.use: lambda u: approval_store.use(u, "approved", at=LATER),
    approval_store.used_between: lambda u: approval_store.used_between(u, EARLY, end=LATER),
    goods_store.add: lambda u: goods_store.add(u, [replace(GOODS, title="stolen")]),
    goods_store.several: lambda u: goods_store.several(u, ["U-A", "U-B"]),
    goods_store.lying: lambda u: goods_store.lying(u, location_id=1),
    goods_store.in_batch: lambda u: goods_store.in_batch(u, "TRF-A"),
    goods_store.place: lambda u: goods_store.place(u, GOODS, disposition="outlet", at=LATER),
    goods_store.move: lambda u: goods_store.move(u, finish(GOODS.place), before=GOODS.place, at=LATER),
    transfer_store.add: lambda u: transfer_store.add(u, replace(BATCH, destination_id=2), at=LATER),
    transfer_store.get: lambda u: transfer_store.get(u, "TRF-A"),
    transfer_store.save: lambda u: transfer_store.save(u, replace(BATCH, state=BatchState.CANCELLED), before=BATCH),
    transfer_store.latest: transfer_store.latest,
    counter_store.note_look: lambda u: counter_store.note_look(u, "RMA-A", staff_id=1, at=LATER),
    counter_store.note_receiving: lambda u: counter_store.note_receiving(u, "RMA-A", post=POST, units=9, at=LATER),
    counter_store.attribute: lambda u: counter_store.attribute(u, KEY, post=POST, tender="stolen"),
    counter_store.receivings_between: lambda u: counter_store.receivings_between(u, EARLY, end=LATER),
    counter_store.money_between: lambda u: counter_store.money_between(u, EARLY, end=LATER),
    staff_store.set_role: lambda u: staff_store.set_role(u, 1, role="staff"),
    staff_store.disable: lambda u: staff_store.disable(u, 1, at=LATER),
    staff_store.enable: lambda u: staff_store.enable(u, 1),
    staff_store.add_link: lambda u: staff_store.add_link(u, "link", staff_id=1, purpose="entry", expires_at=LATER),
    staff_store.link: lambda u: staff_store.link(u, "link", at=NOW),
    staff_store.use_link: lambda u: staff_store.use_link(u, "link", at=NOW),
    staff_store.add_session: lambda u: staff_store.add_session(u, "session", session=SESSION),
    staff_store.session: lambda u: staff_store.session(u, "session", at=NOW),
    staff_store.sessions_of: lambda u: staff_store.sessions_of(u, at=NOW),
    staff_store.see_session: lambda u: staff_store.see_session(u, "s1", at=LATER, expires_at=LATER),
    staff_store.end_session: lambda u: staff_store.end_session(u, "s1"),
    staff_store.end_sessions_of: lambda u: staff_store.end_sessions_of(u, 1),
    attempt_store.give_back: lambda u: attempt_store.give_back(u, "address", at=NOW),
    attempt_store.clear: lambda u: attempt_store.clear(u, "address"),
    audit_store.add: lambda u: audit_store.add(
        u, "stolen", actor_kind="staff", actor_name="Eve", about="", details={}, at=LATER
    ),
    audit_store.lines: lambda u: audit_store.lines(u, limit=5),
    origin_store.allow: lambda u: origin_store.allow(u, "https://eve.example"),
    origin_store.forbid: lambda u: origin_store.forbid(u, "https://secret.example"),
    origin_store.is_allowed: lambda u: origin_store.is_allowed(u, "https://secret.example"),
    origin_store.origins: origin_store.origins,
    detail_store.save: lambda u: detail_store.save(u, "contact", words="eve@shop.example"),
    detail_store.details: detail_store.details,
    till_store.booked: lambda u: till_store.booked(u, "k1"),
    privacy_store.begin: lambda u: privacy_store.begin(u, replace(PRIVACY, subject="stolen")),
    privacy_store.end: lambda u: privacy_store.end(u, "file", document={}, at=LATER),
    privacy_store.get: lambda u: privacy_store.get(u, "file"),
    privacy_store.latest: lambda u: privacy_store.latest(u, limit=5),
    privacy_store.forget_files: lambda u: privacy_store.forget_files(u, before=LATER),
    privacy_store.forget_files_of: lambda u: privacy_store.forget_files_of(u, "501"),
    bringer_store.forget: lambda u: bringer_store.forget(u, true()),
    bringer_store.forget_old: lambda u: bringer_store.forget_old(u, before=LATER),
    person_store.find: lambda u: person_store.find(u, PERSON),
    person_store.orders_of: lambda u: person_store.orders_of(u, TRACES),
    person_store.is_forgotten: lambda u: person_store.is_forgotten(u, "o1"),
    person_store.forget: lambda u: person_store.forget(u, TRACES, known=Known(("secret",)), at=LATER),
    erasure_store.erase: lambda u: erasure_store.erase(u, at=LATER),
}
"""One call of every function, with the keys that the other shop's rows have."""


def functions() -> list[FunctionType]:
    modules = [import_module(f"connector.storage.{name}") for name in sorted(STORES)]
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def named(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def answer(unit: Unit, call: Call) -> object:
    """What a call gives or refuses; it is undone."""
    undone = unit.connection.begin_nested()
    try:
        return call(unit)
    except (StorageError, ChannelSlow) as refusal:
        return type(refusal)
    finally:
        undone.rollback()


def rows_in(database: Database, shop: Shop) -> dict[str, tuple[str, ...]]:
    with database.read(shop) as unit:
        return {name: rows_of(unit, table) for name, table in metadata.tables.items() if "shop_id" in table.c}


@pytest.mark.parametrize("function", functions(), ids=named)
def test_every_function_of_a_store_takes_a_unit_first_and_names_what_follows_the_second(function: FunctionType):
    parameters = list(inspect.signature(function).parameters.values())
    assert (parameters[0].name, parameters[0].annotation) == ("unit", Unit)
    assert [one.name for one in parameters[2:] if one.kind is not inspect.Parameter.KEYWORD_ONLY] == []


def test_every_function_of_every_store_is_called_below():
    missing = {named(function) for function in functions()} - {named(function) for function in CALLS}
    assert missing == set(), "add a call of each, with keys of the other shop's rows, to CALLS in this file"


def test_the_other_shop_has_rows_in_every_table(each_database: Database, other_shop: Shop):
    each_database.write(other_shop, fill)
    empty = [name for name, rows in rows_in(each_database, other_shop).items() if not rows]
    assert empty == [], "add a row of each table to `fill` in this file"


def test_no_answer_depends_on_another_shops_rows(each_database: Database, shop: Shop, other_shop: Shop):
    def answers(unit: Unit) -> dict[str, object]:
        return {named(function): answer(unit, call) for function, call in CALLS.items()}

    before = each_database.write(shop, answers)
    each_database.write(other_shop, fill)
    assert each_database.write(shop, answers) == before


def test_no_call_changes_another_shops_rows(each_database: Database, shop: Shop, other_shop: Shop):
    each_database.write(other_shop, fill)
    before = rows_in(each_database, other_shop)
    each_database.write(shop, fill)
    for call in CALLS.values():
        each_database.write(shop, lambda unit, call=call: _called(unit, call))
    assert rows_in(each_database, other_shop) == before


def _called(unit: Unit, call: Call) -> None:
    """What a call changes, kept; what it refuses, undone."""
    attempt = unit.connection.begin_nested()
    try:
        call(unit)
        attempt.commit()
    except StorageError:
        attempt.rollback()


def test_the_tills_of_a_shop_hold_nothing_of_another(both: TwoShops):
    name, key = both.theirs.names["order"], both.theirs.names["settled"]

    def books(shop: Shop) -> tuple[object, ...]:
        till = DatabaseTill(both.app.database, shop, clock=both.app.clock)
        return till.receipt(key), till.order(name), till.find_order(f"#{name}"), (till.variants(name) or None)

    assert set(books(both.mine.shop)) == {None}
    assert None not in books(both.theirs.shop)
