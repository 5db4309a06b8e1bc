"""What words of the rules are called on pages, one table a vocabulary; a word that is missing is shown as it is."""

from collections.abc import Mapping

from connector.services.follow_return import STATUS_WORDS
from connector.web.counter_wording import (
    APPROVALS,
    BATCH_ACTS,
    BATCH_STATES,
    DEVICE_ACTS,
    DEVICE_STATES,
    GOODS_STATES,
    MATCHES,
    PILES,
)
from connector.web.words import Words
from domain.disposition import GRADES

TONES: Words = {
    "requested": "warn",
    "awaiting": "info",
    "in_transit": "info",
    "received": "info",
    "incomplete": "warn",
    "to_pay": "warn",
    "settling": "info",
    "needs_a_person": "bad",
    "done": "good",
    "declined": "bad",
    "due": "info",
    "sending": "info",
    "settled": "good",
    "unknown": "warn",
    "failed": "bad",
    "by_hand": "warn",
    "packing": "info",
    "shipped": "info",
    "different": "bad",
}
"""The colour of a status or of a leg's state; none for what is over."""

REASONS: Words = {
    "size_too_small": "Too small",
    "size_too_large": "Too large",
    "color": "Another colour expected",
    "style": "Not their style",
    "changed_mind": "Changed their mind",
    "defective": "Does not work",
    "damaged": "Arrived damaged",
    "wrong_item": "Not what was ordered",
    "not_as_described": "Not as described",
    "missing_parts": "Parts are missing",
    "late": "Came too late",
    "recall": "Recalled",
    "other": "Something else",
    "unstated": "No reason given",
}

RESOLUTIONS: Words = {"refund": "Refund", "store_credit": "Store credit", "exchange": "Exchange"}

INSTEAD: Words = {"refund": "the money back", "store_credit": "store credit"}
"""What is given instead of an exchange, within a sentence."""

METHODS: Words = {
    "mail": "By parcel",
    "drop_off": "At a drop-off point",
    "store": "Brought to a store",
    "keep": "Kept by the shopper",
}

FEES: Words = {
    "restocking": "Restocking fee",
    "return_fee": "Return fee",
    "diminished": "Loss of value",
    "promotion": "Discount no longer earned",
}

PAYMENTS: Words = {
    "card": "Card",
    "gift_card": "Gift card",
    "store_credit": "Store credit",
    "cash": "Cash",
    "manual": "Paid by hand",
    "wallet": "Wallet",
    "exchange": "Value of an earlier exchange",
}

RECEPTIONS: Words = {
    "awaiting": "Not here yet",
    "in_transit": "On its way",
    "received": "Arrived",
    "missing": "Missing",
    "wrong_item": "Wrong item",
    "kept": "Stays with the shopper",
    "expired": "Never sent",
    "cancelled": "Cancelled",
}

ACCEPTANCES: Words = {
    "pending": "Not decided",
    "accepted": "Accepted",
    "rejected": "Not accepted",
    "needs_person": "Waits for a decision",
}

SETTLEMENTS: Words = {
    "none": "Nothing given yet",
    "due": "Payment is next",
    "unpaid": "Waits for the shopper’s payment",
    "sending": "Being paid",
    "settled": "Settled",
    "unknown": "Payment not certain",
    "failed": "Payment failed",
}

LEGS: Words = {
    "refund": "Refund",
    "store_credit": "Store credit",
    "bonus": "Bonus on store credit",
    "collect": "To be paid by the shopper",
    "exchange": "Replacement",
    "restock": "Back on the shelf",
    "unshelve": "Taken off sale",
    "reserve": "Kept for the exchange",
    "release": "Not kept any more",
}

LEG_STATES: Words = {
    "due": "Next in line",
    "sending": "Being carried out",
    "settled": "Done",
    "unknown": "Not certain",
    "failed": "Failed",
    "by_hand": "To be done by a person",
    "awaited": "Not paid yet",
    "held": "Waits for the payment",
    "lapsed": "Not done any more",
}

DESTINATIONS: Words = {
    "shelf": "back on sale",
    "outlet": "to the outlet",
    "refurbish": "to be repaired",
    "recycle": "to be recycled",
    "quarantine": "to quarantine",
    "donate": "to be donated",
    "repack": "to be packed anew",
    "return_to_vendor": "back to the vendor",
    "destroy": "to be destroyed",
}

ACTS: Words = {
    "opened": "Return opened",
    "approved": "Approved",
    "declined": "Declined",
    "received": "Item taken in",
    "refused": "Item not accepted",
    "missing": "Item is missing",
    "empty_box": "The box is empty",
    "wrong_item": "A wrong item came",
    "decided": "Settlement decided",
    "paid": "Carried out",
    "paid_by_hand": "Paid by hand",
    "failed": "Could not be carried out",
    "uncertain": "Not certain whether it was carried out",
    "retried": "Sent again",
    "labelled": "Label given",
    "shipped": "Sent",
    "cancelled": "Cancelled",
    "expired": "Ended: not sent in time",
    "reopened": "Taken up again",
    "reminded": "Reminded on the return’s page",
    "collected": "Balance taken",
    "sold_out": "Sold out: no exchange",
    "lapsed": "The balance was not paid",
    "sending": "Handed to the shop’s system",
    "wish_changed": "Wants something else",
    "placed": "Put elsewhere",
    "mailed": "Receipt sent by mail",
    "agreed": "A manager agreed",
    "noted": "Noted",
    "photographed": "Photo taken",
}

ACTORS: Words = {"shopper": "the shopper", "system": "Backhaul"}

LIFE_ACTS: Words = {
    "approve": "approve it",
    "decline": "decline it",
    "ship": "mark it as sent",
    "cancel": "cancel it",
    "expire": "let it end",
    "reopen": "take it up again",
}
"""What may be done to a whole return, to complete "You can …"."""

OUTCOMES: Words = {
    "received": "Arrived",
    "missing": "Missing",
    "empty_box": "Empty box",
    "wrong_item": "Wrong item",
    "rejected": "Arrived, not accepted",
    "still": "Not here yet",
}

VERDICTS: Words = {"accepted": "Accepted", "refused": "Refused", "review": "A person decides"}

SETTINGS: Words = {
    "returnable": "may come back",
    "days": "days",
    "approval": "approval",
    "resolutions": "offers",
    "restocking_percent": "restocking fee in percent",
    "return_fee": "return fee",
    "bonus_percent": "bonus in percent",
    "keep_item": "shopper keeps the item",
    "evidence": "evidence",
    "destination": "destination",
    "label": "who pays the label",
    "say": "text",
}

ROLE_NAMES: Words = {"owner": "Owner", "manager": "Manager", "staff": "Staff"}

AUDITED: Words = {
    "signed_in": "Signed in",
    "sign_in_failed": "Sign-in failed",
    "signed_out": "Signed out",
    "session_ended": "Session ended",
    "password_set": "Password set",
    "link_made": "Link made",
    "person_added": "Person added",
    "role_changed": "Role changed",
    "person_renamed": "Name changed",
    "person_disabled": "Let in no more",
    "person_enabled": "Let in again",
    "policy_changed": "Policy changed",
    "origin_allowed": "Storefront allowed",
    "origin_forbidden": "Storefront removed",
    "details_changed": "Words of the shop changed",
    "store_ways_changed": "How the store is used was changed",
    "overridden": "Decided by hand",
    "approved": "Approved at the counter",
    "location_added": "Location added",
    "location_changed": "Location changed",
    "location_closed": "Location closed",
    "location_opened": "Location opened again",
    "device_added": "Counter device set up",
    "device_removed": "Counter device taken off",
    "training_begun": "Training began on a device",
    "training_ended": "Training ended on a device",
    "shift_begun": "Shift began",
    "shift_locked": "Counter locked",
    "pin_wrong": "Wrong PIN",
    "pin_set": "PIN set",
    "pin_lent": "PIN reset by a manager",
    "exported": "Exported",
    "token_made": "Token made",
    "token_revoked": "Token revoked",
    "endpoint_added": "Address added that is told of returns",
    "endpoint_removed": "Address removed that was told of returns",
    "secret_replaced": "Secret of an address replaced",
    "job_retried": "Job begun anew",
    "job_cancelled": "Job cancelled",
    "checkup_asked": "Books looked over",
    "app_installed": "App installed at Shopify",
    "app_removed": "App taken off at Shopify",
    "person_forgotten": "A customer was forgotten",
    "person_asked": "A customer asked what is kept of them",
    "delivery_replayed": "Delivery read anew",
    "message_replayed": "Message sent anew",
}
"""What stands in the audit log."""

TOPICS: Words = {
    "start_return": "Opening a return",
    "start_exchange": "A swap",
    "return_status": "How a return is doing",
    "check_policy": "The rules",
    "order_status": "Where an order is",
    "cancel_return": "Cancelling a return",
    "cancel_order": "Cancelling an order",
    "label_problem": "A label",
    "recall_question": "A recall",
    "store_credit": "Store credit",
    "where_to_return": "Where to return",
    "out_of_scope": "Something else than a return",
    "other": "Something else",
}
"""What a shopper asked a person about."""

ERRORS: Words = {
    "400": "That could not be read",
    "401": "Please sign in",
    "403": "Nothing was done",
    "404": "There is nothing here",
    "405": "Not possible here",
    "408": "That took too long",
    "409": "Not possible any more",
    "413": "That is too large",
    "415": "Not that kind",
    "422": "Something is not right yet",
    "429": "A little too fast",
    "500": "Something went wrong on our side",
    "502": "The shop’s system said no",
    "503": "The shop is slow right now",
}

JOBS: Words = {
    "settle": "Give back what a return is worth",
    "reread_order": "Read an order anew",
    "reread_native": "Read the order of a return at Shopify anew",
    "tell_program": "Tell a program",
    "watch_unsent": "End returns that were not sent in time",
    "watch_unpaid": "Look after exchanges that are not paid",
    "watch_store": "Look after the connection to the store",
    "surface_stuck": "Find payments that are stuck",
    "doctor": "Look over the books",
    "mail_receipt": "Mail a receipt",
    "keep_prices": "Keep what a product costs",
    "forget_old": "Forget what is old",
    "mirror_return": "Show a return in the shop’s own admin",
    "watch_app": "Look after the shop at Shopify",
    "check_app": "Ask whether the app is installed",
    "export_person": "Make the file of what is kept of a customer",
    "forget_person": "Forget a customer",
    "forget_shop": "Erase the shop",
}
"""Every job in words for owners."""

PRIVACY: Words = {"export": "A file for customer", "erasure": "Forgotten: customer"}
"""What a customer asked, before their number."""

WORDS: Mapping[str, Words] = {
    "job": JOBS,
    "privacy": PRIVACY,
    "status": STATUS_WORDS,
    "tone": TONES,
    "reason": REASONS,
    "resolution": RESOLUTIONS,
    "instead": INSTEAD,
    "method": METHODS,
    "fee": FEES,
    "payment": PAYMENTS,
    "reception": RECEPTIONS,
    "acceptance": ACCEPTANCES,
    "settlement": SETTLEMENTS,
    "leg": LEGS,
    "leg_state": LEG_STATES,
    "grade": GRADES,
    "destination": DESTINATIONS,
    "act": ACTS,
    "pile": PILES,
    "goods": GOODS_STATES,
    "batch": BATCH_STATES,
    "batch_act": BATCH_ACTS,
    "actor": ACTORS,
    "life_act": LIFE_ACTS,
    "device_act": DEVICE_ACTS,
    "device_state": DEVICE_STATES,
    "outcome": OUTCOMES,
    "match": MATCHES,
    "verdict": VERDICTS,
    "setting": SETTINGS,
    "topic": TOPICS,
    "approval": APPROVALS,
    "role": ROLE_NAMES,
    "audited": AUDITED,
    "error": ERRORS,
}
"""Every vocabulary by its name."""


def word(key: object, vocabulary: str) -> str:
    """What a word of a vocabulary is called."""
    text = "" if key is None else str(key)
    spoken = "" if vocabulary == "tone" else text.replace("_", " ").capitalize()
    return WORDS[vocabulary].get(text, spoken)
