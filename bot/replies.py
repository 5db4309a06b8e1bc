"""Everything that the assistant says, in English; other languages translate these sentences, never the code."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

Translate = Callable[[str], str]

SENTENCES: Mapping[str, tuple[str, ...]] = {
    # The beginning and the end
    "greeting": (
        "Hello! I am the returns bot of {shop}. I can open a return, tell you how one is doing, and explain the rules.",
        "Hello again! I am still the returns bot of {shop}.",
    ),
    "hello": ("Hello!", "Hello again!"),
    "ask_menu": ("What can I do for you?", "What would you like to do?"),
    "ask_meaning": ("What do you mean?", "Which of these is it?"),
    "ask_end": ("Can I do anything else for you?", "Is there anything else?"),
    "welcome": ("You are welcome!", "My pleasure!"),
    "goodbye": ("Good-bye! You can come back any time.", "See you!"),
    "started_over": ("All right, from the beginning.", "Done, we begin again."),
    # Finding the order
    "ask_order_number": (
        "What is your order number? It is in the e-mail that confirmed your order.",
        "Please type your order number, for example #1001.",
    ),
    "ask_order": ("Which of your orders is it about?", "Please choose the order that it is about."),
    "ask_proof": (
        "And the e-mail address of the order, or the postcode it was sent to?",
        "Please type the e-mail address of the order, or the postcode it was sent to.",
    ),
    "order_not_found": (
        "I could not find an order with that number and that e-mail address or postcode. Let us check both.",
        "There is still no order with that number and that e-mail address or postcode.",
    ),
    "only_recent": (
        "Orders older than {days} days cannot be seen from here; the shop itself can look at those.",
        "An order from more than {days} days ago does not show here, but the shop can look at it.",
    ),
    "person_can_look": (
        "A person at {shop} can look for it. Shall I pass this on?",
        "Shall I ask a person at {shop} to look for it?",
    ),
    "too_many_tries": (
        "That was tried too often. Please wait a quarter of an hour, or ask for a person.",
        "It is still too early to try again. A person can help you now.",
    ),
    "shop_is_slow": (
        "The shop's system does not answer just now. Please give me the e-mail address or postcode again in a moment.",
        "The shop's system still does not answer. Please try again, or ask for a person.",
    ),
    # Opening a return
    "order_found": ("I found order {order}.", "That is order {order}."),
    "ask_items": ("Which items would you like to return?", "Which items are you sending back?"),
    "nothing_returnable": (
        "I am sorry, none of its items can come back: {why}",
        "I am sorry, the items of this order still cannot come back: {why}",
    ),
    "ask_quantity": (
        "How many of “{title}” would you like to return?",
        "How many of “{title}” are you sending back?",
    ),
    "ask_reason": ("Why is “{title}” coming back?", "What is the reason for “{title}”?"),
    "ask_evidence": (
        "Please add a photo of “{title}”, so that the shop can see what is wrong.",
        "Can you add a photo of “{title}”? It shows the shop what is wrong.",
    ),
    "photo_kept": ("Thank you, the shop has your photo.", "Thank you, that one arrived as well."),
    "ask_note": (
        "Please tell the shop in a few words what is wrong with “{title}”.",
        "What should the shop know about “{title}”? A sentence is enough.",
    ),
    "photo_not_asked": (
        "No photo is needed just now, so I did not keep it.",
        "That photo is not needed either, and I did not keep it.",
    ),
    "ask_resolution": ("What would you like for “{title}”?", "And what would you like to get for “{title}”?"),
    "offer": ("This may suit you better.", "Perhaps this is what you need."),
    "ask_variant": ("Which one would you like instead of “{title}”?", "Which one would you take for “{title}”?"),
    "ask_method": ("How would you like to send it back?", "Which way back suits you?"),
    "gives_money": ("You would get {amount} back.", "That gives {amount} back."),
    "gives_credit": ("You would get {amount} in store credit.", "That gives {amount} in store credit."),
    "gives_swap": ("You would get what you chose instead.", "That gives you what you chose instead."),
    "keeps_items": (
        "You can keep what I marked; there is no need to send it back.",
        "What I marked stays with you; do not send it back.",
    ),
    "partly_refused": ("“{title}” cannot come back: {why}", "It stays that “{title}” cannot come back: {why}"),
    "review": (
        "The shop will look at this request before it is accepted.",
        "This one needs a look by the shop before it is accepted.",
    ),
    "ask_confirm": ("This is all of it. Shall I open the return?", "Shall I open the return as in the summary?"),
    "refused": ("I am sorry, this cannot come back: {why}", "I am sorry, that is not possible either: {why}"),
    "not_quoted": (
        "Something of that is not available any more. Please choose again.",
        "I could not work that out either. Please choose again, or ask for a person.",
    ),
    "costs_more": ("That swap costs {due} more.", "That one costs {due} more as well."),
    "ask_fallback": (
        "What would you like if it is not paid in time, or sold out by then?",
        "And what instead, if it is not paid or sold out?",
    ),
    "to_pay": (
        "You would pay {due} to the shop before it is handed over.",
        "It costs {due} more, to be paid to the shop before it is handed over.",
    ),
    "to_pay_within": (
        "If that is not paid within {days} days, or the item is sold out, you get this instead: {instead}.",
        "Unpaid after {days} days, or sold out, it becomes this: {instead}.",
    ),
    "not_opened": ("Then nothing was opened.", "Nothing has been opened yet."),
    "ask_change": ("What would you like to change?", "What should be different?"),
    "moved": (
        "The amounts have changed since I showed them, so I opened nothing. Here they are again.",
        "They have changed once more, and nothing was opened. These are the new amounts.",
    ),
    # After a return was opened
    "opened": ("Done. Your return number is {rma}.", "That is done too. Your return number is {rma}."),
    "opened_review": (
        "Thank you! Your request has the number {rma}. The shop will look at it and decide.",
        "Thank you again! The number of this request is {rma}. The shop will decide on it.",
    ),
    "next_mail": (
        "Pack the items well, write {rma} on the parcel and send it to the shop.",
        "This parcel needs {rma} written on it; then send it to the shop.",
    ),
    "next_drop_off": (
        "Pack the items well, write {rma} on the parcel and hand it in at a drop-off point.",
        "This parcel needs {rma} written on it; then hand it in at a drop-off point.",
    ),
    "next_store": (
        "Bring the items to a store and show the number {rma}. The staff will do the rest.",
        "Show the number {rma} when you bring these items to a store.",
    ),
    "next_keep": (
        "You can keep the items. There is nothing to send back.",
        "These are yours to keep as well. There is nothing to send back.",
    ),
    "paid_now": ("What you get is on its way now.", "And what you get for it is on its way."),
    "paid_in_transit": (
        "You get what the summary shows as soon as the parcel is on its way.",
        "Once this parcel is on its way, you get what the summary shows.",
    ),
    "paid_received": (
        "You get what the summary shows as soon as the items are with the shop.",
        "Once these items are with the shop, you get what the summary shows.",
    ),
    "paid_inspected": (
        "You get what the summary shows as soon as the shop has checked the items.",
        "Once the shop has checked these items, you get what the summary shows.",
    ),
    "follow": ("You can follow it here: {link}", "And this one you can follow here: {link}"),
    # Calling off
    "ask_return": ("Which return is it?", "Which of the returns do you mean?"),
    "ask_cancel_return": ("Shall I cancel the return {rma}?", "Do you want me to cancel {rma}?"),
    "cancelled": (
        "The return {rma} is cancelled. You keep the items.",
        "{rma} is cancelled as well, and you keep its items.",
    ),
    "not_cancellable": (
        "{rma} cannot be cancelled any more: {status}.",
        "It is too late to cancel {rma}: {status}.",
    ),
    "ask_cancel_order": (
        "Shall I ask the shop to cancel order {order}?",
        "Do you want the shop to cancel order {order}?",
    ),
    "cancel_asked": (
        "I asked the team of {shop} to cancel order {order}. They will answer here.",
        "The team of {shop} has your wish to cancel order {order} on their list.",
    ),
    "too_late_to_cancel": (
        "Order {order} was shipped already, so it cannot be cancelled. You can return what you do not want.",
        "It is too late to cancel order {order}. What has arrived may come back.",
    ),
    "left_as_it_is": ("All right, nothing is cancelled.", "Fine, I cancel nothing."),
    # Labels, addresses, credit, recalls
    "label_not_needed": (
        "The parcel of {rma} needs no label from the shop: write {rma} on it and send it with any carrier.",
        "Any carrier takes the parcel of {rma}; just write {rma} on it.",
    ),
    "label_of_shop": (
        "The shop sends the label for {rma}. When it is missing or does not work, the team can send another.",
        "The label for {rma} comes from the shop; the team can send a new one.",
    ),
    "label_is_here": (
        "The label for {rma} is here: {link}. When it does not work, the team can give another.",
        "Here is the label for {rma}: {link}. The team can give another one.",
    ),
    "nothing_to_send": (
        "There is no parcel of order {order} to be sent back.",
        "I still see no parcel of order {order} to be sent back.",
    ),
    "return_to": ("Parcels go to: {address}", "The address for parcels: {address}"),
    "return_to_unsaid": (
        "The team of {shop} tells you where to send a parcel.",
        "Where to send a parcel, the team of {shop} can say.",
    ),
    "credit_offered": (
        "You can get store credit instead of a refund.",
        "Store credit is possible instead of a refund.",
    ),
    "credit_not_offered": (
        "This shop gives no store credit for returns.",
        "There is no store credit for returns here.",
    ),
    "credit_none": ("No store credit was given for order {order}.", "I see no store credit for order {order}."),
    "credit_given": (
        "{amount} of store credit was given for {rma}. Its code went to the e-mail address of the order.",
        "For {rma} there was {amount} of store credit; its code went to the e-mail address of the order.",
    ),
    "credit_left": ("{amount} of it is left.", "There is {amount} left of it."),
    "recall": (
        "The team of {shop} knows about recalls. Please do not use the item until they have answered.",
        "Only the team of {shop} can tell that. Please leave the item unused until then.",
    ),
    # Status, rules, a person
    "order_not_shipped": ("Order {order} has not been shipped yet.", "Order {order} still waits to be shipped."),
    "order_partly_shipped": (
        "A part of order {order} is on its way; the rest has not been shipped yet.",
        "Still only a part of order {order} has been shipped.",
    ),
    "order_shipped": ("Order {order} is on its way to you.", "Order {order} was shipped and is on its way."),
    "order_delivered": ("Order {order} was delivered.", "Everything of order {order} has been delivered."),
    "order_cancelled": ("Order {order} was cancelled.", "Order {order} is cancelled, nothing of it comes."),
    "order_since": ("That was on {day}.", "The day was {day}."),
    "no_returns": ("There is no return for order {order} yet.", "I still see no return for order {order}."),
    "status": ("{rma}: {status}. {next_step}", "As before, {rma}: {status}. {next_step}"),
    "window_delivered": (
        "You can return items within {days} days of delivery.",
        "The time to return items is {days} days from delivery.",
    ),
    "window_fulfilled": (
        "You can return items within {days} days of dispatch.",
        "The time to return items is {days} days from dispatch.",
    ),
    "window_placed": (
        "You can return items within {days} days of the order.",
        "The time to return items is {days} days from the order.",
    ),
    "policy_resolutions": ("You can choose: {resolutions}.", "This is what you can get: {resolutions}."),
    "policy_bonus": (
        "Store credit comes with a bonus of {percent}.",
        "If you choose store credit, you get {percent} on top.",
    ),
    "policy_methods": ("Ways to send items back: {methods}.", "Items can come back like this: {methods}."),
    "fee": ("A return costs {amount}.", "The shop takes {amount} for a return."),
    "fee_restocking": ("The shop keeps {percent} of the price.", "{percent} of the price is kept by the shop."),
    "fee_none": ("There is no fee for a return.", "The shop takes no fee for a return."),
    "fee_waived": (
        "There is no fee when the item is faulty, damaged or wrong.",
        "Faulty, damaged and wrong items come back without a fee.",
    ),
    "postage_merchant": ("The shop pays for the parcel back.", "Sending the parcel back is paid by the shop."),
    "postage_shopper": ("You pay for the parcel back.", "The parcel back is at your cost."),
    "postage_varies": (
        "Who pays for the parcel back depends on the item.",
        "It depends on the item who pays for the parcel back.",
    ),
    "postage_unsaid": (
        "The rules do not say who pays for the parcel back; the team of {shop} can tell you.",
        "Who pays for the parcel back, the team of {shop} can say.",
    ),
    "timing_approved": (
        "The money is sent as soon as the return is accepted.",
        "Once the return is accepted, the money is sent.",
    ),
    "timing_in_transit": (
        "The money is sent as soon as the parcel is on its way.",
        "Once the parcel is on its way, the money is sent.",
    ),
    "timing_received": (
        "The money is sent as soon as the items are with the shop.",
        "Once the items are with the shop, the money is sent.",
    ),
    "timing_inspected": (
        "The money is sent as soon as the shop has checked the items.",
        "Once the shop has checked the items, the money is sent.",
    ),
    "timing_bank": ("After that it depends on your bank how long it takes.", "From then on it is up to your bank."),
    "final_sale_some": ("Some items are final sale and cannot come back.", "Final sale items cannot come back."),
    "final_sale_none": ("No items are final sale.", "Under the shop's rules, no item is final sale."),
    "conditions_by_item": (
        "With your order number I can tell for each item whether it may come back.",
        "Tell me your order number, and I can say it for each item.",
    ),
    "withdrawal": (
        "In the EU, the EEA and the UK you can withdraw from an online purchase within 14 days. Tell me if you do.",
        "By law you have 14 days there to withdraw from an online purchase. Tell me if you withdraw.",
    ),
    "contact": ("You reach {shop} here: {contact}", "This is how to reach {shop}: {contact}"),
    "outside": (
        "I only look after returns, but the team of {shop} can help with that. Shall I pass it on?",
        "That is a question for the team of {shop}. Shall I pass this one on?",
    ),
    "person_can_help": (
        "A person at {shop} can help with that. Shall I pass it on?",
        "Shall I ask a person at {shop} about it?",
    ),
    "handed_over": (
        "I have marked this conversation for the team of {shop}. They see all that we wrote: no need to repeat it.",
        "The team of {shop} has this conversation on their list already.",
    ),
    "noted": ("The team will read that too.", "That is with the team as well."),
    "not_mine": (
        "I cannot do that myself, but a person at {shop} can. Shall I pass this on?",
        "That is for a person at {shop}, too. Shall I pass it on?",
    ),
    # When something is said besides, or does not fit
    "understood": ("Got it: {what}.", "All right: {what}."),
    "understood_of": ("Got it for “{title}”: {what}.", "All right for “{title}”: {what}."),
    "missed": (
        "Sorry, I did not understand that. You can use the buttons, or say it in other words.",
        "Sorry, that one I did not understand.",
    ),
    "missed_again": (
        "I am still not following, sorry. Shall a person from {shop} look at this?",
        "Sorry, this is beyond me, I am only a bot. Shall I ask a person from {shop}?",
    ),
    "a_bot": (
        "I am a bot. Shall a person from {shop} help you?",
        "I am only a bot, not a person. Shall I ask a person from {shop}?",
    ),
    "no_person": ("All right, then we go on.", "Fine, on we go."),
    "not_that": ("That is not one of the choices right now.", "That choice is not open just now."),
    "pick_one": ("Please pick at least one item.", "I need at least one item."),
    "card_hidden": (
        "That looked like the number of a payment card, so I did not keep it. I never need one.",
        "Please do not send card numbers. I did not keep that one either.",
    ),
}
"""Every sentence by its key, in the wordings that take turns so that none is said twice in a row."""


class Message(Struct, frozen=True):
    """A sentence to be said: its key, what is put in, and which of its wordings."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    wording: int = 0


def say(message: Message, translate: Translate) -> str:
    """The sentence in the shopper's language."""
    return translate(SENTENCES[message.key][message.wording]).format(**message.values)
