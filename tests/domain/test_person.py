"""What is kept of an order when its person is forgotten."""

from domain.orders import read_order
from domain.person import ERASED, Known, case_without_person, known_by, without_person
from tests.shops import order

ANN = {"id": "c1", "email": "ann@example.com", "name": "Ann Archer", "phone": "+1 555 010", "tags": ["vip"]}


def test_an_order_keeps_its_figures_and_names_nobody():
    kept = without_person(order(customer=ANN))
    assert (kept["customer"], kept["ship_to"]) == ({"tags": ["vip"]}, {"country": "US"})
    assert kept["lines"] == order()["lines"]
    assert read_order(kept).payments == read_order(order()).payments


def test_nobody_is_nobody():
    assert without_person(order(customer=None))["customer"] == {}


def test_a_case_is_left_without_the_person_of_its_order():
    case = case_without_person({"now": "x", "order": order(customer=ANN)})
    assert (case["now"], "ann@" in str(case)) == ("x", False)
    assert case_without_person({}) == {}


def test_free_text_names_them_no_more_however_it_is_written():
    known = known_by([order(customer=ANN)], besides=["ann@home.example"])
    said = {"why": "ANN ARCHER wrote (ann@EXAMPLE.com).", "more": ["Annabel stays", 5, "ann@home.example"]}
    assert known.scrubbed(said) == {
        "why": f"{ERASED} wrote ({ERASED}).",
        "more": ["Annabel stays", 5, ERASED],
    }


def test_who_is_called_nothing_is_found_nowhere():
    assert Known(()).scrubbed("anything") == "anything"
    assert known_by([order(customer={"name": "B"})]).words == ()


def test_parts_of_the_name_mean_them_in_what_is_written_about_their_own_return():
    known = known_by([order(customer={**ANN, "name": "Bob Al Buyer-Smith"})])
    assert known.parts == ("Bob", "Buyer-Smith")
    assert (
        known.scrubbed_own("bob rang; Bobby of Al & Co will send it") == f"{ERASED} rang; Bobby of Al & Co will send it"
    )
    assert known.scrubbed("Bob rang") == "Bob rang"
    details = {
        "title": "Tee, Bob",
        "more": [{"note": "for Bob", "label": "https://x.example/bob.pdf"}],
        "tracking": "1Z9",
    }
    assert known.scrubbed_details(details) == {"title": "Tee, Bob", "more": [{"note": f"for {ERASED}"}]}


def test_numbers_of_their_parcels_are_words_by_which_they_are_known():
    known = Known(("Ann",)).sent([{"tracking": "1Z999AA101"}, {"tracking": "12"}, {"label": None}, "x"])
    assert known.scrubbed("Ann: 1z999aa101, 12") == f"{ERASED}: {ERASED}, 12"
