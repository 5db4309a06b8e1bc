"""Rules in order of priority: for each key the first that matches wins, and the trace says which."""

from .examples import case, item, line, order, quote, rule, verdicts, when

SALE = when("line.tags", "contains", "sale")


def test_for_each_key_the_first_matching_rule_wins():
    rules = [rule("no", SALE, days=1), rule("first", days=60, say="hello"), rule("second", days=5, label="shopper")]
    document = quote(case(policy={"rules": rules}))
    assert document["items"][0]["window_ends_at"][:10] == "2026-12-04"
    assert document["trace"] == [
        {"rule": "first", "matched": True, "set": {"days": 60, "say": "hello"}},
        {"rule": "second", "matched": True, "set": {"label": "shopper"}},
    ]


def test_a_rule_that_matched_and_decided_nothing_is_traced():
    rules = [rule("first", days=60), rule("second", days=5), rule("third")]
    sets = [(entry["rule"], entry["set"]) for entry in quote(case(policy={"rules": rules}))["trace"]]
    assert sets == [("first", {"days": 60}), ("second", {}), ("third", {})]


def test_the_trace_has_one_entry_for_each_rule_that_matched_any_item():
    of = order(line("a"), line("b", tags=["sale"]), line("c", tags=["sale"]))
    rules = [rule("sale", SALE, return_fee="5"), rule("all", return_fee="1.00", restocking_percent="10")]
    document = quote(case(of, item("a"), item("b"), item("c"), policy={"rules": rules}))
    assert document["trace"] == [
        {"rule": "sale", "matched": True, "set": {"return_fee": "5"}},
        {"rule": "all", "matched": True, "set": {"return_fee": "1.00", "restocking_percent": "10"}},
    ]


def test_refused_items_are_traced_too():
    assert quote(case(order(line(gift_card=True)), policy={"rules": [rule("r")]}))["trace"][0]["rule"] == "r"


def test_null_sets_nothing_and_false_does():
    rules = [rule("first", days=None, keep_item=False), rule("second", days=60, keep_item=True)]
    document = quote(case(policy={"rules": rules}))
    assert [entry["set"] for entry in document["trace"]] == [{"keep_item": False}, {"days": 60}]
    assert document["items"][0]["keep_item"] is False


def test_a_rule_is_judged_when_the_return_was_opened():
    rules = [rule("r", when("order.age_days", "lte", 5), returnable=False)]
    assert verdicts(case(policy={"rules": rules})) == ["accepted"]
    assert verdicts(case(policy={"rules": rules}, opened_at="2026-10-03T00:00:00Z")) == ["refused"]


def test_what_a_rule_sets_stands_on_the_item():
    then = {"evidence": ["photo", "note"], "destination": "outlet", "label": "none", "say": "thanks"}
    of = order(line("a"), line("b", tags=["sale"], gift_card=True))
    first, second = quote(case(of, item("a"), item("b"), policy={"rules": [rule("r", SALE, **then)]}))["items"]
    assert second.items() >= then.items()
    assert not first.keys() & then.keys()


def test_an_item_is_kept_where_a_rule_says_so_but_not_a_refused_one():
    of = order(line("a"), line("b", gift_card=True))
    items = quote(case(of, item("a"), item("b"), policy={"rules": [rule("r", keep_item=True)]}))["items"]
    assert [entry["keep_item"] for entry in items] == [True, False]
