"""The demo shop's returns policy, in the form of the quote contract."""

from collections.abc import Mapping

POLICY: Mapping[str, object] = {
    "days": 30,
    "timezone": "America/New_York",
    "methods": ["mail", "store"],
    "settle_on": "inspected",
    "store_credit_bonus_percent": "10",
    "return_fee": "4.50",
    "fees_waived_when": ["exchange", "store_credit"],
    "keep_item_below": "12.00",
    "without_receipt": {"cap": "150.00", "cap_days": 365, "price_days": 60},
    "inspections": [
        {
            "product_types": ["Shoes"],
            "questions": [
                {"id": "sole", "ask": "Are the soles clean?", "otherwise": "B"},
                {"id": "pair", "ask": "Are left and right the same size?", "otherwise": "D"},
            ],
        },
        {
            "product_types": ["Bags"],
            "photo": True,
            "questions": [{"id": "straps", "ask": "Do all straps and zips hold?", "otherwise": "C"}],
        },
    ],
    "placings": [
        {"id": "home-goods-are-packed-anew", "product_types": ["Home"], "grades": ["A"], "to": "repack"},
        {"id": "defects-go-back", "reasons": ["defective"], "grades": ["C", "D"], "to": "return_to_vendor"},
    ],
    "final_sale": {"field": "line.tags", "op": "contains", "value": "final-sale"},
    "rules": [
        {
            "id": "regulars-have-60-days",
            "when": {"field": "customer.tags", "op": "contains", "value": "regular"},
            "then": {"days": 60},
        },
        {
            "id": "a-person-looks-at-dear-returns",
            "when": {"field": "request.value", "op": "gte", "value": "300.00"},
            "then": {"approval": "review"},
        },
        {
            "id": "a-photo-of-what-is-broken",
            "when": {"field": "item.reason", "op": "in", "value": ["damaged", "defective"]},
            "then": {"evidence": ["photo"]},
        },
    ],
}
