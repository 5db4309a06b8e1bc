"""Who brought a gift, and got its value in the buyer's stead, where that has been long ago or is to be forgotten."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from connector.storage.database import Unit
from connector.storage.scope import changed, of_shop, rows, selected
from connector.storage.tables.money_tables import legs
from connector.storage.tables.return_tables import return_history, returns
from domain.settlement import LegState

OVER = (LegState.SETTLED, LegState.LAPSED)


def forget(unit: Unit, which: ColumnElement[bool]) -> None:
    """Name nobody who got the credit of such returns; that it was not the buyer stays known."""
    named = (returns.c.credit_to != "") & which
    ids = list(unit.connection.execute(select(returns.c.id).where(of_shop(unit, returns), named)).scalars())
    unit.connection.execute(changed(unit, returns, returns.c.id.in_(ids)).values(credit_to=""))
    for found in rows(unit, selected(unit, legs, legs.c.return_id.in_(ids))):
        if found["work"].get("to"):
            mine = changed(unit, legs, legs.c.key == found["key"])
            unit.connection.execute(mine.values(work={**found["work"], "to": ""}))


def forget_old(unit: Unit, *, before: datetime) -> None:
    """Do so for returns to which nothing happened since a time and of which all is given."""
    theirs = of_shop(unit, return_history) & (return_history.c.return_id == returns.c.id)
    is_recent = exists(select(return_history.c.n).where(theirs, return_history.c.at >= before))
    of_return = of_shop(unit, legs) & (legs.c.return_id == returns.c.id)
    is_owed = exists(select(legs.c.key).where(of_return, legs.c.state.not_in(OVER)))
    forget(unit, ~is_recent & ~is_owed)
