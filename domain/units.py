"""Units of a line that nobody has given back yet, as the items of a request take them one after the other."""

from collections.abc import Iterator

from msgspec import Struct

from domain.accounts import Account

Span = tuple[int, int]


class FreeUnits(Struct):
    """What is free of a line: `left` units in all, and `spans` of its shipped ones in the order their windows close.

    Units that came back before the request were those whose window closed first.
    """

    left: int
    spans: list[Span]

    @classmethod
    def of(cls, account: Account) -> "FreeUnits":
        """What is free of a line before the request."""
        left = account.left
        held = left - account.waiting
        return cls(left, [(account.posted - held, account.posted)])

    def shipped(self, closed: int = 0) -> int:
        """How many shipped units are free whose window has not closed, when that of the first `closed` ones has."""
        return sum([max(0, end - max(start, closed)) for start, end in self.spans])

    def take(self, count: int, closed: int) -> None:
        """An item takes units: those in time first to close, then unshipped ones."""
        self.left -= count
        kept: list[Span] = []
        for span in self.spans:
            first = max(span[0], closed)
            taken = min(count, max(0, span[1] - first))
            count -= taken
            kept.extend(_without(span, first, taken=taken))
        self.spans = kept


def _without(span: Span, first: int, *, taken: int) -> Iterator[Span]:
    """What remains of a span when some units from `first` on are taken out of it."""
    start, end = span
    if not taken:
        yield span
        return
    if start < first:
        yield start, first
    if first + taken < end:
        yield first + taken, end
