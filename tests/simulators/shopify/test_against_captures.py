"""The simulated shop says what a live one was captured saying: refusals word for word, statuses, costs."""

from typing import Any

import httpx
import pytest

from adapters.shopify.documents import documents
from tests.adapters.shopify.shops import placed
from tests.simulators.shopify import SimulatedShop, simulated_shop
from tests.simulators.shopify.books import Document


@pytest.fixture
def shop(tmp_path: Any):
    with simulated_shop(tmp_path) as shop:
        yield shop


class Asker:
    def __init__(self, shop: SimulatedShop) -> None:
        self._shop = shop
        self._token = shop.token()

    def said(self, query: str, variables: Document, operation: str = "") -> Document:
        answer = httpx.post(
            f"{self._shop.address}/admin/api/2026-10/graphql.json",
            json={"query": query, "variables": variables, "operationName": operation},
            headers={"X-Shopify-Access-Token": self._token},
            timeout=10,
        )
        return answer.json()

    def does(self, name: str, **variables: Any) -> Document:
        (payload,) = self.said(documents()[name].text, variables)["data"].values()
        return payload


@pytest.fixture
def ask(shop: SimulatedShop) -> Asker:
    return Asker(shop)


def line(shop: SimulatedShop, order: Document, quantity: int = 1, **changes: Any) -> Document:
    parcel = shop.books.read()["fulfillments"][order["fulfillments"][0]]
    found = f"gid://shopify/FulfillmentLineItem/{parcel['lines'][0]['id']}"
    reason = "gid://shopify/ReturnReasonDefinition/7"
    return {"fulfillmentLineItemId": found, "quantity": quantity, "returnReasonDefinitionId": reason, **changes}


def requested(ask: Asker, shop: SimulatedShop, order: Document, **changes: Any) -> Document:
    lines = [line(shop, order, **changes)]
    return ask.does("return_request", input={"orderId": f"gid://shopify/Order/{order['id']}", "returnLineItems": lines})


def created(ask: Asker, shop: SimulatedShop, order: Document, **changes: Any) -> Document:
    said = {"orderId": f"gid://shopify/Order/{order['id']}", "returnLineItems": [line(shop, order, **changes)]}
    return ask.does("return_create", returnInput=said)


def error(payload: Document) -> tuple[Any, ...]:
    (found,) = payload["userErrors"]
    return found["code"], found["field"], found["message"]


def test_a_request_waits_and_its_approval_expects_goods(ask: Asker, shop: SimulatedShop):
    made = requested(ask, shop, placed(shop))["return"]
    assert (made["name"], made["status"]) == ("#1001-R1", "REQUESTED")
    assert ask.does("return", id=made["id"])["reverseFulfillmentOrders"]["nodes"] == []
    ask.does("return_approve", input={"id": made["id"]})
    (goods,) = ask.does("return", id=made["id"])["reverseFulfillmentOrders"]["nodes"]
    assert (goods["status"], [one["totalQuantity"] for one in goods["lineItems"]["nodes"]]) == ("OPEN", [1])


def test_a_return_is_approved_and_declined_once(ask: Asker, shop: SimulatedShop):
    made = requested(ask, shop, placed(shop))["return"]["id"]
    ask.does("return_approve", input={"id": made})
    assert error(ask.does("return_approve", input={"id": made})) == (
        "INVALID_STATE",
        ["input", "id"],
        "Return is not approvable. Only returns with status REQUESTED can be approved.",
    )
    decline = {"id": made, "declineReason": "OTHER"}
    assert error(ask.does("return_decline", input=decline))[2] == (
        "Return is not declinable. Only non-refunded returns with status REQUESTED can be declined."
    )


def test_what_is_declined_is_declined(ask: Asker, shop: SimulatedShop):
    decline = {"id": requested(ask, shop, placed(shop))["return"]["id"], "declineReason": "OTHER"}
    ask.does("return_decline", input=decline)
    assert error(ask.does("return_decline", input=decline))[2] == "The return is already declined."


def test_closing_twice_changes_nothing_and_a_wrong_state_is_refused(ask: Asker, shop: SimulatedShop):
    order = placed(shop)
    made = created(ask, shop, order)["return"]["id"]
    assert [ask.does("return_close", id=made)["userErrors"] for _ in range(2)] == [[], []]
    waiting = requested(ask, shop, order)["return"]["id"]
    assert error(ask.does("return_close", id=waiting)) == ("INVALID_STATE", ["id"], "Return status is invalid.")


def test_what_is_not_there_is_not_found(ask: Asker, shop: SimulatedShop):
    missing = ask.does("return_close", id="gid://shopify/Return/1")
    assert error(missing) == ("NOT_FOUND", ["id"], "Return not found.")


def test_units_that_wait_in_a_return_are_not_there_for_another(ask: Asker, shop: SimulatedShop):
    order = placed(shop)
    requested(ask, shop, order, quantity=2)
    code, field, message = error(requested(ask, shop, order))
    assert (code, field[1:], message) == (
        "INVALID", ["returnLineItems", "0", "quantity"], "Return line item has an invalid quantity.",
    )  # fmt: skip


def test_without_a_reason_the_two_mutations_say_different_things(ask: Asker, shop: SimulatedShop):
    order = placed(shop)
    assert error(created(ask, shop, order, returnReasonDefinitionId=None))[0] == "NOT_FOUND"
    assert error(requested(ask, shop, order, returnReasonDefinitionId=None)) == (
        "BLANK", ["input", "returnLineItems", "0", "returnReason"], "Return reason can't be blank",
    )  # fmt: skip


def test_a_processed_return_stays_open_and_cannot_be_cancelled(ask: Asker, shop: SimulatedShop):
    made = created(ask, shop, placed(shop))["return"]["id"]
    (found,) = ask.does("return", id=made)["returnLineItems"]["nodes"]
    done = ask.does("return_process", input={"returnId": made, "returnLineItems": [{"id": found["id"], "quantity": 1}]})
    assert done["return"]["status"] == "OPEN"
    assert error(ask.does("return_cancel", id=made))[2] == "Return is not cancelable."


def test_a_refund_above_the_payment_is_refused_in_shopifys_words(ask: Asker, shop: SimulatedShop):
    order = placed(shop)
    paid = order["transactions"][0]
    entry = {
        "orderId": f"gid://shopify/Order/{order['id']}", "parentId": f"gid://shopify/OrderTransaction/{paid['id']}",
        "amount": "100.00", "gateway": "bogus", "kind": "REFUND",
    }  # fmt: skip
    refused = ask.does("refund_create", input={"orderId": entry["orderId"], "transactions": [entry]}, key="k")
    (said,) = refused["userErrors"]
    assert said["field"] is None
    assert said["message"] == f"Refund amount $100.00 is greater than net payment received ${paid['amount']}"


def test_a_refund_without_its_key_is_refused_beside_the_data(ask: Asker, shop: SimulatedShop):
    query = "mutation A($i: RefundInput!) { refundCreate(input: $i) { userErrors { message } } }"
    found = ask.said(query, {"i": {"orderId": "gid://shopify/Order/1"}})
    (said,) = found["errors"]
    assert said["extensions"]["code"] == "BAD_REQUEST"
    assert said["message"] == "The @idempotent directive is required for this mutation but was not provided."


def test_an_id_of_another_kind_is_an_error_beside_the_data(ask: Asker):
    (said,) = ask.said(documents()["order"].text, {"id": "gid://shopify/Product/1"})["errors"]
    assert (said["message"], said["extensions"]["code"]) == (
        "Invalid id: gid://shopify/Product/1",
        "RESOURCE_NOT_FOUND",
    )


def test_an_input_that_the_schema_does_not_know_is_refused(ask: Asker):
    (said,) = ask.said(documents()["return_request"].text, {"input": {"colour": "red"}})["errors"]
    assert said["extensions"]["code"] == "INVALID_VARIABLE"


def test_points_are_used_up_and_come_back(ask: Asker, shop: SimulatedShop):
    with shop.books.change() as state:
        state["bucket"].update(available=0.0, rate=0.0, at=9e9)
    found = ask.said(documents()["locations"].text, {})
    assert found["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert found["extensions"]["cost"]["actualQueryCost"] is None


def test_every_document_fits_into_one_question(shop: SimulatedShop):
    from graphql import parse

    from tests.simulators.shopify import admin, limits

    known = admin.admin().schema
    costs = {name: limits.cost_of(known, parse(one.text)) for name, one in documents().items()}
    assert {name: cost for name, cost in costs.items() if cost > limits.MOST} == {}


def test_order_status_follows_its_most_urgent_return(ask: Asker, shop: SimulatedShop):
    order = placed(shop)

    def status() -> str:
        return str(ask.does("order", id=f"gid://shopify/Order/{order['id']}")["returnStatus"])

    assert status() == "NO_RETURN"
    opened = created(ask, shop, order)["return"]["id"]
    requested(ask, shop, order)
    assert status() == "RETURN_REQUESTED"
    ask.does("return_close", id=opened)
    assert status() == "RETURN_REQUESTED"
