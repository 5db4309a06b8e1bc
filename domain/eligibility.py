"""Which items may come back: a verdict for each, with every reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.accounts import NOTHING, Account, Goods
from domain.books import Books
from domain.case import Case, Item
from domain.item_facts import ItemFacts
from domain.outside import Outside
from domain.policy import Settings
from domain.refusals import Reason, Request, holds, refusals
from domain.units import FreeUnits
from domain.windows import Calendar, Window, return_window, start_days
from domain.withdrawal import withdrawal_window

Verdict = Literal["accepted", "refused", "review"]


class Judged(Struct, frozen=True):
    """An item with its verdict; `window_ends` is the last day to give it back, `goods` what it gives back itself."""

    item: Item
    account: Account
    settings: Settings
    withdrawn: bool
    verdict: Verdict
    reasons: tuple[Reason, ...]
    window_ends: date | None
    goods: Goods

    @property
    def accepted(self) -> bool:
        """Whether its goods count: they do unless it is refused."""
        return self.verdict != "refused"

    @property
    def exchanged(self) -> bool:
        """Whether the shopper takes other goods for it."""
        return self.item.resolution == "exchange"


def judge(
    case: Case, books: Books, *, facts: Sequence[ItemFacts], settings: Sequence[Settings], outside: Outside
) -> tuple[Judged, ...]:
    """The verdict on every item; a line's items count one after the other."""
    windows = _Windows(case, books, outside)
    free = {entry.item.line_id: FreeUnits.of(entry.account) for entry in facts}
    promised: dict[str, int] = defaultdict(int)
    judged = []
    for entry, chosen in zip(facts, settings, strict=True):
        item, wanted, window = entry.item, _wanted(entry.item), windows.of(entry, chosen)
        units = free[item.line_id]
        request = Request(case, books, entry, chosen, outside, window=window, free=units, promised=promised[wanted])
        judged.append(_judge(request))
        if judged[-1].accepted:
            units.take(item.quantity, 0 if entry.withdrawn else window.closed)
            promised[wanted] += item.quantity
    return tuple(judged)


class _Windows:
    """The windows of a case's lines, each computed once."""

    def __init__(self, case: Case, books: Books, outside: Outside) -> None:
        self._case = case
        self._books = books
        self._outside = outside
        self._calendar = Calendar.of(case)
        self._known: dict[tuple[str, int | None], Window] = {}
        self._starts: dict[str, Mapping[date, int]] = {}

    def of(self, facts: ItemFacts, settings: Settings) -> Window:
        """The window of an item: the statutory one of the order, or that of its line under its rules."""
        if facts.withdrawn:
            key: tuple[str, int | None] = ("", None)
        else:
            days = self._case.policy.days if settings.days is None else settings.days
            key = (facts.item.line_id, days)
        if key not in self._known:
            self._known[key] = self._find(facts, key[1])
        return self._known[key]

    def _find(self, facts: ItemFacts, days: int | None) -> Window:
        if days is None:
            return withdrawal_window(self._case, self._books.accounts.values(), outside=self._outside)
        line_id = facts.item.line_id
        if line_id not in self._starts:
            self._starts[line_id] = start_days(self._case, facts.account)
        return return_window(self._calendar, self._starts[line_id], days=days)


def _wanted(item: Item) -> str:
    """The variant an item is exchanged for; empty where it is not."""
    return item.exchange_for.variant_id if item.resolution == "exchange" and item.exchange_for else ""


def _judge(request: Request) -> Judged:
    refused = refusals(request)
    reasons = refused or holds(request)
    account = request.account
    first = account.units - request.free.left
    verdict: Verdict = "refused" if refused else "review" if reasons else "accepted"
    return Judged(
        item=request.item,
        account=account,
        settings=request.settings,
        withdrawn=request.facts.withdrawn,
        verdict=verdict,
        reasons=reasons,
        window_ends=request.window.last,
        goods=NOTHING if refused else account.goods(first, request.item.quantity),
    )
