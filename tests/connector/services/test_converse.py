"""A shopper talks a return through."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.errors import ChannelSlow
from bot.replies import SENTENCES
from bot.voice import SPOKEN, voice
from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.errors import Conflict, NotFound
from connector.services.follow_return import overview, view
from connector.storage import conversation_store
from connector.storage.database import Unit
from tests.connector.services.talking import Shopper, to_summary
from tests.shops import TestShop, a_shop, line, order


@pytest.fixture
def ann(demo: TestShop) -> Shopper:
    return Shopper(demo)


def test_a_return_is_opened_by_buttons_after_one_sentence(ann: Shopper):
    to_summary(ann)
    assert ann.turn["card"]["quote"]["total"] == "19.80"
    ann.picks("confirm:yes")
    outcome = ann.turn["outcome"]
    assert outcome["kind"] == "return_opened"
    assert view(ann.demo.app, ann.demo.shop, return_id=outcome["return"]).found.status == "awaiting"
    assert ann.keys == ["opened", "next_mail", "paid_received", "follow", "ask_end"]


def test_a_return_is_opened_by_typing_alone(ann: Shopper):
    for text in ("return", "1001", "10001", "1", "1", "too small", "refund", "Send a parcel", "yes"):
        ann.says(text)
    assert ann.turn["outcome"]["kind"] == "return_opened"


def test_unknown_order_and_wrong_proof_get_the_same_answer_by_the_same_calls(demo: TestShop):
    answers = []
    for text in ("#1001 bob@example.com", "#9999 ann@example.com"):
        calls: list[str] = []
        app = replace(demo.app, channels=_Watched(demo.app.channels, calls))
        turn = Shopper(dataclasses.replace(demo, app=app)).says(text)
        answers.append((calls, turn["messages"], turn["ask"], turn["draft"]["order"]))
    assert answers[0] == answers[1]
    assert answers[0][0] == ["find_order"]


def test_the_same_message_id_gives_the_same_turn_and_does_nothing_twice(ann: Shopper):
    to_summary(ann)
    first = ann.picks("confirm:yes", id_="m1")
    assert ann.picks("confirm:yes", id_="m1") == first
    assert len(overview(ann.demo.app, ann.demo.shop).latest) == 1


def test_a_process_that_dies_after_opening_and_before_answering_opens_nothing_twice(ann: Shopper, monkeypatch):
    to_summary(ann)

    def dies(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(conversation_store, "save", dies)
        with pytest.raises(SystemExit):
            ann.picks("confirm:yes")
    ann.picks("confirm:yes")
    assert ann.turn["outcome"]["kind"] == "return_opened"
    assert len(overview(ann.demo.app, ann.demo.shop).latest) == 1


def test_a_message_that_is_overtaken_is_answered_from_what_is_true_then(ann: Shopper, monkeypatch):
    ann.says("#1001 ann@example.com")
    overtaking(monkeypatch, lambda: ann.picks("item:l1"), times=1)
    turn = ann.says("what are the rules?")
    assert turn["ask"]["slot"] == "quantity"
    authors = [turn["from"] for turn in turns_of(ann)]
    assert authors == ["assistant", *["shopper", "assistant"] * 3]


def test_what_a_person_says_meanwhile_stands_before_the_answer_and_nothing_is_lost(ann: Shopper, monkeypatch):
    def answer(unit: Unit) -> None:
        kept = conversation_store.get(unit, ann.talk.conversation_id)
        assert kept is not None
        conversation_store.append_turn(unit, kept, author="person", document={"text": "Hello"}, at=ann.demo.clock())

    overtaking(monkeypatch, lambda: ann.demo.app.database.write(ann.demo.shop, answer), times=1)
    ann.says("what are the rules?")
    assert [turn["from"] for turn in turns_of(ann)] == ["assistant", "person", "shopper", "assistant"]


def test_a_message_that_is_overtaken_each_time_is_refused(ann: Shopper, monkeypatch):
    overtaking(monkeypatch, lambda: ann.says("what are the rules?"), times=9)
    with pytest.raises(Conflict):
        ann.says("hello")


def test_two_at_once_who_confirm_open_one_return(ann: Shopper):
    to_summary(ann)
    messages = [Heard(choices=("confirm:yes",), id=id_) for id_ in ("m1", "m2", "m1")]

    def press(heard: Heard) -> Any:
        return converse.say(ann.demo.app, ann.demo.shop, talk=ann.talk, heard=heard)

    with ThreadPoolExecutor(3) as pool:
        first, second, again = pool.map(press, messages)
    outcomes = [turn["outcome"] for turn in (first, second) if turn["outcome"]]
    assert [outcome["kind"] for outcome in outcomes] == ["return_opened"]
    assert first == again
    assert len(overview(ann.demo.app, ann.demo.shop).latest) == 1


def test_a_channel_that_is_slow_is_told_and_nothing_is_lost(ann: Shopper):
    channels = ann.demo.app.channels
    ann.demo.app = replace(ann.demo.app, channels=_Slow())
    ann.says("#1001 ann@example.com")
    assert ann.keys == ["shop_is_slow", "ask_proof"]
    ann.demo.app = replace(ann.demo.app, channels=channels)
    ann.says("ann@example.com")
    assert ann.asked == "items"


def test_the_same_first_message_gives_the_same_conversation_until_it_goes_on(demo: TestShop):
    def begin(id_: str) -> Any:
        return converse.start(demo.app, demo.shop, language="en-GB", address="x", id_=id_)

    first = begin("an-id-that-nobody-guesses")
    assert begin("an-id-that-nobody-guesses") == first
    assert begin("another-id-that-nobody-guesses")["token"] != first["token"]
    converse.say(demo.app, demo.shop, talk=Talk(first["conversation"], "x"), heard=Heard(text="hi"))
    with pytest.raises(Conflict):
        begin("an-id-that-nobody-guesses")


def test_an_id_that_may_be_guessed_names_no_conversation(demo: TestShop):
    first, second = (converse.start(demo.app, demo.shop, language=None, address="x", id_="1") for _ in range(2))
    assert first["conversation"] != second["conversation"]


def test_status_is_told_after_proof(ann: Shopper):
    to_summary(ann)
    ann.picks("confirm:yes")
    rma = ann.turn["outcome"]["return"]
    other = Shopper(ann.demo)
    other.picks("menu:return_status")
    assert other.asked == "order_number"
    other.says("1001")
    other.says("ann@example.com")
    assert other.keys == ["order_found", "status", "ask_end"]
    assert rma in other.turn["messages"][1]["text"]
    assert other.turn["card"]["return"] == rma


def test_a_line_that_cannot_come_back_is_shown_with_the_reason(ann: Shopper):
    ann.demo.clock.move(days=60)
    ann.says("#1001 ann@example.com")
    assert ann.keys == ["order_found", "nothing_returnable", "ask_end"]
    assert "human" in ann.choices


def test_a_person_can_be_asked_for_at_every_step_and_comes_unasked_after_two_misses(ann: Shopper):
    assert "human" in ann.choices
    ann.says("blargh wibble")
    assert ann.keys[0] == "missed"
    ann.says("blargh wibble")
    assert ann.keys[0] == "missed_again"
    ann.picks("human")
    assert ann.turn["outcome"] == {"kind": "handed_over", "topic": "other"}


def test_going_back_asks_the_last_question_again(ann: Shopper):
    ann.says("#1001 ann@example.com")
    ann.picks("item:l1")
    ann.picks("quantity:2")
    assert ann.asked == "reason"
    ann.picks("back")
    assert ann.asked == "quantity"


def test_rules_are_told_in_between_and_the_question_asked_again(ann: Shopper):
    ann.says("#1001 ann@example.com")
    ann.says("what are the rules?")
    assert ann.asked == "items"
    assert ann.keys[0] == "window_delivered"


def test_saying_no_opens_nothing(ann: Shopper):
    to_summary(ann)
    ann.says("no")
    assert ann.keys[0] == "not_opened"
    assert overview(ann.demo.app, ann.demo.shop).latest == ()


def test_a_stale_button_is_answered_and_changes_nothing(ann: Shopper):
    ann.says("#1001 ann@example.com")
    ann.picks("confirm:yes")
    assert ann.keys[0] == "not_that"
    ann.picks("item:nonsense")
    assert ann.keys[0] == "not_that"


def test_a_card_number_is_not_kept(ann: Shopper):
    ann.says("my card is 4111 1111 1111 1111")
    kept = converse.transcript(ann.demo.app, ann.demo.shop, conversation_id=ann.talk.conversation_id)
    assert "4111" not in str(kept)


def test_the_transcript_can_be_read_from_any_turn(ann: Shopper):
    ann.says("hello there")
    kept: Any = converse.transcript(ann.demo.app, ann.demo.shop, conversation_id=ann.talk.conversation_id, after=1)
    assert [(turn["n"], turn["from"]) for turn in kept["turns"]] == [(2, "shopper"), (3, "assistant")]


def test_a_token_opens_its_own_conversation_only(ann: Shopper):
    other = Shopper(ann.demo)
    app, shop = ann.demo.app, ann.demo.shop

    def may(id_: str, token: str) -> bool:
        return converse.is_authorised(app, shop, conversation_id=id_, token=token)

    first = converse.start(app, shop, language="en", address="x")
    assert may(str(first["conversation"]), str(first["token"]))
    assert not may(other.talk.conversation_id, str(first["token"]))
    assert not may("c_unknown", "nobody")


def test_an_unknown_conversation_is_not_found(demo: TestShop):
    with pytest.raises(NotFound):
        converse.say(demo.app, demo.shop, talk=Talk("c_unknown", "x"), heard=Heard(text="hi"))


def test_a_request_for_review_says_so(tmp_path: Path):
    with a_shop(tmp_path, approval="review") as demo:
        ann = Shopper(demo)
        to_summary(ann)
        assert ann.keys == ["gives_money", "review", "ask_confirm"]
        ann.picks("confirm:yes")
        assert ann.keys == ["opened_review", "follow", "ask_end"]


def test_either_database_keeps_a_conversation_whatever_is_typed(tmp_path: Path, each_url: str):
    with a_shop(tmp_path, url=each_url) as demo:
        ann = Shopper(demo)
        ann.says("a\x00b 👟 \u202e naïve 4111 1111 1111 1111")
        to_summary(ann)
        two = [Heard(choices=("confirm:yes",), id=id_) for id_ in ("m1", "m2")]
        with ThreadPoolExecutor(2) as pool:
            turns: list[Any] = list(
                pool.map(lambda heard: converse.say(demo.app, demo.shop, talk=ann.talk, heard=heard), two)
            )
        assert sum(turn["outcome"] is not None for turn in turns) == 1
        assert len(overview(demo.app, demo.shop).latest) == 1
        assert "4111" not in str(turns_of(ann))


def turns_of(ann: Shopper) -> Any:
    return converse.transcript(ann.demo.app, ann.demo.shop, conversation_id=ann.talk.conversation_id)["turns"]


def overtaking(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], *, times: int) -> None:
    """Let something else happen between the step of a turn and its save, so many times."""
    real, acts = converse._played, [act] * times

    def played(*given: Any, **named: Any) -> Any:
        result = real(*given, **named)
        if acts:
            left = acts[1:]
            acts.clear()
            act()
            acts.extend(left)
        return result

    monkeypatch.setattr(converse, "_played", played)


class _Slow:
    def for_shop(self, _shop: Any, _name: str) -> Any:
        raise ChannelSlow("The shop is slow.")


class _Watched:
    def __init__(self, channels: Any, calls: list[str]) -> None:
        self.channels, self.calls = channels, calls

    def for_shop(self, shop: Any, name: str) -> Any:
        channel, calls = self.channels.for_shop(shop, name), self.calls

        class Channel:
            def __getattr__(self, method: str) -> Any:
                calls.append(method)
                return getattr(channel, method)

        return Channel()


@pytest.mark.parametrize("language", SPOKEN[1:])
def test_a_return_is_opened_in_the_shoppers_language(demo: TestShop, language: str):
    ann = Shopper(demo, language=language)
    said = list(ann.turn["messages"])
    for choices in (
        ["menu:start_return"],
        ["item:l1"],
        ["quantity:1"],
        ["reason:color"],
        ["resolution:refund"],
        ["method:mail"],
    ):
        if choices == ["item:l1"]:
            said += ann.says("#1001 ann@example.com")["messages"]
        said += ann.picks(*choices)["messages"]
    said += ann.picks("confirm:yes")["messages"]
    assert ann.turn["outcome"]["kind"] == "return_opened"
    assert ann.turn["language"] == language
    english = [sentence.split("{")[0] for wordings in SENTENCES.values() for sentence in wordings]
    left = [one["text"] for one in said if any(len(start) > 3 and one["text"].startswith(start) for start in english)]
    assert left == []


def test_the_assistant_answers_in_the_language_that_is_written_and_stays_in_it(ann: Shopper):
    assert ann.turn["language"] == "en"
    ann.says("Ich möchte etwas zurückgeben")
    assert (ann.turn["language"], ann.asked) == ("de", "order_number")
    question = ann.turn["messages"][-1]["text"]
    assert question == voice("de")(SENTENCES["ask_order_number"][0])
    ann.says("ok")
    assert ann.turn["language"] == "de"
    ann.says("I have no idea which number that is")
    assert ann.turn["language"] == "en"


def test_days_and_amounts_are_written_as_the_language_does(demo: TestShop):
    late = line(fulfilled=[{"quantity": 2, "at": "2026-08-05T10:00:00+00:00"}])
    demo.save_order(order(lines=[late], placed_at="2026-08-04T10:00:00+00:00"))
    ann = Shopper(demo, language="de")
    ann.says("#1001 ann@example.com")
    texts = [message["text"] for message in ann.turn["messages"]]
    assert any("Die Frist dafür endete am 11. September 2026." in text for text in texts), texts
