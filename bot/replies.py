"""Everything that the assistant says, in English; other languages translate these sentences, never the code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[[str], str]

SENTENCES: Mapping[str, str] = {
    "greeting": "Hello! I am the returns assistant of {shop}, a bot. I can open a return or tell you how one is doing.",
    "ask_menu": "What can I do for you?",
    "ask_order_number": "What is your order number? It is in the e-mail that confirmed your order.",
    "ask_proof": "And the e-mail address of the order, or the postcode it was sent to?",
    "order_not_found": "I could not find an order with that number and that e-mail address or postcode. "
    "Let us check both.",
    "too_many_tries": "That was tried too often. Please wait a quarter of an hour, or ask for a person.",
    "ask_items": "I found order {order}. Which items would you like to return?",
    "ask_items_again": "Which items would you like to return?",
    "nothing_returnable": "I found order {order}, but none of its items can come back: {why}",
    "ask_quantity": "How many of “{title}” would you like to return?",
    "ask_reason": "Why is “{title}” coming back?",
    "ask_resolution": "What would you like for “{title}”?",
    "ask_variant": "Which one would you like instead of “{title}”?",
    "ask_method": "How would you like to send it back?",
    "ask_confirm": "This is what you would get. Shall I open the return?",
    "refused": "I am sorry, this cannot come back: {why}",
    "costs_more": "That swap would cost {due} more, and I cannot take payments. Please choose something else.",
    "review": "The shop will look at this request before it is accepted.",
    "not_opened": "Then nothing was opened. You can change anything.",
    "moved": "The amounts have changed since I showed them, so I opened nothing. Here they are again.",
    "opened": "Done. Your return number is {rma}.",
    "opened_review": "Thank you. Your request has the number {rma}. The shop will look at it and decide.",
    "next_mail": "Pack the items well, write {rma} on the parcel and send it to the shop.",
    "next_drop_off": "Pack the items well, write {rma} on the parcel and hand it in at a drop-off point.",
    "next_store": "Bring the items to a store and show the number {rma}. Staff will do the rest.",
    "next_keep": "You can keep the items. There is nothing to send back.",
    "paid_approved": "What you get is being sent now.",
    "paid_received": "You get what I showed you as soon as the shop has checked the items.",
    "follow": "You can follow it here: {link}",
    "no_returns": "There is no return for order {order} yet.",
    "status": "{rma}: {status}. {next_step}",
    "policy_window": "You can return items within {days} days.",
    "policy_resolutions": "You can choose: {resolutions}.",
    "policy_bonus": "Store credit comes with a bonus of {percent} %.",
    "policy_methods": "Ways to send items back: {methods}.",
    "handed_over": "I have marked this conversation for the team of {shop}. They see it on their dashboard.",
    "missed": "I did not understand that. Please use the buttons, or type an order number, an e-mail, yes or no.",
    "missed_again": "I am still not following, sorry. Shall a person from the shop look at this?",
    "not_that": "That is not one of the choices right now.",
    "pick_one": "Please pick at least one item.",
    "thanks": "You are welcome. Good-bye!",
    "goodbye": "Good-bye! You can come back any time.",
}
"""Every sentence by its key, with the names of what is put in."""

LABELS: Mapping[str, str] = {
    "menu:start_return": "Return something",
    "menu:return_status": "How is my return doing?",
    "menu:check_policy": "What are the rules?",
    "human": "Talk to a person",
    "back": "Go back",
    "done": "That is all",
    "confirm:yes": "Yes, open the return",
    "confirm:no": "No, change something",
    "resolution:refund": "Refund",
    "resolution:store_credit": "Store credit",
    "resolution:exchange": "Another size or colour",
    "method:mail": "Send a parcel",
    "method:drop_off": "Hand it in at a drop-off point",
    "method:store": "Bring it to a store",
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
    "resolution:bonus": "{percent} % more than a refund",
    "variant:sold_out": "Sold out",
}
"""What stands on buttons, by choice."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said: its key and what is put in."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


def say(message: Message, translate: Translate) -> str:
    """The sentence in the shopper's language."""
    return translate(SENTENCES[message.key]).format(**message.values)


def label(choice_id: str, translate: Translate = str, **values: str) -> str:
    """What stands on a button."""
    return translate(LABELS[choice_id]).format(**values)
