"""What devices did without the network is taken once, and nothing of it is lost."""

import dataclasses
import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.services import audit, sign_in
from connector.services.errors import Conflict, InvalidInput, NeedsApproval
from connector.services.follow_return import view
from connector.services.settle_conflict import sides, waiting
from connector.services.take_from_device import Sent
from connector.storage import return_store, settlement_store
from domain.device_commands import Verdict
from domain.events import Act, Post
from domain.replay import replayed
from domain.returns import Return
from tests.connector.services.devices import (
    LOOK,
    PHONE,
    Device,
    all_kept,
    asks_of_phones,
    kept,
    put_aside,
    returned,
    send,
)
from tests.shops import SAM, TestShop, a_shop, order

INTERLEAVINGS = int(os.environ.get("BACKHAUL_TEST_INTERLEAVINGS", "50"))
"""On each of the two databases; `make crash` goes through a thousand on each."""


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


@pytest.mark.parametrize(
    ("look", "grade", "verdict"),
    [
        (LOOK, "A", Verdict.TAKEN),
        ({**LOOK, "answers": {"on": "no", "clean": "yes"}}, "D", Verdict.TAKEN),
        ({**LOOK, "answers": {"on": "no", "clean": "yes"}}, "A", Verdict.ABOVE_ANSWERS),
        ({**LOOK, "answers": {"on": "yes"}}, "A", Verdict.UNANSWERED),
        ({**LOOK, "serial": "SN 78"}, "A", Verdict.OTHER_SERIAL),
    ],
)
def test_goods_are_judged_by_what_the_policy_asks_whatever_the_device_says(
    demo: TestShop, device: Device, look: dict[str, object], grade: str, verdict: Verdict
):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    sent = device.receive(found.id, grade=grade, look=look)
    assert send(demo, sent).verdict == verdict
    group = view(demo.app, demo.shop, return_id=found.id).found.groups[0]
    assert group.grade == (grade if verdict is Verdict.TAKEN else None)


def test_answers_and_serial_number_stand_in_the_history_as_they_do_with_the_network(demo: TestShop, device: Device):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    send(demo, device.receive(found.id, grade="B", look={**LOOK, "answers": {"on": "yes", "clean": "no"}}))
    history = view(demo.app, demo.shop, return_id=found.id).found.history
    seen = next(entry.details for entry in history if entry.act == Act.RECEIVED)
    assert (seen["no"], seen["serial"], seen["answers"]) == (["clean"], "sn77", {"on": "yes", "clean": "no"})


def test_a_grade_above_the_answers_counts_once_a_person_took_it_and_the_audit_log_tells(demo: TestShop, device: Device):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    sent = device.receive(found.id, look={**LOOK, "answers": {"on": "no", "clean": "yes"}})
    send(demo, sent)
    both = sides(demo.app, demo.shop, command_id=sent.command.id)
    assert both.can_take
    assert both.quote is not None
    put_aside(demo, sent.command.id, act="take", return_id=found.id, quote_id=both.quote.id)
    assert view(demo.app, demo.shop, return_id=found.id).found.groups[0].grade == "A"
    (told,) = [line.details for line in audit.read(demo.app, demo.shop) if line.about == found.id]
    assert told["grade"] == {"by_answers": "D", "chosen": "A"}


def test_goods_with_another_serial_number_are_taken_where_a_manager_agrees(demo: TestShop, device: Device):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    sent = device.receive(found.id, look={**LOOK, "serial": "SN 78"})
    send(demo, sent)
    both = sides(demo.app, demo.shop, command_id=sent.command.id)
    assert both.quote is not None
    taking = {"act": "take", "return_id": found.id, "quote_id": both.quote.id}
    with pytest.raises(NeedsApproval):
        put_aside(demo, sent.command.id, **taking)
    demo.jobs.waiting.clear()
    owner = sign_in.owner_of(demo.app, demo.shop)
    put_aside(
        demo, sent.command.id, by=dataclasses.replace(SAM, name=owner.name, post=Post(staff_id=owner.id)), **taking
    )
    assert view(demo.app, demo.shop, return_id=found.id).found.groups[0].disposition == "quarantine"


def test_what_was_not_answered_is_looked_at_again_by_who_settles_it(demo: TestShop, device: Device):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    sent = device.receive(found.id)
    assert send(demo, sent).verdict == Verdict.UNANSWERED
    assert not sides(demo.app, demo.shop, command_id=sent.command.id).can_take


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
    mine = [one.verdict for one in all_kept(demo, [sent for sent in receipts if sent.command.return_id == opened.id])]
    happened = int(bool(mine))
    with demo.app.database.read(demo.shop) as unit:
        found = return_store.get(unit, opened.id)
        legs = [leg for leg in settlement_store.legs_of(unit, opened.id) if leg.kind == "refund"]
    assert found is not None
    history = [entry.act for entry in found.history]
    assert history.count(Act.RECEIVED) == history.count(Act.DECIDED) == happened
    assert Counter(mine) == Counter([Verdict.TAKEN] * happened + [Verdict.ALREADY_RECEIVED] * (len(mine) - happened))
    assert [leg.state for leg in legs] == ["settled"] * happened
    assert refunded(demo, opened.order_id) == ("19.80" if happened else "0.00")


def _nothing_is_lost(demo: TestShop, devices: list[Device]) -> None:
    """Whatever was done on a device is told in a history, or waits until a person has settled it."""
    every = [sent for device in devices for sent in device.queue]
    waits = {one.id for one in waiting(demo.app, demo.shop)}
    for found in all_kept(demo, every):
        assert (found.state == "waiting") == (found.id in waits) == (found.verdict != Verdict.TAKEN)
        if found.id in waits:
            put_aside(demo, found.id)
    assert waiting(demo.app, demo.shop) == ()
    assert {found.state for found in all_kept(demo, every)} <= {"taken", "settled"}
