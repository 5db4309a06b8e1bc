"""What is asked of goods, how good that lets them be, and where they go."""

import pytest

from domain.inspection import Seen, best_grade, guide_for, needs_manager, place, serial_differs
from domain.orders import Line
from domain.policy import Policy, read_policy

PHONES = {
    "product_types": ["Phones"],
    "serial": True,
    "questions": [
        {"id": "on", "ask": "Does it switch on?", "otherwise": "D"},
        {"id": "clean", "ask": "Is the glass clean?", "otherwise": "B"},
    ],
}
PLACINGS = [
    {"product_types": ["Underwear"], "to": "destroy"},
    {"product_types": ["Mugs"], "grades": ["A", "B"], "to": "shelf"},
    {"grades": ["A"], "reasons": ["changed_mind"], "to": "repack"},
    {"reasons": ["defective"], "to": "return_to_vendor"},
    {"product_types": ["Books"], "to": "shelf"},
]


def policy(**changes: object) -> Policy:
    return read_policy({"inspections": [PHONES, {"questions": []}], "placings": PLACINGS, **changes}, 2)


@pytest.mark.parametrize(
    ("seen", "where"),
    [
        (Seen("A"), "shelf"),
        (Seen("C"), "refurbish"),
        (Seen("A", product_type="Underwear"), "destroy"),
        (Seen("B", product_type="Mugs"), "shelf"),
        (Seen("C", product_type="Mugs"), "refurbish"),
        (Seen("A", reason="changed_mind"), "repack"),
        (Seen("C", reason="defective"), "return_to_vendor"),
        (Seen("D", product_type="Books"), "recycle"),
        (Seen("A", findings=frozenset({"missing_parts"})), "refurbish"),
        (Seen("A", product_type="Mugs", findings=frozenset({"missing_parts"})), "refurbish"),
        (Seen("A", reason="recall"), "quarantine"),
        (Seen("A", findings=frozenset({"serial_differs"})), "quarantine"),
        (Seen("A", destination="donate"), "donate"),
    ],
)
def test_goods_go_where_the_policy_sends_them_and_on_sale_only_whole_and_by_a_named_grade(seen: Seen, where: str):
    assert place(policy(), seen) == where


def test_a_guide_is_the_one_that_names_the_type_else_the_one_for_all():
    assert guide_for(policy(), "Phones").serial
    assert not guide_for(policy(), "Mugs").serial
    assert guide_for(read_policy({}, 2), None).questions == ()


def test_the_worst_no_says_how_good_goods_can_be():
    guide = guide_for(policy(), "Phones")
    assert [best_grade(guide, no) for no in ([], ["clean"], ["clean", "on"])] == ["A", "B", "D"]


def test_a_serial_number_differs_from_what_was_sold_only_where_something_is_known():
    sold = Line("1", 1, 100, serials=("SN-1", "SN-2"), lot="L7")
    assert [serial_differs(sold, one) for one in ("sn-1", "SN -2", "l7", "", "SN-3")] == [
        False,
        False,
        False,
        False,
        True,
    ]
    assert not serial_differs(Line("1", 1, 100), "SN-3")


def test_only_a_manager_puts_goods_on_sale_against_the_rules_or_takes_them_out_of_quarantine():
    assert needs_manager("outlet", "shelf")
    assert needs_manager("quarantine", "recycle")
    assert not needs_manager("shelf", "outlet")
    assert not needs_manager("shelf", "shelf")
