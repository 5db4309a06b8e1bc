"""What a scanned or typed text can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scanning import Kind, Reading, gtin, marks_of_order, readings


def kinds(text: str) -> list[str]:
    return [reading.kind for reading in readings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "RMA-2A2B-3C3D",
        " rma 2a2b 3c3d ",
        "rma2a2b3c3d",
        "https://shop.example/shops/demo/returns/RMA-2A2B-3C3D?key=abc",
        "]Q3RMA-2A2B-3C3D",
        "RMA-2A2B-3C3D\r\n",
    ],
)
def test_a_return_number_is_read_however_it_comes(text: str):
    assert readings(text) == (Reading(Kind.RETURN, "RMA-2A2B-3C3D"),)


def test_a_gift_receipt_and_an_address_are_read_as_that_alone():
    assert readings("gift-2a2b-3c3d-4e4f") == (Reading(Kind.GIFT_RECEIPT, "GIFT-2A2B-3C3D-4E4F"),)
    assert readings(" Ann@Example.com ") == (Reading(Kind.EMAIL, "ann@example.com"),)


def test_digits_can_be_a_product_an_order_or_a_serial_number():
    assert kinds("4006381333931") == ["gtin", "number", "serial", "sku"]
    assert kinds("4006381333932") == ["number", "serial", "sku"], "its check digit is wrong"
    assert readings("# 1001")[0] == Reading(Kind.NUMBER, "1001")


def test_the_same_product_is_the_same_however_long_its_code_is():
    assert gtin("036000291452") == gtin("0036000291452") == gtin("00036000291452") == "00036000291452"
    assert gtin("73513537") == "00000073513537"
    assert gtin("00000000") is None
    assert gtin("٤٠٠٦٣٨١٣٣٣٩٣١") is None


@pytest.mark.parametrize("text", ["", "   ", "\x00\x1d", "]C1"])
def test_nothing_is_nothing(text: str):
    assert readings(text) == ()


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fault(text: str):
    assert len(readings(text)) <= 4


@given(st.integers(1, 10**12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, by: int):
    digits = str(number).zfill(12)
    check = next(str(n) for n in range(10) if gtin(f"{digits}{n}"))
    whole = f"{digits}{check}"
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert gtin(whole) is not None
    assert gtin(wrong) is None


def test_an_order_is_marked_by_its_buyer_its_goods_and_their_serial_numbers():
    line = {"id": "1", "sku": "TEE-M", "barcode": "4006381333931", "serials": ["SN 1"]}
    order = {"customer": {"email": "Ann@example.com"}, "lines": [line, {"id": "2", "barcode": "shelf 7"}]}
    assert marks_of_order(order) == {
        ("email", "ann@example.com"),
        ("sku", "tee-m"),
        ("gtin", "04006381333931"),
        ("serial", "sn1"),
        ("sku", "shelf7"),
    }
    assert marks_of_order({"customer": None, "lines": []}) == frozenset()
