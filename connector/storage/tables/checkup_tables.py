"""What the last look over a shop's books found."""

from connector.storage.tables.shape import document, number, of_shop, time

checkups = of_shop("checkups", time("at"), number("orders"), document("drifts"), key=[])
