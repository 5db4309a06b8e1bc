"""The form for goods that are brought without an RMA: what of an order comes back, why, what for, in what condition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import Variant
from connector.services.counter_order import CounterOrder
from connector.services.offer_lines import LineChoice
from connector.services.quote_return import Document
from connector.web import inspection_form
from connector.web.inspection_form import MOST_UNITS, NOT_YET, OTHERWISE, Form, UnitForm
from domain.inspection import Sold
from domain.returns import Inspection, UnitGroup

NEEDS_SOMETHING = "Say of at least one item in what condition it came back."
EXCHANGE = "exchange:"
OUTCOMES = (OTHERWISE, NOT_YET)


class LineForm(Struct, frozen=True):
    """One line of the order in the form: `wish` is a resolution, or `exchange:` and the variant that is taken."""

    choice: LineChoice
    units: tuple[UnitForm, ...]
    wish: str
    swaps: tuple[Variant, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """What the names of its own fields end with."""
        return self.units[0].group.id

    @property
    def brought(self) -> tuple[UnitForm, ...]:
        """The units that came back."""
        return tuple(unit for unit in self.units if unit.outcome == OTHERWISE)

    @property
    def variant(self) -> str:
        """The variant that is taken instead, empty where none is."""
        return self.wish.removeprefix(EXCHANGE) if self.wish.startswith(EXCHANGE) else ""


def lines_of(shown: CounterOrder, form: Form) -> tuple[LineForm, ...]:
    """The form as it was posted; blank where nothing was. Lines of which nothing may come back have no part in it."""
    numbered = ((str(n), choice) for n, choice in enumerate(shown.lines, start=1) if choice.returnable)
    return tuple(_line(number, choice, shown=shown, form=form) for number, choice in numbered)


def problem_of(lines: Sequence[LineForm]) -> str:
    """What must be mended before it can go on; empty when nothing must."""
    if not any(line.brought for line in lines):
        return NEEDS_SOMETHING
    return next((unit.problem for line in lines for unit in line.units if unit.problem), "")


def units_of(lines: Iterable[LineForm]) -> tuple[UnitForm, ...]:
    """The units that came back, of all lines."""
    return tuple(unit for line in lines for unit in line.brought)


def items_of(lines: Iterable[LineForm], swaps: Mapping[str, Document | None]) -> list[Document]:
    """The items of a case; `swaps` are what is taken instead in the form of the contract, by line."""
    return [
        {
            "line_id": line.choice.line_id,
            "quantity": sum(unit.quantity for unit in line.brought),
            "reason": line.reason or None,
            "resolution": "exchange" if line.variant else line.wish,
            "exchange_for": swaps.get(line.choice.line_id),
        }
        for line in lines
        if line.brought
    ]


def inspections_of(lines: Iterable[LineForm]) -> list[Inspection]:
    """What was found, each under the place of its item."""
    found = (line for line in lines if line.brought)
    return [
        replace(one, group_id=str(n))
        for n, line in enumerate(found, start=1)
        for one in inspection_form.inspections(line.brought)
    ]


def fields(lines: Iterable[LineForm]) -> Mapping[str, str]:
    """The form's fields with their values, to be carried to the next page."""
    carried: dict[str, str] = {}
    for line in lines:
        if line.brought:
            carried |= {f"wish-{line.name}": line.wish, f"reason-{line.name}": line.reason}
            carried |= inspection_form.fields(line.brought)
    return carried


def _line(number: str, choice: LineChoice, *, shown: CounterOrder, form: Form) -> LineForm:
    swaps = shown.swaps.get(choice.line_id, ())
    offered = [one for one in shown.resolutions if one != "exchange"]
    wishes = [*offered, *(f"{EXCHANGE}{variant.id}" for variant in swaps)]
    asked = inspection_form.one_of(form, f"wish-{number}")
    is_known = asked in wishes or (asked.startswith(EXCHANGE) and "exchange" in shown.resolutions)
    sold = Sold(shown.sold.get(choice.line_id), shown.guides[choice.line_id])
    group = UnitGroup(number, choice.line_id, choice.returnable, reason=None, resolution="refund", title=choice.title)
    return LineForm(
        choice=choice,
        units=tuple(_read(replace(unit, sold=sold), form) for unit in _units(group)),
        wish=asked if is_known else next(iter(offered), "store_credit"),
        swaps=swaps,
        reason=inspection_form.one_of(form, f"reason-{number}"),
    )


def _units(group: UnitGroup) -> Iterator[UnitForm]:
    count = group.quantity if group.quantity <= MOST_UNITS else 1
    for number in range(1, count + 1):
        yield UnitForm(group, number, group.quantity // count, outcomes=OUTCOMES, outcome=NOT_YET)


def _read(unit: UnitForm, form: Form) -> UnitForm:
    """A unit with a grade came back; one without did not."""
    outcome = OTHERWISE if inspection_form.one_of(form, f"grade-{unit.name}") else NOT_YET
    said = {**form, f"outcome-{unit.name}": (outcome,)}
    return inspection_form.checked_unit(inspection_form.read_unit(unit, said))
