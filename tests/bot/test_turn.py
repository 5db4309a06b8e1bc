"""Whatever a shopper does, the assistant has an answer, a person, and nothing to say of an order that is not proved."""

import itertools
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation, Question, read_conversation
from bot.effects import HandOver, LookUpOrder, OpenReturn, QuoteReturn
from bot.inputs import Chose, NotOpened, Opened, OrderNotProved, OrderProved, Quoted, Said, Started, TooManyTries
from bot.knowledge import Facts, LineFact, PolicyFact, ReturnFact, VariantFact
from bot.replies import SENTENCES, say
from bot.turn import Turn, step

POLICY = PolicyFact(
    days=30, resolutions=("refund", "store_credit", "exchange"), methods=("mail", "store"), settle_on="received",
    bonus_percent="10",
)  # fmt: skip
BEFORE_PROOF = Facts(shop_name="Shop", policy=POLICY, money=lambda amount: f"${amount}")
SECRET_TITLE = "Very private thing"
AFTER_PROOF = Facts(
    shop_name="Shop",
    policy=POLICY,
    money=lambda amount: f"${amount}",
    order_number="#1001",
    lines=(
        LineFact(line_id="a", title=SECRET_TITLE, returnable=2, price="10.00"),
        LineFact(line_id="b", title="Another", returnable=1, price="5.00"),
        LineFact(line_id="c", title="Too late", returnable=0, price="5.00", why="The window has closed."),
    ),
    variants={"a": (VariantFact("v1", "M", 3), VariantFact("v2", "L", 0))},
    returns=(ReturnFact("RMA-1", "Done", "Nothing more.", "http://x/RMA-1"),),
)
QUOTE = {"approval": "auto", "due": "0.00", "total": "10.00", "items": []}

TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["return", "1001", "ann@example.com", "10115", "yes", "no", "2", "human", "back", "too small", "swap", "rules",
         "#1001 ann@example.com", "status of my return", "thanks", "4111 1111 1111 1111"]
    ),
)  # fmt: skip
CHOICES = st.sampled_from(
    ["menu:start_return", "menu:return_status", "menu:check_policy", "menu:", "menu", "start_return", "human", "back",
     "done", "item:a", "item:c", "item:zzz", "quantity:2", "quantity:x", "reason:style", "resolution:refund",
     "resolution:exchange", "variant:v1", "variant:v2", "method:mail", "confirm:yes", "confirm:no", "confirm", ""]
)  # fmt: skip


def facts(conversation: Conversation) -> Facts:
    return AFTER_PROOF if conversation.order_id else BEFORE_PROOF


def offered(turn: Turn) -> list[str]:
    return [choice.id for choice in turn.ask.choices if choice.why is None] if turn.ask else []


def result_of(turn: Turn, data: st.DataObject):
    if isinstance(turn.effect, LookUpOrder):
        return data.draw(st.sampled_from([OrderProved("o1"), OrderNotProved(), TooManyTries()]))
    if isinstance(turn.effect, QuoteReturn):
        return data.draw(
            st.sampled_from([Quoted("q1", QUOTE), Quoted("q2", {**QUOTE, "approval": "refuse"}),
                             Quoted("q3", {**QUOTE, "due": "4.00"}), NotOpened("gone", "It is gone.")])
        )  # fmt: skip
    return data.draw(
        st.sampled_from([Opened("RMA-1", "mail", "awaiting", "http://x"), NotOpened("quote_moved", "Moved.")])
    )


@settings(max_examples=1000, deadline=None)
@given(st.data())
def test_any_sequence_of_inputs_is_answered(data: st.DataObject):
    turn = step(Conversation(), Started(), BEFORE_PROOF)
    for _ in range(data.draw(st.integers(1, 12))):
        pressed = st.sampled_from(offered(turn)).map(lambda one: Chose((one,)))
        several = st.lists(CHOICES, max_size=3).map(lambda ids: Chose(tuple(ids)))
        given_input = data.draw(st.one_of(pressed, pressed, several, TEXTS.map(Said)))
        before, shown = turn.conversation, turn.card
        turn = step(before, given_input, facts(before))
        if isinstance(turn.effect, OpenReturn):
            assert before.asked == Question("confirm")
            assert shown is not None and shown.kind == "summary"
        for _ in range(5):
            if turn.effect is None or isinstance(turn.effect, HandOver):
                break
            result = result_of(turn, data)
            proved = isinstance(result, OrderProved) or turn.conversation.order_id
            turn = step(turn.conversation, result, AFTER_PROOF if proved else BEFORE_PROOF)
        holds(turn)


def holds(turn: Turn) -> None:
    said = " ".join(say(message, str) for message in turn.messages)
    assert turn.ask is not None
    assert "human" in offered(turn)
    assert said or turn.ask.question.slot == "end"
    assert read_conversation(json.loads(json.dumps(turn.conversation.document()))) == turn.conversation
    if turn.conversation.order_id is None:
        assert SECRET_TITLE not in said + str(turn.ask.document())


def test_the_same_miss_is_never_answered_twice_in_the_same_words():
    turn = step(Conversation(), Started(), BEFORE_PROOF)
    said = []
    for _ in range(4):
        turn = step(turn.conversation, Said("wibble wobble"), BEFORE_PROOF)
        said.append(say(turn.messages[0], str))
    assert all(one != other for one, other in itertools.pairwise(said))


def test_every_sentence_can_be_said_with_what_is_put_in():
    names = {"shop", "order", "title", "why", "due", "rma", "link", "status", "next_step", "days", "resolutions",
             "percent", "methods"}  # fmt: skip
    for sentence in SENTENCES.values():
        assert sentence.format(**dict.fromkeys(names, "x"))


def test_a_conversation_of_another_form_begins_anew():
    assert read_conversation({"form": 999}) == Conversation()
