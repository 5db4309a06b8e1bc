"""The Admin API: the real schema executed over the shop's books."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLResolveInfo, execute_sync, get_named_type, parse, validate
from graphql.execution.values import get_variable_values

from tests.simulators.shopify import editing, limits, returns, searching, settling, telling, views
from tests.simulators.shopify.books import Books, Document, Refused, TopLevel, gid, tail
from tests.simulators.shopify.schema import Admin, cut_admin, whole_admin

Answer = dict[str, Any]


def admin() -> Admin:
    """The whole schema where it is to be had."""
    return whole_admin() or cut_admin()


def answer(books: Books, asked: Mapping[str, Any]) -> Answer:
    """The answer to a request that bears a good token; a mutation is written whole or not at all."""
    variables = asked.get("variables") or {}
    try:
        document = parse(asked["query"])
    except GraphQLError as error:
        return _failed(error.message, code="BAD_REQUEST")
    known = admin()
    errors = validate(known.schema, document)
    if errors:
        return {"errors": [{"message": error.message} for error in errors]}
    wrong = get_variable_values(known.schema, limits.operation_of(document).variable_definitions or (), variables)
    if isinstance(wrong, list):
        return _failed(wrong[0].message, code="INVALID_VARIABLE")
    return _costed(books, known, document, variables)


def _costed(books: Books, known: Admin, document: DocumentNode, variables: Mapping[str, Any]) -> Answer:
    cost = limits.cost_of(known.schema, document)
    with books.change() as state:
        try:
            limits.check_scopes(known, document, state["scopes"])
            key = limits.check_key(document, variables)
            limits.spend(state, cost)
        except TopLevel as error:
            actual = None if error.code == "THROTTLED" else 0
            return {**_failed(str(error), code=error.code), "extensions": limits.told(state, cost, actual=actual)}
    found = _executed(books, known, document, variables, key=key)
    with books.change() as state:
        return {**found, "extensions": limits.settle(state, cost, found.get("data"))}


def _executed(
    books: Books, known: Admin, document: DocumentNode, variables: Mapping[str, Any], *, key: str | None
) -> Answer:
    if limits.operation_of(document).operation.value == "query":
        return _shown(known, document, variables, root=reads(books.read()))
    try:
        with books.change() as state:
            before = telling.seen(state)
            found = _shown(known, document, variables, root=writes(state, key))
            if "errors" in found or _is_refused(found):
                raise _Undone(found)
            for root in found["data"]:
                telling.note(state, root, before)
            return found
    except _Undone as undone:
        return undone.answer


class _Undone(Exception):
    """A mutation that was refused has written nothing."""

    def __init__(self, found: Answer) -> None:
        super().__init__("undone")
        self.answer = found


def _is_refused(found: Answer) -> bool:
    return any(payload and payload.get("userErrors") for payload in (found.get("data") or {}).values())


def _shown(known: Admin, document: DocumentNode, variables: Mapping[str, Any], *, root: Document) -> Answer:
    found = execute_sync(
        known.schema, document, root_value=root, variable_values=dict(variables), field_resolver=_resolve
    )
    if found.errors:
        first = found.errors[0]
        code = getattr(first.original_error, "code", "INTERNAL_SERVER_ERROR")
        return {**_failed(first.message, code=code), "data": found.data}
    return {"data": found.data}


def _resolve(source: Any, info: GraphQLResolveInfo, **asked: Any) -> Any:
    """A field of a document; a list where the schema has a connection is paged."""
    if info.field_name not in source:
        raise TopLevel(f"The simulated shop does not know {info.parent_type.name}.{info.field_name}.", code="UNKNOWN")
    found = source[info.field_name]
    is_connection = get_named_type(info.return_type).name.endswith("Connection")
    if is_connection:
        listed = found(**asked) if callable(found) else found
        return _page(listed, asked)
    return found(**asked) if callable(found) else found


def _page(listed: list[Any], asked: Document) -> Document:
    start = int(asked.get("after") or 0)
    shown = listed[start : start + (asked.get("first") or len(listed))]
    end = start + len(shown)
    page = {"hasNextPage": end < len(listed), "endCursor": str(end) if shown else None}
    return {"nodes": shown, "pageInfo": page}


def _failed(message: str, *, code: str) -> Answer:
    return {"errors": [{"message": message, "extensions": {"code": code}}], "data": None}


def _by_id(kind: str, view: Callable[[Document, str], Any], state: Document) -> Callable[..., Any]:
    """A gid of another kind is an error beside the data [C]; one that is not there is null."""

    def found(**asked: Any) -> Any:
        written = str(asked["id"])
        if not written.startswith(f"gid://shopify/{kind}/"):
            raise TopLevel(f"Invalid id: {written}", code="RESOURCE_NOT_FOUND")
        return view(state, tail(written))

    return found


def reads(state: Document) -> Document:
    shop = state["shop"]
    return {
        "order": _by_id("Order", views.order, state),
        "orders": lambda **asked: [views.order(state, one) for one in searching.orders(state, asked)],
        "fulfillment": _by_id("Fulfillment", views.fulfillment, state),
        "refund": _by_id("Refund", views.refund, state),
        "return": _by_id("Return", views.native, state),
        "reverseFulfillmentOrder": _by_id("ReverseFulfillmentOrder", views.rfo, state),
        "returnableFulfillments": lambda **asked: views.returnable(state, asked["orderId"]),
        "returnReasonDefinitions": lambda **_: views.reasons(state),
        "product": _by_id("Product", views.product, state),
        "productVariant": _by_id("ProductVariant", views.variant, state),
        "customer": _by_id("Customer", views.customer, state),
        "locations": lambda **_: [_location(name, one) for name, one in state["locations"].items()],
        "storeCreditConfiguration": {"storeCreditEnabled": state["store_credit"]},
        "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in state["scopes"]]},
        "shop": {
            "id": gid("Shop", "1"),
            "name": shop["name"],
            "myshopifyDomain": shop["domain"],
            "currencyCode": shop["currency"],
            "taxesIncluded": shop["taxes_included"],
            "ianaTimezone": "America/New_York",
            "contactEmail": "owner@example.com",
        },
    }


def _location(name: str, found: Document) -> Document:
    return {
        "id": gid("Location", name),
        "name": found["name"],
        "isActive": found["active"],
        "fulfillsOnlineOrders": found["active"],
        "shipsInventory": found["active"],
    }


def writes(state: Document, key: str | None) -> Document:
    def native(act: Callable[[], Document]) -> Document:
        return _payload("return", lambda: views.native(state, act()["id"]))

    return {
        "returnRequest": lambda input: native(lambda: returns.request(state, input)),  # noqa: A006  Shopify's name
        "returnCreate": lambda returnInput: native(lambda: returns.create(state, returnInput)),  # noqa: N803
        "returnApproveRequest": lambda input: native(lambda: returns.approve(state, input)),  # noqa: A006
        "returnDeclineRequest": lambda input: native(lambda: returns.decline(state, input)),  # noqa: A006
        "returnCancel": lambda id, **_: native(lambda: returns.cancel(state, id)),  # noqa: A006
        "returnClose": lambda id: native(lambda: returns.close(state, id)),  # noqa: A006
        "returnReopen": lambda id: native(lambda: returns.reopen(state, id)),  # noqa: A006
        "returnProcess": lambda input: native(lambda: settling.process(state, input)),  # noqa: A006
        "removeFromReturn": lambda **asked: native(lambda: _removed(state, asked)),
        "refundCreate": lambda input: _refunded(state, input, key=key),  # noqa: A006
        "storeCreditAccountCredit": lambda **asked: _payload(
            "storeCreditAccountTransaction", lambda: _credited(state, asked)
        ),
        "reverseFulfillmentOrderDispose": lambda dispositionInputs: _payload(  # noqa: N803
            "reverseFulfillmentOrderLineItems",
            lambda: [views.rfo_line(state, one) for one in settling.dispose(state, dispositionInputs)],
        ),
        "reverseDeliveryCreateWithShipping": lambda **asked: _payload(
            "reverseDelivery", lambda: views.delivery(state, settling.send_parcel(state, asked))
        ),
        "reverseDeliveryShippingUpdate": lambda **asked: _payload(
            "reverseDelivery", lambda: views.delivery(state, settling.renumber_parcel(state, asked))
        ),
        "orderEditBegin": lambda id: _payload(  # noqa: A006
            "calculatedOrder", lambda: views.edited(state, editing.begin(state, id))
        ),
        "orderEditSetQuantity": lambda id, lineItemId, quantity, **_: _payload(  # noqa: A006, N803
            "calculatedOrder",
            lambda: views.edited(state, editing.set_quantity(state, id, lineItemId, quantity=quantity)),
        ),
        "orderEditCommit": lambda id, **_: _payload(  # noqa: A006
            "order", lambda: views.order(state, editing.commit(state, id)["id"])
        ),
        "orderInvoiceSend": lambda id, **_: _payload(  # noqa: A006
            "order", lambda: views.order(state, settling.invoice(state, id)["id"])
        ),
    }


def _payload(name: str, act: Callable[[], Any]) -> Document:
    try:
        return {name: act(), "userErrors": []}
    except Refused as refused:
        return {name: None, "userErrors": [refused.error]}


def _removed(state: Document, asked: Document) -> Document:
    lines, exchanged = asked.get("returnLineItems") or [], asked.get("exchangeLineItems") or []
    return returns.remove(state, asked["returnId"], lines, exchanged)


def _credited(state: Document, asked: Document) -> Document:
    entry = settling.credit(state, asked["id"], asked["creditInput"])
    return {"id": gid("StoreCreditAccountCreditTransaction", entry["id"]), "createdAt": entry["at"]}


def _refunded(state: Document, asked: Document, *, key: str | None) -> Document:
    """The same key again answers with what was made the first time, with other words it is refused [D]."""
    known = state["keys"].get(key)
    said = {name: value for name, value in asked.items() if value is not None}
    if known is not None and known["said"] != said:
        raise TopLevel("The key was used for another request.", code="IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
    if known is not None:
        return {"refund": views.refund(state, known["refund"]), "userErrors": []}

    def made() -> Any:
        refund = settling.refund(state, asked)
        state["keys"][key] = {"said": said, "refund": refund["id"]}
        return views.refund(state, refund["id"])

    return _payload("refund", made)
