"""The laws that figures of a withdrawal follow from, by the country the goods were sent to."""

from domain.orders import Order

BACK_BY_EU = (
    "Directive 2011/83/EU, article 13(1) and (2): a withdrawal gives back what was paid, with the standard delivery."
)
BACK_BY_UK = (
    "Consumer Contracts Regulations 2013 (UK), regulation 34(1) to (3): a withdrawal gives back what was paid,"
    " with the standard delivery."
)
LOSS_BY_EU = "Directive 2011/83/EU, article 14(2): the shopper bears a loss of value, at most that of the goods."
LOSS_BY_UK = (
    "Consumer Contracts Regulations 2013 (UK), regulation 34(9) and (10): the shopper bears a loss of value,"
    " at most that of the goods."
)


def of_giving_back(order: Order) -> str:
    """The law by which a withdrawal gives back what was paid."""
    return BACK_BY_UK if order.ship_to.country == "GB" else BACK_BY_EU


def of_lost_value(order: Order) -> str:
    """The law by which the shopper bears a loss of value."""
    return LOSS_BY_UK if order.ship_to.country == "GB" else LOSS_BY_EU
