"""Discounts with a threshold, taken back where the kept goods fall below it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from domain.accounts import portion
from domain.books import Books, discount_shares
from domain.case import Case
from domain.eligibility import Judged


def promotion_owed(case: Case, books: Books, *, accepted: Sequence[Judged]) -> int:
    """What is taken back of unearned discounts, less what earlier returns were charged; negative gives it back.

    It is owed when any returned item is not waived by its reason; what is given back is so whatever the reason, and
    for withdrawn goods too.
    """
    if case.policy.promotions != "clawback" or not accepted:
        return 0
    owed = unearned(case, books, kept=kept_units(books, accepted)) - books.fees_charged("promotion")
    return owed if owed < 0 or any(_owes(case, judged) for judged in accepted) else 0


def _owes(case: Case, judged: Judged) -> bool:
    """Whether an item can make the discount unearned: exchanged goods are kept, a withdrawal costs nothing."""
    return not (judged.withdrawn or judged.exchanged or judged.item.reason in case.policy.fees_waived_for)


def kept_units(books: Books, accepted: Sequence[Judged]) -> Mapping[str, int]:
    """Units by line id that the shopper keeps, exchanged ones among them."""
    gone = Counter[str]()
    for judged in accepted:
        if not judged.exchanged:
            gone[judged.item.line_id] += judged.item.quantity
    return {
        line_id: min(account.units, account.left + account.exchanged) - gone[line_id]
        for line_id, account in books.accounts.items()
    }


def unearned(case: Case, books: Books, *, kept: Mapping[str, int]) -> int:
    """The shares of unearned discounts on the kept units, which are the last of their lines."""
    worth = sum(account.line.unit_price * kept[line_id] for line_id, account in books.accounts.items())
    shares = discount_shares(case.order)
    unearned = [
        part
        for discount, part in zip(case.order.discounts, shares, strict=True)
        if discount.threshold is not None and worth < discount.threshold
    ]
    return sum(
        _share_onkept_units(books, line_id, amount=amount, kept=kept)
        for part in unearned
        for line_id, amount in part.items()
    )


def _share_onkept_units(books: Books, line_id: str, *, amount: int, kept: Mapping[str, int]) -> int:
    account, count = books.accounts[line_id], kept[line_id]
    return portion(amount, account.units - count, count=count, whole=account.line.quantity)
