"""Units are taken one after the other, those in time first to close."""

from domain.units import FreeUnits


def test_units_whose_window_closed_are_not_taken():
    units = FreeUnits(left=5, spans=[(0, 5)])
    assert units.shipped(closed=2) == 3
    units.take(2, 2)
    assert (units.left, units.shipped(), units.shipped(closed=2), units.spans) == (3, 3, 1, [(0, 2), (4, 5)])


def test_a_longer_window_takes_what_closes_first():
    units = FreeUnits(left=5, spans=[(0, 5)])
    units.take(1, 0)
    units.take(1, 3)
    assert units.spans == [(1, 3), (4, 5)]
    units.take(3, 0)
    assert (units.left, units.spans) == (0, [])


def test_unshipped_units_are_taken_last():
    units = FreeUnits(left=3, spans=[(0, 1)])
    units.take(2, 0)
    assert (units.left, units.shipped()) == (1, 0)
