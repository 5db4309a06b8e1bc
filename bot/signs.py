"""What stands around a conversation: headings, buttons of the panel, what cards call their figures; in English."""

from collections.abc import Mapping

from bot.replies import Translate

SIGNS: Mapping[str, str] = {
    # The panel
    "title": "Returns",
    "bot": "The assistant of {shop}, a bot",
    "close": "Close",
    "send": "Send",
    "message": "Your message",
    "talk": "Conversation",
    "assistant": "Assistant",
    "you": "You",
    "answers": "Your answer",
    "continue": "Continue",
    "retry": "Try again",
    "restart": "Start again",
    "news": "New message",
    "own_words": "Or write it in your own words",
    # When something does not get through
    "offline": "There is no connection just now. What you wrote is kept and goes out by itself.",
    "fast": "That was a little too fast for me. It goes out in a moment.",
    "not_taken": "That could not be taken. Please say it in another way.",
    "ended": "That conversation has ended. Here is a new one.",
    # Photos
    "photos": "Add photos",
    "photos_sent": "Photos: {count}",
    "photos_help": "Only the people of the shop see them. Where and when they were taken is removed.",
    "photos_bad": "That photo could not be read. Please choose up to four of JPEG, PNG or WebP, each of at most 8 MB.",
    # The summary
    "summary": "What you would get",
    "item": "Item",
    "refund": "Refund",
    "store_credit": "Store credit",
    "exchange": "Exchange",
    "exchange_for": "Exchange for {title}",
    "keep": "{what}, you keep it",
    "tax": "Tax",
    "shipping": "Delivery",
    "duties": "Duties",
    "charges": "Charges of the order",
    "instead": "Taken instead",
    "restocking": "Restocking fee",
    "return_fee": "Return fee",
    "diminished": "Loss of value",
    "promotion": "Discount no longer earned",
    "bonus": "Bonus for store credit",
    "due": "Still to pay",
    "even": "Even swap",
    "total": "Given back",
    "to": "To: {way}",
    "as_paid": "The way it was paid",
    "proof": "How was this worked out?",
    # The return
    "return": "Your return",
    "number": "Your return number",
    "follow": "Follow this return",
    "label": "Open the label",
    "code": "The same number to be scanned",
    "done": "done",
    "stage_opened": "Return opened",
    "stage_mail": "Send the items back",
    "stage_drop_off": "Hand the items in",
    "stage_store": "Bring the items to a store",
    "stage_in_transit": "The items are on their way",
    "stage_back": "Items are back at the shop",
    "stage_to_decide": "The shop decides",
    "stage_decided": "Accepted",
    "stage_to_settle": "The shop settles it",
    "stage_settled": "Settled",
}
"""Every sign by its key; what stands in braces is put in by who shows it."""


def signs(translate: Translate) -> Mapping[str, str]:
    """All signs in a language."""
    return {key: translate(sign) for key, sign in SIGNS.items()}
