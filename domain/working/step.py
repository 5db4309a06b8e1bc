"""One step of a proof: a figure, the inputs it was made of, the arithmetic, and the rule that it follows from."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.money import format_amount

Unit = Literal["amount", "count", "percent"]

How = Literal[
    "given", "nothing", "sum", "not_below_zero", "times", "units", "share", "percent", "least", "largest", "delivery",
    "split", "split_within",
]  # fmt: skip
"""The arithmetic of a step; docs/quote.md says each in words and tests redo each by those words alone."""


class Input(Struct, frozen=True):
    """What goes into a step.

    A name that begins with `case.` is the place in the case's document where the value stands; any other is that of a
    figure worked out before, taken off where the value has the other sign. Amounts are minor units.
    """

    name: str
    value: int | Fraction
    unit: Unit = "amount"

    def document(self, digits: int) -> dict[str, object]:
        """The input as the proof writes it."""
        return {"name": self.name, self.unit: written(self.value, self.unit, digits=digits)}


class Step(Struct, frozen=True):
    """One figure: where it stands in the quote or what it is called, how it was made of what, and why.

    A step that splits an amount makes several figures at once, its `parts`.
    """

    figure: str
    value: int
    how: How
    inputs: tuple[Input, ...]
    because: str
    unit: Unit = "amount"
    parts: tuple[Input, ...] = ()

    @property
    def plus(self) -> Input:
        """The figure as an input of a later step."""
        return Input(self.figure, self.value, self.unit)

    @property
    def minus(self) -> Input:
        """The figure as an input that a later step takes off."""
        return Input(self.figure, -self.value, self.unit)

    def document(self, digits: int) -> dict[str, object]:
        """The step as the proof writes it."""
        said: dict[str, object] = {
            "figure": self.figure,
            self.unit: written(self.value, self.unit, digits=digits),
            "how": self.how,
            "inputs": [given.document(digits) for given in self.inputs],
            "because": self.because,
        }
        if self.parts:
            said["parts"] = [part.document(digits) for part in self.parts]
        return said


def written(value: int | Fraction, unit: Unit, *, digits: int) -> object:
    """An amount or a percentage as a decimal string, a count as a number."""
    if unit == "amount":
        return format_amount(int(value), digits)
    return int(value) if unit == "count" else _decimal(Fraction(value))


def _decimal(value: Fraction) -> str:
    """The shortest decimal string of a fraction that has one."""
    digits = 0
    while value.denominator != 1:
        value, digits = value * 10, digits + 1
    return format_amount(value.numerator, digits)


def count(name: str, value: int) -> Input:
    """An input that counts units."""
    return Input(name, value, "count")


def some(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """The inputs that are not nothing."""
    return tuple([given for given in inputs if given.value])


def summed(figure: str, inputs: Iterable[Input], *, because: str) -> Step:
    """The sum of the inputs."""
    kept = some(inputs)
    return Step(figure, _total(kept), "sum", kept, because)


def above_zero(figure: str, inputs: Iterable[Input], *, because: str) -> Step:
    """The sum of the inputs, at least nothing."""
    kept = some(inputs)
    return Step(figure, max(0, _total(kept)), "not_below_zero", kept, because)


def nothing(figure: str, because: str) -> Step:
    """A figure that is nothing, with the reason."""
    return Step(figure, 0, "nothing", (), because)


def _total(inputs: Iterable[Input]) -> int:
    return sum([int(given.value) for given in inputs])
