"""Returns at Shopify that are not of one piece: mixed wishes, wishes that change, parts that never come."""

from typing import Any

import pytest

from adapters.errors import ChannelSlow
from connector.jobs.catalogue import CATALOGUE
from connector.services.cancel_return import cancel
from connector.services.expire_return import expire
from connector.services.find_order import look_up
from connector.services.mirror_return import standing_of
from connector.services.quote_return import order_of, preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.reopen_return import reopen
from connector.services.request_return import Wish, open_return
from connector.services.ship_return import ship
from connector.storage import return_store, settlement_store
from domain.events import Act
from domain.returns import Inspection, Return
from domain.wishes import NewWish
from tests.adapters.shopify.shops import TEE_L, TEE_M, placed
from tests.connector.services.at_shopify import demo, natives, platform
from tests.shops import ANN, SAM, TestShop
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import Document

REFUND = {"resolution": "refund"}
EXCHANGE = {"resolution": "exchange", "exchange_for": {"variant_id": TEE_L, "price": "24.95"}}


__all__ = ["demo", "platform"]


def opened(demo: TestShop, body: Document, *wishes: dict[str, Any], key: str = "open") -> Return:
    """A return of one unit of each line that a wish is named for, in their order; it is mirrored."""
    made = asked_for(demo, body, *wishes, key=key)
    demo.work()
    return made


def asked_for(demo: TestShop, body: Document, *wishes: dict[str, Any], key: str = "open") -> Return:
    """The same, before any job of it was done."""
    order = look_up(demo.app, demo.shop, number=body["name"], proof="10118", address="x")
    assert order is not None
    lines = zip(body["lines"], wishes, strict=True)
    items = [{"line_id": one["id"], "quantity": 1, "reason": "style", **wish} for one, wish in lines if wish]
    shown = preview(demo.app, demo.shop, order_id=str(order["id"]), items=items)
    wish = Wish(order_id=str(order["id"]), items=items, method="mail", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=key)


def looked_at(demo: TestShop, found: Return, *looked: Inspection, **more: Any) -> None:
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked, **more)
    quote_id = shown and shown.id
    key = f"take {found.id}"
    receive(demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=quote_id, actor=SAM, key=key, **more)
    demo.work()


def came(found: Return, *numbers: int) -> list[Inspection]:
    """The groups of these numbers came, as good as new."""
    return [Inspection(found.groups[n].id, "received", grade="A") for n in numbers]


def of(demo: TestShop, found: Return) -> Return:
    with demo.app.database.read(demo.shop) as unit:
        made = return_store.get(unit, found.id)
    assert made is not None
    return made


def legs(demo: TestShop, found: Return) -> dict[str, str]:
    with demo.app.database.read(demo.shop) as unit:
        return {leg.kind: leg.state for leg in settlement_store.legs_of(unit, found.id)}


def shown(platform: SimulatedShop) -> list[tuple[str, list[tuple[int, int]]]]:
    """Each native return with the units of its lines and those of them that are confirmed."""
    return [
        (one["status"], [(line["quantity"], line["processed"]) for line in one["lines"]]) for one in natives(platform)
    ]


class TestARefundBesideAnExchange:
    def test_each_has_a_native_return_of_its_own_and_is_carried_out(self, demo: TestShop, platform: SimulatedShop):
        asked = opened(demo, placed(platform, (TEE_M, 1), (TEE_L, 1)), REFUND, EXCHANGE)
        assert [len(one["exchange"]) for one in natives(platform)] == [0, 1]
        looked_at(demo, asked, *came(asked, 0, 1))
        assert set(legs(demo, asked).values()) == {"settled"}
        assert shown(platform) == [("CLOSED", [(1, 1)]), ("CLOSED", [(1, 1)])]
        assert of(demo, asked).status == "done"


class TestAnExchangeThatIsGivenUpAtTheCounter:
    @pytest.mark.parametrize("wish", ["refund", "store_credit"])
    def test_gives_what_is_wished_for_instead(self, demo: TestShop, platform: SimulatedShop, wish: str):
        asked = opened(demo, placed(platform, (TEE_M, 1)), EXCHANGE)
        looked_at(demo, asked, *came(asked, 0), wishes={asked.groups[0].id: NewWish(wish)})
        assert set(legs(demo, asked).values()) <= {"settled", "lapsed"}
        assert shown(platform) == [("CLOSED", [(1, 1)])]
        assert [one["exchange"] for one in natives(platform)] == [[]]
        assert platform.books.read()["variants"][TEE_M]["stock"] == 11


class TestPartsThatNeverCome:
    """[C] Units in an open native return count as returned, so they are let go when ours does."""

    @pytest.mark.parametrize("outcome", ["rejected", "expired"])
    def test_are_taken_off_the_native_return_and_can_be_returned_again(
        self, demo: TestShop, platform: SimulatedShop, outcome: str
    ):
        body = placed(platform, (TEE_M, 1), (TEE_L, 1))
        asked = opened(demo, body, REFUND, REFUND)
        if outcome == "rejected":
            refused = Inspection(asked.groups[1].id, "rejected", note="Torn.")
            looked_at(demo, asked, *came(asked, 0), refused)
        else:
            looked_at(demo, asked, *came(asked, 0))
            expire(demo.app, demo.shop, return_id=asked.id, actor=SAM, why="Never came.", key="expire")
            demo.work()
        assert shown(platform) == [("CLOSED", [(1, 1)])]
        again = opened(demo, body, {}, REFUND, key="again")
        looked_at(demo, again, *came(again, 0))
        assert set(legs(demo, again).values()) == {"settled"}
        assert shown(platform) == [("CLOSED", [(1, 1)]), ("CLOSED", [(1, 1)])]

    def test_all_of_them_refused_leave_nothing_open(self, demo: TestShop, platform: SimulatedShop):
        asked = opened(demo, placed(platform, (TEE_M, 1)), REFUND)
        looked_at(demo, asked, Inspection(asked.groups[0].id, "rejected", note="Torn."))
        assert [one["status"] for one in natives(platform)] == ["CANCELED"]

    def test_what_was_freed_for_an_exchange_leaves_a_finished_return(self, demo: TestShop, platform: SimulatedShop):
        body = placed(platform, (TEE_M, 1), (TEE_L, 1))
        asked = opened(demo, body, REFUND, REFUND)
        wished = NewWish("exchange", exchange_for=EXCHANGE["exchange_for"])
        looked_at(demo, asked, *came(asked, 0, 1), wishes={asked.groups[1].id: wished})
        assert of(demo, asked).status == "done"
        assert {one["status"] for one in natives(platform)} == {"CLOSED"}


class TestAReturnThatWasCancelledAndIsOpenedAgain:
    def test_is_open_in_the_shop_again_with_its_parcel_and_its_goods_go_on_the_shelf(
        self, demo: TestShop, platform: SimulatedShop
    ):
        asked = opened(demo, placed(platform, (TEE_M, 1)), REFUND)
        cancel(demo.app, demo.shop, return_id=asked.id, actor=SAM, why="By mistake.", key="cancel")
        demo.work()
        reopen(demo.app, demo.shop, return_id=asked.id, actor=SAM, why="After all.", key="reopen")
        demo.work()
        assert [one["status"] for one in natives(platform)] == ["CANCELED", "OPEN"]
        ship(demo.app, demo.shop, return_id=asked.id, tracking="1Z1", actor=ANN, key="ship")
        demo.work()
        assert [one["number"] for one in platform.books.read()["deliveries"].values()] == ["1Z1"]
        looked_at(demo, asked, *came(asked, 0))
        assert set(legs(demo, asked).values()) == {"settled"}
        books = platform.books.read()
        assert [[len(line["dispositions"]) for line in one["lines"]] for one in books["rfos"].values()] == [[0], [1]]
        assert (books["variants"][TEE_M]["stock"], natives(platform)[1]["status"]) == (11, "CLOSED")


class TestWhatTheShopRefuses:
    """Of what is only shown there; no money depends on it, but its people must know."""

    def notes(self, demo: TestShop, found: Return) -> list[str]:
        return [entry.why for entry in of(demo, found).history if entry.act == Act.NOTED]

    def test_stands_in_the_history_once(self, demo: TestShop, platform: SimulatedShop):
        with platform.books.change() as state:
            state["scopes"].remove("write_returns")
        asked = opened(demo, placed(platform, (TEE_M, 1)), REFUND)
        demo.work()
        (said,) = self.notes(demo, asked)
        assert "write_returns" in said

    def test_is_not_told_to_the_shopper_as_the_reason_of_a_decline(self, demo: TestShop, platform: SimulatedShop):
        with platform.books.change() as state:
            state["scopes"].remove("write_returns")
        asked = opened(demo, placed(platform, (TEE_M, 1)), REFUND)
        with demo.app.database.read(demo.shop) as unit:
            order = order_of(unit, asked.order_id)
        assert standing_of(of(demo, asked), order, quote={}, worths={}).why == ""

    def test_what_nobody_can_tell_stands_there_too(self, demo: TestShop, platform: SimulatedShop):
        platform.goes_wrong("lost request", at="ReturnCreate")
        asked = asked_for(demo, placed(platform, (TEE_M, 1)), REFUND)
        with pytest.raises(ChannelSlow):
            demo.work()
        demo.clock.move(minutes=5)
        CATALOGUE["mirror_return"](demo.app, demo.shop, step=lambda _, act: act(), payload={"return_id": asked.id})
        (said,) = self.notes(demo, asked)
        assert "did not answer" in said
