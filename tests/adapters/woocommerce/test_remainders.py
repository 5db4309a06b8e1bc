"""What is left of store credit after its use, against the simulated store."""

import pytest

from adapters.errors import ChannelSlow
from tests.adapters.woocommerce.stores import (
    PLAIN,
    Document,
    client_of,
    placed,
)
from tests.contracts.channel_contract import World
from tests.simulators.woocommerce import SimulatedStore, catalogue


def used(store: SimulatedStore, code: str, *, discount: str, tax: str = "0.00", **changes: object) -> Document:
    """A later order in which store credit was used."""
    order = placed(store, **changes)
    with store.books.change() as state:
        catalogue.use_coupon(state, str(order["id"]), code, discount=discount, tax=tax)
    return order


def coupons(store: SimulatedStore) -> dict[str, str]:
    return {one["code"]: one["amount"] for one in store.books.read()["coupons"].values()}


@PLAIN
class TestWhatIsLeft:
    """Fact 19: what is left of a used coupon is lost, unless it is given anew."""

    def test_fact_19_what_is_left_is_given_anew_and_the_used_one_is_as_small_as_its_use(
        self, store: SimulatedStore, world: World
    ):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00", tax="0.18")
        for _ in range(2):
            world.channel.reissue(str(later["id"]))
        assert coupons(store) == {code.lower(): "2.00", f"{code.lower()}-rest-{later['id']}": "4.43"}
        newest = list(store.books.read()["coupons"].values())[-1]
        assert (newest["usage_limit"], newest["email_restrictions"]) == (1, ["bob.buyer@example.com"])

    def test_its_code_is_told_to_the_first_orders_customer_alone_and_once(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00", billing={"email": "eve@example.com"})
        for _ in range(2):
            world.channel.reissue(str(later["id"]))
        notes = store.books.read()["notes"]
        told = [note["note"] for note in notes[world.order_id] if note["customer_note"]]
        assert len(told) == 2
        assert f"{code}-REST-{later['id']}" in told[0]
        assert str(later["id"]) not in notes

    def test_of_what_is_left_something_may_be_left_again(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        first = used(store, code, discount="2.00")
        (rest,) = world.channel.reissue(str(first["id"]))
        second = used(store, rest.reference, discount="1.00")
        (again,) = world.channel.reissue(str(second["id"]))
        assert again.details["amount"] == "3.43"
        assert sum(map(float, coupons(store).values())) == pytest.approx(6.43)

    @pytest.mark.parametrize(
        ("discount", "changes"),
        [("6.43", {}), ("2.00", {"status": "pending"}), ("2.00", {"status": "cancelled"})],
        ids=["all of it", "not paid yet", "called off"],
    )
    def test_where_nothing_is_left_or_its_use_does_not_stand_nothing_is_given(
        self, store: SimulatedStore, world: World, discount: str, changes: dict[str, str]
    ):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount=discount, **changes)
        assert world.channel.reissue(str(later["id"])) == ()
        assert coupons(store) == {code.lower(): "6.43"}

    def test_a_coupon_of_the_shops_own_is_left_alone(self, store: SimulatedStore, world: World):
        with client_of(store) as client:
            client.send("POST", "/coupons", {"code": "SUMMER", "amount": "10", "discount_type": "fixed_cart"})
        later = used(store, "summer", discount="2.00")
        assert world.channel.reissue(str(later["id"])) == ()

    def test_where_the_answer_was_lost_it_is_given_once(self, store: SimulatedStore, world: World):
        code = world.channel.credit(world.credit()).reference
        later = used(store, code, discount="2.00")
        store.goes_wrong("lost answer", at="POST /wp-json/wc/v3/coupons")
        with pytest.raises(ChannelSlow):
            world.channel.reissue(str(later["id"]))
        world.channel.reissue(str(later["id"]))
        assert len(coupons(store)) == 2
