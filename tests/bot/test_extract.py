"""What a text holds besides its meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import (
    HIDDEN,
    extract,
    hide_card_numbers,
    listed,
    number_or_year,
    postcode_beside,
    postcode_of,
    whole_numbers,
)
from bot.spelling import normal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("#1001", "1001"),
        ("1001", "1001"),
        ("order 1001", "1001"),
        ("my order number is W9300146.", "W9300146"),
        ("It's order no. 2026-4711-A", "2026-4711-A"),
        ("bought it in 12345, thanks", "12345"),
        ("Bestellnr. NH-49632", "NH-49632"),
        ("commande n° 20417", "20417"),
        ("numer zamówienia: 20417", "20417"),
        ("注文番号は20417です", "20417"),
        ("订单号20417", "20417"),
        ("no, sorry, 1002 and not 1001", "1002"),
        ("call me at 7021645199", None),
        ("my zip code is 19031", None),
        ("size 42", None),
        ("it cost $1200.50", None),
        ("2 of them", None),
        ("on 12/10/2026", None),
        ("return 2001", "2001"),
        ("it's 2001", "2001"),
        ("number 2001", "2001"),
        ("I want to return 2001 please", "2001"),
        ("es ist 2001", "2001"),
        ("ich widerrufe 2001", "2001"),
        ("c'est le 2001", "2001"),
        ("es el 2001", "2001"),
        ("è il 2001", "2001"),
        ("het is 2001", "2001"),
        ("é o 2001", "2001"),
        ("to 2001", "2001"),
        ("2001を返品", "2001"),
        ("退货2001", "2001"),
        ("2001 반품할게요", "2001"),
        ("bought it in 2021", None),
        ("since 2019", None),
        ("it is the 2019 model", None),
        ("May 2020", None),
        ("seit 2019", None),
        ("im Jahr 2020", None),
        ("am 3. März 2024", None),
        ("3 mai 2024", None),
        ("depuis 2019", None),
        ("comprado en 2020", None),
        ("comprato nel 2020", None),
        ("sinds 2019", None),
        ("em 2020", None),
        ("w 2020 roku", None),
        ("2020年に買いました", None),
        ("2020年买的", None),
        ("2020년에 샀어요", None),
        ("we have been customers of yours ever since the fair, 2019 or so", None),
    ],
)
def test_an_order_number_is_found_and_other_figures_are_not(text: str, number: str | None):
    assert extract(text).order_number == number


def test_where_an_order_was_asked_for_a_number_like_a_year_is_its_number_however_much_is_said_besides():
    text = "well I think that the number of what I bought should be 2001"
    assert (extract(text).order_number, number_or_year(text)) == (None, "2001")
    assert number_or_year("I ordered it on 12 March 2021") is None
    assert number_or_year("it was 2001 or 2002") is None


def test_one_message_may_hold_everything():
    found = extract("Order #1001, ann.o'neil+shop@mail.example.co.uk, zip 10115, 2 x size L in red")
    assert found.document() == {
        "order_number": "1001",
        "email": "ann.o'neil+shop@mail.example.co.uk",
        "postcode": "10115",
        "quantity": 2,
        "size": "L",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 Stück in Größe L", {"quantity": 2, "size": "L"}),
        ("taille 38 svp", {"size": "38"}),
        ("Mサイズを3枚", {"quantity": 3, "size": "M"}),
        ("PLZ 10115", {"postcode": "10115"}),
        ("it is for SW1A 1AA", {"postcode": "SW1A 1AA"}),
    ],
)
def test_slots_are_named_in_any_language(text: str, found: dict[str, object]):
    assert extract(text).document() == found


@pytest.mark.parametrize("text", ["10115", "SW1A 1AA", "1012 AB", "K1A-0B1"])
def test_a_postcode_is_read_where_one_was_asked_for(text: str):
    assert postcode_of(f" {text}. ") == text


@pytest.mark.parametrize("text", ["hello", "", "it is not here 12"])
def test_what_is_no_postcode_is_none(text: str):
    assert postcode_of(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", (2,)),
        ("1 and 3", (1, 3)),
        ("1, 2", (1, 2)),
        ("1 und 2", (1, 2)),
        ("1と2", (1, 2)),
        ("2 tees", ()),
        ("1001", ()),
    ],
)
def test_numbers_of_choices(text: str, numbers: tuple[int, ...]):
    assert whole_numbers(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111  1111  1111  1111",
        "order 1001 4111 1111 1111 1111 12/29 123",
        "3782 822463 10005",
        "４１１１ １１１１ １１１１ １１１１",
    ],
)
def test_a_card_number_is_hidden_whatever_stands_beside_it(text: str):
    hidden = hide_card_numbers(text)
    assert HIDDEN in hidden
    assert "1111" not in normal(hidden)
    assert "822463" not in hidden


@pytest.mark.parametrize("text", ["1001", "4111 1111 1111 1112", "2026-11-20 2026-11-21", "order 859826 of 2026"])
def test_other_figures_stay(text: str):
    assert hide_card_numbers(text) == text


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str):
    extract(normal(text))
    assert hide_card_numbers(hide_card_numbers(text)) == hide_card_numbers(text)


@pytest.mark.parametrize(
    "text", ["1001 and 10115", "1001, 10115", "Bestellung 1001 und 10115", "commande 1001 et 10115"]
)
def test_a_postcode_stands_beside_an_order_number(text: str):
    assert postcode_beside(text, "1001") == "10115"


@pytest.mark.parametrize("text", ["tee, scarf", "tee and scarf", "tee und scarf", "tee y scarf"])
def test_a_list_has_its_parts(text: str):
    assert listed(text) == ["tee", "scarf"]
