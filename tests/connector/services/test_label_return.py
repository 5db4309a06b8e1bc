"""A label given here goes to the platform, one that the platform keeps comes to the shopper; each once."""

from collections.abc import Iterator

import pytest

from connector.jobs.catalogue import CATALOGUE
from connector.services.follow_return import view
from connector.services.label_return import give_label
from domain.returns import Return
from tests.adapters.shopify.shops import placed
from tests.connector.services.at_shopify import demo, now, opened, platform
from tests.connector.services.talking import Shopper
from tests.shops import SAM, TestShop
from tests.simulators.shopify import SimulatedShop, settling
from tests.simulators.shopify.books import Document

__all__ = ["demo", "platform"]

LABEL = "https://labels.example/1.pdf"


def given(demo: TestShop, found: Return, *, label: str = LABEL, key: str = "label") -> Return:
    told = give_label(demo.app, demo.shop, return_id=found.id, address=label, actor=SAM, key=key)
    demo.work()
    return told


def parcel(platform: SimulatedShop) -> Document:
    (found,) = platform.books.read()["deliveries"].values()
    return found


def their_label(platform: SimulatedShop, body: Document, *, file: str = "https://labels.example/theirs.pdf") -> None:
    """The shop's people upload a label in the admin."""
    with platform.books.change() as state:
        (rfo,) = state["rfos"].values()
        if not rfo["deliveries"]:
            settling.send_parcel(state, {"reverseFulfillmentOrderId": rfo["id"], "labelInput": {"fileUrl": file}})
        else:
            settling.label_parcel(state, state["deliveries"][rfo["deliveries"][0]], file=file)
        state["orders"][body["id"]]["updated_at"] = now().isoformat()


def looked(demo: TestShop) -> None:
    demo.clock.move(seconds=1)
    CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()


def shown(demo: TestShop, found: Return) -> str | None:
    label = view(demo.app, demo.shop, return_id=found.id).label
    return label.address if label else None


def times_told(demo: TestShop, found: Return) -> int:
    return [entry.act for entry in view(demo.app, demo.shop, return_id=found.id).found.history].count("labelled")


class TestGiven:
    def test_here_it_is_handed_to_shopify(self, demo: TestShop, platform: SimulatedShop):
        found = opened(demo, placed(platform))
        demo.work()
        given(demo, found)
        assert (parcel(platform)["label"]["file"], shown(demo, found)) == (LABEL, LABEL)

    def test_twice_with_one_key_it_is_told_once(self, demo: TestShop, platform: SimulatedShop):
        found = opened(demo, placed(platform))
        for _ in range(2):
            given(demo, found)
        assert (times_told(demo, found), len(platform.asked("ReverseDeliveryCreate"))) == (1, 1)

    def test_shopifys_copy_of_it_is_no_other_label(self, demo: TestShop, platform: SimulatedShop):
        body = placed(platform)
        found = opened(demo, body)
        demo.work()
        given(demo, found)
        their_label(platform, body)
        looked(demo)
        assert (times_told(demo, found), shown(demo, found)) == (1, LABEL)


class TestKeptByShopify:
    @pytest.fixture
    def theirs(self, demo: TestShop, platform: SimulatedShop) -> Iterator[Return]:
        body = placed(platform)
        found = opened(demo, body)
        demo.work()
        their_label(platform, body)
        looked(demo)
        yield found

    def test_it_comes_to_the_shopper(self, demo: TestShop, platform: SimulatedShop, theirs: Return):
        assert shown(demo, theirs) == parcel(platform)["label"]["public"]

    def test_it_is_not_handed_back(self, demo: TestShop, platform: SimulatedShop, theirs: Return):
        CATALOGUE["mirror_return"](demo.app, demo.shop, step=lambda _, act: act(), payload={"return_id": theirs.id})
        assert platform.asked("ReverseDeliveryCreate") + platform.asked("ReverseDeliveryUpdate") == []

    def test_another_one_replaces_it_and_the_same_again_changes_nothing(
        self, demo: TestShop, platform: SimulatedShop, theirs: Return
    ):
        (order_id,) = platform.books.read()["orders"]
        for _ in range(2):
            looked(demo)
        assert times_told(demo, theirs) == 1
        their_label(platform, platform.books.read()["orders"][order_id], file="https://labels.example/new.pdf")
        looked(demo)
        assert (times_told(demo, theirs), shown(demo, theirs)) == (2, parcel(platform)["label"]["public"])

    def test_the_assistant_knows_where_it_is(self, demo: TestShop, platform: SimulatedShop, theirs: Return):
        talk = Shopper(demo)
        talk.says(f"I never got a label, order {theirs.order_number}")
        talk.says("10118")
        assert parcel(platform)["label"]["public"] in str(talk.turn)
