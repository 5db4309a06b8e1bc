"""What is called how at the counter and behind it, one table a vocabulary."""

from connector.web.words import Words

PILES: Words = {
    "shelf": "Back on sale",
    "outlet": "Outlet",
    "refurbish": "To be repaired",
    "return_to_vendor": "Back to the vendor",
    "recycle": "Recycling",
    "donate": "Donations",
    "destroy": "To be destroyed",
    "quarantine": "Quarantine",
    "repack": "To be packed anew",
}
"""What the heaps of a back room are called."""

GOODS_STATES: Words = {
    "here": "Here",
    "packed": "Packed",
    "travelling": "On its way",
    "missing": "Missing",
    "lost": "Given up",
}

BATCH_STATES: Words = {
    "packing": "Being packed",
    "shipped": "On its way",
    "different": "Something is missing",
    "received": "Arrived",
    "cancelled": "Given up",
}

BATCH_ACTS: Words = {
    "opened": "Opened",
    "packed": "Packed",
    "unpacked": "Taken out",
    "shipped": "Sent",
    "received": "Taken in",
    "found": "Turned up",
    "lost": "Given up as lost",
    "cancelled": "Given up",
}

DEVICE_ACTS: Words = {"receive": "Goods taken in", "note": "Note", "photo": "Photo"}

DEVICE_STATES: Words = {"taken": "Taken", "waiting": "Waits for you", "settled": "Settled"}
"""What became of what a device sent."""

MATCHES: Words = {
    "return": "Return",
    "order": "Order",
    "gift_receipt": "Gift receipt",
    "variant": "No receipt",
}
"""What a scan at the counter can lead to."""

APPROVALS: Words = {
    "refund": "More than you may give back by yourself",
    "place": "Goods go elsewhere than the policy says",
    "serial": "Another serial number than was sold",
    "review": "The rules leave this to a person",
    "without_receipt": "Goods that no receipt tells of",
}
"""What a manager is asked to approve."""
