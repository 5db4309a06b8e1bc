"""Variables for every document, as the channel sends them."""

from typing import Any

ORDER = "gid://shopify/Order/1880"
RETURN = "gid://shopify/Return/7"
RETURN_LINE = "gid://shopify/ReturnLineItem/9"
LINE = "gid://shopify/FulfillmentLineItem/5"
DUE = {"amount": "5.00", "currencyCode": "USD"}
EDIT = "gid://shopify/CalculatedOrder/12"
CREDIT_ACCOUNT = "gid://shopify/StoreCreditAccount/3"

VARIABLES: dict[str, dict[str, Any]] = {
    "orders_by_name": {"query": 'name:"1880"', "after": None},
    "orders_of_customer": {"query": "customer_id:6"},
    "orders_changed": {"query": "updated_at:>='2026-11-01T00:00:00Z'", "after": None},
    "order": {"id": ORDER},
    "order_lines": {"id": ORDER, "after": None},
    "fulfillment": {"id": "gid://shopify/Fulfillment/2", "after": None},
    "refund": {"id": "gid://shopify/Refund/4"},
    "return": {"id": RETURN},
    "return_lines": {"id": RETURN, "after": "50"},
    "expected_lines": {"id": "gid://shopify/ReverseFulfillmentOrder/1", "after": "30"},
    "returns_of_order": {"id": ORDER},
    "returnable_fulfillments": {"orderId": ORDER, "after": None, "linesAfter": None},
    "return_reasons": {},
    "suggested_outcome": {
        "id": RETURN,
        "returnLineItems": [{"id": RETURN_LINE, "quantity": 1}],
        "exchangeLineItems": [],
        "refundShipping": {"shippingRefundAmount": DUE},
        "refundMethodAllocation": "STORE_CREDIT",
    },
    "product_variants": {"id": "gid://shopify/Product/1", "after": None},
    "variant": {"id": "gid://shopify/ProductVariant/1"},
    "locations": {},
    "installation": {},
    "app_scopes": {},
    "order_of_return": {"id": RETURN},
    "store_credit_of_customer": {"id": "gid://shopify/Customer/6"},
    "return_request": {
        "input": {
            "orderId": ORDER,
            "returnLineItems": [
                {
                    "fulfillmentLineItemId": LINE,
                    "quantity": 1,
                    "returnReasonDefinitionId": "gid://shopify/ReturnReasonDefinition/7",
                    "customerNote": "RMA-1",
                    "restockingFee": {"percentage": 10.0},
                }
            ],
            "returnShippingFee": {"amount": DUE},
        }
    },
    "return_approve": {"input": {"id": RETURN, "notifyCustomer": False}},
    "return_decline": {
        "input": {"id": RETURN, "declineReason": "OTHER", "declineNote": "Worn.", "notifyCustomer": False}
    },
    "return_create": {
        "returnInput": {
            "orderId": ORDER,
            "returnLineItems": [
                {
                    "fulfillmentLineItemId": LINE,
                    "quantity": 1,
                    "returnReasonDefinitionId": "gid://shopify/ReturnReasonDefinition/7",
                    "returnReasonNote": "RMA-1",
                }
            ],
            "exchangeLineItems": [
                {
                    "variantId": "gid://shopify/ProductVariant/1",
                    "quantity": 1,
                    "appliedDiscount": {"description": "Exchange", "value": {"amount": DUE}},
                }
            ],
        }
    },
    "return_cancel": {"id": RETURN},
    "return_close": {"id": RETURN},
    "return_reopen": {"id": RETURN},
    "return_process": {
        "input": {
            "returnId": RETURN,
            "returnLineItems": [
                {
                    "id": RETURN_LINE,
                    "quantity": 1,
                    "dispositions": [
                        {
                            "reverseFulfillmentOrderLineItemId": "gid://shopify/ReverseFulfillmentOrderLineItem/1",
                            "quantity": 1,
                            "dispositionType": "RESTOCKED",
                            "locationId": "gid://shopify/Location/1",
                        }
                    ],
                }
            ],
            "exchangeLineItems": [{"id": "gid://shopify/ExchangeLineItem/1", "quantity": 1}],
            "financialTransfer": {
                "issueRefund": {
                    "orderTransactions": [{"parentId": "gid://shopify/OrderTransaction/1", "transactionAmount": DUE}],
                    "refundMethods": [{"storeCreditRefund": {"amount": DUE, "expiresAt": None}}],
                    "allowOverRefunding": False,
                }
            },
            "refundShipping": {"shippingRefundAmount": DUE},
            "note": "Return RMA-1 (RMA-1-1-refund-1)",
            "notifyCustomer": False,
        }
    },
    "return_remove_lines": {
        "returnId": RETURN,
        "returnLineItems": [{"returnLineItemId": RETURN_LINE, "quantity": 1}],
        "exchangeLineItems": [{"exchangeLineItemId": "gid://shopify/ExchangeLineItem/1", "quantity": 1}],
    },
    "reverse_delivery_create": {
        "reverseFulfillmentOrderId": "gid://shopify/ReverseFulfillmentOrder/1",
        "trackingInput": {"number": "1Z999", "url": "https://carrier.example/1Z999"},
        "labelInput": {"fileUrl": "https://labels.example/1.pdf"},
    },
    "reverse_delivery_update": {
        "reverseDeliveryId": "gid://shopify/ReverseDelivery/1",
        "trackingInput": {"number": "1Z998"},
        "labelInput": None,
    },
    "dispose": {
        "dispositionInputs": [
            {
                "reverseFulfillmentOrderLineItemId": "gid://shopify/ReverseFulfillmentOrderLineItem/1",
                "quantity": 1,
                "dispositionType": "RESTOCKED",
                "locationId": "gid://shopify/Location/1",
            }
        ]
    },
    "refund_create": {
        "key": "5b0c0d6e-2f4f-5f7e-9a53-0b1c7b9f0a11",
        "input": {
            "orderId": ORDER,
            "currency": "USD",
            "note": "Return RMA-1 (RMA-1-1-refund-2)",
            "notify": False,
            "allowOverRefunding": False,
            "transactions": [
                {
                    "orderId": ORDER,
                    "parentId": "gid://shopify/OrderTransaction/1",
                    "amount": "5.00",
                    "gateway": "bogus",
                    "kind": "REFUND",
                }
            ],
        },
    },
    "store_credit_bonus": {"id": CREDIT_ACCOUNT, "creditInput": {"creditAmount": DUE, "notify": False}},
    "invoice_send": {"id": ORDER},
    "order_edit_begin": {"id": ORDER},
    "order_edit_quantity": {"id": EDIT, "lineItemId": "gid://shopify/CalculatedLineItem/8", "quantity": 0},
    "order_edit_commit": {"id": EDIT, "staffNote": "Return RMA-1 (RMA-1-1-collect)"},
}
