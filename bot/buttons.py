"""What stands on buttons, and words for codes, in English."""

from collections.abc import Mapping

from bot.replies import Translate

LABELS: Mapping[str, str] = {
    "menu:start_return": "Return something",
    "menu:start_exchange": "Swap something",
    "menu:return_status": "How is my return doing?",
    "menu:check_policy": "What are the rules?",
    "menu:order_status": "Where is my order?",
    "menu:cancel_return": "Cancel a return",
    "menu:cancel_order": "Cancel an order",
    "menu:label_problem": "Something about a label",
    "menu:recall_question": "Something about a recall",
    "menu:store_credit": "Something about store credit",
    "menu:where_to_return": "Where do I send it?",
    "menu:other_order": "Return from another order",
    "other_order": "Another order",
    "human": "Talk to a person",
    "back": "Go back",
    "start_over": "Start over",
    "done": "That is all",
    "confirm:yes": "Yes, open the return",
    "confirm:no": "No, change something",
    "cancel:yes": "Yes, cancel it",
    "cancel:no": "No, leave it",
    "kind:withdrawal": "Withdrawal from the purchase",
    "fallback:refund": "Refund",
    "fallback:store_credit": "Store credit",
    "resolution:refund": "Refund",
    "resolution:store_credit": "Store credit",
    "resolution:exchange": "Another size or colour",
    "resolution:bonus": "{percent} more than a refund",
    "method:mail": "Send a parcel",
    "method:drop_off": "Hand it in at a drop-off point",
    "method:store": "Bring it to a store",
    "change:items": "The items",
    "change:quantity": "How many",
    "change:reason": "The reason",
    "change:resolution": "What I get",
    "change:variant": "Which one I get instead",
    "change:method": "The way back",
    "reason:size_too_small": "Too small",
    "reason:size_too_large": "Too large",
    "reason:color": "I expected another colour",
    "reason:style": "Not my style",
    "reason:changed_mind": "I changed my mind",
    "reason:defective": "It does not work",
    "reason:damaged": "It arrived damaged",
    "reason:wrong_item": "It is not what I ordered",
    "reason:not_as_described": "It is not as described",
    "reason:missing_parts": "Parts are missing",
    "reason:late": "It came too late",
    "reason:other": "Something else",
    "exempt:personalised": "made to order",
    "exempt:hygiene_unsealed": "unsealed, for reasons of hygiene",
    "exempt:perishable": "perishable",
    "exempt:digital_started": "digital content that was begun to be used",
    "evidence:none": "I have no photo",
    "note:none": "I have nothing to add",
    "offer:back": "{amount} back",
    "offer:more": "{amount} more",
    "variant:sold_out": "Sold out",
    "variant:few": "Only {count} left",
    "variant:same": "The same one again",
}
"""What stands on buttons, by choice."""


def label(choice_id: str, translate: Translate = str, **values: str) -> str:
    """What stands on a button."""
    return translate(LABELS[choice_id]).format(**values)
