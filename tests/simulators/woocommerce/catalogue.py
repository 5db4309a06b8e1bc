"""Products, stock, coupons and webhooks as WooCommerce keeps them."""

from tests.recordings import body_of
from tests.simulators.woocommerce.answer import Answer, Refused, money, now, times
from tests.simulators.woocommerce.books import Document, decimals, new_id

TOPICS = {
    f"{thing}.{event}"
    for thing in ("order", "product", "coupon", "customer")
    for event in ("created", "updated", "deleted")
}
VIA_PARENT = (
    "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint."
)


def product(state: Document, product_id: str) -> Document:
    """A product; a variation is shown under its own id too, but not changed there (fact 18)."""
    if product_id in state["products"]:
        return state["products"][product_id]
    for kinds in state["variations"].values():
        if product_id in kinds:
            as_product = body_of("woocommerce", "products-get-variation-as-product")
            return {name: kinds[product_id].get(name, value) for name, value in as_product.items()}
    raise Refused(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")


def variation(state: Document, product_id: str, variation_id: str) -> Document:
    found = state["variations"].get(product_id, {}).get(variation_id)
    if found is None:
        raise Refused(404, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")
    return found


def change_product(state: Document, product_id: str, body: Document) -> Document:
    if product_id not in state["products"] and any(product_id in kinds for kinds in state["variations"].values()):
        raise Refused(404, "woocommerce_rest_invalid_product_id", VIA_PARENT)
    return _changed(state, product(state, product_id), body)


def change_variation(state: Document, product_id: str, variation_id: str, body: Document) -> Document:
    return _changed(state, variation(state, product_id, variation_id), body)


def _changed(state: Document, found: Document, body: Document) -> Document:
    """Stock is set, never added to; where it is not kept, what is sent is ignored in silence (fact 18)."""
    if "stock_quantity" in body and found["manage_stock"]:
        found["stock_quantity"] = body["stock_quantity"]
        found["stock_status"] = "instock" if body["stock_quantity"] > 0 else "outofstock"
    kept = {entry["key"]: entry for entry in found["meta_data"]}
    kept |= {entry["key"]: {"id": new_id(state), **entry} for entry in body.get("meta_data", [])}
    found["meta_data"] = list(kept.values())
    return found


def coupons(state: Document, query: dict[str, str]) -> list[Document]:
    """Fact 19: codes are lower-cased, whoever asks."""
    wanted = query.get("code", "").lower()
    return [coupon for coupon in state["coupons"].values() if wanted in ("", coupon["code"])]


def create_coupon(state: Document, body: Document) -> Answer:
    code = body["code"].lower()
    if any(coupon["code"] == code for coupon in state["coupons"].values()):
        raise Refused(400, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")
    made = {**body_of("woocommerce", "coupons-create-store-credit"), "id": new_id(state), "code": code}
    made |= times("date_created", now()) | {"date_expires": None, "date_expires_gmt": None}
    given = {name: body[name] for name in made if name in body and name not in ("id", "code", "meta_data", "_links")}
    made |= given | {"amount": money(body["amount"], decimals(state))}
    made["meta_data"] = [{"id": new_id(state), **entry} for entry in body.get("meta_data", [])]
    state["coupons"][str(made["id"])] = made
    return Answer(made, status=201)


def change_coupon(state: Document, coupon_id: str, body: Document) -> Document:
    if coupon_id not in state["coupons"]:
        raise Refused(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
    found: Document = state["coupons"][coupon_id]
    if "amount" in body:
        found["amount"] = money(body["amount"], decimals(state))
    return found


def use_coupon(state: Document, order_id: str, code: str, *, discount: str, tax: str = "0.00") -> None:
    """A shopper uses a coupon in an order; it is used up by that, whatever is left of it (fact 19)."""
    (coupon,) = [one for one in state["coupons"].values() if one["code"] == code.lower()]
    coupon["usage_count"] = 1
    line = {"id": new_id(state), "code": coupon["code"], "discount": discount, "discount_tax": tax, "meta_data": []}
    state["orders"][order_id]["coupon_lines"] = [line]
    state["orders"][order_id] |= times("date_modified", now())


def create_webhook(state: Document, body: Document) -> Answer:
    """The secret is never shown again, and one that is left out nobody knows (fact 27)."""
    topic = body.get("topic", "")
    if topic not in TOPICS and not topic.startswith("action."):
        message = "Webhook topic is required and must be valid."
        raise Refused(400, "woocommerce_rest_shop_webhook_invalid_topic", message)
    made = {**body_of("woocommerce", "webhooks-create-order.updated"), "id": new_id(state)}
    resource, _, event = topic.partition(".")
    made |= {"topic": topic, "resource": resource, "event": event, "status": "active"}
    made |= {name: body[name] for name in ("name", "delivery_url", "status") if name in body}
    state["webhooks"][str(made["id"])] = {"shown": made, "secret": body.get("secret", "nobody-knows")}
    return Answer(made, status=201)


def webhook(state: Document, webhook_id: str) -> Document:
    if webhook_id not in state["webhooks"]:
        raise Refused(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
    shown: Document = state["webhooks"][webhook_id]["shown"]
    return shown


def change_webhook(state: Document, webhook_id: str, body: Document) -> Document:
    found = webhook(state, webhook_id)
    found |= {name: body[name] for name in ("status", "delivery_url", "name") if name in body}
    if "secret" in body:
        state["webhooks"][webhook_id]["secret"] = body["secret"]
    return found


def delete_webhook(state: Document, webhook_id: str, *, force: bool) -> Document:
    found = webhook(state, webhook_id)
    if not force:
        raise Refused(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
    del state["webhooks"][webhook_id]
    return found
