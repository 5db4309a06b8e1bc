"""Programs are told everything that happens to returns from then on, once it is committed, until they take it."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.application import Undeliverable
from connector.services import tell_programs
from connector.services.errors import Conflict, InvalidInput
from connector.services.tell_programs import WAITS_SECONDS
from connector.storage import webhook_store
from connector.storage.errors import NotFound
from connector.storage.webhook_store import Message
from tests.connector.services.test_story import opened
from tests.shops import TestShop, a_shop
from webhooks.outgoing import headers as signed

URL = "https://erp.example.com/backhaul"


@dataclass
class Erp:
    """An endpoint that answers as it is told to, and remembers what it was sent."""

    status: int = 200
    reason: str = ""
    seen: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, /, *, headers: Mapping[str, str]) -> int:
        self.seen.append((url, body, headers))
        if self.reason:
            raise Undeliverable(self.reason)
        return self.status


@pytest.fixture
def erp() -> Erp:
    return Erp()


@pytest.fixture
def told(tmp_path: Path, erp: Erp) -> Iterator[TestShop]:
    with a_shop(tmp_path) as demo:
        yield dataclasses.replace(demo, app=replace(demo.app, post=erp))


def tell(demo: TestShop) -> None:
    while tell_programs.announce(demo.app):
        pass
    demo.work()


def message(demo: TestShop, found_id: str, line: int = 1) -> Message:
    with demo.app.database.read(demo.shop) as unit:
        found = webhook_store.message(unit, f"{found_id}.{line}", endpoint_n=1)
    assert found is not None
    return found


def test_what_happens_is_told_signed_and_once(told: TestShop, erp: Erp):
    shared = tell_programs.add(told.app, told.shop, url=URL)
    found = opened(told)
    tell(told)
    tell(told)
    ((url, body, headers),) = erp.seen
    assert url == URL
    assert headers == signed(f"{found.id}.1", body, at=told.clock.now, secrets=[shared.secret])
    document = json.loads(body)
    assert (document["type"], document["data"]["return_id"]) == ("return.opened", found.id)
    assert message(told, found.id).state == "delivered"


def test_what_happened_before_is_not_told_nor_anything_after_the_endpoint_is_removed(told: TestShop, erp: Erp):
    opened(told)
    told.clock.move(seconds=1)
    tell_programs.add(told.app, told.shop, url=URL)
    tell(told)
    tell_programs.remove(told.app, told.shop, n=1)
    opened(told, key="k2")
    tell(told)
    assert erp.seen == []
    with pytest.raises(NotFound):
        tell_programs.remove(told.app, told.shop, n=1)


def test_what_was_committed_late_is_told_too(told: TestShop, erp: Erp):
    tell_programs.add(told.app, told.shop, url=URL)
    told.clock.move(minutes=10)
    opened(told)
    tell(told)
    told.clock.move(minutes=-4)
    opened(told, key="late")
    tell(told)
    assert len(erp.seen) == 2


@pytest.mark.parametrize(("status", "reason"), [(500, ""), (302, ""), (404, ""), (0, "No answer: ConnectTimeout.")])
def test_what_is_not_taken_is_tried_for_three_days_and_then_given_up(told: TestShop, status: int, reason: str):
    refusing = Erp(status=status, reason=reason)
    demo = dataclasses.replace(told, app=replace(told.app, post=refusing))
    tell_programs.add(demo.app, demo.shop, url=URL)
    found = opened(demo)
    tell(demo)
    assert len(refusing.seen) == len(WAITS_SECONDS) + 1
    assert 3 <= sum(WAITS_SECONDS) / 86_400 < 3.25
    (aside,) = tell_programs.given_up(demo.app, demo.shop)
    assert (aside.id, aside.state, bool(aside.error)) == (f"{found.id}.1", "failed", True)


def test_what_was_given_up_is_replayed_once_for_each_asking(told: TestShop, erp: Erp):
    erp.status = 500
    tell_programs.add(told.app, told.shop, url=URL)
    found = opened(told)
    tell(told)
    erp.status, erp.seen = 204, []
    for _ in range(2):
        tell_programs.replay(told.app, told.shop, endpoint_n=1, message_id=f"{found.id}.1", key="again")
    told.work()
    assert (len(erp.seen), message(told, found.id).state) == (1, "delivered")
    with pytest.raises(Conflict):
        tell_programs.replay(told.app, told.shop, endpoint_n=1, message_id=f"{found.id}.1", key="more")


def test_who_is_gone_for_good_is_told_nothing_more(told: TestShop, erp: Erp):
    erp.status = 410
    tell_programs.add(told.app, told.shop, url=URL)
    opened(told)
    tell(told)
    assert len(erp.seen) == 1
    assert tell_programs.endpoints(told.app, told.shop) == ()


def test_a_secret_is_replaced_without_a_gap(told: TestShop, erp: Erp):
    first = tell_programs.add(told.app, told.shop, url=URL)
    second = tell_programs.rotate(told.app, told.shop, n=1)
    found = opened(told)
    tell(told)
    _, body, headers = erp.seen[0]
    both = signed(f"{found.id}.1", body, at=told.clock.now, secrets=[second.secret, first.secret])
    assert headers == both
    told.clock.move(hours=25)
    opened(told, key="k2")
    tell(told)
    assert " " not in erp.seen[1][2]["webhook-signature"]


def test_secrets_are_sealed(told: TestShop):
    shared = tell_programs.add(told.app, told.shop, url=URL)
    assert shared.secret.startswith("whsec_")
    assert shared.secret not in repr(tell_programs.endpoints(told.app, told.shop))


@pytest.mark.parametrize(
    "url",
    ["", "erp", "http://erp.example.com/", "https://", "https://a:b@erp.example.com/", "https://erp.example.com:x/",
     "https://é.example/", "https://erp.example.com/\n", "ftp://erp.example.com/", "https://e.example/" + "x" * 2000],
)  # fmt: skip
def test_an_address_that_cannot_be_called_is_refused(told: TestShop, url: str):
    with pytest.raises(InvalidInput):
        tell_programs.add(told.app, told.shop, url=url)


def test_what_arrived_is_forgotten_and_never_told_again(told: TestShop, erp: Erp):
    tell_programs.add(told.app, told.shop, url=URL)
    opened(told)
    tell(told)
    told.clock.move(days=31)
    tell_programs.forget_messages(told.app, told.shop)
    tell(told)
    assert len(erp.seen) == 1
