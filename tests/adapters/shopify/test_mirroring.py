"""Labels of parcels that come back: handed to Shopify once, and those that it keeps itself read back."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.errors import ChannelRefused
from tests.adapters.shopify.shops import channel_of, natives, placed, standing
from tests.simulators.shopify import SimulatedShop, settling
from tests.simulators.shopify.books import Document

LABEL = "https://labels.example/RMA-1.pdf"


def parcels(shop: SimulatedShop) -> list[Document]:
    return list(shop.books.read()["deliveries"].values())


def labelled(shop: SimulatedShop, order: Document, *, label: str = LABEL, ago: float = 0.0, **more: str) -> None:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    channel_of(shop).mirror(standing(order, "open", label=label, labelled_at=at, **more))


class TestOurLabels:
    def test_go_along_with_the_number_of_the_parcel(self, shop: SimulatedShop):
        labelled(shop, placed(shop), tracking="1Z1")
        (parcel,) = parcels(shop)
        assert (parcel["number"], parcel["label"]["file"]) == ("1Z1", LABEL)

    def test_need_no_number(self, shop: SimulatedShop):
        labelled(shop, placed(shop))
        (parcel,) = parcels(shop)
        assert (parcel["number"], parcel["label"]["file"]) == (None, LABEL)

    def test_the_same_again_changes_nothing(self, shop: SimulatedShop):
        order = placed(shop)
        for _ in range(3):
            labelled(shop, order, ago=5.0)
        assert (len(shop.asked("ReverseDeliveryCreate")), shop.asked("ReverseDeliveryUpdate")) == (1, [])

    def test_a_newer_one_replaces_the_one_before_and_leaves_the_number(self, shop: SimulatedShop):
        order = placed(shop)
        labelled(shop, order, ago=60.0, tracking="1Z1")
        labelled(shop, order, label="https://labels.example/again.pdf", tracking="1Z1")
        (parcel,) = parcels(shop)
        assert (parcel["number"], parcel["label"]["file"]) == ("1Z1", "https://labels.example/again.pdf")
        assert "trackingInput" not in shop.asked("ReverseDeliveryUpdate")[0]

    def test_one_that_the_shops_people_put_there_later_stays(self, shop: SimulatedShop):
        order = placed(shop)
        labelled(shop, order, ago=60.0)
        with shop.books.change() as state:
            (parcel,) = state["deliveries"].values()
            settling.label_parcel(state, parcel, file="https://labels.example/theirs.pdf")
        labelled(shop, order, ago=60.0)
        assert parcels(shop)[0]["label"]["file"] == "https://labels.example/theirs.pdf"

    def test_one_that_nobody_can_load_is_refused(self, shop: SimulatedShop):
        with pytest.raises(ChannelRefused):
            labelled(shop, placed(shop), label="ftp://labels.example/1.pdf")


class TestTheShopsLabels:
    def test_are_read_back_with_the_return_that_they_are_for(self, shop: SimulatedShop):
        order = placed(shop)
        labelled(shop, order)
        (found,) = channel_of(shop).labels(order["id"])
        assert (found.return_id, found.address) == ("RMA-1", parcels(shop)[0]["label"]["public"])

    def test_there_are_none_without_a_parcel(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).mirror(standing(order, "open"))
        assert channel_of(shop).labels(order["id"]) == ()

    def test_those_of_returns_that_others_opened_are_not_ours_to_show(self, shop: SimulatedShop):
        order = placed(shop)
        labelled(shop, order)
        with shop.books.change() as state:
            for native in state["returns"].values():
                native["lines"][0]["note"] = "Somebody in the admin"
        assert natives(shop)
        assert channel_of(shop).labels(order["id"]) == ()
