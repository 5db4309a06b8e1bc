"""Goods of several native returns go back on the shelf one after the other, each of them once."""

import pytest

from adapters.channel import Restock, RestockedLine
from adapters.errors import ChannelRefused
from adapters.shopify.faults import Throttled, Unanswered, Uncertain
from tests.adapters.shopify.shops import TEE_M, channel_of, natives, payback, placed
from tests.adapters.woocommerce.stores import RememberedSendings
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import Document


def stock_of(shop: SimulatedShop) -> int:
    return int(shop.books.read()["variants"][TEE_M]["stock"])


def returned(shop: SimulatedShop, ledger: RememberedSendings) -> tuple[Document, Restock]:
    """An order of which two units came back by a leg and a native return each."""
    order = placed(shop, (TEE_M, 4))
    for n in (1, 2):
        channel_of(shop, ledger).refund(payback(order, f"RMA-1-{n}-refund-1"))
    return order, Restock("RMA-1-restock", order["id"], (RestockedLine(TEE_M, 2),), return_id="RMA-1")


def second_goes_wrong(shop: SimulatedShop, ledger: RememberedSendings, asked: Restock, error: Exception) -> None:
    """The goods of the first native return are put on the shelf, those of the second are not."""
    channel = channel_of(shop, ledger)
    change, seen = channel._client.change, []

    def changed(name: str, said: Document) -> Document:
        seen.append(name)
        if seen.count("dispose") == 2:
            raise error
        return change(name, said)

    channel._client.change = changed  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        channel.restock(asked)


class TestGoodsOfTwoNativeReturns:
    def test_all_go_on_the_shelf(self, shop: SimulatedShop):
        ledger = RememberedSendings()
        _, asked = returned(shop, ledger)
        first = channel_of(shop, ledger).restock(asked)
        assert channel_of(shop, ledger).restock(asked) == first
        assert (stock_of(shop), len(shop.asked("Dispose"))) == (12, 2)

    @pytest.mark.parametrize("error", [Throttled("Busy."), ChannelRefused("No.")])
    def test_what_went_on_the_shelf_stays_there_once_when_the_second_is_refused(
        self, shop: SimulatedShop, error: Exception
    ):
        ledger = RememberedSendings()
        _, asked = returned(shop, ledger)
        second_goes_wrong(shop, ledger, asked, error)
        assert stock_of(shop) == 11
        channel_of(shop, ledger).restock(asked)
        assert (stock_of(shop), len(natives(shop))) == (12, 2)

    @pytest.mark.parametrize("fault", ["lost answer", "lost request"])
    def test_one_that_was_not_answered_is_looked_for_by_its_own_goods(self, shop: SimulatedShop, fault: str):
        ledger = RememberedSendings()
        _, asked = returned(shop, ledger)
        second_goes_wrong(shop, ledger, asked, Throttled("Busy."))
        shop.goes_wrong(fault, at="Dispose")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).restock(asked)
        if fault == "lost request":
            with pytest.raises(Uncertain):
                channel_of(shop, ledger).restock(asked)
        channel_of(shop, ledger).restock(asked)
        assert (stock_of(shop), len(natives(shop))) == (12, 2)
