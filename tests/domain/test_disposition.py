"""Where graded goods go."""

import pytest

from domain.disposition import GRADES, disposition


@pytest.mark.parametrize("grade", GRADES)
def test_only_goods_like_new_go_back_on_the_shelf(grade: str):
    assert (disposition(grade) == "shelf") == (grade == "A")


def test_a_rule_sends_goods_elsewhere():
    assert disposition("A", destination="vendor") == "vendor"


def test_a_rule_cannot_put_broken_goods_back_on_sale():
    assert disposition("E", destination="shelf") == "recycle"
