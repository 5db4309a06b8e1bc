"""The person in what is kept of an order, and all of it without them."""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

Document = Mapping[str, object]

STAYS_OF_CUSTOMER = ("tags", "returns_90_days", "return_rate")
"""What rules of a policy go by; it says nothing of who it was."""
STAYS_OF_ADDRESS = ("country", "region")
"""What the law and the taxes go by."""
CALLED_BY = ("email", "phone", "name")
SHORTEST_NAME = 3
ERASED = "[erased]"


class Known(Struct, frozen=True):
    """What a person is called: the words by which free text would name them."""

    words: tuple[str, ...]

    def scrubbed(self, value: object) -> object:
        """A text, or a document with all its texts, in which the person is not named."""
        if isinstance(value, str):
            return self._pattern.sub(ERASED, value) if self.words else value
        if isinstance(value, Mapping):
            return {name: self.scrubbed(part) for name, part in value.items()}
        return [self.scrubbed(part) for part in value] if isinstance(value, list | tuple) else value

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first), re.IGNORECASE)


def known_by(orders: Iterable[Document], *, besides: Iterable[str] = ()) -> Known:
    """What the people of some orders are called, and whatever else they are known by."""
    customers = (order.get("customer") for order in orders)
    told = (part.get(name) for part in customers if isinstance(part, Mapping) for name in CALLED_BY)
    words = (str(word).strip() for word in (*told, *besides) if word)
    return Known(tuple(dict.fromkeys(word for word in words if len(word) >= SHORTEST_NAME)))


def without_person(order: Document) -> dict[str, object]:
    """An order in the normal form with all its figures, and nobody who bought it."""
    return {
        **order,
        "customer": _only(order.get("customer"), STAYS_OF_CUSTOMER),
        "ship_to": _only(order.get("ship_to"), STAYS_OF_ADDRESS),
    }


def case_without_person(case: Document) -> dict[str, object]:
    """A case of the quote contract whose order names nobody."""
    order = case.get("order")
    return {**case, "order": without_person(order)} if isinstance(order, Mapping) else dict(case)


def _only(part: object, names: tuple[str, ...]) -> dict[str, object]:
    known = part if isinstance(part, Mapping) else {}
    return {name: known[name] for name in names if name in known}
