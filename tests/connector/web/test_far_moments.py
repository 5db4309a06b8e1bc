"""A moment at the edge of the calendar is refused at every door that reads one from outside; none breaks on it."""

import base64
import io
import json
from pathlib import Path

import httpx
import pytest

from adapters.errors import Unreadable
from adapters.shopify.fields import moment
from connector.services.fill_shop import import_lines
from domain.errors import Malformed
from domain.orders import read_order
from tests.connector.services.devices import returned
from tests.connector.web.test_api import client_of
from tests.connector.web.test_letterbox import PLACE, connected, parcel
from tests.connector.web.test_offline_door import RECEIVE
from tests.parcel_platform import signed
from tests.shops import TestShop, order

__all__ = ["connected", "parcel"]

CASE = Path(__file__).parents[2] / "cases" / "three-for-ten-first.json"
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
]


def cursor(*said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode()


async def test_of_a_device(demo: TestShop, staff: httpx.AsyncClient, edge: str):
    found = returned(demo, "o7")
    sent = {**RECEIVE, "return_id": found.id, "made_at": edge}
    headers = {"Accept": "application/json"}
    answer = await staff.post("/shops/demo/counter/sent/commands", json=sent, headers=headers)
    assert (answer.status_code, answer.json()["at"]) == (422, "made_at")
    assert "is too far away" in answer.json()["detail"]


async def test_of_a_place_in_a_list(demo: TestShop, staff: httpx.AsyncClient, edge: str):
    after = cursor([edge, "R"], [edge, "o"])
    assert (await staff.get("/shops/demo/counter/sent/returns", params={"after": after})).status_code == 422
    assert (await staff.get("/shops/demo/dashboard/returns", params={"before": edge})).status_code == 200
    async with client_of(demo) as program:
        for kind in ("returns", "orders", "events"):
            answer = await program.get(f"/api/v1/shops/demo/{kind}", params={"cursor": cursor(edge, "x", 1)})
            assert (answer.status_code, answer.json()["at"]) == (422, "cursor")


async def test_of_a_case(browser: httpx.AsyncClient, edge: str):
    case = json.loads(CASE.read_text(encoding="utf-8"))["case"]
    for odd in ({**case, "now": edge}, {**case, "order": {**case["order"], "placed_at": edge}}):
        assert (await browser.post("/api/v1/quote", json=odd)).status_code == 422


async def test_of_an_import(demo: TestShop, edge: str):
    file = io.BytesIO(json.dumps({"kind": "order", **order(id="far", placed_at=edge)}).encode())
    file.name = "shop.jsonl"
    report = import_lines(demo.app, demo.shop, files=[file])
    assert (report.came_in, len(report.refused)) == ({}, 1)


async def test_of_a_delivery(connected: TestShop, parcel: httpx.AsyncClient, edge: str):
    body = json.dumps({"id": 1, "updated_at": edge, "date_modified_gmt": edge}).encode()
    assert (await parcel.post(PLACE, content=body, headers=signed(body))).status_code == 200


async def test_of_a_platform(edge: str):
    with pytest.raises(Unreadable):
        moment({"createdAt": edge}, "createdAt")
    with pytest.raises(Malformed):
        read_order(order(placed_at=edge))
