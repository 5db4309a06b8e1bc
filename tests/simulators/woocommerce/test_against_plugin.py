"""The simulated plugin answers as the real one does under a real WordPress, so that it cannot drift."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.errors import ChannelError
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.plugin_acts import SPACE
from tests.adapters.woocommerce.stores import client_of, placed
from tests.simulators.woocommerce import simulated_store
from tests.wordpress.goods import a_product, an_order
from tests.wordpress.site import Site

Document = dict[str, Any]
Ask = Callable[[StoreClient, Document], object]


def refund(changes: Document) -> Ask:
    def asked(client: StoreClient, things: Document) -> object:
        body = {"order_id": things["order"], "amount": "5.00", "reason": "r", "api_refund": True, **changes}
        return client.send("POST", f"{SPACE}/refunds/{things['key']}", body)

    return asked


def restock(client: StoreClient, things: Document) -> object:
    lines = [{"product_id": things["product"], "quantity": 1}]
    return client.send("POST", f"{SPACE}/restocks/{things['key']}", {"lines": lines})


def act(client: StoreClient, things: Document) -> object:
    return client.one(f"{SPACE}/acts/{things['key']}")


STORIES: dict[str, tuple[Ask, ...]] = {
    "status": (lambda client, _: client.one(f"{SPACE}/status"),),
    "a refund and again": (refund({}), refund({}), act),
    "by hand": (refund({"api_refund": False}), act),
    "too much, and tried anew": (refund({"amount": "999.00"}), act, refund({"amount": "999.00", "turn": 2})),
    "another under the same key": (refund({}), refund({"amount": "6.00"})),
    "a restock and again": (restock, restock, act),
    "nothing": (act,),
}


def shape(answer: object) -> object:
    """An answer without what is another each time: numbers of refunds, keys, times."""
    if isinstance(answer, dict):
        return {name: shape(value) for name, value in answer.items() if name not in ("id", "key", "shop")}
    is_time = isinstance(answer, str) and answer[:2] == "20" and "T" in answer
    return "a time" if is_time else answer


def told(client: StoreClient, story: tuple[Ask, ...], things: Document) -> list[object]:
    answers: list[object] = []
    for ask in story:
        try:
            answers.append(shape(ask(client, things)))
        except ChannelError as error:
            answers.append((type(error).__name__, error.message))
    return answers


@pytest.mark.parametrize("name", STORIES)
def test_it_answers_as_the_real_one(name: str, wordpress: Site, tmp_path: Path):
    key = f"RMA-{abs(hash((name, str(tmp_path))))}"
    real = {"order": an_order(wordpress), "product": a_product(wordpress), "key": key}
    with client_of(wordpress, key="ck_stub") as client:  # type: ignore[arg-type]
        expected = told(client, STORIES[name], real)
    with simulated_store(tmp_path, has_plugin=True) as store:
        simulated = {"order": placed(store)["id"], "product": 11, "key": key}
        with client_of(store) as client:
            assert told(client, STORIES[name], simulated) == expected
