"""A shop in which somebody bought, talked and returned, and what Shopify tells of them later."""

import json

from msgspec.structs import replace

from connector.services import answer_shopper, label_return, ship_return, take_deliveries
from connector.services.take_deliveries import Arrival
from connector.storage import api_store, delivery_store, order_store
from connector.storage.api_store import KeptAnswer
from connector.storage.database import Unit
from connector.storage.delivery_store import KeptDelivery
from domain.returns import Inspection
from tests.connector.services.talking import Shopper
from tests.connector.services.test_story import opened, received
from tests.isolation.two_shops import rows_of
from tests.shops import SAM, TestShop, order
from webhooks.delivery import Delivery

NAME, EMAIL = "Quillon Marsh", "quillon@marsh.example"
QUILLON = {"id": "501", "email": EMAIL, "name": NAME, "phone": "+1 555 0147", "tags": ["vip"]}
LABEL, PARCEL = "https://labels.example/8F3K.pdf", "1Z999AA10123456784"
CALLED = ("quillon", "marsh", "555 0147", "10987", "gladewater", "8f3k", PARCEL.lower())
"""Whatever would tell who it was."""
ADDRESS = {"country": "US", "region": "TX", "city": "Gladewater", "postal_code": "10987"}


def of_quillon(demo: TestShop, order_id: str = "o1", **changes: object) -> None:
    demo.save_order(order(id=order_id, number=f"#{order_id}", customer=QUILLON, ship_to=ADDRESS, **changes))


def bought_talked_and_returned(demo: TestShop) -> None:
    """Everything in which the person stands: orders, quotes, a return, credit, talk, answers, deliveries."""
    of_quillon(demo)
    of_quillon(demo, "o2", channel="shopify")
    asked = opened(demo, resolution="store_credit")
    said = {"return_id": asked.id, "actor": SAM}
    label_return.give_label(demo.app, demo.shop, address=LABEL, key="label", **said)
    ship_return.ship(demo.app, demo.shop, tracking=PARCEL, key="ship", **said)
    received(demo, asked, Inspection("1", "received", grade="A", note="Mrs Marsh wore it once, Quillon too"))
    demo.work()
    talk = Shopper(demo)
    talk.says(f"My name is {NAME}, order #o1, {EMAIL}")
    talk.picks("human")
    answer_shopper.reply(
        demo.app, demo.shop, conversation_id=talk.talk.conversation_id, text=f"Dear {NAME}", actor=SAM, key="dear"
    )
    Shopper(demo).says(f"Do you know {EMAIL.upper()}?")
    told = KeptDelivery("poison", "shopify", "orders/updated", EMAIL.encode(), demo.clock(), state="poison")

    def besides(unit: Unit) -> None:
        token = api_store.add_token(unit, "hash", name="ERP", scopes=(), at=demo.clock())
        answer = KeptAnswer("asked", status=200, body=json.dumps({"customer": NAME}))
        parcel = replace(answer, fingerprint="shipped", body=json.dumps({"tracking": PARCEL}))
        for key, one in (("k", answer), ("p", parcel)):
            api_store.keep_answer(unit, key, token_n=token.n, answer=one, at=demo.clock())
        delivery_store.keep(unit, [told, replace(told, id="done", state="done")])

    demo.app.database.write(demo.shop, besides)


def somebody_else_too(demo: TestShop) -> None:
    ann = {"id": "7", "email": "ann@example.com", "name": "Ann"}
    demo.save_order(order(id="o9", number="#o9", customer=ann))
    Shopper(demo).says("order #o9, ann@example.com")


def told(demo: TestShop, topic: str, body: dict[str, object], *, identity: str = "w1") -> None:
    """A delivery of Shopify arrives and everything that follows from it is done."""
    delivery = Delivery(identity=identity, topic=topic, body=json.dumps(body).encode())
    take_deliveries.keep(demo.app, [Arrival(demo.shop, "shopify", delivery)]).result(timeout=30)
    take_deliveries.drain(demo.app)
    demo.work()


def person(orders: str, *ids: int, email: str | None = EMAIL) -> dict[str, object]:
    return {"customer": {"id": 501, "email": email}, orders: list(ids)}


def traces(demo: TestShop) -> dict[str, list[str]]:
    """By table, every row in which the person can still be told."""
    from connector.storage.tables import metadata

    found = {}
    with demo.app.database.read(demo.shop) as unit:
        for name, table in metadata.tables.items():
            rows = rows_of(unit, table) if "shop_id" in table.c else ()
            named = [row for row in rows if any(word in row.lower() for word in CALLED)]
            found.update({name: named} if named else {})
    return found


def order_of(demo: TestShop, order_id: str) -> object:
    with demo.app.database.read(demo.shop) as unit:
        return order_store.get(unit, order_id)
