"""Two shops in one database, filled alike; whatever is told only to the other one's people bears a mark."""

import dataclasses
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from msgspec.structs import asdict, replace
from sqlalchemy import Table, select

from adapters.sendings import Sending
from adapters.shopify.auth import AppKeys
from adapters.shopify.tokens import TokenPair, kept
from adapters.woocommerce.signed_token import signed_token
from connector.application import Application, Letter
from connector.demo.goods import products
from connector.jobs.catalogue import CATALOGUE
from connector.services import (
    answer_shopper,
    api_tokens,
    approve_at_counter,
    back_room,
    cancel_return,
    converse,
    give_receipt,
    inspection_photos,
    keep_photos,
    locations,
    people,
    pins,
    sealing,
    shared_devices,
    shift,
    shop_settings,
    sign_in,
    store_plugin,
    take_back,
    take_deliveries,
    take_from_device,
    take_without_receipt,
    tell_programs,
    transfer_goods,
    visits,
)
from connector.services.api_tokens import SCOPES
from connector.services.approve_at_counter import Given, Wanted
from connector.services.converse import Heard, Talk
from connector.services.errors import NotFound
from connector.services.follow_return import status_key, view
from connector.services.install_shop import NewShop, add_shop
from connector.services.keep_photos import Picture
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.services.sealing import sealed
from connector.services.sign_in import Browser, Credentials, Purpose
from connector.services.take_from_device import Sent
from connector.storage import (
    api_store,
    checkup_store,
    connection_store,
    cost_store,
    delivery_store,
    lease_store,
    order_store,
    price_store,
    privacy_store,
    product_store,
    sending_store,
    settlement_store,
    shop_store,
    staff_store,
    webhook_store,
)
from connector.storage.api_store import KeptAnswer
from connector.storage.checkup_store import Checkup
from connector.storage.connection_store import Approval, Connection
from connector.storage.database import Unit
from connector.storage.delivery_store import KeptDelivery
from connector.storage.privacy_store import PrivacyRequest
from connector.storage.shared_device_store import Device
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from connector.storage.tables import metadata
from domain.device_commands import DeviceAct, DeviceCommand
from domain.drift import Drift
from domain.events import Actor, Post
from domain.returns import Inspection, Return
from domain.settlement import LegState
from tests.connector.services.test_keep_photos import photo as taken_photo
from tests.counters import OWNERS_PIN, PIN
from tests.shops import NOW, SAM, RememberedJobs, a_shop, line, order, policy, product
from tests.simulators.shopify import books, tokens
from tests.simulators.shopify.storefront import proxied_pairs

PRIVATE, PUBLIC = "zebrawood", "quartzite"
"""What stands in all that the other shop tells its own people only, and in what it tells everybody."""
NO_MARK = "plain"
REVIEW = {
    "id": "look",
    "when": {"field": "order.tags", "op": "contains", "value": "look"},
    "then": {"approval": "review"},
}
CASH = {"id": "p1", "gateway": "cod", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}
CAP = {"cap": "500.00"}
BROUGHT = [{"line_id": "l1", "quantity": 1, "reason": None, "resolution": "refund", "exchange_for": None}]
VARIANT = {"id": "only", "sku": "", "barcode": None, "title": "", "options": {}, "price": "1.00", "available": 1}
DEARER = {"variant_id": "only", "product_id": "another", "price": "90.00", "tax": "0.00", "available": 1}

Rows = Mapping[str, tuple[str, ...]]

CUSTOMER, TILL_USER = "7", "77"
PASSWORD = "four quiet red foxes"


@dataclass(frozen=True, slots=True)
class Filled:
    """A shop and what its things are called: ids, keys, tokens, by the names under which calls ask for them."""

    shop: Shop
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TwoShops:
    """The application, the shop that somebody works in, and the other one, whose people they are not."""

    app: Application
    jobs: RememberedJobs
    mine: Filled
    theirs: Filled

    def rows(self, shop: Shop) -> Rows:
        """Every row of a shop in every table, and every job that waits for it."""
        with self.app.database.read(shop) as unit:
            found = {name: rows_of(unit, table) for name, table in metadata.tables.items() if "shop_id" in table.c}
        with self.app.database.read_install() as connection:
            found["shops"] = (repr(shop_store.get(connection, shop.id)),)
        found["jobs"] = tuple(repr(job) for job in self.jobs.waiting.values() if job[0] == shop.id)
        return found


def rows_of(unit: Unit, table: Table) -> tuple[str, ...]:
    """All rows of the unit's shop, whole: SQLAlchemy's own writing of a row cuts long values short."""
    found = unit.connection.execute(select(table).where(table.c.shop_id == unit.shop.id))
    return tuple(sorted(repr(tuple(row)) for row in found))


@contextmanager
def two_shops(folder: Path, url: str) -> Iterator[TwoShops]:
    """Both shops; the other one is the demo's, since it shows the most to everybody."""
    with a_shop(folder, url=url, rules=[REVIEW], without_receipt=CAP) as demo:
        keys = AppKeys(books.CLIENT_ID, (books.SECRET,))
        settings = dataclasses.replace(demo.app.settings, metrics=True, shopify=keys)
        app, jobs = replace(demo.app, settings=settings, mail=lambda _: None), demo.jobs
        terms = policy(rules=[REVIEW], without_receipt=CAP)
        new = NewShop(slug="mine", name="Mine", channel="store", currency="USD", policy=terms)
        mine, theirs = add_shop(app, new), demo.shop
        yield TwoShops(
            app=app,
            jobs=jobs,
            mine=_filled(app, mine, private=NO_MARK, public=NO_MARK),
            theirs=_filled(app, theirs, private=PRIVATE, public=PUBLIC),
        )


def carry_out(app: Application, shop: Shop) -> None:
    """Carry out the jobs that wait for a shop."""
    jobs = app.jobs
    assert isinstance(jobs, RememberedJobs)
    for key in [key for key, (shop_id, *_) in jobs.waiting.items() if shop_id == shop.id and key not in jobs.done]:
        _, name, payload = jobs.waiting[key]
        jobs.done.append(key)
        CATALOGUE[name](app, shop, step=lambda _, act: act(), payload=payload)


def _filled(app: Application, shop: Shop, *, private: str, public: str) -> Filled:
    filling = _Filling(app, shop, private)
    alone = order(id=public, number=f"#{public}")
    app.database.write(shop, lambda unit: product_store.save(unit, product(title=f"{public} Tee")))
    app.database.write(shop, lambda unit: product_store.save(unit, product(id=public, variants=[VARIANT])))
    app.database.write(shop, lambda unit: order_store.save(unit, alone))
    names = {
        "order": public,
        "picture": str(products()[0]["id"]),
        **filling.people(),
        **filling.returns(),
        **filling.back_room(),
        **filling.alike(),
        **filling.programs(public),
        **filling.counter(),
        **filling.talk(),
        **filling.told(),
        **filling.telling(),
        **filling.devices(),
        **at_shopify(app, shop),
        **filling.with_platform(),
        "line": "l1",
    }
    names["proxied_talk"] = f"shops/{shop.slug}/chat/{names['conversation']}"
    key = status_key(app, shop, return_id=names["alike"])
    plugin_token = filling.plugin_token(names["alike"])
    return Filled(shop, {**names, "photo": filling.photo(names), "status_key": key, "plugin_token": plugin_token})


def at_shopify(app: Application, shop: Shop) -> dict[str, str]:
    """The shop as one of Shopify's: its domain, and what its storefront, a customer and a till of it hold."""
    domain, now = f"{shop.slug}.myshopify.com", app.clock()
    hour = now + timedelta(hours=1)
    pair = kept(TokenPair("spent", "spent", (), expires_at=hour, refresh_until=hour))
    sealed = sealing.sealed(app, json.dumps(pair))
    made = Connection("shopify", f"https://{domain}", sealed, {}, connected_at=now, heard_until=now)

    def work(unit: Unit) -> None:
        connection_store.save(unit, made)
        person = staff_store.add_staff(unit, "Till", role="staff", at=now)
        staff_store.set_password(unit, person.id, login=f"shopify-{TILL_USER}", password_hash="x")

    app.database.write(shop, work)
    state, always = {"shop": {"domain": domain}}, {"exp": 4_000_000_000, "nbf": 0, "iat": 0}
    pairs = proxied_pairs(at=now.timestamp(), shop=domain, logged_in_customer_id="")
    signed = dict(pairs)
    return {
        "domain": domain,
        "proxied_at": signed["timestamp"],
        "signature": signed["signature"],
        "till": tokens.session_token(state, sub=TILL_USER, **always),
        "account": tokens.session_token(state, sub=f"gid://shopify/Customer/{CUSTOMER}", **always),
    }


class _Filling:
    """What fills a shop: people, returns at every stage, a conversation."""

    def __init__(self, app: Application, shop: Shop, mark: str) -> None:
        self._app, self._shop, self._mark = app, shop, mark
        self._numbers = itertools.count(1)

    def people(self) -> dict[str, str]:
        """Somebody who works there, with sessions and a link."""
        app, shop = self._app, self._shop
        name = f"{self._mark} Kim"
        kim = app.database.write(shop, lambda unit: staff_store.add_staff(unit, name, role="owner", at=app.clock()))

        def link() -> str:
            return sign_in.new_link(app, shop, staff_id=kim.id, purpose=Purpose.ENTRY)

        def session() -> str:
            return sign_in.enter(app, shop, link=link(), browser=Browser(self._mark))

        api_tokens.make(app, shop, name=self._mark, scopes=list(SCOPES))
        new = api_tokens.make(app, shop, name=self._mark, scopes=list(SCOPES))
        answer = KeptAnswer("asked", status=200, body=self._mark)
        app.database.write(
            shop, lambda unit: api_store.keep_answer(unit, "k", token_n=new.kept.n, answer=answer, at=app.clock())
        )
        lees = people.add_person(app, shop, by=kim, name=f"{self._mark} Lee", role="staff")
        lee, login = people.everybody(app, shop)[-1], f"lee-of-{shop.slug}"
        credentials = Credentials(login, PASSWORD)
        sign_in.choose_password(app, shop, link=lees, credentials=credentials, browser=Browser(self._mark))
        actor = Actor(kind="staff", name=name)
        shop_settings.allow_origin(app, shop, origin=f"https://{self._mark}.example", actor=actor)
        said = shop_settings.Details(contact=f"{self._mark}@shop.example", return_address=self._mark)
        shop_settings.say(app, shop, said=said, actor=actor)
        with suppress(NotFound):
            guess = Credentials(login, "guess guess")
            sign_in.sign_in(app, shop, credentials=guess, browser=Browser(self._mark))
        elsewhere = sign_in.session_of(app, shop, session=session())
        assert elsewhere is not None
        return {
            "link": link(),
            "invitation": people.add_person(app, shop, by=kim, name=f"{self._mark} Max", role="staff"),
            "session": session(),
            "session_to_end": session(),
            "replaced": session(),
            "replaced_too": session(),
            "replaced_by_till": session(),
            "open_session": elsewhere.id,
            "person": str(lee.id),
            "login": login,
            "program": new.token,
            "no_device": "",
            **self._counter(kim, lee),
        }

    def _counter(self, kim: Staff, lee: Staff) -> dict[str, str]:
        """Two locations, shared devices where Lee works, and something that Kim approved."""
        app, shop, mark = self._app, self._shop, self._mark
        boss = Actor(kind="staff", name=kim.name)
        said = {"name": f"{mark} street", "address": mark, "idle_minutes": "60", "cash": "yes"}
        here, there = (locations.add(app, shop, said=said, actor=boss) for _ in range(2))
        pins.change(app, shop, staff=kim, old="", new=OWNERS_PIN)
        pins.change(app, shop, staff=lee, old="", new=PIN)

        def till(name: str) -> tuple[Device, str]:
            token = shared_devices.add(app, shop, by=kim, name=f"{mark} {name}", location_id=here.id)
            device = shift.device_of(app, shop, device=token)
            assert device is not None
            return device, token

        def begun(device: Device) -> str:
            browser = Browser(mark)
            return shift.begin(app, shop, device=device, staff_id=lee.id, pin=PIN, new="", browser=browser)

        (one, token), (locked, locked_token), (ended, _) = till("1"), till("2"), till("3")
        at_till = Actor(kind="staff", name=lee.name, post=Post(lee.id, here.id, one.id))
        given = Given(mark, kim.id, pin=OWNERS_PIN)
        approve_at_counter.approve(app, shop, wanted=[Wanted("refund", mark)], given=given, actor=at_till)
        return {
            "location": str(here.id),
            "location_to_close": str(there.id),
            "shared_till": token,
            "till_to_lock": locked_token,
            "shift_to_lock": begun(locked),
            "device": one.id,
            "device_to_end": ended.id,
        }

    def returns(self) -> dict[str, str]:
        """Returns that wait for goods, for a decision, for a payment, for a person; and one that is settled."""
        awaiting = self._opened()
        self._received(self._opened(resolution="store_credit"))
        settled = self._received(self._opened())
        carry_out(self._app, self._shop)
        failed, by_hand = self._received(self._opened()), self._received(self._opened(payments=[CASH]))
        self._fail(failed)
        return {
            "rma": awaiting.id,
            "arrival": self._arrival(awaiting),
            "requested": self._opened(tags=["look"]).id,
            "to_decline": self._opened(tags=["look"]).id,
            "to_ship": self._opened().id,
            "to_cancel": self._opened().id,
            "to_label": self._opened().id,
            "to_expire": self._opened().id,
            "ended": self._ended(),
            "unpaid": self._received(self._opened(resolution="exchange")),
            "settled": settled,
            "key": by_hand,
            "cash": self._received(self._opened(payments=[CASH])),
            "failed": failed,
            "due": self._received(self._opened()),
        }

    def with_platform(self) -> dict[str, str]:
        """What a customer returns in their account at the platform, and staff take in at a till of it."""
        ann = {"id": CUSTOMER, "email": f"{self._mark}@example.com", "name": f"{self._mark} Ann"}
        items = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
        names: dict[str, str] = {}
        for door, channel in (("account", "online"), ("till", "store")):
            bought = order(id=f"{self._mark}-{door}", number=f"#{self._mark}-{door}", customer=ann)
            self._app.database.write(self._shop, lambda unit, bought=bought: order_store.save(unit, bought))
            shown = preview(self._app, self._shop, order_id=str(bought["id"]), items=items, channel=channel)
            names |= {f"{door}_order": str(bought["id"]), f"{door}_quote": shown.id}
        handed_in = self._opened()
        return names | {"till_return": handed_in.id, "till_arrival": self._arrival(handed_in)}

    def back_room(self) -> dict[str, str]:
        """Units that Lee took in at a counter, one of them in a batch, and money that was given for them."""
        app, shop, mark = self._app, self._shop, self._mark
        lee = next(one for one in people.everybody(app, shop) if one.role == "staff")
        here = locations.everywhere(app, shop)[0]
        old = locations.add(app, shop, said={"name": f"{mark} hall", "idle_minutes": "5"}, actor=SAM)
        at_till = Actor(kind="staff", name=lee.name, post=Post(lee.id, here.id))
        for _ in range(4):
            self._received(self._opened(), actor=at_till)
        back_room.note_look(app, shop, self._opened(), post=at_till.post)
        units = back_room.look(app, shop, location_id=here.id).piles[0].goods
        batch = transfer_goods.open_batch(
            app, shop, origin_id=here.id, destination_id=old.id, actor=at_till, key=f"batch {mark}"
        )
        transfer_goods.pack(app, shop, batch_id=batch, ids=[units[0].id], actor=at_till)
        return {
            "location_of_old": str(old.id),
            "unit": units[1].id,
            "unit_to_finish": units[2].id,
            "unit_to_place": units[3].id,
            "batch": batch,
            "step": "pack",
            "pack": "pack",
        }

    def programs(self, order_id: str) -> dict[str, str]:
        """What programs act on."""
        items = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
        receives, settles = self._opened(), self._opened(payments=[CASH])
        return {
            "shown": preview(self._app, self._shop, order_id=order_id, items=items).id,
            "program_approves": self._opened(tags=["look"]).id,
            "program_declines": self._opened(tags=["look"]).id,
            "program_cancels": self._opened().id,
            "program_labels": self._opened().id,
            "program_receives": receives.id,
            "program_arrival": self._arrival(receives),
            "program_settles": settles.id,
            "program_leg": self._received(settles),
        }

    def counter(self) -> dict[str, str]:
        """What was brought to the counter: a gift, goods without a receipt, several things in one visit."""
        app, shop, order_id = self._app, self._shop, "bought"
        bought = order(id=order_id, number="#bought", lines=[line(title=f"{self._mark} Tee")])
        app.database.write(shop, lambda unit: order_store.save(unit, bought))
        kim = people.everybody(app, shop)[0]
        actor = Actor(kind="staff", name=kim.name, post=Post(kim.id))
        app.database.write(shop, lambda unit: price_store.keep(unit, "tee-m", amount=2000, at=app.clock()))
        goods = [take_without_receipt.Goods("tee-m", "A", note=self._mark)]
        hands = take_back.Hands(actor)
        found = take_without_receipt.take_without_receipt(
            app, shop, goods=goods, email="ann@example.com", total="20.00", hands=hands, key="without"
        )
        gift = give_receipt.issue(app, shop, order_id=order_id, line_ids=["l1"], key="gift")
        brought = take_back.Brought(order_id, BROUGHT, [])
        given = [{**BROUGHT[0], "resolution": "store_credit"}]
        as_gift = take_back.Brought(order_id, given, [], gift_receipt=gift.number)
        (held,) = inspection_photos.hold(app, shop, given=[taken_photo()], actor=actor)
        letter = {
            "shop": shop.id,
            "letter": asdict(Letter("k", "a@b.c", self._mark, self._mark, self._mark, self._mark)),
        }
        return {
            "letter": sealed(app, json.dumps(letter)),
            "held_photo": held,
            "bought": order_id,
            "gift": gift.number,
            "visit": visits.begin(app, shop, return_id=found.id, actor=actor),
            "brought": take_back.preview(app, shop, brought=brought).id,
            "gift_brought": take_back.preview(app, shop, brought=as_gift).id,
        }

    def _arrival(self, found: Return) -> str:
        """The quote for what arrived of a return."""
        looked = [Inspection("1", "received", grade="A")]
        shown = preview_arrival(self._app, self._shop, return_id=found.id, inspections=looked)
        assert shown is not None
        return shown.id

    def _ended(self) -> str:
        found = self._opened()
        actor = Actor(kind="staff", name=f"{self._mark} Kim")
        cancel_return.cancel(self._app, self._shop, return_id=found.id, actor=actor, why=self._mark, key="ended")
        return found.id

    def talk(self) -> dict[str, str]:
        """A conversation whose shopper proved an order and asked for a person, and was answered."""
        app, shop = self._app, self._shop
        begun = converse.start(app, shop, language=None, address=self._mark)
        talk = Talk(str(begun["conversation"]), self._mark)
        for said in (
            Heard(text=f"#1 {self._mark}@example.com"),
            Heard(text=f"I am {self._mark}"),
            Heard(choices=("human",)),
        ):
            converse.say(app, shop, talk=talk, heard=said)
        actor = Actor(kind="staff", name=f"{self._mark} Kim")
        answer_shopper.reply(
            app, shop, conversation_id=talk.conversation_id, text=f"{self._mark}!", actor=actor, key="answer"
        )
        return {"conversation": talk.conversation_id, "token": str(begun["token"])}

    def photo(self, names: Mapping[str, str]) -> str:
        """A photo of a return that was opened in the conversation."""
        app, shop, conversation_id = self._app, self._shop, names["conversation"]
        shown = Picture(f"a picture of {self._mark}".encode(), width=1, height=1)
        app.database.write(
            shop, lambda unit: keep_photos.keep(app, unit, conversation_id, line_id="l1", pictures=[shown])
        )
        keep_photos.attach(app, shop, conversation_id=conversation_id, line_ids=["l1"], return_id=names["rma"])
        return keep_photos.of_return(app, shop, return_id=names["rma"])[0].id

    def telling(self) -> dict[str, str]:
        """What programs are told: a message that waits and one that was given up; jobs that wait and that failed."""
        app, shop, jobs = self._app, self._shop, self._app.jobs
        assert isinstance(jobs, RememberedJobs)
        tell_programs.add(app, shop, url=f"https://erp.example.com/{self._mark}")
        self._opened()
        self._opened()
        tell_programs.announce(app)
        waiting = jobs.of_shop(shop, "waiting", limit=50)
        messages = [job for job in waiting if job.name == tell_programs.JOB]
        given_up, waits = (str(job.payload["message"]) for job in messages[:2])

        def give_up(unit: Unit) -> None:
            found = webhook_store.message(unit, given_up, endpoint_n=1)
            assert found is not None
            webhook_store.note(unit, replace(found, state="failed", error=self._mark), at=app.clock())

        app.database.write(shop, give_up)
        app.database.write(shop, lambda unit: jobs.enqueue(unit, "forget_old", key=f"{self._mark} late", payload={}))
        jobs.failed.add(messages[0].id)
        jobs.done.append(messages[0].id)
        late = jobs.of_shop(shop, "waiting", limit=50)[-1]
        return {
            "message": given_up,
            "waiting_message": waits,
            "failed_job": messages[0].id,
            "waiting_job": late.id,
            "number": "1",
        }

    def devices(self) -> dict[str, str]:
        """What a device sent: a photo that nobody can place, and a note that waits to be settled."""
        names = {"device_photo": f"photo-of-{self._shop.slug}", "device_note": f"note-of-{self._shop.slug}"}
        for name, picture in ((names["device_photo"], self._mark.encode()), (names["device_note"], None)):
            act = DeviceAct.NOTE if picture is None else DeviceAct.PHOTO
            command = DeviceCommand(
                name, act, device="device-1", return_id="RMA-NONE", made_at=NOW, made_by=self._mark, words=self._mark
            )
            take_from_device.take(self._app, self._shop, sent=Sent(command, picture), actor=SAM)
        return names

    def told(self) -> dict[str, str]:
        """What a platform told: something that waits, and something that needs a person."""
        app, shop = self._app, self._shop
        take_deliveries.add_secret(app, shop, channel="parcel", secret=self._mark)
        now = app.clock()
        connected = Connection(self._mark, f"https://{self._mark}.example", "sealed", {}, now, now)
        secret = sealing.sealed(app, self._mark)
        key = sealing.sealed(app, json.dumps({"key": "ck_x", "secret": "cs_x"}))
        stored = Connection("woocommerce", "http://127.0.0.1:9", key, {store_plugin.SECRET: secret}, now, now)
        sent_away = Approval(self._mark, self._mark, connected.address, "", now + timedelta(days=1))
        sending = Sending(self._mark, kind="refund", order_id=self._mark, first_at=now, last_at=now)

        def connect(unit: Unit) -> None:
            connection_store.save(unit, connected)
            connection_store.save(unit, stored)
            connection_store.begin_approval(unit, sent_away, at=now)
            sending_store.begin(unit, sending, after=None)
            cost_store.take(unit, self._mark, points=1, at=now)
            lease_store.take(unit, self._mark, holder=self._mark, at=now, until=now + timedelta(days=1))
            privacy_store.begin(unit, PrivacyRequest("file", "export", self._mark, now, now, {"name": self._mark}))
            torn = Drift("ledger_torn", self._mark, said=self._mark, do=self._mark)
            checkup_store.keep(unit, Checkup(at=now, orders=1, drifts=(torn,)))

        app.database.write(shop, connect)

        def work(unit: Unit) -> None:
            one = KeptDelivery("waits", "parcel", "order", body=self._mark.encode(), arrived_at=app.clock())
            delivery_store.keep(unit, [one, replace(one, id="poison", state="poison", error=self._mark)])
            delivery_store.begin_reading(unit, "o1")

        app.database.write(shop, work)
        return {"delivery": "waits", "poison": "poison", "request": "file", **self._asked()}

    def _asked(self) -> dict[str, str]:
        """What the law wants done, as Shopify tells it, each delivery under the name of its job."""
        now = self._app.clock()
        person = {"customer": {"id": 1, "email": f"{self._mark}@example.com"}}
        told = {
            "reread_native": ("returns/update", {"admin_graphql_api_id": "gid://shopify/Return/1"}),
            "check_app": ("app/uninstalled", {}),
            "export_person": ("customers/data_request", {**person, "orders_requested": []}),
            "forget_person": ("customers/redact", {**person, "orders_to_redact": []}),
            "forget_shop": ("shop/redact", {"shop_id": 1}),
        }
        kept = [
            KeptDelivery(f"{job} {self._mark}", "shopify", topic, json.dumps(body).encode(), now, state="queued")
            for job, (topic, body) in told.items()
        ]
        self._app.database.write(self._shop, lambda unit: delivery_store.keep(unit, kept))
        return {f"{one.id.split()[0]}_delivery": one.id for one in kept}

    def plugin_token(self, return_id: str) -> str:
        """What the plugin in the shop's store signs to see the returns of an order."""
        app, shop = self._app, self._shop
        order_id = view(app, shop, return_id=return_id).found.order_id
        now = int(app.clock().timestamp())
        claims = {"v": 1, "shop": shop.slug, "for": "staff", "customer": "", "email": "", "order": order_id}
        return signed_token({**claims, "iat": now, "exp": now + 600}, secret=self._mark)

    def alike(self) -> dict[str, str]:
        """A return that has the same number in both shops."""
        tokens = (f"alike {n}" for n in itertools.count())
        return {"alike": self._opened(replace(self._app, token=lambda: next(tokens))).id}

    def _opened(self, with_: Application | None = None, *, resolution: str = "refund", **changes: object) -> Return:
        """A return of one unit of an order of its own."""
        n, app, shop, mark = next(self._numbers), with_ or self._app, self._shop, self._mark
        customer = {"id": f"c{n}", "email": f"{mark}@example.com", "name": f"{mark} Ann"}
        bought = order(id=f"o{n}", number=f"#{n}", customer=customer, lines=[line(title=f"{mark} Tee")], **changes)
        app.database.write(shop, lambda unit: order_store.save(unit, bought))
        wanted = DEARER if resolution == "exchange" else None
        item = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": resolution, "exchange_for": wanted}
        items = [item]
        shown = preview(app, shop, order_id=f"o{n}", items=items)
        wish = Wish(order_id=f"o{n}", items=items, method="mail", quote_id=shown.id)
        return open_return(app, shop, wish=wish, actor=Actor(kind="shopper", name=mark), key=f"open {n}")

    def _received(self, found: Return, *, actor: Actor = SAM) -> str:
        """The key of the first leg of a return whose goods were taken in."""
        app, shop = self._app, self._shop
        looked = [Inspection(group.id, "received", grade="A", note=self._mark) for group in found.groups]
        shown = preview_arrival(app, shop, return_id=found.id, inspections=looked)
        receive(
            app, shop, return_id=found.id, inspections=looked, quote_id=shown and shown.id, actor=actor, key=found.id
        )
        with app.database.read(shop) as unit:
            return settlement_store.legs_of(unit, found.id)[0].key

    def _fail(self, leg_key: str) -> None:
        app = self._app
        app.database.write(
            self._shop,
            lambda unit: settlement_store.record(unit, leg_key, state=LegState.FAILED, receipt=None, at=app.clock()),
        )
