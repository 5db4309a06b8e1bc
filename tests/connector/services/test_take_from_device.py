"""What devices did without the network is taken once, and nothing of it is lost."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from connector.services.errors import Conflict, InvalidInput
from connector.services.follow_return import view
from connector.services.settle_conflict import Settlement, settle, sides, waiting
from connector.services.take_from_device import Sent
from connector.storage import settlement_store
from domain.device_commands import Verdict
from domain.events import Act
from domain.replay import replayed
from domain.returns import Return
from tests.connector.services.devices import Device, kept, returned, send
from tests.shops import SAM, TestShop, a_shop, order

INTERLEAVINGS = int(os.environ.get("BACKHAUL_TEST_INTERLEAVINGS", "100")) // 2
"""On each of the two databases; `make crash` goes through a thousand in all."""


@pytest.fixture
def each_demo(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with a_shop(tmp_path, url=each_url) as shop:
        yield shop


@pytest.fixture
def device(demo: TestShop) -> Device:
    return Device("till")


def acts(demo: TestShop, return_id: str) -> list[str]:
    return [entry.act for entry in view(demo.app, demo.shop, return_id=return_id).found.history]


def refunded(demo: TestShop, order_id: str) -> str:
    return str(demo.order(order_id)["payments"][0]["refunded"])  # type: ignore[index]


def put_aside(demo: TestShop, command_id: str, **changes: object) -> None:
    settlement = replace(Settlement("aside", "", "seen", None), **changes)  # type: ignore[arg-type]
    settle(demo.app, demo.shop, command_id=command_id, settlement=settlement, actor=SAM)


def test_goods_taken_in_without_the_network_are_paid_once_the_command_is_here(demo: TestShop, device: Device):
    found = returned(demo, "o7")
    device.listen(demo)
    sent = device.receive(found.id, grade="B")
    assert refunded(demo, "o7") == "0.00"
    answers = [send(demo, sent) for _ in range(3)]
    assert {answer.state for answer in answers} == {"taken"}
    demo.work()
    assert refunded(demo, "o7") == "19.80"
    assert acts(demo, found.id).count(Act.RECEIVED) == 1
    after = view(demo.app, demo.shop, return_id=found.id).found
    received = next(entry for entry in after.history if entry.act == Act.RECEIVED)
    assert (received.details["device"], received.details["made_by"]) == ("till", "till")
    assert replayed(after).groups == after.groups


def test_two_devices_with_the_same_goods_leave_one_receipt_and_something_to_settle(demo: TestShop):
    found = returned(demo, "o7")
    devices = [Device("till"), Device("tablet")]
    for device in devices:
        device.listen(demo)
        device.receive(found.id)
    first, second = (send(demo, device.queue[0]) for device in devices)
    assert (first.verdict, second.verdict) == (Verdict.TAKEN, Verdict.ALREADY_RECEIVED)
    assert [one.id for one in waiting(demo.app, demo.shop)] == [second.id]


def test_what_nobody_knows_waits_with_all_that_was_said(demo: TestShop, device: Device):
    sent = device.note("RMA-0000-0000", "a blue box")
    assert send(demo, sent).verdict == Verdict.UNKNOWN_RETURN
    assert kept(demo, sent).said["words"] == "a blue box"


def test_an_order_number_is_not_a_return_so_a_person_says_which_one_is_meant(demo: TestShop, device: Device):
    found = returned(demo, "o7")
    sent = device.note("#o7", "a blue box")
    assert send(demo, sent).verdict == Verdict.UNKNOWN_RETURN
    put_aside(demo, sent.command.id, act="note", return_id=found.id)
    assert acts(demo, found.id)[-1] == Act.NOTED
    assert waiting(demo.app, demo.shop) == ()


def test_money_that_is_not_what_was_promised_waits_for_a_person_who_sees_it(demo: TestShop, device: Device):
    found = returned(demo, "o7")
    device.listen(demo)
    gone = {"id": "r1", "at": "2026-11-20T10:00:00Z", "amount": "30.00", "shipping": "0.00", "lines": []}
    demo.save_order(order(id="o7", number="#o7", refunds=[gone]))
    sent = device.receive(found.id)
    assert send(demo, sent).verdict == Verdict.AMOUNTS_DIFFER
    assert acts(demo, found.id) == [Act.OPENED]
    both = sides(demo.app, demo.shop, command_id=sent.command.id)
    assert both.can_take
    assert both.quote is not None
    put_aside(demo, sent.command.id, act="take", return_id=found.id, quote_id=both.quote.id)
    assert acts(demo, found.id)[1] == Act.RECEIVED
    with pytest.raises(Conflict):
        put_aside(demo, sent.command.id)


def test_a_return_that_was_cancelled_meanwhile_is_not_taken_in(demo: TestShop, device: Device):
    from connector.services import cancel_return

    found = returned(demo, "o7")
    device.listen(demo)
    cancel_return.cancel(demo.app, demo.shop, return_id=found.id, actor=SAM, why="", key="c")
    sent = device.receive(found.id)
    assert send(demo, sent).verdict == Verdict.CHANGED
    assert not sides(demo.app, demo.shop, command_id=sent.command.id).can_take
    with pytest.raises(Conflict):
        put_aside(demo, sent.command.id, act="take", return_id=found.id)
    with pytest.raises(InvalidInput):
        put_aside(demo, sent.command.id, why="")


def test_what_the_rules_refuse_waits_with_their_words(demo: TestShop, device: Device):
    found = returned(demo, "o7", quantity=2)
    device.listen(demo)
    sent = device.receive(found.id)
    (one,) = sent.command.inspections
    torn = replace(sent, command=replace(sent.command, inspections=(replace(one, quantity=1),)))
    answer = send(demo, torn)
    assert answer.verdict == Verdict.REFUSED
    assert "2 units" in answer.why


def test_an_id_that_says_something_else_waits_beside_the_first(demo: TestShop, device: Device):
    found = returned(demo, "o7")
    sent = device.note(found.id, "one thing")
    other = replace(sent, command=replace(sent.command, words="another thing"))
    assert send(demo, sent).verdict == Verdict.TAKEN
    answers = {send(demo, other).id for _ in range(2)}
    (waits,) = waiting(demo.app, demo.shop)
    assert answers == {waits.id}
    assert (waits.verdict, waits.said["words"]) == (Verdict.ID_REUSED, "another thing")


def test_a_photo_is_kept_and_told_of_in_the_history(demo: TestShop, device: Device):
    from connector.services.settle_conflict import photo

    found = returned(demo, "o7")
    sent = device.photograph(found.id)
    send(demo, sent)
    entry = view(demo.app, demo.shop, return_id=found.id).found.history[-1]
    assert (entry.act, entry.details["photo"]) == (Act.PHOTOGRAPHED, sent.command.id)
    assert photo(demo.app, demo.shop, command_id=sent.command.id) == b"jpeg"


def test_many_threads_that_send_the_same_queue_leave_one_receipt(each_demo: TestShop):
    found = returned(each_demo, "o7")
    devices = [Device("till"), Device("tablet")]
    for device in devices:
        device.listen(each_demo)
        device.receive(found.id)
        device.note("RMA-0000-0000")
    every = [sent for device in devices for sent in device.queue] * 4
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda sent: send(each_demo, sent), every))
    assert Counter(answer.verdict for answer in answers) == {
        Verdict.TAKEN: 4,
        Verdict.ALREADY_RECEIVED: 4,
        Verdict.UNKNOWN_RETURN: 8,
    }
    assert acts(each_demo, found.id).count(Act.RECEIVED) == 1


def test_however_two_queues_meet_each_return_has_one_receipt_and_one_settlement(each_demo: TestShop):
    after = ""
    for seed in range(INTERLEAVINGS):
        each_demo.clock.move(minutes=5)
        after = _interleave(each_demo, random.Random(seed), after)


def _interleave(demo: TestShop, chance: random.Random, after: str) -> str:
    """One meeting of two queues; the cursor up to which the devices heard."""
    name = f"o{chance.getrandbits(64):x}"
    found = [returned(demo, f"{name}-{n}") for n in range(2)]
    devices = [Device(f"till {name}"), Device(f"tablet {name}")]
    for device in devices:
        heard = device.listen(demo, after=after)
        _work_alone(device, found, chance)
    for sent in _arrivals(devices, chance):
        send(demo, sent)
        if chance.random() < 0.2:
            demo.work()
    demo.work()
    for one in found:
        _received_and_settled_once(demo, one, devices)
    _nothing_is_lost(demo, devices)
    return heard


def _work_alone(device: Device, found: list[Return], chance: random.Random) -> None:
    """Each device takes in most of the returns, in its own order, with notes and photos and a number that is wrong."""
    for one in chance.sample(found, len(found)):
        if chance.random() < 0.9:
            device.receive(one.id, grade=chance.choice("ABCDE"))
        if chance.random() < 0.4:
            device.note(one.id)
        if chance.random() < 0.2:
            device.photograph(one.id)
    if chance.random() < 0.3:
        device.receive("RMA-0000-0000")


def _arrivals(devices: list[Device], chance: random.Random) -> Iterator[Sent]:
    """Both queues in turns of chance; an answer that got lost has the queue sent again, by either device."""
    left = [list(device.queue) for device in devices]
    done: list[Sent] = []
    while any(left):
        queue = chance.choice([one for one in left if one])
        sent = queue.pop(0)
        done.append(sent)
        yield sent
        if chance.random() < 0.2:
            yield from done[-chance.randint(1, 3) :]
    yield from chance.sample(done, len(done))


def _received_and_settled_once(demo: TestShop, opened: Return, devices: list[Device]) -> None:
    receipts = [sent for device in devices for sent in device.queue if sent.command.inspections]
    mine = [kept(demo, sent).verdict for sent in receipts if sent.command.return_id == opened.id]
    history = acts(demo, opened.id)
    happened = int(bool(mine))
    assert history.count(Act.RECEIVED) == history.count(Act.DECIDED) == happened
    assert Counter(mine) == Counter([Verdict.TAKEN] * happened + [Verdict.ALREADY_RECEIVED] * (len(mine) - happened))
    with demo.app.database.read(demo.shop) as unit:
        legs = [leg for leg in settlement_store.legs_of(unit, opened.id) if leg.kind == "refund"]
    assert [leg.state for leg in legs] == ["settled"] * happened
    assert refunded(demo, opened.order_id) == ("19.80" if happened else "0.00")


def _nothing_is_lost(demo: TestShop, devices: list[Device]) -> None:
    """Whatever was done on a device is told in a history, or waits until a person has settled it."""
    every = [sent for device in devices for sent in device.queue]
    waits = {one.id for one in waiting(demo.app, demo.shop)}
    for sent in every:
        found = kept(demo, sent)
        assert (found.state == "waiting") == (sent.command.id in waits) == (found.verdict != Verdict.TAKEN)
        if sent.command.id in waits:
            put_aside(demo, sent.command.id)
    assert waiting(demo.app, demo.shop) == ()
    assert {kept(demo, sent).state for sent in every} <= {"taken", "settled"}
