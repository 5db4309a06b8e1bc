"""Whatever way deliveries come, we know in the end what the channel knows, and nothing is lost or looped."""

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text

from adapters.errors import ChannelRefused, ChannelSlow
from connector.services import take_deliveries
from connector.services.errors import InvalidInput
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.services.take_deliveries import Arrival
from connector.storage import delivery_store
from connector.storage.database import Unit
from connector.storage.errors import NotFound
from tests.connector.services.test_story import opened
from tests.parcel_platform import NAME, ParcelChannel, platform
from tests.shops import ANN, RememberedJobs, TestShop, a_shop, order
from webhooks.delivery import Delivery


@contextmanager
def a_told_shop(folder: Path, *, url: str | None = None) -> Iterator[tuple[TestShop, ParcelChannel]]:
    """A shop with a return of the order o1, whose orders others change."""
    with a_shop(folder, url=url) as demo:
        opened(demo)
        channel = ParcelChannel({"o1": demo.order()})
        yield dataclasses.replace(demo, app=replace(demo.app, channels=channel, platforms=platform)), channel


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[TestShop, ParcelChannel]]:
    with a_told_shop(tmp_path) as both:
        yield both


def arrive(demo: TestShop, identity: str = "d1", *, body: bytes = b'{"orders": ["o1"]}', topic: str = "order") -> None:
    delivery = Delivery(identity=identity, topic=topic, body=body)
    take_deliveries.keep(demo.app, [Arrival(demo.shop, NAME, delivery)]).result()


def deal_with(demo: TestShop) -> None:
    while take_deliveries.drain(demo.app):
        demo.work()


def give_up(demo: TestShop) -> None:
    """The jobs that wait fail for good, and as long goes by as any job is tried."""
    demo.jobs.done += list(demo.jobs.waiting)
    demo.clock.move(hours=7)
    take_deliveries.put_aside_left(demo.app, [demo.shop])


def states(demo: TestShop) -> list[str]:
    with demo.app.database.read(demo.shop) as unit:
        table = delivery_store.deliveries
        return sorted(row["state"] for row in delivery_store.rows(unit, delivery_store.selected(unit, table)))


def renamed(demo: TestShop, name: str) -> dict[str, object]:
    return {**demo.order(), "customer": {"id": "c1", "email": "ann@example.com", "name": name}}


def name_of(demo: TestShop) -> str:
    return demo.order()["customer"]["name"]  # type: ignore[index]


def test_what_changed_is_read_from_the_channel(told):
    demo, channel = told
    channel.orders["o1"] = renamed(demo, "Beth")
    arrive(demo)
    deal_with(demo)
    assert (name_of(demo), states(demo)) == ("Beth", ["done"])


def test_an_order_without_a_return_is_not_read(told):
    demo, channel = told
    channel.refusal = ChannelRefused("nobody asked")
    arrive(demo, body=b'{"orders": ["o9"]}')
    arrive(demo, "d2", topic="coupon")
    deal_with(demo)
    assert states(demo) == ["done", "done"]


def test_the_same_delivery_twice_is_one_and_after_it_was_dealt_with_it_is_looked_at_again(told):
    demo, channel = told
    arrive(demo)
    arrive(demo)
    assert states(demo) == ["new"]
    deal_with(demo)
    channel.orders["o1"] = renamed(demo, "Cleo")
    arrive(demo)
    deal_with(demo)
    assert (name_of(demo), states(demo)) == ("Cleo", ["done"])


@pytest.mark.parametrize(
    ("body", "topic"),
    [(b"\xff", "order"), (b"{}", "order"), (b"[]", "order"), (b'{"orders": 1}', "order"), (b"", "bug")],
)
def test_what_cannot_be_read_waits_for_a_person_once_and_holds_up_nobody(told, body, topic):
    demo, channel = told
    channel.orders["o1"] = renamed(demo, "Beth")
    arrive(demo, "bad", body=body, topic=topic)
    arrive(demo)
    deal_with(demo)
    (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
    assert (aside.body, name_of(demo), take_deliveries.drain(demo.app)) == (body, "Beth", 0)
    assert aside.error


class NarrowQueue(RememberedJobs):
    """A queue into which jobs of the order o9 do not fit: the database refuses them."""

    def enqueue(self, unit: Unit, name: str, *, key: str, payload: object, delay_seconds: float = 0) -> None:
        if key.startswith("o9:"):
            unit.connection.execute(text("SELECT * FROM a_table_that_is_not_there"))
        super().enqueue(unit, name, key=key, payload=payload, delay_seconds=delay_seconds)  # type: ignore[arg-type]


def test_what_no_job_can_be_made_of_waits_for_a_person_once_and_holds_up_nobody(tmp_path: Path, each_url: str):
    with a_told_shop(tmp_path, url=each_url) as (demo, channel):
        second_order(demo, channel, order_id="o9")
        channel.orders["o1"] = renamed(demo, "Beth")
        narrow = dataclasses.replace(demo, app=replace(demo.app, jobs=NarrowQueue(waiting=demo.jobs.waiting)))
        arrive(demo, "bad", body=b'{"orders": ["o9"]}')
        arrive(demo)
        looked_at = [take_deliveries.drain(narrow.app) for _ in range(2)]
        demo.work()
        (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
        assert (looked_at, aside.body, name_of(demo)) == ([2, 0], b'{"orders": ["o9"]}', "Beth")


def test_what_needs_a_person_can_be_replayed_once_for_each_asking(told):
    demo, channel = told
    channel.refusal = ChannelRefused("The platform says no.")
    arrive(demo)
    deal_with(demo)
    (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
    assert aside.error == "The platform says no."
    channel.refusal, channel.orders["o1"] = None, renamed(demo, "Beth")
    for _ in range(2):
        take_deliveries.replay(demo.app, demo.shop, delivery_id=aside.id, key="k")
    deal_with(demo)
    assert (name_of(demo), states(demo)) == ("Beth", ["done"])
    with pytest.raises(NotFound):
        take_deliveries.replay(demo.app, demo.shop, delivery_id=aside.id, key="k2")


def test_an_order_that_lost_the_line_of_a_return_needs_a_person(told):
    demo, channel = told
    lines = [{**demo.order()["lines"][0], "id": "l9"}]  # type: ignore[index]
    channel.orders["o1"] = {**demo.order(), "lines": lines}
    arrive(demo)
    deal_with(demo)
    assert states(demo) == ["poison"]


def test_while_the_channel_is_slow_nothing_is_given_up(told):
    demo, channel = told
    channel.refusal = ChannelSlow("later")
    arrive(demo)
    with pytest.raises(ChannelSlow):
        deal_with(demo)
    assert states(demo) == ["queued"]


def test_what_its_job_gave_up_is_shown_to_a_person_and_taken_again_from_there(told):
    demo, channel = told
    channel.refusal = ChannelSlow("later")
    arrive(demo)
    with pytest.raises(ChannelSlow):
        deal_with(demo)
    give_up(demo)
    (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
    channel.refusal, channel.orders["o1"] = None, renamed(demo, "Beth")
    take_deliveries.replay(demo.app, demo.shop, delivery_id=aside.id, key="k")
    deal_with(demo)
    assert (name_of(demo), states(demo)) == ("Beth", ["done"])


def test_what_a_person_had_taken_again_is_not_shown_at_once_while_its_job_waits(told):
    demo, channel = told
    channel.refusal = ChannelRefused("The platform says no.")
    arrive(demo)
    deal_with(demo)
    demo.clock.move(days=1)
    (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
    take_deliveries.replay(demo.app, demo.shop, delivery_id=aside.id, key="k")
    take_deliveries.drain(demo.app)
    take_deliveries.put_aside_left(demo.app, [demo.shop])
    assert states(demo) == ["queued"]


def test_a_reading_that_began_earlier_never_replaces_a_later_one(told):
    demo, _ = told
    first, second = (
        demo.app.database.write(demo.shop, lambda unit: delivery_store.begin_reading(unit, "o1")) for _ in range(2)
    )
    newest = [
        demo.app.database.write(
            demo.shop, lambda unit, number=number: delivery_store.is_newest_reading(unit, "o1", number=number)
        )
        for number in (second, first)
    ]
    assert newest == [True, False]


def test_what_was_dealt_with_is_forgotten_after_a_week_and_what_was_not_is_kept(told):
    demo, _ = told
    arrive(demo)
    arrive(demo, "bad", body=b"")
    deal_with(demo)
    demo.clock.move(days=8)
    take_deliveries.forget_old(demo.app, [demo.shop])
    assert states(demo) == ["poison"]


def test_what_nobody_dealt_with_stays_to_be_seen_and_says_nothing_after_the_days_that_things_are_kept(told):
    demo, _ = told
    arrive(demo, "bad", body=b"ann@example.com")
    deal_with(demo)
    demo.clock.move(days=demo.app.settings.keep_days + 1)
    take_deliveries.forget_old(demo.app, [demo.shop])
    (aside,) = take_deliveries.needing_a_person(demo.app, demo.shop)
    assert aside.body == b""


def test_secrets_are_sealed_and_an_empty_one_is_refused(told):
    demo, _ = told
    take_deliveries.add_secret(demo.app, demo.shop, channel=NAME, secret="one")
    take_deliveries.add_secret(demo.app, demo.shop, channel=NAME, secret="two")
    assert take_deliveries.secrets_of(demo.app, demo.shop, channel=NAME) == ("two", "one")
    with demo.app.database.read(demo.shop) as unit:
        assert "one" not in delivery_store.secrets_of(unit, NAME)
    take_deliveries.replace_secrets(demo.app, demo.shop, channel=NAME, secret="three")
    assert take_deliveries.secrets_of(demo.app, demo.shop, channel=NAME) == ("three",)
    with pytest.raises(InvalidInput):
        take_deliveries.add_secret(demo.app, demo.shop, channel=NAME, secret=" ")


CHANGES = st.lists(st.sampled_from(["o1", "o2"]), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES, chance=st.data())
def test_any_interleaving_duplication_and_loss_with_catch_up_ends_in_the_channels_own_state(changes, chance):
    """Orders change; each delivery may come late, twice, in any order, or never; then what was lost is caught up."""
    with tempfile.TemporaryDirectory() as folder, a_told_shop(Path(folder)) as (demo, channel):
        second_order(demo, channel, order_id="o2")
        in_flight: list[tuple[str, str]] = []
        for n, order_id in enumerate(changes):
            channel.orders[order_id] = _changed(channel, order_id, name=f"{order_id}-{n}")
            copies = chance.draw(st.integers(0, 2), label="copies")
            in_flight += [(f"d{n}", order_id)] * copies
            _deliver_some(demo, in_flight, chance)
        for identity, order_id in chance.draw(st.permutations(in_flight), label="late"):
            _tell(demo, identity, order_id)
            if chance.draw(st.booleans(), label="drain between"):
                deal_with(demo)
        for order_id in ("o1", "o2"):
            _tell(demo, f"catch-up-{order_id}", order_id)
        deal_with(demo)
        assert {order_id: demo.order(order_id) for order_id in channel.orders} == channel.orders
        assert set(states(demo)) == {"done"}


def second_order(demo: TestShop, channel: ParcelChannel, *, order_id: str) -> None:
    """Another order with a return, which others change too."""
    demo.save_order(order(id=order_id, number=f"#{order_id}"))
    items = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
    shown = preview(demo.app, demo.shop, order_id=order_id, items=items)
    wish = Wish(order_id=order_id, items=items, method="mail", quote_id=shown.id)
    open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=order_id)
    channel.orders[order_id] = demo.order(order_id)


def _changed(channel: ParcelChannel, order_id: str, *, name: str) -> dict[str, object]:
    return {**channel.orders[order_id], "customer": {"id": "c1", "email": "ann@example.com", "name": name}}


def _deliver_some(demo: TestShop, in_flight: list[tuple[str, str]], chance: st.DataObject) -> None:
    while in_flight and chance.draw(st.booleans(), label="deliver"):
        identity, order_id = in_flight.pop(chance.draw(st.integers(0, len(in_flight) - 1), label="which"))
        _tell(demo, identity, order_id)
        if chance.draw(st.booleans(), label="drain"):
            deal_with(demo)


def _tell(demo: TestShop, identity: str, order_id: str) -> None:
    arrive(demo, identity, body=json.dumps({"orders": [order_id]}).encode())
