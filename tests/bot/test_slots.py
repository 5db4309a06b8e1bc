"""What filling a slot changes."""

from bot.conversation import Conversation, Slot, Source
from bot.slots import drop_order, fill, pick, take_back


def known(*slots: tuple[str, str, str | None]) -> Conversation:
    conversation = Conversation(order_id="o1")
    made = tuple(Slot(name, value, Source.TEXT, line_id) for name, value, line_id in slots)
    return Conversation(order_id=conversation.order_id, slots=made, quote_id="q1")


ALL = known(
    ("reason", "late", None),
    ("order_number", "1001", None),
    ("proof", "a@b.c", None),
    ("items", "tee", None),
    ("resolution", "exchange", "tee"),
    ("variant", "v1", "tee"),
    ("method", "mail", None),
)


def names(conversation: Conversation) -> list[str]:
    return [slot.name for slot in conversation.slots]


def test_another_resolution_drops_the_variant_and_the_quote():
    changed = fill(ALL, Slot("resolution", "refund", Source.BUTTON, "tee"))
    assert names(changed) == ["reason", "order_number", "proof", "items", "method", "resolution"]
    assert changed.quote_id is None


def test_the_same_value_again_changes_nothing():
    assert fill(ALL, Slot("resolution", "exchange", Source.BUTTON, "tee")) == ALL


def test_another_order_number_must_be_proved_and_keeps_what_was_said_in_general():
    changed = fill(ALL, Slot("order_number", "1002", Source.TEXT))
    assert names(changed) == ["reason", "proof", "order_number"]
    assert changed.order_id is None


def test_picking_keeps_what_is_known_of_a_line_that_stays():
    assert names(pick(ALL, ("tee", "scarf"), source=Source.BUTTON))[-4:] == ["variant", "method", "items", "items"]
    assert "variant" not in names(pick(ALL, ("scarf",), source=Source.BUTTON))


def test_taking_back_skips_what_the_shop_filled_in():
    filled = fill(ALL, Slot("quantity", "1", Source.STORE, "tee"))
    assert names(take_back(filled))[-1] == "variant"


def test_taking_back_the_items_forgets_all_of_them():
    assert take_back(pick(ALL, ("tee", "scarf"), source=Source.BUTTON)).line_ids == ()


def test_taking_back_the_proof_closes_the_order():
    assert take_back(known(("order_number", "1001", None), ("proof", "a@b.c", None))).order_id is None


def test_dropping_the_order_keeps_what_was_said_in_general():
    assert names(drop_order(ALL)) == ["reason"]
