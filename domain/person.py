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
OF_PARCEL = ("tracking", "label")
"""What in the details of a return's history leads to the address of who sent it."""
WRITTEN = ("note", "words")
"""Where people write in such details, and in what a device sends."""
PART_OF_NAME = re.compile(r"\w[\w'’-]*")
SHORTEST_NAME = 3
SHORTEST_NUMBER = 6
ERASED = "[erased]"


class Known(Struct, frozen=True):
    """What a person is called: the words by which any text would name them, and the parts of their name."""

    words: tuple[str, ...]
    parts: tuple[str, ...] = ()

    def scrubbed(self, value: object) -> object:
        """A text, or a document with all its texts, in which the person is not named."""
        return _scrubbed(value, self.words)

    def scrubbed_own(self, text: object) -> object:
        """What people wrote about the person's own return: there a part of the name means them, too."""
        return _scrubbed(text, (*self.words, *self.parts))

    def scrubbed_details(self, value: object) -> object:
        """Details of the history of the person's own return, without what leads to their address."""
        if isinstance(value, Mapping):
            kept = {name: part for name, part in value.items() if name not in OF_PARCEL}
            return {
                n: self.scrubbed_own(part) if n in WRITTEN else self.scrubbed_details(part) for n, part in kept.items()
            }
        return [self.scrubbed_details(one) for one in value] if isinstance(value, list) else self.scrubbed(value)

    def sent(self, details: Iterable[object]) -> "Known":
        """The same, known besides by the parcels and labels that details of their returns tell of."""
        told = (str(part.get(name) or "") for part in details if isinstance(part, Mapping) for name in OF_PARCEL)
        return Known((*self.words, *(word for word in told if len(word) >= SHORTEST_NUMBER)), self.parts)


def known_by(orders: Iterable[Document], *, besides: Iterable[str] = ()) -> Known:
    """What the people of some orders are called, and whatever else they are known by."""
    customers = [part for part in (order.get("customer") for order in orders) if isinstance(part, Mapping)]
    told = (part.get(name) for part in customers for name in CALLED_BY)
    words = (str(word).strip() for word in (*told, *besides) if word)
    parts = (found for part in customers for found in PART_OF_NAME.findall(str(part.get("name") or "")))
    return Known(_long_enough(words), _long_enough(parts))


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


def _long_enough(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if len(word) >= SHORTEST_NAME))


def _scrubbed(value: object, words: tuple[str, ...]) -> object:
    if isinstance(value, str):
        return _pattern(words).sub(ERASED, value) if words else value
    if isinstance(value, Mapping):
        return {name: _scrubbed(part, words) for name, part in value.items()}
    return [_scrubbed(part, words) for part in value] if isinstance(value, list | tuple) else value


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first), re.IGNORECASE)
