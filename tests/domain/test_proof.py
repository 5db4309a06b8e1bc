"""What proves that an order is the shopper's own."""

import pytest

from domain.proof import number_key, proves

ORDER = {
    "number": "#1001",
    "customer": {"email": "Ann@Example.com"},
    "ship_to": {"postal_code": "SW1A 1AA"},
}


@pytest.mark.parametrize("number", ["#1001", "1001", " # 1001 "])
@pytest.mark.parametrize("proof", ["ann@example.com", " ANN@EXAMPLE.COM ", "sw1a1aa", "SW1A-1AA"])
def test_number_and_proof_are_compared_as_people_write_them(number: str, proof: str):
    assert proves(ORDER, number=number, proof=proof)


@pytest.mark.parametrize(
    ("number", "proof"),
    [("#1002", "ann@example.com"), ("#1001", "bob@example.com"), ("#1001", ""), ("", "ann@example.com"), ("", "")],
)
def test_a_wrong_or_empty_half_proves_nothing(number: str, proof: str):
    assert not proves(ORDER, number=number, proof=proof)


def test_an_order_without_e_mail_and_postcode_is_proved_by_nothing():
    assert not proves({"number": "#1"}, number="#1", proof="")
    assert not proves({}, number="", proof="")


def test_a_number_keeps_its_letters():
    assert number_key("EX-1001") == "ex-1001"
