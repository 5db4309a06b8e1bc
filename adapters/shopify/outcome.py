"""What Shopify itself would give for units: read before money moves, compared, and never exceeded."""

from decimal import Decimal

from msgspec import Struct

from adapters.errors import ChannelRefused
from adapters.shopify.client import ShopClient
from adapters.shopify.fields import Body, amount, gid, part, text, written
from adapters.shopify.natives import NativeReturn
from domain.money import format_amount

INVOICE = "InvoiceReturnOutcome"


class Outcome(Struct, frozen=True):
    """`maximum` is what could go back at most; `due` is what Shopify would give, less than 0 what it would ask for."""

    maximum: Decimal
    due: Decimal


def outcome_of(
    client: ShopClient, native: NativeReturn, *, lines: list[Body], exchanges: list[Body], more: Body
) -> Outcome | None:
    """Shopify's own figures; None where it suggests nothing."""
    asked = {"id": gid("Return", native.id), "returnLineItems": lines, "exchangeLineItems": exchanges, **more}
    found = part(part(client.ask("suggested_outcome", asked), "return"), "suggestedFinancialOutcome")
    if not found:
        return None
    transfer = part(found, "financialTransfer")
    moved = amount(transfer, "amount") if transfer else Decimal(0)
    due = -moved if text(transfer, "__typename") == INVOICE else moved
    return Outcome(maximum=amount(found, "maximumRefundable"), due=due)


def compared(outcome: Outcome | None, *, gives: int, digits: int) -> dict[str, object]:
    """What a receipt says of a difference, `gives` being ours in minor units, less than 0 what we ask for.

    Raises ChannelRefused when more is to go back than Shopify says could.
    """
    if outcome is None:
        return {}
    if gives > int(outcome.maximum.scaleb(digits)):
        most = written(outcome.maximum, digits)
        raise ChannelRefused(f"Shopify says that at most {most} can go back for this, which is less than was decided.")
    suggested = written(outcome.due, digits)
    ours = format_amount(gives, digits)
    return {} if suggested == ours else {"suggested": suggested, "decided": ours}
