"""A brand's colour is read by day and by night, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.services.brand import DARK_PAPER, LIGHT_PAPER, contrast, read_colour, rgb, shades
from connector.services.errors import InvalidInput

READABLE = 4.5
PAPERS = {"light": LIGHT_PAPER, "dark": DARK_PAPER}
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=colours)
def test_every_colour_is_readable_on_paper_and_tint_and_so_is_what_stands_on_it(colour: str):
    for name, paper in PAPERS.items():
        shade = shades(colour)[name]
        accent = rgb(shade["accent"])
        assert contrast(accent, paper) >= READABLE
        assert contrast(accent, rgb(shade["soft"])) >= READABLE, (name, colour)
        assert contrast(rgb(shade["ink"]), accent) >= READABLE


def test_a_colour_that_is_readable_stays_as_it_is():
    assert shades("#1d5c4a")["light"]["accent"] == "#1d5c4a"
    assert shades("#86d4b6")["dark"]["accent"] == "#86d4b6"


def test_contrast_is_that_of_the_guidelines():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(rgb("#767676"), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("text", "colour"), [(" #ABCDEF ", "#abcdef"), ("", "")])
def test_a_colour_is_read(text: str, colour: str):
    assert read_colour(text) == colour


@pytest.mark.parametrize("text", ["red", "#12", "#1234567", "#12345g", "url(x)", "#112233;"])
def test_what_is_no_colour_is_refused(text: str):
    with pytest.raises(InvalidInput):
        read_colour(text)
